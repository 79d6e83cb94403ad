#include "core/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "core/check.h"

namespace nightbox {

Digest Sha256(std::string_view data) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.bytes.data());
  return digest;
}

Digest HmacSha256(std::string_view key, std::string_view data) {
  Digest digest;
  unsigned int size = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                          digest.bytes.data(), &size);
  NB_CHECK(made != nullptr && size == digest.bytes.size());
  return digest;
}

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  NB_CHECK(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Update(std::string_view data) {
  NB_CHECK(EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1);
}

Digest Sha256Stream::Finish() {
  Digest digest;
  unsigned int size = 0;
  NB_CHECK(EVP_DigestFinal_ex(context_.get(), digest.bytes.data(), &size) == 1 && size == 32);
  return digest;
}

}  // namespace nightbox
