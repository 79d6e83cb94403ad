#include "tests/process/case_system_process.h"

#include <signal.h>

#include <stdexcept>
#include <utility>

#include "tests/support/run_command.h"

namespace nightbox {

CaseSystemProcess::CaseSystemProcess(TestPki& pki, std::string consistency_group)
    : consistency_group_(std::move(consistency_group)),
      server_(pki.IssueServer("case-system")),
      client_ca_(pki.tls_root()) {
  Start();
}

void CaseSystemProcess::Start() {
  const auto port_file = directory_.path() / "port";
  std::filesystem::remove(port_file);
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{NIGHTBOX_CASE_SYSTEM_PROGRAM,
                               "serve",
                               "--data",
                               (directory_.path() / "data").string(),
                               "--rules-data",
                               std::string(NIGHTBOX_SOURCE_DIR) + "/rules/data",
                               "--listen",
                               "127.0.0.1:" + std::to_string(port_),
                               "--port-file",
                               port_file.string(),
                               "--consistency-group",
                               consistency_group_,
                               "--tls-certificate",
                               server_.certificate.string(),
                               "--tls-key",
                               server_.key.string(),
                               "--tls-client-ca",
                               client_ca_.string(),
                               "--control",
                               (directory_.path() / "control").string()},
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
