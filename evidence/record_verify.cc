#include "evidence/record_verify.h"

#include <zip.h>

#include <array>
#include <map>
#include <memory>
#include <set>

#include "core/sha256.h"
#include "evidence/json_reader.h"
#include "evidence/record.h"
#include "evidence/stored_zip.h"

namespace nightbox {
namespace {

struct Free {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Free>;

constexpr std::uint64_t kSmallFileMax = 4 * 1024 * 1024;

Error Refused(std::string why) { return Error{ErrorCode::kDataLoss, std::move(why)}; }

// The zip by the names of its entries.
class Entries {
 public:
  static Result<Entries> Open(const std::filesystem::path& path) {
    int code = 0;
    Entries entries;
    entries.archive_.reset(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (!entries.archive_) return Refused("not a consistent zip file");
    const zip_int64_t count = zip_get_num_entries(entries.archive_.get(), 0);
    if (count < 0 || static_cast<std::size_t>(count) > StoredZip::kEntriesMax)
      return Refused("too many files");
    for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
      zip_stat_t stat;
      if (zip_stat_index(entries.archive_.get(), index, 0, &stat) != 0 ||
          stat.comp_method != ZIP_CM_STORE || stat.comp_size != stat.size ||
          ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
           stat.encryption_method != ZIP_EM_NONE)) {
        return Refused("a file is compressed or encrypted");
      }
      if (!entries.places_.emplace(stat.name, Place{index, stat.size}).second)
        return Refused("a file is there twice");
    }
    return entries;
  }

  std::size_t count() const { return places_.size(); }
  bool Has(const std::string& name) const { return places_.contains(name); }

  // Calls `take` with the bytes in pieces.
  template <class Take>
  Result<std::uint64_t> Read(const std::string& name, const Take& take) const {
    const auto place = places_.find(name);
    if (place == places_.end()) return Refused(name + " is missing");
    const std::unique_ptr<zip_file_t, Free> file(
        zip_fopen_index(archive_.get(), place->second.index, 0));
    if (!file) return Refused(name + " cannot be read");
    std::array<char, 64 * 1024> buffer;
    std::uint64_t bytes = 0;
    for (;;) {
      const zip_int64_t got = zip_fread(file.get(), buffer.data(), buffer.size());
      if (got < 0) return Refused(name + " is damaged");
      if (got == 0) return bytes;
      take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
      bytes += static_cast<std::uint64_t>(got);
    }
  }

  Result<std::string> Whole(const std::string& name, std::uint64_t max = kSmallFileMax) const {
    const auto place = places_.find(name);
    if (place != places_.end() && place->second.size > max) return Refused(name + " is too large");
    std::string bytes;
    NB_RETURN_IF_ERROR(Read(name, [&](std::string_view piece) { bytes += piece; }));
    return bytes;
  }

 private:
  struct Place {
    zip_uint64_t index = 0;
    zip_uint64_t size = 0;
  };
  Archive archive_;
  std::map<std::string, Place, std::less<>> places_;
};

// The chain behind record.json, as evidence/verify.cc follows it for a receipt.
Result<CmsSignature> CheckSignature(const std::string& json, const std::string& p7s,
                                    const std::string& carried, const Trust& trust, WallTime at,
                                    bool& proven) {
  NB_ASSIGN_OR_RETURN(CmsSignature signature,
                      VerifyCms(json, p7s, trust.roots_pem ? *trust.roots_pem : carried, at));
  if (trust.root_fingerprint && signature.root->fingerprint != *trust.root_fingerprint)
    return Refused("the root does not have the fingerprint you trust");
  proven = trust.roots_pem.has_value() || trust.root_fingerprint.has_value();
  return signature;
}

Result<void> CheckFiles(const Entries& entries, const JsonFields& record,
                        std::map<std::string, Digest>& files) {
  std::optional<Error> wrong;
  record.ForEachObject("files", [&](const JsonFields& each) {
    if (wrong) return;
    const std::string name = each.Text("name");
    const Digest expected = each.Sha256("sha256");
    const std::uint64_t bytes = each.Number("bytes");
    Sha256Stream hash;
    const auto read = entries.Read(name, [&](std::string_view piece) { hash.Update(piece); });
    if (!read) {
      wrong = read.error();
    } else if (*read != bytes || hash.Finish() != expected) {
      wrong = Refused(name + " is not the file the record names");
    } else if (!files.emplace(name, expected).second) {
      wrong = Refused(name + " is named twice");
    }
  });
  if (wrong) return *wrong;
  for (const char* name : {kRecordJson, kRecordSignature}) {
    if (files.contains(name)) return Refused("the record names itself");
  }
  if (entries.count() != files.size() + 2)
    return Refused("there are files the record does not name");
  return {};
}

// What the record says of one filing, against the filing's receipt.
Result<void> CheckFiling(const Entries& entries, const JsonFields& filing,
                         const std::map<std::string, Digest>& files, const std::string& roots,
                         WallTime at) {
  const std::string receipt = filing.Text("receipt");
  const std::string folder = receipt.substr(0, receipt.rfind('/') + 1);
  std::vector<HeldDocument> documents;
  std::optional<Error> wrong;
  filing.ForEachObject("documents", [&](const JsonFields& each) {
    const Digest sha256 = each.Sha256("sha256");
    documents.push_back({folder + "a document", sha256});
    const std::string file = each.TextIfStated("file");
    if (file.empty()) return;
    const auto listed = files.find(file);
    if (listed == files.end() || listed->second != sha256)
      wrong = Refused(file + " is not the document of its filing");
  });
  filing.ForEachObject("entries", [&](const JsonFields& each) {
    if (!files.contains(each.Text("file"))) wrong = Refused("an entry of the log is missing");
  });
  if (wrong) return *wrong;
  ReceiptFiles held;
  NB_ASSIGN_OR_RETURN(held.receipt_json, entries.Whole(receipt));
  NB_ASSIGN_OR_RETURN(held.signature, entries.Whole(receipt + ".p7s"));
  if (entries.Has(folder + "inclusion.json")) {
    NB_ASSIGN_OR_RETURN(held.inclusion_json, entries.Whole(folder + "inclusion.json"));
    NB_ASSIGN_OR_RETURN(held.checkpoint, entries.Whole("checkpoint.txt"));
  }
  Trust trust;
  trust.roots_pem = roots;
  const Verification verified = VerifyReceiptFiles(held, documents, trust, at);
  if (verified.verdict == Verdict::kRefused) return Refused(receipt + ": " + verified.reason);
  if (verified.facts->filing_id.str() != filing.Text("filing_id") ||
      verified.facts->log.sequence != filing.Number("sequence") ||
      verified.facts->header.documents.size() != documents.size()) {
    return Refused(receipt + " is of another filing");
  }
  return {};
}

Result<void> Check(const std::filesystem::path& zip, const Trust& trust, WallTime at,
                   RecordVerification& out) {
  NB_ASSIGN_OR_RETURN(const Entries entries, Entries::Open(zip));
  NB_ASSIGN_OR_RETURN(const std::string json, entries.Whole(kRecordJson, kRecordJsonMaxBytes));
  NB_ASSIGN_OR_RETURN(const std::string p7s, entries.Whole(kRecordSignature));
  NB_ASSIGN_OR_RETURN(const std::string carried, entries.Whole("root.pem"));
  bool proven = false;
  NB_ASSIGN_OR_RETURN(const CmsSignature signature,
                      CheckSignature(json, p7s, carried, trust, at, proven));
  out.signer = signature.signer;
  out.root = signature.root;
  out.checks.push_back("signature: good, by " + signature.signer.subject);
  if (proven)
    out.checks.push_back("root: trusted, " + FingerprintText(signature.root->fingerprint));

  NB_ASSIGN_OR_RETURN(const auto object, ParseJsonObject(json, kRecordJsonMaxBytes));
  std::string problem;
  const JsonFields record(object, problem);
  if (record.Text("format") != kRecordFormat) return Refused("not a record of this format");
  std::map<std::string, Digest> files;
  NB_RETURN_IF_ERROR(CheckFiles(entries, record, files));
  out.files = files.size();
  out.checks.push_back("files: all " + std::to_string(files.size()) + " are what the record names");
  const std::string& roots = trust.roots_pem ? *trust.roots_pem : carried;
  std::optional<Error> wrong;
  record.ForEachObject("filings", [&](const JsonFields& filing) {
    if (wrong) return;
    ++out.filings;
    if (const auto checked = CheckFiling(entries, filing, files, roots, at); !checked)
      wrong = checked.error();
  });
  if (wrong) return *wrong;
  out.checks.push_back("receipts: all " + std::to_string(out.filings) + " are good");
  out.statement = record.Text("statement");
  out.complete = record.Object("completeness").BoolIfStated("complete");
  if (!problem.empty()) return Refused("record.json: " + problem);
  out.verdict = proven ? Verdict::kVerified : Verdict::kRootUnproven;
  return {};
}

}  // namespace

RecordVerification VerifyRecord(const std::filesystem::path& zip, const Trust& trust, WallTime at) {
  RecordVerification verification;
  if (const auto checked = Check(zip, trust, at, verification); !checked) {
    verification = RecordVerification{};
    verification.reason = checked.error().message;
  }
  return verification;
}

}  // namespace nightbox
