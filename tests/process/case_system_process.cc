#include "tests/process/case_system_process.h"

#include <signal.h>

#include <stdexcept>

#include "tests/support/run_command.h"

namespace nightbox {

CaseSystemProcess::CaseSystemProcess(TestPki& pki) {
  const CertificateFiles server = pki.IssueServer("case-system");
  const auto port_file = directory_.path() / "port";
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{
          NIGHTBOX_CASE_SYSTEM_PROGRAM, "serve", "--data", (directory_.path() / "data").string(),
          "--rules-data", std::string(NIGHTBOX_SOURCE_DIR) + "/rules/data", "--port-file",
          port_file.string(), "--consistency-group", "court", "--tls-certificate",
          server.certificate.string(), "--tls-key", server.key.string(), "--tls-client-ca",
          pki.tls_root().string(), "--control", (directory_.path() / "control").string()},
      directory_.path() / "case_system.log");
  process_->WaitForFile(port_file);
  port_ = std::stoi(ReadWholeFile(port_file));
}

std::string CaseSystemProcess::Control(const std::string& command) const {
  const auto done = RunCommand({"timeout", "60", NIGHTBOX_CASE_SYSTEM_PROGRAM, "control",
                                (directory_.path() / "control").string(), command});
  if (done.exit_code != 0) throw std::runtime_error("the case system refused: " + done.output);
  return done.output;
}

void CaseSystemProcess::Stop() {
  const int status = process_->End(SIGTERM);
  if (status != 0) throw std::runtime_error("the case system did not stop in order");
}

}  // namespace nightbox
