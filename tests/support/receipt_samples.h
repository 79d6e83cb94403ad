// Receipts to try things with: one with nothing in it that need not be, one with everything.
#pragma once

#include "evidence/receipt.h"

namespace nightbox {

// An existing case, one document, an unsynchronised moment never, nothing carried.
ReceiptFacts PlainReceipt();
// Every member stated, texts that need escaping, a new case, warnings, a checkpoint before.
ReceiptFacts FullReceipt();

}  // namespace nightbox
