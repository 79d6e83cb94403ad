// Goal: a watcher that is let in just before the service drains and counted just after it is told
// of the end like every other; untold it would hold the stop until its deadline.
// Method: the real service over mutual TLS, and a drain in exactly that moment. There is no seam
// there, and none is wanted in the program; but in between the call is made, and it is made with
// operator new, which is this test program's own.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <new>

#include "ops/case_system/server.h"
#include "ops/case_system/service.h"
#include "ops/case_system/watch_records_call.h"
#include "tests/ops/case_system_client.h"

namespace {

// Called once, by the allocation that has the size of a watcher's call, on its thread.
std::atomic<std::function<void()>*> when_a_watcher_is_made = nullptr;

}  // namespace

// Not inlined: g++ would take the pair for mismatched where it sees one of them only.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (size == sizeof(nightbox::WatchRecordsCall)) {
    if (const auto* act = when_a_watcher_is_made.exchange(nullptr)) (*act)();
  }
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace nightbox {
namespace {

// gRPC reads its environment once, so before any test.
const bool kOnlyTls13 = [] {
  AllowOnlyTls13();
  return true;
}();

TEST(CaseSystemStoppingTest, AWatcherThatComesInTheMiddleOfTheDrainIsTold) {
  ASSERT_TRUE(kOnlyTls13);
  TestPki pki;
  const TemporaryDirectory directory;
  const CertificateFiles own = pki.IssueServer("case-system");
  const CertificateFiles gateway = pki.IssueClient("gateway", "gw1");
  const CourtDirectory courts = CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data").value();
  const SystemClock clock;
  CaseSystemOptions options;
  options.data_directory = directory.path() / "data";
  const auto system = CaseSystem::Open(options, courts, clock);
  ASSERT_TRUE(system) << system.error().message;
  auto service = std::make_unique<CaseSystemService>(**system);
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = ReadWholeFile(pki.tls_root());
  tls.pem_key_cert_pairs.push_back({ReadWholeFile(own.key), ReadWholeFile(own.certificate)});
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("localhost:0", grpc::SslServerCredentials(tls), &port);
  builder.RegisterService(service.get());
  const auto server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);

  std::atomic<int> drained = 0;
  std::function<void()> drain = [&] {
    service->Drain(std::chrono::milliseconds(0));
    ++drained;
  };
  const auto stub = case_system::v1::CaseSystemService::NewStub(ConnectWith(pki, gateway, port));
  const auto watch = [&] {
    grpc::ClientContext context;
    WithinSeconds(context, 20);
    const auto stream = stub->WatchRecords(&context, {});
    case_system::v1::WatchRecordsResponse event;
    EXPECT_FALSE(stream->Read(&event));
    return stream->Finish();
  };
  // Only when all is connected: other things may have a call's size, too.
  {
    grpc::ClientContext context;
    WithinSeconds(context, 20);
    case_system::v1::CheckCourtsResponse reached;
    ASSERT_TRUE(stub->CheckCourts(&context, {}, &reached).ok());
  }
  when_a_watcher_is_made = &drain;
  const grpc::Status told = watch();
  when_a_watcher_is_made = nullptr;
  EXPECT_EQ(drained, 1);
  // Not turned away, which it would be had the drain come first; and not cut off by its deadline.
  EXPECT_EQ(told.error_code(), grpc::StatusCode::UNAVAILABLE) << told.error_message();
  EXPECT_EQ(told.error_message(), "the watch has ended: go on from the last cursor");
  EXPECT_EQ(watch().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << "after the drain";
  server->Shutdown();
  server->Wait();
  (*system)->Stop();
  service.reset();
}

}  // namespace
}  // namespace nightbox
