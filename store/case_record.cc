#include "store/case_record.h"

#include <algorithm>
#include <utility>

#include "core/sha256.h"
#include "evidence/checkpoint.h"
#include "evidence/inclusion.h"
#include "evidence/json_reader.h"
#include "evidence/record_verify.h"
#include "rules/case_number.h"
#include "rules/court_day.h"
#include "rules/court_time.h"
#include "store/case_sheet.h"
#include "store/keys.h"
#include "store/record.h"

namespace nightbox {
namespace {

// "filings/0001".
std::string FolderOf(std::size_t index) {
  const std::string digits = std::to_string(index + 1);
  return "filings/" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

// ".pdf" from the filer's name for it, if that is plain; nothing else of the name becomes a path.
std::string ExtensionOf(const Document& document) {
  if (document.media_type == "application/pdf") return ".pdf";
  const std::size_t dot = document.file_name.rfind('.');
  if (dot == std::string::npos || document.file_name.size() - dot > 9) return ".bin";
  std::string extension = document.file_name.substr(dot);
  const bool plain =
      extension.size() > 1 &&
      std::all_of(extension.begin() + 1, extension.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      });
  return plain ? extension : ".bin";
}

// Of a court whose zone is not known, the day in UTC: the rules change by the year, not by the
// hour.
CourtDay TodayIn(const std::string& zone, WallTime now) {
  const auto day = DayIn(now, zone);
  return day ? *day : CourtDay(std::chrono::floor<std::chrono::days>(now).time_since_epoch());
}

const RecordRules& RulesOf(const CaseRecordRequest& request) {
  return request.rules == nullptr ? RecordRules::BuiltIn() : *request.rules;
}

Error GivenUp() { return {ErrorCode::kCancelled, "nobody waits for the record any more"}; }

std::string Numbered(std::size_t index) {
  return (index < 9 ? "0" : "") + std::to_string(index + 1);
}

}  // namespace

Result<std::unique_ptr<CaseRecord>> CaseRecord::Gather(
    std::shared_ptr<const View> view, const LedgerIdentity& identity, SegmentFiles& segments,
    const CmsSigner& signer, const std::string& root_pem, WallTime now,
    const CaseRecordRequest& request, CaseRecordCompany company) {
  std::unique_ptr<CaseRecord> record(
      new CaseRecord(std::move(view), identity, segments, std::move(company)));
  RecordFacts& facts = record->facts_;
  facts.gateway = identity.gateway;
  facts.court = request.court;
  facts.court_name = request.court_name;
  facts.time_zone = request.time_zone;
  facts.case_number = request.case_number;
  facts.records_custodian = request.records_custodian;
  if (const auto parsed = ParseCaseNumber(request.case_number, RulesOf(request).numbers))
    facts.canonical_case_number = Canonical(*parsed);
  facts.log_id = identity.log_id;
  facts.origin = identity.origin;
  facts.published = record->view_->published();
  facts.root = record->view_->root();
  NB_ASSIGN_OR_RETURN(const auto kept, record->view_->Get(keys::Checkpoint()));
  if (kept && kept->size() > 8) {
    const std::uint64_t size = ReadBigEndian64(std::string_view(*kept).substr(0, 8));
    if (size <= facts.published) {
      record->checkpoint_size_ = size;
      record->checkpoint_ = kept->substr(8);
    }
  }
  NB_RETURN_IF_ERROR(record->AddFilings(request, now));
  NB_RETURN_IF_ERROR(record->Seal(signer, root_pem, now));
  return record;
}

void CaseRecord::AddSmall(const std::string& name, std::function<Result<std::string>()> make,
                          const std::string& bytes) {
  ZipCrc crc;
  crc.Update(bytes);
  parts_.push_back({name, bytes.size(), Sha256(bytes), crc.Value(), std::move(make), {}, {}});
}

void CaseRecord::AddKept(const std::string& name, const std::string& bytes) {
  AddSmall(
      name, [bytes]() -> Result<std::string> { return bytes; }, bytes);
}

Result<void> CaseRecord::CheckRoom(const std::vector<CaseFiling>& filings) const {
  std::uint64_t bytes = 0;
  for (const CaseFiling& each : filings) {
    if (!company_.go_on()) return GivenUp();
    NB_ASSIGN_OR_RETURN(const FilingSnapshot filing, ReadFiling(*view_, each.sequence));
    for (const Document& document : filing.record.header.documents) {
      NB_ASSIGN_OR_RETURN(const auto stored,
                          FindDocument(*view_, filing.record.system, document.sha256));
      if (!stored || !stored->complete()) continue;
      bytes += static_cast<std::uint64_t>(record::BytesOf(record::ReadExtents(stored->extents())));
      if (bytes > StoredZip::kBytesMax) {
        return Error{ErrorCode::kFailedPrecondition, "the documents do not fit one zip",
                     "RECORD_TOO_LARGE"};
      }
    }
  }
  return {};
}

Result<std::uint32_t> CaseRecord::ReadThrough(const SystemName& system, const Digest& sha256,
                                              const std::vector<StoredExtent>& extents) {
  ExtentReader reader(segments_, extents);
  Sha256Stream hash;
  ZipCrc crc;
  for (std::int64_t offset = 0;;) {
    if (!company_.go_on()) return GivenUp();
    const auto piece = reader.Read(offset, kPieceBytes);
    if (!piece && reader.damaged())
      company_.on_damage({system, sha256, *reader.damaged(), piece.error().message, {}});
    if (!piece) return piece.error();
    if (piece->empty()) break;
    hash.Update(*piece);
    crc.Update(*piece);
    offset += static_cast<std::int64_t>(piece->size());
  }
  if (hash.Finish() == sha256) return crc.Value();
  Error wrong{ErrorCode::kDataLoss, "the bytes do not have the document's SHA-256"};
  // Each extent is what its checksum says, and the whole is not: any of them stands for all.
  if (!extents.empty()) company_.on_damage({system, sha256, extents.front(), wrong.message, {}});
  return wrong;
}

Result<void> CaseRecord::AddFilings(const CaseRecordRequest& request, WallTime now) {
  NB_ASSIGN_OR_RETURN(const auto found, FindCaseFilings(*view_, identity_, request.court,
                                                        request.case_number, company_.go_on));
  if (found.empty()) {
    return Error{ErrorCode::kNotFound, "this journal holds no filing of such a case",
                 "CASE_WITHOUT_FILINGS"};
  }
  NB_RETURN_IF_ERROR(CheckRoom(found));
  const CourtDay today = TodayIn(request.time_zone, now);
  const auto roles = InForceOn(
      request.separate_files == nullptr ? SeparateFilesWords() : *request.separate_files, today);
  CaseSheet sheet(facts_, roles);
  for (const CaseFiling& each : found) {
    RecordFiling row;
    row.folder = FolderOf(facts_.filings.size());
    NB_ASSIGN_OR_RETURN(const FilingSnapshot filing, ReadFiling(*view_, each.sequence));
    if (each.perhaps) {
      row.remark =
          "It follows a filing by which the court opened several cases; which of them it belongs "
          "to is not decided.";
    }
    NB_RETURN_IF_ERROR(AddFiling(filing, row));
    NB_RETURN_IF_ERROR(AddEntries(each.entries, row));
    sheet.Add(filing, each.perhaps);
    facts_.filings.push_back(std::move(row));
  }
  sheet.Fill(RulesOf(request).On(today), facts_);
  return {};
}

Result<void> CaseRecord::AddFiling(const FilingSnapshot& filing, RecordFiling& row) {
  row.sequence = filing.sequence;
  row.filing_id = filing.record.filing_id;
  row.received_at = filing.record.received_at;
  row.state = ToWord(ClassOf(filing.state));
  row.corrects = filing.record.header.corrects_filing_id;
  row.court = filing.state.record;
  const std::uint64_t sequence = filing.sequence;
  AddSmall(
      row.folder + "/receipt.json",
      [this, sequence]() -> Result<std::string> {
        NB_ASSIGN_OR_RETURN(auto entry, ReadEntry(*view_, sequence));
        return std::move(*entry.mutable_statement());
      },
      filing.receipt_json);
  AddSmall(
      row.folder + "/receipt.json.p7s",
      [this, sequence]() -> Result<std::string> {
        NB_ASSIGN_OR_RETURN(auto entry, ReadEntry(*view_, sequence));
        return std::move(*entry.mutable_signature());
      },
      filing.receipt_p7s);
  if (sequence < checkpoint_size_) {
    const Digest leaf = Sha256(filing.receipt_json);
    NB_ASSIGN_OR_RETURN(const std::string inclusion, MakeInclusion(sequence, leaf));
    AddSmall(
        row.folder + "/inclusion.json",
        [this, sequence, leaf] { return MakeInclusion(sequence, leaf); }, inclusion);
  }
  for (std::size_t i = 0; i < filing.record.header.documents.size(); ++i) {
    NB_RETURN_IF_ERROR(AddDocument(filing, i, row));
  }
  return {};
}

Result<std::string> CaseRecord::MakeInclusion(std::uint64_t sequence,
                                              const Digest& leaf_data) const {
  NB_ASSIGN_OR_RETURN(const EntryProof proof, view_->Prove(sequence, checkpoint_size_));
  Inclusion inclusion;
  inclusion.origin = identity_.origin;
  inclusion.leaf_index = proof.index;
  inclusion.tree_size = proof.size;
  inclusion.leaf_data = leaf_data;
  inclusion.root = proof.root;
  inclusion.path = proof.path;
  return RenderInclusion(inclusion);
}

// Several filings may refer to one document; each folder is whole in itself.
Result<void> CaseRecord::AddDocument(const FilingSnapshot& filing, std::size_t index,
                                     RecordFiling& row) {
  const Document& document = filing.record.header.documents[index];
  RecordDocument out{document, "", ""};
  NB_ASSIGN_OR_RETURN(const auto stored,
                      FindDocument(*view_, filing.record.system, document.sha256));
  if (!stored || !stored->complete()) {
    out.missing = "its bytes are not in the store";
  } else {
    Part part;
    part.extents = record::ReadExtents(stored->extents());
    const auto crc = ReadThrough(filing.record.system, document.sha256, part.extents);
    if (!crc && crc.error().code != ErrorCode::kDataLoss) return crc.error();
    if (!crc) {
      out.missing = "its bytes are damaged in the store";
    } else {
      part.name = row.folder + "/documents/" + Numbered(index) + ExtensionOf(document);
      part.bytes = static_cast<std::uint64_t>(record::BytesOf(part.extents));
      part.sha256 = document.sha256;
      part.crc32 = *crc;
      part.system = filing.record.system;
      out.file = part.name;
      parts_.push_back(std::move(part));
    }
  }
  row.documents.push_back(std::move(out));
  return {};
}

Result<void> CaseRecord::AddEntries(const std::vector<std::uint64_t>& entries, RecordFiling& row) {
  for (const std::uint64_t sequence : entries) {
    NB_ASSIGN_OR_RETURN(const auto entry, ReadEntry(*view_, sequence));
    RecordEvent event;
    event.sequence = sequence;
    event.committed_at = FromMicros(entry.committed_at_us());
    event.file = row.folder + "/entries/" + std::to_string(sequence) + ".json";
    NB_ASSIGN_OR_RETURN(const auto statement, ParseJsonObject(entry.statement(), kReceiptMaxBytes));
    std::string problem;
    const JsonFields fields(statement, problem);
    event.type = fields.Text("type");
    event.reason = fields.TextIfStated("reason");
    AddSmall(
        event.file,
        [this, sequence]() -> Result<std::string> {
          NB_ASSIGN_OR_RETURN(auto again, ReadEntry(*view_, sequence));
          return std::move(*again.mutable_statement());
        },
        entry.statement());
    row.events.push_back(std::move(event));
  }
  return {};
}

// Everything is known but what says so.
Result<void> CaseRecord::Seal(const CmsSigner& signer, const std::string& root_pem, WallTime now) {
  std::vector<Part> filings = std::exchange(parts_, {});
  AddKept("sheet.html", RenderRecordPage(facts_));
  AddKept("VERIFY.txt", RecordVerifyText());
  AddKept("root.pem", root_pem);
  if (!checkpoint_.empty()) AddKept("checkpoint.txt", checkpoint_);
  std::ranges::move(filings, std::back_inserter(parts_));
  for (const Part& part : parts_) facts_.files.push_back({part.name, part.bytes, part.sha256});
  AddKept("SHA256SUMS", RenderRecordSums(facts_.files));
  facts_.files.push_back({parts_.back().name, parts_.back().bytes, parts_.back().sha256});

  std::vector<Part> named = std::exchange(parts_, {});
  const std::string json = RenderRecord(facts_);
  if (json.size() > kRecordJsonMaxBytes) {
    return Error{ErrorCode::kFailedPrecondition, "record.json would be too large to be verified",
                 "RECORD_TOO_LARGE"};
  }
  facts_.files.clear();
  facts_.files.shrink_to_fit();
  sha256_ = Sha256(json);
  NB_ASSIGN_OR_RETURN(const std::string signature, signer.Sign(json, now));
  AddKept(kRecordJson, json);
  AddKept(kRecordSignature, signature);
  std::ranges::move(named, std::back_inserter(parts_));

  std::vector<StoredZipEntry> entries;
  entries.reserve(parts_.size());
  for (const Part& part : parts_) entries.push_back({part.name, part.bytes, part.crc32});
  NB_ASSIGN_OR_RETURN(zip_, StoredZip::Plan(std::move(entries)));
  return {};
}

std::string CaseRecord::PieceOfHeld() const {
  return offset_ < held_.size() ? held_.substr(offset_, kPieceBytes) : std::string();
}

Result<std::string> CaseRecord::Next() {
  if (part_ == parts_.size()) {
    if (!in_part_) {
      in_part_ = true;
      offset_ = 0;
      held_ = zip_->Directory();
    }
    std::string piece = PieceOfHeld();
    offset_ += piece.size();
    return piece;
  }
  Part& part = parts_[part_];
  if (!in_part_) {
    if (part.make) {
      NB_ASSIGN_OR_RETURN(held_, part.make());
      part.make = nullptr;
    } else {
      reader_ = std::make_unique<ExtentReader>(segments_, part.extents);
    }
    in_part_ = true;
    offset_ = 0;
    crc_ = ZipCrc();
    return zip_->Header(part_);
  }
  std::string piece;
  if (reader_) {
    auto read = reader_->Read(static_cast<std::int64_t>(offset_), kPieceBytes);
    // Damaged since it was gathered.
    if (!read && reader_->damaged()) {
      company_.on_damage({part.system, part.sha256, *reader_->damaged(), read.error().message, {}});
    }
    if (!read) return read.error();
    piece = *std::move(read);
  } else {
    piece = PieceOfHeld();
  }
  crc_.Update(piece);
  offset_ += piece.size();
  if (!piece.empty() && offset_ < part.bytes) return piece;
  if (offset_ != part.bytes || crc_.Value() != part.crc32)
    return Error{ErrorCode::kDataLoss, "a file of the record is not what it was"};
  reader_.reset();
  held_ = std::string();
  in_part_ = false;
  ++part_;
  // An empty file has no bytes of its own, and no bytes would mean the end.
  return piece.empty() ? Next() : Result<std::string>(std::move(piece));
}

}  // namespace nightbox
