// The fixed files of the evidence package, as they stand in evidence/package_files/.
#pragma once

#include <string_view>

namespace nightbox {

extern const std::string_view kVerifyScript;
extern const std::string_view kVerifyText;
// ctemplate, escaping automatically.
extern const std::string_view kReceiptPageTemplate;

}  // namespace nightbox
