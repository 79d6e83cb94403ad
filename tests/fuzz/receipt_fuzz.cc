// Goal: what is read from a receipt is what a receipt with the same facts says, and the page made
// of it holds no markup but our own.
#include "core/check.h"
#include "evidence/receipt.h"
#include "evidence/receipt_page.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto facts = ParseReceipt(text);
  const auto page = RenderReceiptPage(text);
  NB_CHECK(facts.has_value() == page.has_value());
  if (!facts) return 0;
  NB_CHECK(page->find("<script") == std::string::npos);

  // The one thing that is not printed as it is: authority needs the court's order, confirmed.
  if (facts->authority != CountedAuthority(*facts)) {
    facts->authority = ReceiptAuthority::kUndecided;
    if (facts->authority_standing) facts->gateway_unconfirmed = true;
  }
  const std::string rendered = RenderReceipt(*facts);
  const auto again = ParseReceipt(rendered);
  NB_CHECK(again && *again == *facts);
  NB_CHECK(RenderReceipt(*again) == rendered);
  return 0;
}
