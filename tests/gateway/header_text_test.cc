// Goal: a text of a header is plain UTF-8, and nothing in it turns, hides or ends what a person
// reads. Method: vectors of both kinds.
#include "gateway/header_text.h"

#include <gtest/gtest.h>

namespace nightbox {
namespace {

TEST(HeaderTextTest, PlainTextIsUtf8WithoutTricks) {
  EXPECT_TRUE(IsPlainText("Mu\xC3\xB1oz \xE2\x80\x93 \xF0\x9F\x93\x84", false));
  EXPECT_FALSE(IsPlainText("\xC0\x80", false));          // Overlong.
  EXPECT_FALSE(IsPlainText("\xED\xA0\x80", false));      // Surrogate.
  EXPECT_FALSE(IsPlainText("\xF5\x80\x80\x80", false));  // Beyond Unicode.
  EXPECT_FALSE(IsPlainText("\xE2\x82", false));          // Cut short.
  EXPECT_FALSE(
      IsPlainText("\xE2\x80\xAE"
                  "fdp",
                  false));  // Right-to-left override.
  EXPECT_FALSE(IsPlainText("a\x7F", false));
  EXPECT_FALSE(IsPlainText(std::string_view("a\0b", 3), true));
  EXPECT_TRUE(IsPlainText("a\n\tb", true));
  EXPECT_FALSE(IsPlainText("a\n\tb", false));
}

}  // namespace
}  // namespace nightbox
