// Goal: what does not fit a zip without extensions is refused before its first byte is made.
// Method: both bounds, and one beyond each.
#include "evidence/stored_zip.h"

#include <gtest/gtest.h>

#include <vector>

namespace nightbox {
namespace {

TEST(StoredZipTest, WhatDoesNotFitIsRefused) {
  EXPECT_TRUE(StoredZip::Plan({}));
  const auto large = StoredZip::Plan({{"a", StoredZip::kBytesMax, 0}});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().reason, "RECORD_TOO_LARGE");
  EXPECT_FALSE(
      StoredZip::Plan(std::vector<StoredZipEntry>(StoredZip::kEntriesMax + 1, {"a", 0, 0})));
}

}  // namespace
}  // namespace nightbox
