// Goal: a certificate names exactly one caller, or nobody.
// Method: lists of URIs as certificates carry them. (tls_listener_test.cc does it over real TLS.)
#include "gateway/identity.h"

#include <gtest/gtest.h>

#include "core/sha256.h"

namespace nightbox {
namespace {

TEST(IdentityTest, TheOneNightboxUriIsTheName) {
  const auto caller =
      CallerOf(std::vector<std::string>{"https://acme.example", "urn:nightbox:system:acme-efile"});
  ASSERT_TRUE(caller);
  EXPECT_EQ(*caller, (Caller{CallerKind::kSystem, "acme-efile"}));
  EXPECT_EQ(CallerOf({"urn:nightbox:operator:jo.doe"})->kind, CallerKind::kOperator);
  EXPECT_EQ(CallerOf({"urn:nightbox:gateway:A7"})->kind, CallerKind::kGateway);
}

TEST(IdentityTest, NoneSeveralOrAMalformedOneNameNobody) {
  const std::vector<std::string> wrong[] = {
      {},
      {"https://acme.example"},
      {"urn:nightbox:system:a", "urn:nightbox:system:b"},
      {"urn:nightbox:system:a", "urn:nightbox:operator:a"},
      {"urn:nightbox:system:a", "urn:nightbox:system:a"},
      {"urn:nightbox:system:"},
      {"urn:nightbox:system"},
      {"urn:nightbox:judge:a"},
      {"urn:nightbox:system:a b"},
      {"urn:nightbox:system:a:b"},
      {"URN:NIGHTBOX:system:a"},
      {"urn:nightbox:system:" + std::string(65, 'a')},
  };
  for (const auto& uris : wrong) {
    const auto caller = CallerOf(uris);
    ASSERT_FALSE(caller);
    EXPECT_EQ(caller.error().reason, "CERTIFICATE_NOT_NAMED");
  }
  EXPECT_TRUE(CallerOf({"urn:nightbox:system:" + std::string(64, 'a')}));
}

TEST(IdentityTest, TheFingerprintIsOfTheCertificatesBytes) {
  const std::string der = "not really DER, but bytes";
  const std::string pem =
      "-----BEGIN CERTIFICATE-----\n" + Base64Encode(der) + "\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(CertificateFingerprint(std::string_view(pem)), Sha256(der));
  EXPECT_EQ(CertificateFingerprint(std::string_view("no certificate")), std::nullopt);
}

}  // namespace
}  // namespace nightbox
