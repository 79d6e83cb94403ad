// Goal: whoever cannot get through learns which of their settings is wrong, before anything is sent
// where that can be known, and otherwise from what the connection came to.
// Method: certificates and keys of a throw-away PKI, and gRPC's own sentences.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "client/credentials.h"
#include "client/unreachable.h"
#include "tests/support/test_pki.h"

namespace nightbox::client {
namespace {

std::string Text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(CredentialsTest, WhatFitsTogetherIsTakenAndItsEndIsTold) {
  TestPki pki;
  const CertificateFiles us = pki.IssueClient("system", "acme");
  const CertificateFiles late = pki.IssueClient("system", "late", Validity::kExpired);
  const std::string ca = Text(pki.tls_root());
  const auto good = CheckCredentials(Text(us.certificate), Text(us.key), ca);
  ASSERT_TRUE(good) << good.error().message;
  // In date or not is for the gateway's clock; the caller is only told.
  const auto expired = CheckCredentials(Text(late.certificate), Text(late.key), ca);
  ASSERT_TRUE(expired) << expired.error().message;
  EXPECT_LT(*expired, *good);
}

TEST(CredentialsTest, WhatDoesNotFitIsNamedAndNoKeyIsShown) {
  TestPki pki;
  const CertificateFiles us = pki.IssueClient("system", "acme");
  const CertificateFiles others = pki.IssueClient("system", "other");
  const std::string certificate = Text(us.certificate);
  const std::string key = Text(us.key);
  const std::string ca = Text(pki.tls_root());
  const std::string locked =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIG\n-----END ENCRYPTED PRIVATE KEY-----\n";
  struct Case {
    std::string certificate, key, ca, field, says;
  };
  for (const Case& each : std::initializer_list<Case>{
           {certificate, Text(others.key), ca, "key", "does not belong to the certificate"},
           {certificate, "%PDF-1.4", ca, "key", "no private key"},
           {certificate, "", ca, "key", "no private key"},
           {certificate, locked, ca, "key", "passphrase"},
           {key, key, ca, "certificate", "no certificate"},
           {certificate, key, "", "ca", "no certificate"},
       }) {
    const auto refused = CheckCredentials(each.certificate, each.key, each.ca);
    ASSERT_FALSE(refused) << each.says;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(refused.error().field, each.field);
    EXPECT_NE(refused.error().message.find(each.says), std::string::npos)
        << refused.error().message;
    EXPECT_EQ(refused.error().message.find("PRIVATE KEY"), std::string::npos);
  }
}

TEST(UnreachableTest, ACableAWrongRootAndARefusedCertificateAreToldApart) {
  const std::string before = "failed to connect to all addresses; last error: ";
  const auto refused = ExplainUnreachable(
      before + "UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to remote host: Connection refused");
  EXPECT_EQ(refused.fault, "network");
  EXPECT_EQ(refused.message,
            "The gateway cannot be reached (ipv4:127.0.0.1:1: Failed to connect to remote host: "
            "Connection refused).");
  EXPECT_NE(refused.what_now.find("file with the court directly"), std::string::npos);

  const auto wrong_root =
      ExplainUnreachable(before +
                         "UNKNOWN: ipv4:127.0.0.1:1: Ssl handshake failed: SSL_ERROR_SSL: "
                         "error:0A000086:SSL routines::certificate verify failed");
  EXPECT_EQ(wrong_root.fault, "unknown");
  EXPECT_NE(wrong_root.what_now.find("--ca"), std::string::npos);
  EXPECT_FALSE(wrong_root.repeating_helps);
  EXPECT_TRUE(refused.repeating_helps);

  const auto hung_up = ExplainUnreachable(before + "UNAVAILABLE: ipv4:127.0.0.1:1: Socket closed");
  EXPECT_EQ(hung_up.fault, "unknown");
  EXPECT_NE(hung_up.what_now.find("certificate"), std::string::npos);
  // It may only have been at its bound.
  EXPECT_TRUE(hung_up.repeating_helps);

  // In the middle of a call the same word is the network's.
  const auto broke = ExplainUnreachable("Socket closed");
  EXPECT_EQ(broke.fault, "network");
  EXPECT_NE(broke.message.find("broke"), std::string::npos);
}

}  // namespace
}  // namespace nightbox::client
