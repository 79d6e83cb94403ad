// FrontDoor: the real intake and operator services over real TLS, with the clock in the test's
// hand.
//
// Services, admission, committer, journal and segments are those of the program; the disk is
// simulated, the clock moves only when told, and the examination of PDFs is the test's. No case
// system is known.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "gateway/court_reach.h"
#include "gateway/intake_service.h"
#include "rules/shown_fields.h"
#include "tests/process/intake_caller.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {

class OperatorService;

class FrontDoor {
 public:
  // A user 'user-…' may file through the system 'acme'. `access` outlives the door: the policies on
  // public access, by the days of Missouri.
  explicit FrontDoor(const CourtSettings& courts = {},
                     const AccessPolicies& access = AccessPolicies::BuiltIn());
  ~FrontDoor();

  SimClock& clock() { return store_.clock(); }
  TestPki& pki() { return pki_; }
  int port() const { return port_; }
  // What else the program's parts would commit: deliveries, reviews. Waits for the outcome.
  Result<Outcome> Commit(Draft draft);
  // The certificate of 'acme'.
  const CertificateFiles& acme() const { return acme_; }
  IntakeCaller As(const std::string& user) const { return {pki_, acme_, port_, user}; }

  // What becomes of each PDF that is examined; good, at once, unless told otherwise; it has three
  // pages. Set it before the first call.
  std::function<PdfFinding()> examine = [] { return PdfFinding::kGood; };

 private:
  TestPki pki_;
  const CertificateFiles acme_;
  TemporaryDirectory files_;
  JournalFixture store_;
  GatewayConfig config_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<SegmentFiles> segments_;
  CourtPolicies policies_;
  const ShownFields shown_;
  std::unique_ptr<AccessDirectory> access_;
  Watchers watchers_{16};
  AttemptLimiter attempts_{{1'000'000, 16}};
  UploadRegistry uploads_{16, 16};
  RateLimiter rates_{{1'000'000, 1'000'000, 16}};
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<IntakeService> service_;
  const CourtReachTable reach_{std::chrono::minutes(11), CourtDirectory::Missouri()};
  const std::string root_pem_;
  std::unique_ptr<OperatorService> operators_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace nightbox
