#include "gateway/start_files.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "evidence/checkpoint.h"
#include "gateway/certificate_watch.h"
#include "gateway/court_binding.h"
#include "gateway/court_system_directory.h"
#include "gateway/http_server.h"
#include "gateway/pdf_check.h"
#include "gateway/tls_listener.h"
#include "store/head_file.h"
#include "store/journal.h"
#include "store/journal_directory.h"
#include "store/opening.h"
#include "store/posix_disk.h"

namespace nightbox {
namespace {

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return Error{ErrorCode::kFailedPrecondition, "cannot read " + path.string()};
  return bytes;
}

// A receipt that the court's published root does not vouch for would convince nobody. As of the day
// on which both had begun: a certificate that has run out since alarms, and goes on signing.
Result<void> CheckRootVouches(const CmsSigner& signer, std::string_view roots_pem) {
  constexpr std::string_view kProbe = "does the root vouch for this signer?";
  NB_ASSIGN_OR_RETURN(const std::vector<CertificateInfo> roots, ReadCertificates(roots_pem));
  std::string why;
  for (const CertificateInfo& root : roots) {
    const WallTime at =
        std::max(signer.certificate().not_before, root.not_before) + std::chrono::seconds(1);
    NB_ASSIGN_OR_RETURN(const std::string signature, signer.Sign(kProbe, at));
    const auto verified = VerifyCms(kProbe, signature, roots_pem, at);
    if (verified) return {};
    why = verified.error().message;
  }
  return Error{ErrorCode::kFailedPrecondition,
               "receipts.root does not vouch for receipts.certificate: " + why};
}

class Reader {
 public:
  Reader(const GatewayConfig& config, WallTime now) : config_(config), now_(now) {}

  StartReading Read() {
    auto signer = CmsSigner::Load(config_.receipts.certificate, config_.receipts.key);
    Note("receipts.key", signer);
    auto root_pem = ReadFile(config_.receipts.root);
    Note("receipts.root", root_pem);
    if (signer && root_pem) Note("receipts.root", CheckRootVouches(*signer, *root_pem));
    Note("receipts.log_key", LogSigner::Load(config_.receipts.log_key, "nightbox/" + config_.name));
    auto court_system = ReadCourtSystem(config_.court_system);
    Note("gateway.court_system", court_system);
    if (court_system) Examine(*court_system);
    auto access = AccessDirectory::Open(config_.access.directory, config_.access.deny_list);
    Note("access", access);
    auto credentials = LoadServerCredentials(config_.intake.certificate, config_.intake.key,
                                             config_.intake.client_ca);
    Note("intake.certificate", credentials);
    for (const auto& [key, pages] : TlsPages())
      Note(key, CheckTlsPair(pages.certificate, pages.key));
    Warn();
    if (reading_.findings.empty()) {
      reading_.files =
          StartFiles{std::move(*signer), std::move(*root_pem), std::move(*court_system),
                     std::move(*access), std::move(*credentials)};
    }
    return std::move(reading_);
  }

 private:
  template <class T>
  void Note(std::string_view key, const Result<T>& result, std::string_view advice = {}) {
    if (result) return;
    reading_.findings.push_back({0, std::string(key), result.error().message.append(advice)});
  }

  void Examine(const CourtSystem& system) {
    reading_.unconfirmed = UnconfirmedReport(system);
    for (std::string& warning : BindingWarnings(config_, system))
      Warning("case_system.courts", std::move(warning));
    Note("gateway.profile", CheckProfile(config_.profile, system), HowItMayHaveCome(system));
  }

  // Whoever reads this at night looks for who changed the directory; it may have been nobody.
  static std::string HowItMayHaveCome(const CourtSystem& system) {
    if (!system.acceptance) return {};
    return ". If the directory is as it was, the program is another: values that the directory "
           "does not state are compiled in. The former program starts on the former acceptance";
  }

  // The listeners of pages that have a certificate, each by the key that names it.
  std::vector<std::pair<std::string, HttpConfig>> TlsPages() const {
    std::vector<std::pair<std::string, HttpConfig>> pages;
    if (config_.http.tls()) pages.emplace_back("http.certificate", config_.http);
    if (config_.monitoring && config_.monitoring->tls())
      pages.emplace_back("monitoring.certificate", *config_.monitoring);
    return pages;
  }

  // A door that stays shut because of these would do more harm than they do.
  void Warn() {
    WarnOfDates("intake.certificate", config_.intake.certificate);
    WarnOfDates("receipts.certificate", config_.receipts.certificate);
    WarnOfAge("receipts.key", config_.receipts.certificate);
    for (const auto& [key, pages] : TlsPages()) WarnOfDates(key, pages.certificate);
    for (const CaseSystemConfig& system : config_.case_systems) {
      const std::string key = "case_system.certificate";
      WarnOfDates(key, system.certificate);
      const auto pair = CheckTlsPair(system.certificate, system.key);
      if (!pair) Warning(key, "of " + system.name + ": " + pair.error().message);
    }
    const auto program =
        config_.pdf_check.program.empty() ? DefaultPdfCheckProgram() : config_.pdf_check.program;
    if (::access(program.c_str(), X_OK) != 0)
      Warning("pdf_check.program", program.string() + " cannot be run: no PDF will be examined");
  }

  void WarnOfDates(const std::string& key, const std::filesystem::path& file) {
    const auto pem = ReadFile(file);
    const auto certificates = pem ? ReadCertificates(*pem) : pem.error();
    if (!certificates) return;  // Said where it is used.
    const CertificateInfo& own = certificates->front();
    if (const auto due = RenewalWarning(own.not_after, now_); !due.empty())
      Warning(key, file.string() + " " + due);
    if (own.not_before > now_) Warning(key, file.string() + " is not valid yet");
  }

  void WarnOfAge(const std::string& key, const std::filesystem::path& signers_certificate) {
    const auto pem = ReadFile(signers_certificate);
    const auto certificates = pem ? ReadCertificates(*pem) : pem.error();
    if (!certificates) return;
    const std::string due = ReceiptKeyWarning(certificates->front().not_before, now_);
    if (!due.empty()) Warning(key, due);
  }

  void Warning(const std::string& key, std::string message) {
    reading_.warnings.push_back({0, key, std::move(message)});
  }

  const GatewayConfig& config_;
  const WallTime now_;
  StartReading reading_;
};

// Once. The head before the ledger: what is promised meanwhile is no loss.
Result<void> ReadJournal(const GatewayConfig& config, rocksdb::Env* env) {
  PosixDisk disk;
  NB_ASSIGN_OR_RETURN(const JournalDirectory directory,
                      ResolveJournalDirectory(disk, config.data_directory.string()));
  const JournalPaths paths(directory.path);
  NB_ASSIGN_OR_RETURN(const HeadReading head, HeadFile::Read(disk, paths.head));
  JournalOptions options;
  options.directory = directory.path;
  options.gateway = config.name;
  options.env = env;
  return CheckLedger(options, paths, head.head);
}

}  // namespace

StartReading ReadStartFiles(const GatewayConfig& config, WallTime now) {
  return Reader(config, now).Read();
}

Error Unusable(const std::vector<ConfigFinding>& findings) {
  std::string all = "what the configuration names cannot be used:";
  for (const ConfigFinding& finding : findings) all += "\n  " + finding.Text();
  return {ErrorCode::kFailedPrecondition, std::move(all), "CONFIG_UNUSABLE"};
}

Result<void> ExamineJournal(const GatewayConfig& config, rocksdb::Env* env) {
  // A gateway that serves tidies up its ledger: a file that RocksDB has just listed may be gone
  // when it opens it. What is lost is lost at every reading, and nobody is to be sent to set a
  // sound journal aside.
  for (int reading = 1;; ++reading) {
    Result<void> holds = ReadJournal(config, env);
    const bool seems_lost = !holds && holds.error().code == ErrorCode::kDataLoss;
    if (!seems_lost || reading == kJournalReadings) return holds;
  }
}

}  // namespace nightbox
