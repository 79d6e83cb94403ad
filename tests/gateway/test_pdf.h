// PDFs for tests: whole, encrypted, and hostile.
#pragma once

#include <string>

namespace nightbox {

std::string MakePdf(int pages);
// `user`: the password to open; empty: anybody can. `owner`: the password to change permissions.
std::string MakeEncryptedPdf(const char* user, const char* owner);
// Small on disk, and minutes of processor time to decode: zeros, deflated twice, on many pages.
std::string MakeBombPdf();

}  // namespace nightbox
