// `nightbox`, the filer's command. docs/nightbox-command.md describes it for its users.
//
// This file knows the command line and nothing else: it reads options, gathers settings and calls
// one function of client/commands.h.
#include <stdlib.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "client/command_parts.h"
#include "client/commands.h"
#include "client/header_words.h"
#include "core/version.h"

namespace nightbox::client {
namespace {

using std::chrono::milliseconds;

// What the whole command line says.
struct Arguments {
  Settings settings;
  std::string config;
  bool json = false;
  std::string command;
  FileOptions file;
  std::string wait = "received";
  std::uint64_t limit_rate = 0;
  // Negative: not given; each command has its own default.
  double timeout_seconds = -1;
  std::string id;
  std::string target;
  std::string reason;
  std::string court;
  std::string request_id;
  std::int64_t days = 0;
  std::vector<std::string> files;
  std::string root_fingerprint;
  // Of a question to the rules.
  std::string text;
  std::string court_system;
  DeadlineOptions deadline;
};

// One value per use of the option, any number of uses.
void AddList(CLI::App& app, const char* name, std::vector<std::string>& values,
             const char* description) {
  app.add_option(name, values, description)->allow_extra_args(false);
}

void AddTimeout(CLI::App& app, Arguments& arguments, const char* description) {
  app.add_option_function<double>(
         "--timeout", [&arguments](double given) { arguments.timeout_seconds = given; },
         description)
      ->check(CLI::Range(0.0, 1e7))
      ->type_name("SECONDS");
}

void AddLimitRate(CLI::App& app, Arguments& arguments) {
  app.add_option("--limit-rate", arguments.limit_rate,
                 "Send at most so many bytes per second; 500 KB and 2 MB are understood")
      ->transform(CLI::AsSizeValue(true))
      ->type_name("BYTES");
}

void AddSettings(CLI::App& app, Arguments& arguments) {
  Settings& settings = arguments.settings;
  app.add_option("--config", arguments.config,
                 "Settings file (default $XDG_CONFIG_HOME/nightbox/nightbox.toml)");
  app.add_option("--server", settings.server, "The gateway")->type_name("HOST:PORT");
  app.add_option("--tls-name", settings.tls_name,
                 "The name the gateway's certificate must bear, if it is not HOST");
  app.add_option("--certificate", settings.certificate, "Your system's certificate, PEM");
  app.add_option("--key", settings.key, "Its key, PEM");
  app.add_option("--ca", settings.ca, "The root that vouches for the gateway's TLS, PEM");
  app.add_option("--root", settings.receipt_root, "The root the court published for receipts, PEM");
  app.add_option("--user", settings.registered_user, "The registered user you act for");
  app.add_option("--staff", settings.staff, "Who works this command for the registered user");
  app.add_option("--state", settings.state, "Where the outbox is kept");
  app.add_flag("--json", arguments.json, "One JSON object on standard output");
}

void AddFile(CLI::App& app, Arguments& arguments) {
  CLI::App* file = app.add_subcommand("file", "File documents with a court");
  HeaderOptions& header = arguments.file.header;
  file->add_option("--court", header.court, "For example mo.cir.42.dent")->required();
  file->add_option("--case", header.case_number, "Number of an existing case");
  file->add_option("--new-case", header.new_case_category, "Open a case of this category");
  file->add_option("--case-type", header.case_type, "Kind of the new case");
  file->add_option("--title", header.title, "Title of the new case");
  AddList(*file, "--party", header.parties, "A party of the new case, NAME:ROLE");
  file->add_option("--opened-by", header.opened_by, "The filing that opens the case");
  file->add_option("--document", header.documents,
                   "FILE[:lead|attachment[:TITLE]], in the order you want them")
      ->allow_extra_args(false)
      ->required();
  AddList(*file, "--document-security", header.document_security, "N:LEVEL for the Nth document");
  AddList(*file, "--media-type", header.media_types, "N:TYPE, if the Nth document is not a PDF");
  file->add_option("--uniform-citation", header.uniform_citation, "Uniform citation number");
  file->add_option("--confidentiality", header.confidentiality,
                   "Of the whole filing: " + ConfidentialityWords());
  file->add_option("--signer", header.signer, "Who signed");
  file->add_option("--signature-form", header.signature_form, "For example /s/");
  file->add_option("--paper-original-custodian", header.paper_original_custodian,
                   "Who keeps the signed paper original");
  file->add_option("--fee", header.fee, FeeStateWords());
  file->add_option("--fee-reference", header.fee_reference,
                   "Opaque reference of the payment; never a card number");
  AddList(*file, "--on-behalf-of", header.on_behalf_of, "A party on whose behalf you file");
  AddList(*file, "--service", header.service, "NAME:METHOD[:ADDRESS], service you request");
  file->add_option("--emergency", header.emergency, EmergencyClassWords());
  file->add_option("--corrects", header.corrects, "The filing this one corrects");
  file->add_option("--related-group", header.related_group,
                   "Shared by filings that belong together");
  file->add_flag("--one-per-person", arguments.file.one_per_person,
                 "One filing for each defendant or child of the new case, as one group");
  AddList(*file, "--action", arguments.file.actions,
          "CASE TYPE:N,N[:TITLE], one filing of these documents for each, as one group");
  AddList(*file, "--media-item", header.media_items, "An item handed in on approved media");
  file->add_option("--paper-copies", header.paper_copies, "Paper copies tendered");
  file->add_option("--note", header.note, "For the clerk");
  file->add_option("--reference", header.reference, "Your own reference");
  file->add_flag("--test", header.test, "Receipted, never delivered");
  file->add_flag("--check", arguments.file.check_only,
                 "Only ask whether it would be taken; nothing is filed");
  file->add_option("--request-id", arguments.file.request_id,
                   "Your own id for this filing; a repeat with the same one is the same filing");
  file->add_option("--wait", arguments.wait, "Until received, or until the court has spoken")
      ->check(CLI::IsMember({"received", "docketed"}));
  AddLimitRate(*file, arguments);
  AddTimeout(*file, arguments, "Go on trying so long without progress (600)");
}

void AddOutbox(CLI::App& app, Arguments& arguments) {
  CLI::App* outbox = app.add_subcommand("outbox", "What is kept here until the court has spoken");
  outbox->require_subcommand(0, 1);
  CLI::App* resume = outbox->add_subcommand("resume", "Send what waits, ask about the rest");
  resume->add_option("--request-id", arguments.request_id, "This entry only");
  AddLimitRate(*resume, arguments);
  AddTimeout(*resume, arguments, "For all entries together (60)");
  CLI::App* prune =
      outbox->add_subcommand("prune", "Remove the document copies of filings that have ended");
  prune->add_option("--days", arguments.days, "That ended more than so many days ago")
      ->required()
      ->check(CLI::Range(0, 100'000));
}

void AddRest(CLI::App& app, Arguments& arguments) {
  CLI::App* status = app.add_subcommand("status", "One filing, or your newest ones");
  status->add_option("id", arguments.id, "Filing id or request id");
  CLI::App* watch = app.add_subcommand("watch", "Follow a filing until it has ended");
  watch->add_option("id", arguments.id, "Filing id or request id")->required();
  AddTimeout(*watch, arguments, "At most so long (86400)");
  CLI::App* receipt = app.add_subcommand("receipt", "The receipt, or the evidence package");
  receipt->add_option("id", arguments.id, "Filing id or request id")->required();
  receipt->add_option(
      "-o,--output", arguments.target,
      "FILE.zip for the package, a directory for all; else receipt.json is printed");
  AddTimeout(*receipt, arguments, "Wait so long for the package (60)");
  CLI::App* withdraw = app.add_subcommand("withdraw", "Ask for a filing not to go on");
  withdraw->add_option("id", arguments.id, "Filing id or request id")->required();
  withdraw->add_option("--reason", arguments.reason, "Why")->required();
  CLI::App* policy = app.add_subcommand("policy", "What a court takes");
  policy->add_option("court", arguments.court, "For example mo.cir.42.dent")->required();
  CLI::App* verify =
      app.add_subcommand("verify", "Check receipts, documents and official records, offline");
  verify
      ->add_option(
          "files", arguments.files,
          "receipt.json, evidence packages, directories with them, documents, records of cases")
      ->required();
  verify->add_option("--root-fingerprint", arguments.root_fingerprint,
                     "SHA-256 of the root the court published");
}

void AddCourtSystem(CLI::App& app, std::string& directory) {
  app.add_option("--court-system", directory,
                 "The court system's directory; without it, Missouri as compiled in");
}

// Questions to the rules, answered offline.
void AddRules(CLI::App& app, Arguments& arguments) {
  CLI::App* cases = app.add_subcommand("case", "Case numbers, offline");
  cases->require_subcommand(1);
  CLI::App* check = cases->add_subcommand("check", "What a case number says, and what is odd");
  check->add_option("text", arguments.text, "The number as you have it")->required();
  check->add_option("--court", arguments.court, "The court you would file it with");
  AddCourtSystem(*check, arguments.court_system);
  CLI::App* court = app.add_subcommand("court", "Missouri's courts, offline");
  court->require_subcommand(1);
  CLI::App* find = court->add_subcommand("find", "Which court that is");
  find->add_option("text", arguments.text, "Id, circuit, county, location code or name")
      ->required();
  AddCourtSystem(*find, arguments.court_system);
}

void AddDeadline(CLI::App& app, Arguments& arguments) {
  DeadlineOptions& options = arguments.deadline;
  options.rule = "civil";
  CLI::App* deadline = app.add_subcommand("deadline", "The last day of a period of days, offline");
  deadline->add_option("--from", options.from, "The day of the act or event, 2024-07-01")
      ->required();
  deadline->add_option("--days", options.days, "The length of the period")
      ->required()
      ->check(CLI::Range(1, 3660));
  deadline->add_option("--rule", options.rule,
                       "civil (the default), criminal or statutory: the rule that holds there; or "
                       "its name: 44.01, 20.01, 506.060, 1.040");
  deadline->add_option("--court", options.court, "Its closures count in the second reading");
  AddCourtSystem(*deadline, options.court_system);
}

// "outbox resume" for `nightbox outbox resume`.
std::string CommandName(const CLI::App& app) {
  std::string name;
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += (name.empty() ? "" : " ") + at->get_name();
  }
  return name;
}

// Said in the options' descriptions too.
double DefaultTimeout(const std::string& command) {
  if (command == "file") return 600;
  if (command == "watch") return 86'400;
  return 60;
}

ExitCode Dispatch(const Surroundings& around, Arguments& arguments) {
  const milliseconds timeout(static_cast<std::int64_t>(arguments.timeout_seconds * 1000.0));
  const auto limit_rate = static_cast<std::int64_t>(arguments.limit_rate);
  const std::string& command = arguments.command;
  if (command == "file") {
    arguments.file.wait_docketed = arguments.wait == "docketed";
    arguments.file.limit_rate = limit_rate;
    arguments.file.timeout = timeout;
    return RunFile(around, arguments.file);
  }
  if (command == "outbox") return RunOutboxList(around);
  if (command == "outbox resume") {
    return RunOutboxResume(around, {limit_rate, timeout, arguments.request_id});
  }
  if (command == "outbox prune") return RunOutboxPrune(around, arguments.days);
  if (command == "status") return RunStatus(around, arguments.id);
  if (command == "watch") return RunWatch(around, arguments.id, timeout);
  if (command == "receipt") return RunReceipt(around, arguments.id, arguments.target, timeout);
  if (command == "withdraw") return RunWithdraw(around, arguments.id, arguments.reason);
  if (command == "policy") return RunPolicy(around, arguments.court);
  if (command == "case check")
    return RunCaseCheck(around, arguments.text, arguments.court, arguments.court_system);
  if (command == "court find") return RunCourtFind(around, arguments.text, arguments.court_system);
  if (command == "deadline") return RunDeadline(around, arguments.deadline);
  return RunVerify(around, arguments.files, arguments.root_fingerprint);
}

int Main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Nightbox: file with a court, also when its case system is down", "nightbox");
  app.set_version_flag("--version", "nightbox " + std::string(Version()));
  app.require_subcommand(1);
  app.fallthrough();
  AddSettings(app, arguments);
  AddFile(app, arguments);
  AddOutbox(app, arguments);
  AddRest(app, arguments);
  AddRules(app, arguments);
  AddDeadline(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  arguments.command = CommandName(app);
  if (arguments.timeout_seconds < 0) arguments.timeout_seconds = DefaultTimeout(arguments.command);

  SystemClock clock;
  SystemRandom random;
  SignalStop stop;
  Output out(arguments.command, arguments.json, ::isatty(STDERR_FILENO) == 1, std::cout, std::cerr,
             clock);
  const Result<Settings> settings =
      GatherSettings(arguments.settings, arguments.config, ProcessEnvironment());
  if (!settings) return static_cast<int>(FailUsage(out, settings.error().message, "--config"));
  return static_cast<int>(Dispatch({*settings, out, clock, random, stop}, arguments));
}

}  // namespace
}  // namespace nightbox::client

int main(int argc, char** argv) {
  // gRPC's own lines on standard error say nothing to a filer; whoever wants them asks for them.
  ::setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  try {
    return nightbox::client::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "nightbox: " << error.what() << "\n";
    return static_cast<int>(nightbox::client::ExitCode::kLocalTrouble);
  }
}
