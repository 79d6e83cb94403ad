#include "ops/nightboxctl/record_commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "client/file_operations.h"
#include "evidence/record_verify.h"

namespace nightbox::ctl {
namespace {

constexpr std::size_t kPemBytesMax = 1'000'000;

Error LocalTrouble(const std::string& what) {
  return {ErrorCode::kInternal, what + ": " + std::strerror(errno)};
}

// A file that has its name only when it is whole; what is left of it otherwise goes away.
class WholeFile {
 public:
  static Result<WholeFile> Create(const std::filesystem::path& path) {
    if (std::filesystem::exists(path))
      return Error{ErrorCode::kInvalidArgument, path.string() + " exists; nothing is overwritten"};
    WholeFile file(path);
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    // Without a name nothing is left of it, however this program ends.
    file.fd_ = client::UniqueFd(::open(parent.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (file.fd_.valid()) return file;
    // Not every file system can do that.
    file.half_ = path.string() + ".part";
    file.fd_ = client::UniqueFd(
        ::open(file.half_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.fd_.valid()) return LocalTrouble("cannot write " + file.half_.string());
    return file;
  }

  WholeFile(WholeFile&&) = default;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile() {
    if (fd_.valid() && !half_.empty()) ::unlink(half_.c_str());
  }

  Result<void> Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(fd_.get(), bytes.data(), bytes.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return LocalTrouble("cannot write " + path_.string());
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
      size_ += static_cast<std::uint64_t>(wrote);
    }
    return {};
  }

  std::uint64_t size() const { return size_; }

  Result<void> Finish() {
    if (::fsync(fd_.get()) != 0) return LocalTrouble("cannot sync " + path_.string());
    const std::string nameless = "/proc/self/fd/" + std::to_string(fd_.get());
    const char* const from = half_.empty() ? nameless.c_str() : half_.c_str();
    // link, not rename: a file that came meanwhile is not overwritten either.
    if (::linkat(AT_FDCWD, from, AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) != 0)
      return LocalTrouble("cannot name " + path_.string());
    if (!half_.empty()) ::unlink(half_.c_str());
    fd_ = client::UniqueFd();
    const auto parent = path_.parent_path();
    return client::FileOperations().SyncDirectory(parent.empty() ? "." : parent);
  }

 private:
  explicit WholeFile(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
  std::filesystem::path half_;  // Empty: it has no name yet.
  client::UniqueFd fd_;
  std::uint64_t size_ = 0;
};

// As `nightbox verify` says it.
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

Result<Trust> TrustOf(const std::filesystem::path& root, const std::string& fingerprint) {
  Trust trust;
  if (!root.empty()) {
    Result<std::string> pem = client::ReadWholeFile(root, kPemBytesMax);
    if (!pem) return Error{ErrorCode::kInvalidArgument, "--root: " + pem.error().message};
    trust.roots_pem = *std::move(pem);
  }
  if (!fingerprint.empty()) {
    trust.root_fingerprint = ParseFingerprint(fingerprint);
    if (!trust.root_fingerprint)
      return Error{ErrorCode::kInvalidArgument, "--fingerprint: not a SHA-256 fingerprint"};
  }
  return trust;
}

}  // namespace

Answer ExportRecord(const OperatorAddress& address, const RecordWish& wish) {
  const auto client = OperatorClient::Open(address);
  if (!client) return Failed(client.error());
  auto file = WholeFile::Create(wish.output);
  if (!file) return Failed(file.error());
  std::optional<Error> local;
  const auto summary = (*client)->ExportCaseRecord(
      wish.court, wish.case_number, wish.reason, [&](const std::string& bytes) {
        if (const auto wrote = file->Write(bytes); !wrote) local = wrote.error();
        return !local;
      });
  if (local) return Failed(*local);
  if (!summary) return Failed(summary.error());
  if (file->size() != summary->size_bytes())
    return Failed(Error{ErrorCode::kDataLoss, "the record did not arrive whole"});
  if (const auto finished = file->Finish(); !finished) return Failed(finished.error());
  Answer answer;
  answer.members = {{"output", wish.output.string()},
                    {"filings", summary->filings()},
                    {"bytes", summary->size_bytes()},
                    {"complete", summary->complete()},
                    {"record_sha256", HexEncode(summary->record_sha256())}};
  answer.lines = {
      "wrote " + wish.output.string() + ": " + std::to_string(summary->filings()) +
          (summary->filings() == 1 ? " filing, " : " filings, ") +
          std::to_string(summary->size_bytes()) + " bytes",
      "check it: nightboxctl record verify " + wish.output.string() + " --root ROOT.pem"};
  if (!summary->complete()) {
    answer.code = ExitCode::kRefused;
    answer.lines.emplace_back(
        "NOT COMPLETE: the bytes of documents are missing; record.json names them. Have their "
        "filers send the same files again, then export again (docs/runbook.md).");
  }
  return answer;
}

Answer VerifyRecordFile(const std::filesystem::path& zip, const std::filesystem::path& root,
                        const std::string& fingerprint, const Clock& clock) {
  const auto trust = TrustOf(root, fingerprint);
  if (!trust) return Failed(trust.error());
  if (!std::filesystem::is_regular_file(zip))
    return Failed(Error{ErrorCode::kInvalidArgument, "there is no file " + zip.string()});
  const RecordVerification verified = VerifyRecord(zip, *trust, clock.Now());
  Answer answer;
  answer.members = {{"file", zip.string()}, {"verdict", ToWord(verified.verdict)}};
  answer.code = CodeOf(verified.verdict);
  if (verified.verdict == Verdict::kRefused) {
    answer.members["reason"] = verified.reason;
    answer.lines = {zip.string() + ": REFUSED: " + verified.reason};
    return answer;
  }
  boost::json::array checks;
  for (const std::string& check : verified.checks) checks.emplace_back(check);
  const std::string print = FingerprintText(verified.root->fingerprint);
  answer.members["filings"] = verified.filings;
  answer.members["files"] = verified.files;
  answer.members["complete"] = verified.complete;
  answer.members["statement"] = verified.statement;
  answer.members["fingerprint"] = print;
  answer.members["checks"] = std::move(checks);
  answer.lines = {zip.string() + (verified.verdict == Verdict::kVerified
                                      ? ": VERIFIED"
                                      : ": consistent, root unproven")};
  for (const std::string& check : verified.checks) answer.lines.push_back("  " + check);
  answer.lines.push_back("  " + verified.statement);
  answer.lines.push_back("  Root fingerprint (SHA-256): " + print);
  if (verified.verdict != Verdict::kVerified) {
    answer.lines.emplace_back(
        "  Compare it with the one the court publishes, or name the court's root with --root.");
  }
  return answer;
}

}  // namespace nightbox::ctl
