// PDFs for tests: whole, encrypted, and hostile.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/personal_text.h"

namespace nightbox {

std::string MakePdf(int pages);
// One page for each of these contents; the font /F is `font`, the form /X draws `form`.
std::string MakeTextPdf(
    const std::vector<std::string>& contents,
    const std::string& font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    const std::string& form = "");
// The same with a font of two bytes a code and this ToUnicode map; empty: none.
std::string MakeCompositePdf(const std::string& contents, const std::string& to_unicode);
// What is found on pages with these contents when one of them, counted from 0, cannot be read: qpdf
// throws.
PersonalPages FindBesideUnreadable(const std::vector<std::string>& contents,
                                   std::size_t unreadable);
// A form field of this name with this value and no appearance.
std::string MakeFieldPdf(const std::string& name, const std::string& value);
// `user`: the password to open; empty: anybody can. `owner`: the password to change permissions.
std::string MakeEncryptedPdf(const char* user, const char* owner);
// Small on disk, and minutes of processor time to decode: zeros, deflated twice, on many pages.
std::string MakeBombPdf();

}  // namespace nightbox
