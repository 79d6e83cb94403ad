// Goal: the program keeps what it committed through SIGKILL, ends cleanly on SIGTERM, and is
// steered from a shell. Method: the real program, started on a free port as the demo does it; the
// crash is ordered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "ops/case_system/server.h"
#include "tests/ops/case_system_client.h"
#include "tests/support/run_command.h"

namespace nightbox {
namespace {

using filing::v1::CourtRecord;
using testing::HasSubstr;

constexpr char kRulesData[] = NIGHTBOX_SOURCE_DIR "/rules/data";
constexpr char kStLouis[] = "mo.cir.21.st-louis";

const bool kOnlyTls13 = [] {
  AllowOnlyTls13();
  return true;
}();

class CaseSystemProcessTest : public testing::Test {
 protected:
  CaseSystemProcessTest()
      : gateway_(pki_.IssueClient("gateway", "gw1")), server_(pki_.IssueServer("case-system")) {}

  ~CaseSystemProcessTest() override {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
  }

  // Starts the program and connects when it says its port.
  void Start() {
    std::filesystem::remove(directory_.path() / "port");
    const int watch = inotify_init1(IN_CLOEXEC);
    ASSERT_GE(inotify_add_watch(watch, directory_.path().c_str(), IN_MOVED_TO), 0);
    std::vector<std::string> words = {NIGHTBOX_CASE_SYSTEM_PROGRAM,
                                      "serve",
                                      "--data",
                                      directory_.path() / "data",
                                      "--rules-data",
                                      kRulesData,
                                      "--port-file",
                                      directory_.path() / "port",
                                      "--tls-certificate",
                                      server_.certificate,
                                      "--tls-key",
                                      server_.key,
                                      "--tls-client-ca",
                                      pki_.tls_root(),
                                      "--control",
                                      Socket()};
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ASSERT_EQ(posix_spawn(&process_, words[0].c_str(), nullptr, nullptr, arguments.data(), environ),
              0);
    // Until the port file has its name.
    alignas(inotify_event) char events[4096];
    while (!std::filesystem::exists(directory_.path() / "port")) {
      pollfd waits{watch, POLLIN, 0};
      ASSERT_EQ(poll(&waits, 1, 30'000), 1) << "the program does not listen";
      ASSERT_GT(read(watch, events, sizeof(events)), 0);
    }
    close(watch);
    const int port = std::stoi(ReadWholeFile(directory_.path() / "port"));
    stub_ = case_system::v1::CaseSystemService::NewStub(ConnectWith(pki_, gateway_, port));
  }

  int WaitForEnd() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return status;
  }

  std::string Socket() const { return directory_.path() / "control"; }
  CommandResult Control(const std::string& command) const {
    return RunCommand({NIGHTBOX_CASE_SYSTEM_PROGRAM, "control", Socket(), command});
  }
  Delivered File(const std::string& name) {
    return Deliver(*stub_, StartOf(kStLouis, name, {"bytes of " + name}), {"bytes of " + name});
  }

  // VmHWM of the program.
  std::int64_t PeakKilobytes() const {
    std::ifstream status("/proc/" + std::to_string(process_) + "/status");
    std::string word;
    std::int64_t kilobytes = -1;
    while (status >> word) {
      if (word == "VmHWM:") status >> kilobytes;
    }
    return kilobytes;
  }

  TestPki pki_;
  TemporaryDirectory directory_;
  CertificateFiles gateway_;
  CertificateFiles server_;
  pid_t process_ = -1;
  std::unique_ptr<CaseSystemStub> stub_;
};

TEST_F(CaseSystemProcessTest, ACrashAfterCommitLosesTheAnswerAndNothingElse) {
  ASSERT_TRUE(kOnlyTls13);
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_TRUE(File("a").status.ok());
  EXPECT_EQ(Control("crash-after-commit").exit_code, 0);
  EXPECT_EQ(File("b").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  const int status = WaitForEnd();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  ASSERT_NO_FATAL_FAILURE(Start());
  const Delivered again = File("b");
  ASSERT_TRUE(again.status.ok()) << again.status.error_message();
  EXPECT_EQ(again.documents_wanted, 0U) << "the key was not known";
  EXPECT_EQ(again.record.case_numbers(0).number(), "24SL-CC00002");
  EXPECT_THAT(Control("status").output, HasSubstr("\"docket_rows\":2"));
}

TEST_F(CaseSystemProcessTest, ALargeDocumentCostsNoMemory) {
  constexpr std::size_t kSize = 60'000'000;
  constexpr std::size_t kChunk = 1'000'000;
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_TRUE(File("a").status.ok());
  const std::int64_t before = PeakKilobytes();
  const std::string large(kSize, 'x');
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kStLouis, "large", {large}));
  ASSERT_TRUE(stream.Read().has_wanted());
  for (std::size_t at = 0; at < kSize; at += kChunk) {
    stream.Send(0, static_cast<std::int64_t>(at), large.substr(at, kChunk));
  }
  EXPECT_EQ(stream.Read().record().state(), CourtRecord::STATE_DOCKETED);
  EXPECT_TRUE(stream.Finish().ok());
#ifndef __SANITIZE_ADDRESS__  // Which keeps what is freed.
  EXPECT_LT(PeakKilobytes() - before, 20'000);
#else
  EXPECT_GE(PeakKilobytes(), before);
#endif
}

TEST_F(CaseSystemProcessTest, SigtermDrainsAndEndsWithZero) {
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_TRUE(File("a").status.ok());
  kill(process_, SIGTERM);
  const int status = WaitForEnd();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(CaseSystemProcessTest, AShellSteersItAndStopsIt) {
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_THAT(Control("away mo.cir.42.*").output, HasSubstr("{\"ok\":true,\"courts\":5}"));
  const CommandResult refused = Control("away mo.cir.42.dnet");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, HasSubstr("mo.cir.42.dent"));
  EXPECT_EQ(Control("stop").exit_code, 0);
  const int status = WaitForEnd();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(Control("status").exit_code, 2);
}

}  // namespace
}  // namespace nightbox
