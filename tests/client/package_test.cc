// Goal: a package read back is the package that was written, or it is refused; never something
// else.
// Method: a header with every member set, cut and bent in ways a disk or an editor could.
#include "client/package.h"

#include <gtest/gtest.h>

#include "sample_filing.h"

namespace nightbox::client {
namespace {

Package Whole() {
  Package package = SampleFiling();
  package.header.documents[0].media_type = "application/pdf";
  package.header.documents[0].size_bytes = 3000;
  package.header.documents[0].sha256.bytes[5] = 7;
  return package;
}

TEST(PackageTest, EveryMemberComesBack) {
  const Package package = Whole();
  const auto read = PackageFromJson(PackageToJson(package));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, package);
}

TEST(PackageTest, EveryKindOfCaseReferenceComesBack) {
  Package package = Whole();
  for (const CaseReference& each :
       {CaseReference(std::monostate{}), CaseReference(ExistingCase{"24DE-CC00012"}),
        CaseReference(OpenedBy{FilingId("bbbbbbbbbbbbbbbbbbbbbbbbbb")})}) {
    package.header.case_reference = each;
    const auto read = PackageFromJson(PackageToJson(package));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, package);
  }
}

TEST(PackageTest, ACutFileIsRefusedAtEveryLength) {
  const std::string text = PackageToJson(Whole());
  for (std::size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_FALSE(PackageFromJson(std::string_view(text).substr(0, size))) << size;
  }
}

TEST(PackageTest, AWordOfALaterVersionIsNotGuessedAt) {
  std::string text = PackageToJson(Whole());
  text.replace(text.find("protection-order"), 16, "some-new-class-x");
  const auto read = PackageFromJson(text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDataLoss);
  EXPECT_NE(read.error().message.find("emergency"), std::string::npos);
  EXPECT_EQ(read.error().message.find("some-new-class"), std::string::npos);
}

TEST(PackageTest, ARequestIdIsSafeAsADirectoryName) {
  EXPECT_TRUE(IsValidRequestId(kSampleRequestId));
  EXPECT_TRUE(IsValidRequestId(std::string(16, 'a')));
  EXPECT_TRUE(IsValidRequestId(std::string(64, 'Z')));
  EXPECT_FALSE(IsValidRequestId(std::string(15, 'a')));
  EXPECT_FALSE(IsValidRequestId(std::string(65, 'a')));
  EXPECT_FALSE(IsValidRequestId("../../../../etc/passwd"));
  EXPECT_FALSE(IsValidRequestId("aaaaaaaaaaaaaaaaaaa/a"));
  EXPECT_FALSE(IsValidRequestId(std::string_view("aaaaaaaaaaaaaaaaaaa\0a", 21)));
}

}  // namespace
}  // namespace nightbox::client
