// nightbox-gateway: the night box itself.
//
//   nightbox-gateway --config FILE [--check] [--port-file FILE]
//
// --store-off, which help does not show, keeps nothing and is for ops/bench (docs/bench.md).
//
// Exit codes: 0 stopped in order; 66 the evidence contradicts itself, do not restart; 75 restart
// me; 78 the configuration is wrong.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "core/clock.h"
#include "core/log.h"
#include "core/version.h"
#include "gateway/gateway.h"
#include "gateway/library_logs.h"
#include "gateway/start_files.h"
#include "gateway/start_pause.h"
#include "gateway/tls_listener.h"

namespace {

// Everything that a start would refuse, by the start's own functions, but for what only serving can
// show: a port that is taken. Nothing is written, and a gateway may serve meanwhile.
int Check(const std::filesystem::path& file) {
  const auto say = [&file](const std::string& what) {
    std::cerr << file.string() << ": " << what << "\n";
  };
  const auto findings = nightbox::CheckConfig(file);
  for (const auto& finding : findings) say(finding.Text());
  if (!findings.empty()) return nightbox::kExitConfiguration;
  const auto config = nightbox::LoadConfig(file);
  if (!config) {
    say(config.error().message);
    return nightbox::kExitConfiguration;
  }
  const auto read = nightbox::ReadStartFiles(*config, nightbox::SystemClock().Now());
  // The long list first: what must be mended stands where people look, at the end.
  std::cout << read.unconfirmed << std::flush;
  for (const auto& warning : read.warnings) say("warning: " + warning.Text());
  for (const auto& finding : read.findings) say(finding.Text());
  const auto journal = nightbox::ExamineJournal(*config);
  if (!journal) say("the journal: " + journal.error().message);
  if (!read.findings.empty()) return nightbox::kExitConfiguration;
  if (!journal) return nightbox::ExitCodeFor(journal.error());
  std::cout << file.string() << ": good\n";
  return nightbox::kExitDone;
}

int Serve(const std::filesystem::path& file, const std::filesystem::path& port_file,
          nightbox::Durability durability) {
  const auto config = nightbox::LoadConfig(file);
  if (!config) {
    nightbox::Log(nightbox::LogLevel::kError, "configuration refused",
                  {{"why", config.error().message}});
    return nightbox::kExitConfiguration;
  }
  // By systemd; without it nothing restarts the gateway of itself.
  const char* const runtime_directory = std::getenv("RUNTIME_DIRECTORY");
  const nightbox::StartPause pause(runtime_directory == nullptr ? "" : runtime_directory);
  if (const auto wait = pause.Begun(); wait.count() > 0) {
    nightbox::Log(nightbox::LogLevel::kWarning, "the last start did not come to serve; waiting",
                  {{"milliseconds", std::int64_t{wait.count()}}});
    std::this_thread::sleep_for(wait);
  }
  auto gateway = nightbox::Gateway::Open(*config, durability);
  if (!gateway) {
    nightbox::Log(nightbox::LogLevel::kError, "not opened", {{"why", gateway.error().message}});
    return nightbox::ExitCodeFor(gateway.error());
  }
  const auto served = (*gateway)->Run(port_file, [&pause] { pause.Served(); });
  if (!served) {
    nightbox::Log(nightbox::LogLevel::kError, "not serving", {{"why", served.error().message}});
    return nightbox::ExitCodeFor(served.error());
  }
  return nightbox::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  // What is larger is given back to the system when it is let go of. By itself glibc would have
  // every document thread keep two extents' worth of memory
  // (docs/decisions/0005-document-threads.md).
  (void)::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  // Before gRPC starts.
  nightbox::AllowOnlyTls13();
  nightbox::TakeOverLibraryLogs();
  CLI::App app("Takes filings for courts, journals them durably, and delivers them.");
  app.set_version_flag("--version", "nightbox-gateway " + std::string(nightbox::Version()));
  std::filesystem::path config;
  std::filesystem::path port_file;
  bool check = false;
  bool store_off = false;
  app.add_option("--config", config, "The configuration (TOML)")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_flag("--check", check, "Say everything that is wrong with the configuration, and end");
  app.add_option("--port-file", port_file, "Write the bound ports here once both answer");
  app.add_flag("--store-off", store_off)->group("");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? nightbox::kExitDone : nightbox::kExitConfiguration;
  }
  if (check) return Check(config);
  return Serve(config, port_file,
               store_off ? nightbox::Durability::kOff : nightbox::Durability::kOnDisk);
}
