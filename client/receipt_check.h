// Whether a receipt is the receipt for what was sent. Nothing is called received before this says
// so.
//
// Pure: bytes and an instant in, a verdict out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/filing_state.h"
#include "client/package.h"
#include "core/clock.h"
#include "core/result.h"

namespace nightbox::client {

struct ReceiptVerdict {
  // The signature leads to the configured root. False: no root is configured, and only the
  // consistency of the receipt is known.
  bool root_proven = false;
  // SHA-256 of the root when proven, of the signer's certificate otherwise; as openssl prints it.
  std::string fingerprint;
  // The receipt's own words: when it was received, and what the court has not decided.
  std::string sentence;
  std::string notice;
};

// kDataLoss when the receipt is about another request, court, user, content or filing, when a
// document's SHA-256 or size is not what was sent, or when the signature does not fit. `root_pem`:
// the configured receipt root, or empty.
Result<ReceiptVerdict> CheckReceipt(const Package& package, const FilingState& filing,
                                    std::string_view root_pem, WallTime now);

}  // namespace nightbox::client
