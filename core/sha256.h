// SHA-256 and HMAC-SHA-256, by OpenSSL.
#pragma once

#include <memory>
#include <string_view>

#include "core/bytes.h"

struct evp_md_ctx_st;

namespace nightbox {

Digest Sha256(std::string_view data);
Digest HmacSha256(std::string_view key, std::string_view data);

// Hashes bytes as they come. One thread at a time.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  ~Sha256Stream();

  void Update(std::string_view data);
  // The digest of all bytes so far. The stream must not be used afterwards.
  Digest Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace nightbox
