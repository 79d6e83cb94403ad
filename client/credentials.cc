#include "client/credentials.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "evidence/cms.h"

namespace nightbox::client {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> ReadOnly(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Never asks the terminal: a key with a passphrase could not be used unattended.
int NoPassphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

Error Wrong(std::string_view what, std::string_view why) {
  ERR_clear_error();
  return Error{ErrorCode::kInvalidArgument, "the " + std::string(what) + " " + std::string(why), "",
               std::string(what)};
}

bool IsEncrypted(std::string_view pem) {
  return pem.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string_view::npos ||
         pem.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
}

}  // namespace

Result<WallTime> CheckCredentials(std::string_view certificate_pem, std::string_view key_pem,
                                  std::string_view ca_pem) {
  const auto certificates = ReadCertificates(certificate_pem);
  if (!certificates) return Wrong("certificate", "file has no certificate in PEM");
  if (!ReadCertificates(ca_pem)) return Wrong("ca", "file has no certificate in PEM");
  if (IsEncrypted(key_pem)) {
    return Wrong("key", "has a passphrase; remove it with openssl pkey, and keep the file 0600");
  }
  const Owned<X509> certificate(
      PEM_read_bio_X509(ReadOnly(certificate_pem).get(), nullptr, NoPassphrase, nullptr));
  const Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(ReadOnly(key_pem).get(), nullptr, NoPassphrase, nullptr));
  if (certificate == nullptr) return Wrong("certificate", "file has no certificate in PEM");
  if (key == nullptr) return Wrong("key", "file has no private key in PEM");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Wrong("key", "does not belong to the certificate");
  }
  ERR_clear_error();
  return certificates->front().not_after;
}

}  // namespace nightbox::client
