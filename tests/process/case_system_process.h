// CaseSystemProcess: the reference case system as a court would run it, on a free port, with its
// database where a test can read it. Failures throw, as ChildProcess says.
#pragma once

#include <memory>
#include <string>

#include "tests/process/child_process.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {

class CaseSystemProcess {
 public:
  explicit CaseSystemProcess(TestPki& pki, std::string consistency_group = "court");

  int port() const { return port_; }
  // Its SQLite database, and the commands of its control socket.
  std::filesystem::path database() const { return directory_.path() / "data/case_system.sqlite"; }
  std::string Control(const std::string& command) const;
  void Stop();
  // After Stop(): again, on the port it had.
  void Start();

 private:
  const std::string consistency_group_;
  const CertificateFiles server_;
  const std::filesystem::path client_ca_;
  TemporaryDirectory directory_;
  std::unique_ptr<ChildProcess> process_;
  int port_ = 0;
};

}  // namespace nightbox
