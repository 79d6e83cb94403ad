#include "tests/gateway/front_door.h"

#include <grpcpp/security/server_credentials.h>

#include <future>

#include "core/check.h"
#include "core/patience.h"
#include "gateway/operator_service.h"
#include "store/opening.h"

namespace nightbox {
namespace {

std::shared_ptr<const CourtDirectory> Missouri() {
  auto loaded = CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data");
  NB_CHECK(loaded.has_value());
  return std::make_shared<const CourtDirectory>(std::move(*loaded));
}

std::shared_ptr<grpc::ServerCredentials> MutualTls(TestPki& pki) {
  const CertificateFiles server = pki.IssueServer("A7");
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ReadWholeFile(pki.tls_root());
  options.pem_key_cert_pairs.push_back(
      {ReadWholeFile(server.key), ReadWholeFile(server.certificate)});
  return grpc::SslServerCredentials(options);
}

}  // namespace

FrontDoor::FrontDoor(const CourtSettings& courts, const AccessPolicies& access_policies)
    : acme_(pki_.IssueClient("system", "acme")),
      journal_(store_.Fresh()),
      policies_(Missouri(), courts, {"*"}),
      shown_(access_policies, Renderings(), "America/Chicago", "") {
  NB_CHECK(journal_ != nullptr);
  files_.Write("directory.toml", "[[system]]\nname = \"acme\"\nacts_for = [\"user-*\"]\n");
  files_.Write("deny-list.toml", "");
  auto access =
      AccessDirectory::Open(files_.path() / "directory.toml", files_.path() / "deny-list.toml");
  NB_CHECK(access.has_value());
  access_ = std::move(*access);
  const auto ends = journal_->view()->ReadSegmentEnds();
  NB_CHECK(ends.has_value());
  auto segments =
      SegmentFiles::Open(store_.disk(), JournalPaths(store_.options().directory).documents, *ends);
  NB_CHECK(segments.has_value());
  segments_ = std::move(*segments);
  committer_ =
      std::make_unique<Committer>(*journal_, clock(), CommitterOptions{},
                                  Committer::Events{[](const Committed&) {}, [](const Error&) {}});
  pool_ = std::make_unique<WorkerPool>(1, 64);
  desk_ = std::make_unique<Desk>(DeskParts{
      config_, *journal_, *committer_, *segments_, *pool_, policies_, DeadlineRules::BuiltIn(),
      shown_, *access_, watchers_, attempts_, uploads_, rates_, clock(), store_.random(),
      [](const CourtId&) { return std::optional<bool>(); }, [] { return DiskState::kPlenty; },
      [this](const auto&, std::int64_t) {
        return PdfInspection{examine(), 3};
      },
      [](const FilingSnapshot&) -> Result<std::string> { return std::string(); }});
  service_ = std::make_unique<IntakeService>(*desk_);
  operators_ = std::make_unique<OperatorService>(
      *desk_, clock().Now(), reach_,
      [this](std::uint64_t, Draft draft, Committer::Done done) {
        committer_->Submit(std::move(draft), std::move(done));
      },
      JournalFixture::Signer(), root_pem_);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", MutualTls(pki_), &port_);
  builder.RegisterService(service_.get());
  builder.RegisterService(operators_.get());
  server_ = builder.BuildAndStart();
  NB_CHECK(server_ != nullptr);
}

Result<Outcome> FrontDoor::Commit(Draft draft) {
  std::promise<Result<Outcome>> outcome;
  committer_->Submit(std::move(draft),
                     [&](const Result<Outcome>& became) { outcome.set_value(became); });
  return outcome.get_future().get();
}

FrontDoor::~FrontDoor() {
  committer_->Drain();
  server_->Shutdown(DeadlineIn(std::chrono::seconds(5)));
  server_->Wait();
  pool_.reset();
}

}  // namespace nightbox
