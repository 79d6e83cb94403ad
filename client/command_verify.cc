// `nightbox verify`: checks receipts, packages and the documents they name, offline; and the
// official record of a case, which a court may have handed on.
//
// What a file is, is told from its beginning and its name; a file that is nothing of ours is taken
// for a document that the receipt should name.

#include "client/command_parts.h"
#include "client/commands.h"
#include "evidence/package.h"
#include "evidence/record.h"
#include "evidence/record_verify.h"
#include "evidence/verify.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kBytesMax = 16'000'000;

// One receipt to check: a package, or a receipt.json with what lies beside it.
struct Subject {
  std::string name;
  std::optional<std::string> zip;
  ReceiptFiles files;
};

struct Sorted {
  std::vector<Subject> subjects;
  std::vector<HeldDocument> documents;
  // Zips that are the record of a case: it holds its documents itself.
  std::vector<fs::path> records;
};

// A zip whose first file is record.json; where its name stands is docs/formats/official-record.md's
// and any zip's.
bool IsRecord(std::string_view head) {
  constexpr std::size_t kLocalHeaderBytes = 30;
  const std::string_view name = kRecordJson;
  return head.size() > kLocalHeaderBytes && head[26] == static_cast<char>(name.size()) &&
         head[27] == 0 && head.substr(kLocalHeaderBytes).starts_with(name);
}

std::optional<std::string> ReadIfThere(const fs::path& path) {
  auto bytes = ReadWholeFile(path, kBytesMax);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

Result<Subject> ReadReceipt(const fs::path& receipt) {
  Subject subject;
  subject.name = receipt.string();
  NB_ASSIGN_OR_RETURN(subject.files.receipt_json, ReadWholeFile(receipt, kBytesMax));
  Result<std::string> signature = ReadWholeFile(receipt.string() + ".p7s", kBytesMax);
  if (!signature) return signature.error().In("a receipt is checked with its signature beside it");
  subject.files.signature = std::move(*signature);
  const fs::path directory = receipt.parent_path();
  subject.files.inclusion_json = ReadIfThere(directory / "inclusion.json");
  subject.files.checkpoint = ReadIfThere(directory / "checkpoint.txt");
  if (!subject.files.inclusion_json || !subject.files.checkpoint) {
    subject.files.inclusion_json.reset();
    subject.files.checkpoint.reset();
  }
  subject.files.carried_root_pem = ReadIfThere(directory / "root.pem");
  return subject;
}

// Whether the file is one of those that belong to a receipt and are read with it.
bool IsCompanion(const fs::path& path) {
  const std::string name = path.filename().string();
  return path.extension() == ".p7s" || name == "inclusion.json" || name == "checkpoint.txt" ||
         name == "root.pem" || name == "receipt.html" || name == "VERIFY.txt" ||
         name == "verify.sh";
}

Result<Sorted> Sort(const std::vector<std::string>& names) {
  Sorted sorted;
  for (const std::string& name : names) {
    fs::path path(name);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) path /= "receipt.json";
    const Result<CopiedFile> found = InspectFile(path);
    if (!found && found.error().code == ErrorCode::kNotFound) {
      return Error{ErrorCode::kInvalidArgument, "there is no " + path.string()};
    }
    if (!found) return found.error();
    if (found->head.starts_with("PK\x03\x04") && IsRecord(found->head)) {
      sorted.records.push_back(path);
    } else if (found->head.starts_with("PK\x03\x04") && path.extension() == ".zip") {
      NB_ASSIGN_OR_RETURN(std::string zip, ReadWholeFile(path, kBytesMax));
      sorted.subjects.push_back({path.string(), std::move(zip), {}});
    } else if (path.extension() == ".json" && path.filename() != "inclusion.json") {
      NB_ASSIGN_OR_RETURN(Subject subject, ReadReceipt(path));
      sorted.subjects.push_back(std::move(subject));
    } else if (!IsCompanion(path)) {
      sorted.documents.push_back({path.string(), found->sha256});
    }
  }
  return sorted;
}

ExitCode CodeOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kVerified:
      return ExitCode::kDone;
    case Verdict::kRootUnproven:
      return ExitCode::kRootUnproven;
    case Verdict::kRefused:
      break;
  }
  return ExitCode::kRefused;
}

json::object Tell(Output& out, const Subject& subject, const Verification& verification) {
  json::object object{{"file", subject.name}, {"verdict", ToWord(verification.verdict)}};
  if (verification.verdict == Verdict::kRefused) {
    object["reason"] = verification.reason;
    out.Say(subject.name + ": REFUSED: " + verification.reason);
    return object;
  }
  const std::optional<CertificateInfo>& vouching =
      verification.root ? verification.root : verification.signer;
  const std::string fingerprint = vouching ? FingerprintText(vouching->fingerprint) : "";
  object["fingerprint"] = fingerprint;
  object["in_log"] = verification.in_log;
  object["filing_id"] = verification.facts->filing_id.str();
  object["sentence"] = ReceiptSentence(*verification.facts);
  json::array checks;
  for (const std::string& each : verification.checks) checks.emplace_back(each);
  object["checks"] = std::move(checks);
  json::array remarks;
  for (const std::string& each : verification.remarks) remarks.emplace_back(each);
  object["remarks"] = std::move(remarks);

  const bool verified = verification.verdict == Verdict::kVerified;
  out.Say(subject.name + ": " + (verified ? "VERIFIED" : "consistent, root unproven"));
  for (const std::string& each : verification.checks) out.Say("  " + each);
  for (const std::string& each : verification.remarks) out.Say("  NOTE: " + each);
  out.Say("  " + ReceiptSentence(*verification.facts));
  out.Say(std::string("  ") + (verification.root ? "Root" : "Signer") +
          " fingerprint (SHA-256): " + fingerprint);
  if (!verified) {
    out.Say("  Compare it with the one the court publishes, or name the court's root with --root.");
  }
  return object;
}

json::object Tell(Output& out, const fs::path& record, const RecordVerification& verification) {
  json::object object{{"file", record.string()}, {"verdict", ToWord(verification.verdict)}};
  if (verification.verdict == Verdict::kRefused) {
    object["reason"] = verification.reason;
    out.Say(record.string() + ": REFUSED: " + verification.reason);
    return object;
  }
  const std::optional<CertificateInfo>& vouching =
      verification.root ? verification.root : verification.signer;
  const std::string fingerprint = vouching ? FingerprintText(vouching->fingerprint) : "";
  object["fingerprint"] = fingerprint;
  object["filings"] = verification.filings;
  object["complete"] = verification.complete;
  object["sentence"] = verification.statement;
  json::array checks;
  for (const std::string& each : verification.checks) checks.emplace_back(each);
  object["checks"] = std::move(checks);

  const bool verified = verification.verdict == Verdict::kVerified;
  out.Say(record.string() +
          ": the record of a case: " + (verified ? "VERIFIED" : "consistent, root unproven"));
  for (const std::string& each : verification.checks) out.Say("  " + each);
  out.Say("  " + verification.statement);
  out.Say("  Root fingerprint (SHA-256): " + fingerprint);
  if (!verified) {
    out.Say("  Compare it with the one the court publishes, or name the court's root with --root.");
  }
  return object;
}

}  // namespace

ExitCode RunVerify(const Surroundings& around, const std::vector<std::string>& files,
                   const std::string& root_fingerprint) {
  Output& out = around.out;
  Trust trust;
  const Result<std::string> root = ReadReceiptRoot(around.settings);
  if (!root) return Fail(out, root.error());
  if (!root->empty()) trust.roots_pem = *root;
  if (!root_fingerprint.empty()) {
    trust.root_fingerprint = ParseFingerprint(root_fingerprint);
    if (!trust.root_fingerprint) {
      return FailUsage(out, "a fingerprint is 64 hexadecimal digits, with or without colons",
                       "--root-fingerprint");
    }
  }
  const Result<Sorted> sorted = Sort(files);
  if (!sorted && sorted.error().code == ErrorCode::kInvalidArgument) {
    return FailUsage(out, sorted.error().message);
  }
  if (!sorted) {
    out.AddFailure(CallFailure::Local(sorted.error()));
    return out.Finish(ExitCode::kRefused);
  }
  const std::size_t subjects = sorted->subjects.size() + sorted->records.size();
  if (subjects == 0) {
    return FailUsage(out,
                     "there is no receipt among the files: name a receipt.json, an evidence "
                     "package or the record of a case (.zip), or a directory with one");
  }
  if (!sorted->documents.empty() && (subjects > 1 || !sorted->records.empty())) {
    return FailUsage(out, "documents are checked against one receipt at a time");
  }

  ExitCode worst = ExitCode::kDone;
  json::array verdicts;
  const auto count = [&worst](ExitCode code) {
    if (code == ExitCode::kRefused || worst == ExitCode::kDone) worst = code;
  };
  for (const Subject& each : sorted->subjects) {
    const WallTime now = around.clock.Now();
    const Verification verification =
        each.zip ? VerifyPackage(*each.zip, sorted->documents, trust, now)
                 : VerifyReceiptFiles(each.files, sorted->documents, trust, now);
    verdicts.push_back(Tell(out, each, verification));
    count(CodeOf(verification.verdict));
  }
  for (const fs::path& each : sorted->records) {
    const RecordVerification verification = VerifyRecord(each, trust, around.clock.Now());
    verdicts.push_back(Tell(out, each, verification));
    count(CodeOf(verification.verdict));
  }
  out.members()["files"] = std::move(verdicts);
  return out.Finish(worst);
}

}  // namespace nightbox::client
