#include "ops/nightboxctl/journal_documents.h"

#include <rocksdb/db.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "core/bytes.h"
#include "core/crc32c.h"
#include "core/sha256.h"
#include "store/head_file.h"
#include "store/keys.h"
#include "store/opening.h"
#include "store/record.h"
#include "store/segment_file.h"

namespace nightbox::ctl {
namespace {

namespace pb = ::nightbox::journal::v1;

// docs/formats/segments.md.
std::string SegmentName(std::uint64_t segment) {
  return "segment-" + HexEncode(BigEndian64(segment));
}

std::string NameOf(const pb::DocumentRecord& document) {
  return "document " + HexEncode(document.sha256()) + " of " + document.submitting_system();
}

bool Names(const pb::DocumentRecord& document, const StoredExtent& extent) {
  const auto extents = record::ReadExtents(document.extents());
  return std::ranges::any_of(extents, [&](const StoredExtent& each) {
    return each.segment == extent.segment && each.offset == extent.offset;
  });
}

class Auditor {
 public:
  Auditor(const JournalOptions& journal, Disk& disk, const Clock& clock,
          const DocumentAuditOptions& options)
      : journal_(journal),
        paths_(journal.directory),
        disk_(disk),
        clock_(clock),
        options_(options),
        begun_(clock.BootNow()) {}

  Result<DocumentAuditReport> Run() {
    NB_ASSIGN_OR_RETURN(const HeadReading head, HeadFile::Read(disk_, paths_.head));
    NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::OpenBesideGateway(journal_, paths_));
    NB_RETURN_IF_ERROR(VisitIndex(*ledger, [this](const std::string&, std::string_view value) {
      if (const auto document = record::ReadDocument(value))
        progress_.bytes_in_all +=
            static_cast<std::uint64_t>(record::BytesOf(record::ReadExtents(document->extents())));
    }));
    NB_RETURN_IF_ERROR(VisitIndex(*ledger, [this](const std::string& key, std::string_view value) {
      const auto document = record::ReadDocument(value);
      if (!document) return Problem("a document's entry in the index cannot be read");
      Check(key, *document);
    }));
    NB_RETURN_IF_ERROR(JudgeSuspects());
    CheckFilings(*ledger, head.head.sequence);
    return std::move(report_);
  }

 private:
  // Something does not fit; whether it is damage is asked again at the end.
  struct Suspect {
    std::string key;
    StoredExtent extent;
    std::string what;
  };
  // Beyond this, a damaged disk is a damaged disk.
  static constexpr std::size_t kSuspectsMax = 10'000;

  static Result<void> VisitIndex(
      ReadOnlyLedger& ledger,
      const std::function<void(const std::string& key, std::string_view value)>& visit) {
    rocksdb::ReadOptions reading;
    reading.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> at(ledger.db().NewIterator(reading));
    const std::string prefix = keys::DocumentPrefix();
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next())
      visit(at->key().ToString(), {at->value().data(), at->value().size()});
    if (at->status().ok()) return {};
    return Error{ErrorCode::kDataLoss, "the documents' index: " + at->status().ToString()};
  }

  void Problem(std::string text) {
    ++report_.problem_count;
    if (report_.problems.size() < DocumentAuditReport::kProblemsKept)
      report_.problems.push_back(std::move(text));
  }

  void Check(const std::string& key, const pb::DocumentRecord& document) {
    ++report_.documents;
    if (document.damaged_extents_size() > 0) {
      Problem(NameOf(document) + ": was found damaged before, and has not been sent again");
      bad_.insert(key);
    }
    Sha256Stream hash;
    std::int64_t size = 0;
    bool whole = true;
    for (const StoredExtent& extent : record::ReadExtents(document.extents())) {
      const auto bytes = Read(extent);
      if (bytes) {
        hash.Update(*bytes);
      } else {
        whole = false;
        Suspicion(key, extent, NameOf(document) + ": " + bytes.error().message);
      }
      size += extent.size;
      report_.bytes += extent.size;
      Breathe(extent.size);
    }
    if (!document.complete() || !whole) return;
    if (size != document.size_bytes() || hash.Finish().view() != document.sha256())
      Suspicion(key, {}, NameOf(document) + ": its bytes do not have this SHA-256");
  }

  Result<std::string> Read(const StoredExtent& extent) {
    const auto wrong = [&](const std::string& what) {
      return Error{ErrorCode::kDataLoss, SegmentName(extent.segment) + " at " +
                                             std::to_string(extent.offset) + ": " + what};
    };
    if (extent.size > Extent::kSizeMax) return wrong("an extent that long cannot be");
    if (!file_ || segment_ != extent.segment) {
      auto opened =
          disk_.Open(paths_.documents + "/" + SegmentName(extent.segment), OpenMode::kRead);
      if (!opened) return wrong(opened.error().message);
      file_ = std::move(*opened);
      segment_ = extent.segment;
    }
    std::string bytes(extent.size, '\0');
    const auto read = file_->ReadAt(extent.offset, bytes);
    if (!read) return wrong(read.error().message);
    if (*read != bytes.size()) return wrong("the segment ends early");
    if (Crc32c(bytes) != extent.crc32c) return wrong("the bytes are not what they were");
    return bytes;
  }

  void Breathe(std::uint64_t bytes) {
    progress_.bytes += bytes;
    if (!options_.after_extent) return;
    const Microseconds wait =
        options_.bytes_per_second == 0
            ? Microseconds(0)
            : WaitFor(progress_.bytes, options_.bytes_per_second, begun_, clock_.BootNow());
    options_.after_extent(progress_, wait);
  }

  void Suspicion(const std::string& key, const StoredExtent& extent, std::string what) {
    if (suspects_.size() < kSuspectsMax) suspects_.push_back({key, extent, std::move(what)});
  }

  // A gateway that serves meanwhile drops uploads that nobody came back for, and punches their
  // bytes. What the index does not name any more was not damaged.
  Result<void> JudgeSuspects() {
    if (suspects_.empty()) return {};
    NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::OpenBesideGateway(journal_, paths_));
    for (Suspect& suspect : suspects_) {
      NB_ASSIGN_OR_RETURN(const auto bytes, ledger->Get(suspect.key));
      const auto document = bytes ? record::ReadDocument(*bytes) : Error{ErrorCode::kNotFound, ""};
      if (!document || (suspect.extent.size > 0 && !Names(*document, suspect.extent))) continue;
      Problem(std::move(suspect.what));
      bad_.insert(suspect.key);
    }
    return {};
  }

  // Whose documents are damaged or not there. A document stays as long as a filing refers to it.
  void CheckFilings(ReadOnlyLedger& ledger, std::uint64_t end) {
    VisitReadableEntries(ledger, end, [&](std::uint64_t sequence, std::string_view bytes) {
      const auto entry = record::ReadEntry(bytes);
      if (!entry || entry->kind() != pb::ENTRY_KIND_FILING_RECEIVED) return;
      const pb::FilingReceived& filing = entry->filing_received();
      for (const auto& document : filing.header().documents()) {
        const auto sha256 = Digest::FromBytes(document.sha256());
        if (!sha256) continue;
        const std::string key = keys::Document(SystemName(filing.submitting_system()), *sha256);
        const std::string which = "filing " + filing.filing_id() + " (entry " +
                                  std::to_string(sequence) + "): document " + sha256->Hex();
        if (bad_.contains(key)) {
          Problem(which + " is damaged");
          continue;
        }
        const auto stored = ledger.Get(key);
        const auto record = stored && *stored ? record::ReadDocument(**stored)
                                              : Error{ErrorCode::kNotFound, "is not in the index"};
        if (!record) {
          Problem(which + " is not in the index");
        } else if (!record->complete()) {
          Problem(which + " is not complete");
        }
      }
    });
  }

  const JournalOptions& journal_;
  const JournalPaths paths_;
  Disk& disk_;
  const Clock& clock_;
  const DocumentAuditOptions& options_;
  const BootTime begun_;
  DocumentAuditReport report_;
  DocumentProgress progress_;
  std::vector<Suspect> suspects_;
  std::set<std::string> bad_;  // Keys of the index.
  std::unique_ptr<DiskFile> file_;
  std::uint64_t segment_ = 0;  // Of file_.
};

}  // namespace

Microseconds WaitFor(std::uint64_t bytes, std::uint64_t bytes_per_second, BootTime begun,
                     BootTime now) {
  const auto due = Microseconds(static_cast<std::int64_t>(static_cast<double>(bytes) * 1e6 /
                                                          static_cast<double>(bytes_per_second)));
  return std::max(Microseconds(0), due - std::chrono::duration_cast<Microseconds>(now - begun));
}

Result<DocumentAuditReport> AuditDocuments(const JournalOptions& journal, Disk& disk,
                                           const Clock& clock,
                                           const DocumentAuditOptions& options) {
  return Auditor(journal, disk, clock, options).Run();
}

}  // namespace nightbox::ctl
