// GatewayProcess: the real gateway with a throw-away PKI, a journal made by nightboxctl and a
// configuration of its own, all in a directory that goes away with it.
//
// Every start takes free ports. Unless a case system's port is given, the case system's endpoint is
// a port at which nobody listens: filings stay pending. Failures throw, as ChildProcess says. One
// thread at a time, except port(), which any thread may ask.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "tests/process/child_process.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {

// What a test may want otherwise. Written at every start.
struct GatewaySettings {
  // Systems and users: every test's people are 'user-…' and file through 'acme' or 'zenith'.
  std::string directory =
      "[[system]]\nname = \"acme\"\nacts_for = [\"user-*\"]\n"
      "[[system]]\nname = \"zenith\"\nacts_for = [\"user-*\"]\n";
  std::string deny_list;
  // Of the court system: the keys of [courts], and [[court]] sections.
  std::string courts;
  // "trial", or "production" with the text of an acceptance.
  std::string profile = "trial";
  std::string acceptance;
  std::string name = "A7";
  std::string listen = "127.0.0.1:0";
  std::int64_t reserve_filings_bytes = 200'000'000;
  // More keys of [gateway], [access], [replay] and [capacity].
  std::string gateway;
  std::string access;
  std::string replay;
  std::string capacity;
  // More words of its command line.
  std::vector<std::string> words;
  // Sections of their own, for example [pdf_check].
  std::string more;
  // 0: nobody listens.
  int case_system_port = 0;
};

class GatewayProcess {
 public:
  explicit GatewayProcess(GatewaySettings settings = {});
  ~GatewayProcess();

  TestPki& pki() { return pki_; }
  GatewaySettings& settings() { return settings_; }
  const std::filesystem::path& directory() const { return directory_.path(); }

  // Returns once both ports answer.
  void Start();
  // In order: SIGTERM. Throws when it does not end with 0.
  void Stop();
  // SIGTERM alone, and then its end.
  void BeginToStop();
  void AwaitEnd();
  // SIGKILL, at whatever it is doing.
  void Kill();
  bool running() const { return process_ && process_->running(); }

  // Where filers connect. 0 while it does not run.
  int port() const { return port_; }
  int http_port() const { return http_port_; }
  // 0 unless settings().more has a section [monitoring].
  int monitoring_port() const { return monitoring_port_; }
  std::int64_t PeakKilobytes() const { return process_->PeakKilobytes(); }

  // Replaces the file at once; the running gateway notices by itself.
  void WriteDirectory(const std::string& toml) const;
  void WriteDenyList(const std::string& toml) const;

  // nightboxctl with --json and these words. Ends within a minute.
  CommandResult Ctl(std::vector<std::string> words) const;
  // `nightboxctl journal verify` with our root; only while the gateway is stopped. Returns how many
  // entries it read; throws when the journal is not sound.
  std::uint64_t VerifyJournal() const;

  // The gateway's program with these words, for at most twenty seconds.
  static CommandResult RunProgram(std::vector<std::string> words);

  // A page of its HTTP port, or of another one.
  struct Page {
    int status = 0;  // 0: not answered.
    std::string body;
  };
  Page Get(const std::string& path) const { return Get(path, http_port_); }
  Page Get(const std::string& path, int port) const;

  std::string Log() const;

 private:
  class ClosedPort;

  std::string Configuration() const;
  void WriteCourtSystem() const;
  void Replace(const std::string& name, const std::string& text) const;

  TestPki pki_;
  TemporaryDirectory directory_;
  GatewaySettings settings_;
  CertificateFiles server_;
  CertificateFiles gateway_;
  std::unique_ptr<ClosedPort> nobody_;
  std::unique_ptr<ChildProcess> process_;
  std::atomic<int> port_ = 0;
  int http_port_ = 0;
  int monitoring_port_ = 0;
};

}  // namespace nightbox
