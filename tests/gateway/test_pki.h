// A certificate authority for tests: ECDSA certificates made on the spot, in memory.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace nightbox {

struct TestCertificate {
  std::string certificate_pem;
  std::string key_pem;
};

struct TestCertificateRequest {
  std::string common_name = "test";
  // As openssl's configuration writes it: "URI:urn:nightbox:system:acme", "IP:127.0.0.1". Empty:
  // none.
  std::string subject_alternative_name = {};
  // Seconds from now.
  long not_before = -3600;
  long not_after = 3600;
  bool rsa = false;
};

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();

  TestCertificate Issue(const TestCertificateRequest& request) const;
  const std::string& certificate_pem() const { return certificate_pem_; }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
  std::string certificate_pem_;
};

}  // namespace nightbox
