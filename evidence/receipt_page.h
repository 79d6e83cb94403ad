// receipt.html: the receipt as one page for reading and printing. A view: receipt.json is the
// truth.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace nightbox {

// One HTML file without scripts or anything from elsewhere. Every text of the filer is escaped. The
// same receipt always makes the same page. Fails only for what is no receipt. Thread-safe.
Result<std::string> RenderReceiptPage(std::string_view receipt_json);

}  // namespace nightbox
