// Goal: nobody is locked out by a certificate that ran out unannounced, and a receipt key that has
// signed for too long alarms. Method: the wordings at their bounds; then certificates made on the
// spot in real files, some of them renewed, with the clock in the test's hand.
#include "gateway/certificate_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/metrics.h"
#include "tests/gateway/test_pki.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using std::chrono::hours;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime kNow = WallTime(Microseconds(1'719'895'267'000'000));
constexpr long kDaySeconds = 24 * 3600;

TEST(CertificateWatchTest, ThirtyDaysBeforeItsEndACertificateIsDue) {
  const auto in = [](Microseconds time) { return RenewalWarning(kNow + time, kNow); };
  EXPECT_EQ(in(kRenewBefore + Microseconds(1)), "");
  EXPECT_EQ(in(kRenewBefore), "runs out in 30 days");
  EXPECT_EQ(in(hours(47)), "runs out in 1 day");
  EXPECT_EQ(in(hours(1)), "runs out in 0 days");
  EXPECT_EQ(in(Microseconds(-1)), "has run out");
}

TEST(CertificateWatchTest, AReceiptKeySignsForNinetyDays) {
  EXPECT_EQ(ReceiptKeyWarning(kNow, kNow + kReceiptKeyMax), "");
  EXPECT_EQ(ReceiptKeyWarning(kNow, kNow + kReceiptKeyMax + hours(24)),
            "has signed receipts for 91 days, and should for no more than 90 days");
}

class CertificateFilesTest : public testing::Test {
 protected:
  CertificateFilesTest() {
    config_.intake.certificate = Issue("intake.pem", 0, 20);
    config_.intake.client_ca = files_.Write("client-ca.pem", Pem(0, 400));
    config_.receipts.certificate = Issue("receipts.pem", -100, 9000);
    config_.case_systems.resize(1);
    config_.case_systems[0].name = "court";
    config_.case_systems[0].certificate = Issue("case-system.pem", 0, 5);
    config_.case_systems[0].ca = Issue("case-system-ca.pem", 0, 500);
  }

  std::string Pem(long from_days, long to_days) const {
    return authority_
        .Issue(
            {.not_before = from_days * kDaySeconds - 60, .not_after = to_days * kDaySeconds + 60})
        .certificate_pem;
  }
  std::filesystem::path Issue(const char* name, long from_days, long to_days) const {
    return files_.Write(name, Pem(from_days, to_days));
  }

  std::string LookAndListen(CertificateWatch& watch, Microseconds later) const {
    testing::internal::CaptureStderr();
    watch.Look(now_, boot_ + later);
    return testing::internal::GetCapturedStderr();
  }

  // In how many days it ends.
  long DaysLeft(const CertificateWatch& watch, const std::string& name) const {
    const auto found = std::ranges::find(watch.ends(), name, &CertificateEnd::certificate);
    if (found == watch.ends().end()) return -1;
    return static_cast<long>((found->ends - now_) / hours(24));
  }

  const TemporaryDirectory files_;
  const TestAuthority authority_;
  const WallTime now_ = SystemClock().Now();
  const BootTime boot_ = BootTime(hours(1000));
  GatewayConfig config_;
};

TEST_F(CertificateFilesTest, WhatIsDueIsSaidOnceADay) {
  CertificateWatch watch(config_, boot_);
  EXPECT_EQ(LookAndListen(watch, hours(24) - Microseconds(1)), "") << "the start has said it";
  const std::string said = LookAndListen(watch, hours(24));
  EXPECT_THAT(said, HasSubstr("intake.certificate runs out in 20 days"));
  EXPECT_THAT(said, HasSubstr("case_system.court.certificate runs out in 5 days"));
  EXPECT_THAT(said, HasSubstr("receipts.key has signed receipts for 100 days"));
  EXPECT_THAT(said, Not(HasSubstr("receipts.certificate")));
  EXPECT_THAT(said, Not(HasSubstr("court.ca")));
  EXPECT_EQ(LookAndListen(watch, hours(48) - Microseconds(1)), "");
  EXPECT_NE(LookAndListen(watch, hours(48)), "");
}

TEST_F(CertificateFilesTest, OfSeveralAuthoritiesTheFirstToEndCounts) {
  config_.intake.client_ca = files_.Write("ca.pem", Pem(0, 300) + Pem(0, 12) + Pem(0, 400));
  const CertificateWatch watch(config_, boot_);
  EXPECT_EQ(DaysLeft(watch, "intake.client_ca"), 12);
}

TEST_F(CertificateFilesTest, WhatIsReadAtTheStartOnlyCountsAsItWasThen) {
  CertificateWatch watch(config_, boot_);
  Issue("intake.pem", 0, 397);
  Issue("case-system.pem", 0, 397);
  watch.Look(now_, boot_ + hours(1));
  EXPECT_EQ(DaysLeft(watch, "intake.certificate"), 20) << "it is shown until a restart";
  EXPECT_EQ(DaysLeft(watch, "case_system.court.certificate"), 397);
}

TEST_F(CertificateFilesTest, TheDatesAreMetrics) {
  const CertificateWatch watch(config_, boot_);
  Metrics metrics({}, "0.1.0");
  metrics.Set(watch.ends(), watch.ReceiptKeyAge(now_));
  const std::string text = metrics.Text();
  EXPECT_THAT(text,
              HasSubstr("nightbox_certificate_ends_timestamp_seconds{certificate=\"case_system"
                        ".court.certificate\"} "));
  EXPECT_THAT(text, HasSubstr("nightbox_receipt_key_age_seconds 8640"));
}

TEST_F(CertificateFilesTest, WhatCannotBeReadIsLeftOut) {
  config_.intake.certificate = files_.path() / "absent";
  const CertificateWatch watch(config_, boot_);
  EXPECT_EQ(DaysLeft(watch, "intake.certificate"), -1);
  EXPECT_EQ(DaysLeft(watch, "http.certificate"), -1) << "plain HTTP has none";
  EXPECT_EQ(DaysLeft(watch, "receipts.certificate"), 9000);
}

}  // namespace
}  // namespace nightbox
