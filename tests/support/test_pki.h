// A throw-away PKI in a temporary directory: everything a test of receipts or of mutual TLS needs.
//
// Separate roots for receipts and for TLS, ECDSA P-256 throughout, Ed25519 for the log; keys are
// mode 0600. Certificates carry what production's carry: receipt signers have the extended key
// usages emailProtection and documentSigning and live for 25 years, TLS certificates name their
// holder in the SAN URI "urn:nightbox:KIND:NAME". Valid at the machine's present time unless asked
// otherwise. One thread at a time; the files go when the object goes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace nightbox {

struct CertificateFiles {
  std::filesystem::path certificate;  // PEM, the certificate alone.
  std::filesystem::path key;          // PEM, PKCS #8, mode 0600.
};

enum class Validity { kNow, kExpired, kNotYet };

class TestPki {
 public:
  TestPki();
  ~TestPki();
  TestPki(const TestPki&) = delete;
  TestPki& operator=(const TestPki&) = delete;

  const std::filesystem::path& directory() const;

  // ---- Receipts ----
  std::filesystem::path receipt_root() const;
  // Made once; the same files at every call.
  CertificateFiles receipt_signer() const;
  CertificateFiles IssueReceiptSigner(Validity validity);
  // A root nobody trusts, and a signer that looks exactly like ours under it.
  std::filesystem::path forged_receipt_root() const;
  CertificateFiles forged_receipt_signer() const;

  // ---- The log: Ed25519, PEM ----
  std::filesystem::path log_key() const;
  std::filesystem::path log_public_key() const;

  // ---- TLS ----
  std::filesystem::path tls_root() const;
  // For a gateway or case system: localhost and 127.0.0.1 (and ::1), both server and client, and
  // the URI urn:nightbox:gateway:NAME.
  CertificateFiles IssueServer(std::string_view name, Validity validity = Validity::kNow);
  // For a caller; kind is system, operator, clerk, publisher or gateway.
  CertificateFiles IssueClient(std::string_view kind, std::string_view name,
                               Validity validity = Validity::kNow);
  // The same, from a root that nobody trusts.
  CertificateFiles IssueStranger(std::string_view kind, std::string_view name);

 private:
  class Authority;
  struct Files;
  std::unique_ptr<Files> files_;
};

}  // namespace nightbox
