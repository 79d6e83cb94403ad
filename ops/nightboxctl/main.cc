// nightboxctl: what an operator of a gateway does.
//
// `journal ...` works on the files with no gateway at hand; the other commands ask a running
// gateway over mutual TLS. Exit codes, and what to do at night: docs/runbook.md.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <thread>

#include "core/version.h"
#include "ops/nightboxctl/journal_commands.h"
#include "ops/nightboxctl/journal_unavailability.h"
#include "ops/nightboxctl/operator_commands.h"
#include "ops/nightboxctl/record_commands.h"

namespace nightbox::ctl {
namespace {

struct Options {
  bool json = false;
  // What the chosen command does.
  std::function<Answer()> act;

  std::string config;
  std::string gateway;
  std::string data_directory;
  std::string directory;
  std::string root;
  bool log_only = false;
  std::uint64_t megabytes_per_second = 50;
  std::string report;
  SetAsideWords words;
  UnavailabilityWish unavailability;

  OperatorAddress address;
  std::string filing_id;
  std::string reason;
  FilingsWish filings;
  bool not_delivered = false;
  std::string authority;
  RecordWish record;
  std::string fingerprint;
};

void AddDataOptions(CLI::App& command, Options& options, bool with_gateway) {
  command.add_option("--config", options.config,
                     "The gateway's configuration; its name and data directory are read from it");
  command.add_option("--data-dir", options.data_directory, "The data directory");
  if (with_gateway) {
    command.add_option("--gateway", options.gateway, "The gateway's name, as on its receipts");
  }
}

// How far the reading has come, on one line that is written over; on a terminal only.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
  }

  void Show(const DocumentProgress& progress) {
    const std::uint64_t percent =
        progress.bytes_in_all == 0 ? 100 : progress.bytes * 100 / progress.bytes_in_all;
    if (shown_ && percent == percent_) return;
    percent_ = percent;
    shown_ = true;
    std::cerr << "\r\033[Kdocuments: " << progress.bytes / 1'000'000 << " of "
              << progress.bytes_in_all / 1'000'000 << " MB (" << percent << " %)" << std::flush;
  }

 private:
  bool shown_ = false;
  std::uint64_t percent_ = 0;
};

DocumentAuditOptions ReadingOf(const Options& options) {
  DocumentAuditOptions reading;
  reading.bytes_per_second = options.megabytes_per_second * 1'000'000;
  const auto line = ::isatty(STDERR_FILENO) == 1 ? std::make_shared<ProgressLine>() : nullptr;
  reading.after_extent = [line](const DocumentProgress& progress, Microseconds wait) {
    if (line) line->Show(progress);
    if (wait.count() > 0) std::this_thread::sleep_for(wait);
  };
  return reading;
}

void AddUnavailability(CLI::App& journal, Options& options) {
  UnavailabilityWish& wish = options.unavailability;
  CLI::App* command = journal.add_subcommand(
      "unavailability",
      "Whether a rule on unavailable electronic filing is met by what the journal holds of a "
      "court, with the arithmetic. Changes nothing; no ruling");
  command->add_option("JOURNAL_DIR", wish.directory,
                      "A journal's directory; without it, the one in use");
  AddDataOptions(*command, options, false);
  command->add_option("--court", wish.court, "The court's id")->required();
  command->add_option("--due", wish.due_day, "The day the filing was due: 2024-07-01")->required();
  command->add_option("--rule", wish.rule, "Another rule than the court system's");
  command->add_option("--user", wish.user, "The registered user whose attempts are looked at");
  command->add_option("--request", wish.request,
                      "The request_id of one filing of that user; without it and --filing, any");
  command->add_option("--filing", wish.filing, "The same by the filing's id");
  command->add_option("--court-system", wish.court_system,
                      "The court system's directory; without it, Missouri as compiled in");
  command->add_option("--days", wish.days, "How many days before and after the due day to look at")
      ->check(CLI::Range(0, kUnavailabilityDaysMax))
      ->capture_default_str();
  command
      ->add_option("--news-hold-minutes", wish.news_hold_minutes,
                   "For how long the gateway took old news of a court to hold: twice its "
                   "replay.probe_max_ms, and two minutes")
      ->check(CLI::Range(0, 24 * 60))
      ->capture_default_str();
  command->final_callback([&] {
    options.act = [&] {
      if (!wish.directory.empty()) return AskUnavailability(wish);
      // Whose the journal is, it says itself.
      const auto settings = GatherGatewaySettings(options.config, "any", options.data_directory);
      if (!settings) return Failed(settings.error());
      wish.data_directory = settings->data_directory;
      return AskUnavailability(wish);
    };
  });
}

void AddJournalCommands(CLI::App& app, Options& options, const Clock& clock, Random& random) {
  CLI::App* journal = app.add_subcommand("journal", "Work on a journal, with the gateway stopped");
  journal->require_subcommand(1);
  const auto with_settings = [&options](const std::function<Answer(const GatewaySettings&)>& act) {
    const auto settings =
        GatherGatewaySettings(options.config, options.gateway, options.data_directory);
    return settings ? act(*settings) : Failed(settings.error());
  };

  CLI::App* init =
      journal->add_subcommand("init", "Make an empty journal. Refuses where there is one");
  AddDataOptions(*init, options, true);
  init->final_callback([&, with_settings] {
    options.act = [&, with_settings] {
      return with_settings(
          [&](const GatewaySettings& gateway) { return InitJournal(gateway, clock, random); });
    };
  });

  CLI::App* set_aside = journal->add_subcommand(
      "set-aside", "Leave a journal that does not open as it is, and open the door with a new log");
  AddDataOptions(*set_aside, options, true);
  set_aside->add_option("--who", options.words.who, "Who does it; is journaled")->required();
  set_aside->add_option("--reason", options.words.reason, "Why; is journaled. No parties' names")
      ->required();
  set_aside->add_flag("--even-if-sound", options.words.even_if_sound,
                      "Also when the journal holds all it promised");
  set_aside->final_callback([&, with_settings] {
    options.act = [&, with_settings] {
      return with_settings([&](const GatewaySettings& gateway) {
        return SetJournalAside(gateway, options.words, clock, random);
      });
    };
  });

  CLI::App* verify = journal->add_subcommand(
      "verify",
      "Read every entry and every document and compute every hash again. Changes nothing");
  verify->add_option("JOURNAL_DIR", options.directory,
                     "A journal's directory; without it, the one in use");
  AddDataOptions(*verify, options, true);
  verify->add_option("--root", options.root, "PEM: receipts must be signed under this root");
  verify->add_flag("--log-only", options.log_only, "Leave the documents alone");
  verify
      ->add_option("--megabytes-per-second", options.megabytes_per_second,
                   "How fast documents are read, so that a gateway beside it has the disk; 0: as "
                   "fast as may be")
      ->capture_default_str();
  verify->final_callback([&, with_settings] {
    options.act = [&, with_settings] {
      const DocumentAuditOptions reading = ReadingOf(options);
      const DocumentAuditOptions* const documents = options.log_only ? nullptr : &reading;
      if (!options.directory.empty())
        return VerifyJournal(options.directory, "", options.root, documents, clock);
      // Whose the journal is, it says itself.
      if (options.gateway.empty() && options.config.empty()) options.gateway = "any";
      return with_settings([&](const GatewaySettings& gateway) {
        return VerifyJournal("", gateway.data_directory, options.root, documents, clock);
      });
    };
  });

  AddUnavailability(*journal, options);

  CLI::App* salvage = journal->add_subcommand(
      "salvage", "List what a damaged journal still holds, and what it does not. Changes nothing");
  salvage->add_option("JOURNAL_DIR", options.directory, "The journal that was set aside")
      ->required();
  salvage->add_option("--report", options.report, "The file to write; must not exist")->required();
  salvage->final_callback(
      [&] { options.act = [&] { return SalvageInto(options.directory, options.report); }; });
}

void AddAddressOptions(CLI::App& command, OperatorAddress& address) {
  command.add_option("--server", address.server, "HOST:PORT of the gateway's intake")
      ->envname("NIGHTBOXCTL_SERVER");
  command.add_option("--tls-name", address.tls_name, "The name in its certificate, if not HOST")
      ->envname("NIGHTBOXCTL_TLS_NAME");
  command.add_option("--certificate", address.certificate, "PEM: the operator's certificate")
      ->envname("NIGHTBOXCTL_CERTIFICATE");
  command.add_option("--key", address.key, "PEM: its key")->envname("NIGHTBOXCTL_KEY");
  command.add_option("--ca", address.ca, "PEM: who may vouch for the gateway")
      ->envname("NIGHTBOXCTL_CA");
}

void AddOperatorCommands(CLI::App& app, Options& options) {
  CLI::App* status = app.add_subcommand("status", "The gateway, its log and the balance");
  status->final_callback([&] { options.act = [&] { return ShowStatus(options.address); }; });
  CLI::App* backlog = app.add_subcommand("backlog", "What waits, court by court");
  backlog->final_callback([&] { options.act = [&] { return ShowBacklog(options.address); }; });
  CLI::App* filings = app.add_subcommand("filings", "Which filings wait, and for what");
  filings->add_option("--court", options.filings.court, "Of this court only");
  filings->add_option("--state", options.filings.state, "Of this state only")
      ->check(CLI::IsMember({"uncertain", "held", "pending"}));
  filings->add_option("--limit", options.filings.limit, "Of each state, at most")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  filings->final_callback(
      [&] { options.act = [&] { return ShowFilings(options.address, options.filings); }; });
  CLI::App* hold = app.add_subcommand("hold", "Park a filing; its case waits, others go on");
  hold->final_callback([&] {
    options.act = [&] { return HoldOne(options.address, options.filing_id, options.reason); };
  });
  CLI::App* release = app.add_subcommand("release", "Let a held filing go on");
  release->final_callback([&] {
    options.act = [&] { return ReleaseOne(options.address, options.filing_id, options.reason); };
  });
  CLI::App* resolve = app.add_subcommand(
      "resolve", "Answer for an uncertain delivery whose consistency group is gone for ever");
  resolve
      ->add_flag("--not-delivered", options.not_delivered,
                 "The court was asked and does not have it. If it has, nobody says so here: the "
                 "case system must")
      ->required();
  resolve->final_callback([&] {
    options.act = [&] { return ResolveOne(options.address, options.filing_id, options.reason); };
  });
  CLI::App* terminate = app.add_subcommand(
      "terminate", "End a filing that can never be delivered; takes two operators");
  terminate
      ->add_option("--authority", options.authority,
                   "By whose order; both say the same. Is journaled")
      ->required();
  terminate->final_callback([&] {
    options.act = [&] {
      return TerminateOne(options.address, options.filing_id, options.authority, options.reason);
    };
  });
  for (CLI::App* command : {hold, release, resolve, terminate}) {
    command->add_option("FILING_ID", options.filing_id, "As on its receipt")->required();
    command->add_option("--reason", options.reason, "Is journaled. No names, no case number")
        ->required();
  }
  for (CLI::App* command : {status, backlog, filings, hold, release, resolve, terminate}) {
    AddAddressOptions(*command, options.address);
  }
}

void AddRecordCommands(CLI::App& app, Options& options, const Clock& clock) {
  CLI::App* record = app.add_subcommand("record", "The official record of a case (COR 4.03)");
  record->require_subcommand(1);
  CLI::App* take = record->add_subcommand(
      "export", "Everything the gateway holds of a case, as one zip that can be verified");
  take->add_option("--court", options.record.court, "The court's id")->required();
  take->add_option("--case", options.record.case_number, "The case number; is not journaled")
      ->required();
  take->add_option("--reason", options.record.reason, "Is journaled. No names, no case number")
      ->required();
  take->add_option("--output", options.record.output, "The zip to write; must not exist")
      ->required();
  AddAddressOptions(*take, options.address);
  take->final_callback(
      [&] { options.act = [&] { return ExportRecord(options.address, options.record); }; });

  CLI::App* verify = record->add_subcommand("verify", "Check a record, with no gateway at hand");
  verify->add_option("RECORD", options.directory, "The zip")->required();
  verify->add_option("--root", options.root, "PEM: the court's root");
  verify->add_option("--fingerprint", options.fingerprint, "The root's SHA-256 fingerprint");
  verify->final_callback([&] {
    options.act = [&] {
      return VerifyRecordFile(options.directory, options.root, options.fingerprint, clock);
    };
  });
}

int Main(int argc, char** argv) {
  // gRPC's own remarks would end up between our lines.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  const SystemClock clock;
  SystemRandom random;
  Options options;
  CLI::App app("nightboxctl: what an operator of a Nightbox gateway does");
  app.set_version_flag("--version", "nightboxctl " + std::string(Version()));
  app.add_flag("--json", options.json, "Answer with one JSON object on standard output");
  app.require_subcommand(1);
  app.fallthrough();
  AddJournalCommands(app, options, clock, random);
  AddOperatorCommands(app, options);
  AddRecordCommands(app, options, clock);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  return Say(options.act(), options.json, std::cout, std::cerr);
}

}  // namespace
}  // namespace nightbox::ctl

int main(int argc, char** argv) { return nightbox::ctl::Main(argc, argv); }
