// Setting the whole process's source of chance is deprecated, and the one way to repeat a
// signature.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "tests/sim/world_signer.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "core/check.h"
#include "core/random.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kSignerSeed = 1;

std::unique_ptr<SeededRandom>& Source() {
  static std::unique_ptr<SeededRandom> source;
  return source;
}

int Draw(unsigned char* into, int count) {
  const std::string bytes = Source()->Bytes(static_cast<std::size_t>(count));
  std::copy(bytes.begin(), bytes.end(), into);
  return 1;
}

int AlwaysReady() { return 1; }

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::unique_ptr<X509, Free> SelfSigned(EVP_PKEY* key) {
  std::unique_ptr<X509, Free> certificate(X509_new());
  X509* made = certificate.get();
  NB_CHECK(X509_set_version(made, 2) == 1);
  NB_CHECK(ASN1_INTEGER_set(X509_get_serialNumber(made), 1) == 1);
  const std::string_view name = "Nightbox World";
  NB_CHECK(X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0) == 1);
  NB_CHECK(X509_set_issuer_name(made, X509_get_subject_name(made)) == 1);
  NB_CHECK(ASN1_TIME_set_string_X509(X509_getm_notBefore(made), "20200101000000Z") == 1);
  NB_CHECK(ASN1_TIME_set_string_X509(X509_getm_notAfter(made), "20491231235959Z") == 1);
  NB_CHECK(X509_set_pubkey(made, key) == 1);
  NB_CHECK(X509_sign(made, key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

void SeedOpenSsl(std::uint64_t seed) {
  Source() = std::make_unique<SeededRandom>(seed);
  static RAND_METHOD method = {nullptr, Draw, nullptr, nullptr, Draw, AlwaysReady};
  NB_CHECK(RAND_set_rand_method(&method) == 1);
}

const CmsSigner& WorldSigner() {
  static const CmsSigner signer = [] {
    SeedOpenSsl(kSignerSeed);
    const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
    NB_CHECK(key != nullptr);
    const auto certificate = SelfSigned(key.get());
    const TemporaryDirectory directory;
    const std::filesystem::path certificate_path = directory.path() / "signer.pem";
    const std::filesystem::path key_path = directory.path() / "signer.key";
    {
      const std::unique_ptr<std::FILE, Free> file(std::fopen(certificate_path.c_str(), "wb"));
      NB_CHECK(file != nullptr && PEM_write_X509(file.get(), certificate.get()) == 1);
    }
    {
      const std::unique_ptr<std::FILE, Free> file(std::fopen(key_path.c_str(), "wb"));
      NB_CHECK(file != nullptr && PEM_write_PKCS8PrivateKey(file.get(), key.get(), nullptr, nullptr,
                                                            0, nullptr, nullptr) == 1);
    }
    return CmsSigner::Load(certificate_path, key_path).value();
  }();
  return signer;
}

}  // namespace nightbox
