#include "tests/gateway/test_pki.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <atomic>

#include "core/check.h"

namespace nightbox {
namespace {

std::string Text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string Pem(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  NB_CHECK(PEM_write_bio_X509(bio, certificate) == 1);
  return Text(bio);
}

std::string Pem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  NB_CHECK(PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return Text(bio);
}

EVP_PKEY* MakeKey(bool rsa) {
  EVP_PKEY* key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
  NB_CHECK(key != nullptr);
  return key;
}

void Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  NB_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* MakeCertificate(const TestCertificateRequest& request, EVP_PKEY* key, X509* issuer,
                      EVP_PKEY* issuer_key) {
  static std::atomic<long> serial{1};
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), request.not_before);
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.not_after);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                             -1, -1, 0);
  X509* signer = issuer == nullptr ? certificate : issuer;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  X509_set_pubkey(certificate, key);
  Extend(certificate, signer, NID_basic_constraints,
         issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!request.subject_alternative_name.empty()) {
    Extend(certificate, signer, NID_subject_alt_name, request.subject_alternative_name);
  }
  NB_CHECK(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TestAuthority::TestAuthority() : key_(MakeKey(false)) {
  certificate_.reset(
      MakeCertificate({.common_name = "test authority"}, key_.get(), nullptr, key_.get()));
  certificate_pem_ = Pem(certificate_.get());
}

TestAuthority::~TestAuthority() = default;

TestCertificate TestAuthority::Issue(const TestCertificateRequest& request) const {
  const std::unique_ptr<EVP_PKEY, Free> key(MakeKey(request.rsa));
  const std::unique_ptr<X509, Free> certificate(
      MakeCertificate(request, key.get(), certificate_.get(), key_.get()));
  return {Pem(certificate.get()), Pem(key.get())};
}

}  // namespace nightbox
