// nightbox-case-system: the reference case system. A court's integrator tests a gateway against it;
// the demo's court is one.
//
// `serve` runs it until SIGTERM or "stop"; `control` sends it one command. Exit codes: 0 done,
// 1 refused or failed, 2 wrong usage or no answer.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <thread>

#include "core/log.h"
#include "core/version.h"
#include "ops/case_system/control.h"
#include "ops/case_system/server.h"

namespace nightbox {
namespace {

// "mo.cir.*=01" as its two parts; an empty second part is wrong usage.
std::pair<std::string, std::string> SplitAssignment(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at + 1 == text.size()) {
    throw CLI::ValidationError("needs PATTERN=CODE");
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

int Serve(const CaseSystemServerOptions& options) {
  // Blocked here, before any thread is made, and taken by one of them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  AllowOnlyTls13();
  const SystemClock clock;
  auto server = CaseSystemServer::Start(options, clock);
  if (!server) {
    Log(LogLevel::kError, "case system cannot start",
        {{"reason", server.error().reason}, {"message", server.error().message}});
    return 1;
  }
  std::thread waits_for_signals([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    (*server)->RequestStop();
  });
  (*server)->WaitForStopRequest();
  // Wakes the thread when the stop came over the control socket.
  pthread_kill(waits_for_signals.native_handle(), SIGINT);
  waits_for_signals.join();
  (*server)->Stop();
  Log(LogLevel::kInfo, "case system stopped");
  return 0;
}

int Control(const std::string& path, const std::string& command) {
  const auto answer = SendControlCommand(path, command);
  if (!answer) {
    std::cerr << answer.error().message << "\n";
    return 2;
  }
  std::cout << *answer << "\n";
  return answer->starts_with("{\"ok\":true") ? 0 : 1;
}

int Main(int argc, char** argv) {
  CLI::App app("The reference case system: numbers cases, dockets, returns filings.");
  app.set_version_flag("--version", "nightbox-case-system " + std::string(nightbox::Version()));
  app.require_subcommand(1);

  CaseSystemServerOptions options;
  std::vector<std::string> sub_cases;
  std::string year_from = "received";
  CLI::App* serve = app.add_subcommand("serve", "Serve until SIGTERM or the command \"stop\".");
  serve->add_option("--data", options.case_system.data_directory, "Where everything is kept")
      ->required();
  serve->add_option("--rules-data", options.rules_data, "The directory of courts.csv")->required();
  serve->add_option("--listen", options.listen, "Address and port; port 0: a free one")
      ->capture_default_str();
  serve->add_option("--port-file", options.port_file, "Written with the port when listening");
  serve->add_option("--tls-certificate", options.certificate, "PEM, ECDSA")->required();
  serve->add_option("--tls-key", options.key, "PEM")->required();
  serve->add_option("--tls-client-ca", options.client_ca, "PEM; who may call")->required();
  serve->add_option("--control", options.control_socket, "Unix socket for commands");
  serve
      ->add_option("--consistency-group", options.case_system.consistency_group,
                   "Endpoints of one record share it")
      ->capture_default_str();
  serve->add_option("--command", options.case_system.commands,
                    "A control command carried out before serving; may be repeated");
  serve->add_option("--sub-case", sub_cases,
                    "PATTERN=NN: the sub-case code of new cases in these courts; may be repeated");
  serve->add_option("--year-from", year_from, "The year in new case numbers: received or docketed")
      ->check(CLI::IsMember({"received", "docketed"}))
      ->capture_default_str();
  serve->add_flag("--number-per-defendant", options.case_system.numbering.number_per_defendant,
                  "Criminal cases get a number for each defendant (COR 4.05)");

  std::string control_path;
  std::string command;
  CLI::App* control = app.add_subcommand("control", "Send one command to a running case system.");
  control->add_option("PATH", control_path, "Its control socket")->required();
  control->add_option("COMMAND", command, "For example 'away mo.cir.42.*'")->required();

  try {
    app.parse(argc, argv);
    for (const std::string& text : sub_cases) {
      options.case_system.numbering.sub_cases.push_back(SplitAssignment(text));
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (control->parsed()) return Control(control_path, command);
  options.case_system.numbering.year_from =
      year_from == "received" ? YearFrom::kReceivedAt : YearFrom::kDocketedAt;
  return Serve(options);
}

}  // namespace
}  // namespace nightbox

int main(int argc, char** argv) { return nightbox::Main(argc, argv); }
