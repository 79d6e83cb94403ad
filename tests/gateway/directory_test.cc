// Goal: who may act for whom is decided by two files, and a change of either takes effect without a
// restart; a broken change takes none.
// Method: parse texts; then real files in a temporary directory, changed under a running directory.
#include "gateway/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/sha256.h"
#include "tests/support/descriptor_shortage.h"

namespace nightbox {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDirectory = R"(
[[system]]
name = "acme"
acts_for = ["jane", "bar-*"]

[[system]]
name = "paused"
acts_for = ["*"]
suspended = true

[[user]]
id = "bar-66"
suspended = true
)";

Rights Ask(const std::string& deny, const char* system, const char* user, const Digest& cert = {}) {
  const auto snapshot = AccessSnapshot::Parse(kDirectory, deny);
  EXPECT_TRUE(snapshot) << snapshot.error().message;
  return snapshot->MayAct(SystemName(system), UserId(user), cert);
}

TEST(AccessSnapshotTest, ASystemActsForItsListedUsersOnly) {
  EXPECT_EQ(Ask("", "acme", "jane"), Rights::kAllowed);
  EXPECT_EQ(Ask("", "acme", "bar-1"), Rights::kAllowed);
  EXPECT_EQ(Ask("", "acme", "Jane"), Rights::kUserNotAllowed);
  EXPECT_EQ(Ask("", "acme", "janet"), Rights::kUserNotAllowed);
  EXPECT_EQ(Ask("", "acme", ""), Rights::kUserNotAllowed);
  EXPECT_EQ(Ask("", "other", "jane"), Rights::kSystemUnknown);
}

TEST(AccessSnapshotTest, AUserIsOfTheClassesThatNameThem) {
  const auto snapshot = AccessSnapshot::Parse(
      "[[filer_class]]\nname = \"attorney\"\nusers = [\"bar-*\", \"jane\"]\n"
      "[[filer_class]]\nname = \"agency\"\nusers = [\"jane\"]\n",
      "");
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  using Classes = std::set<std::string>;
  EXPECT_EQ(snapshot->FilerClassesOf(UserId("bar-1")), Classes{"attorney"});
  EXPECT_EQ(snapshot->FilerClassesOf(UserId("jane")), (Classes{"agency", "attorney"}));
  EXPECT_EQ(snapshot->FilerClassesOf(UserId("joe")), Classes{});
  for (const char* wrong :
       {"[[filer_class]]\nusers = []\n", "[[filer_class]]\nname = \"a\"\nuser = []\n",
        "[[filer_class]]\nname = \"a\"\n[[filer_class]]\nname = \"a\"\n"}) {
    EXPECT_FALSE(AccessSnapshot::Parse(wrong, "")) << wrong;
  }
}

TEST(AccessSnapshotTest, SuspensionAndDenialGoBeforeEverything) {
  EXPECT_EQ(Ask("", "paused", "jane"), Rights::kSystemDenied);
  EXPECT_EQ(Ask("", "acme", "bar-66"), Rights::kUserSuspended);
  EXPECT_EQ(Ask("systems = ['acme']", "acme", "jane"), Rights::kSystemDenied);
  EXPECT_EQ(Ask("users = ['jane']", "acme", "jane"), Rights::kUserSuspended);
  // Denied although the directory never knew it.
  EXPECT_EQ(Ask("systems = ['other']", "other", "jane"), Rights::kSystemDenied);
}

TEST(AccessSnapshotTest, ADeniedCertificateIsRefusedInBothSpellings) {
  const Digest digest = Sha256("certificate");
  EXPECT_EQ(Ask("certificates_sha256 = ['" + digest.Hex() + "']", "acme", "jane", digest),
            Rights::kCertificateDenied);
  std::string colons;
  for (std::size_t i = 0; i < 64; i += 2) {
    if (i > 0) colons += ':';
    for (const char c : digest.Hex().substr(i, 2)) colons += static_cast<char>(std::toupper(c));
  }
  EXPECT_EQ(Ask("certificates_sha256 = ['" + colons + "']", "acme", "jane", digest),
            Rights::kCertificateDenied);
  EXPECT_EQ(Ask("certificates_sha256 = ['" + colons + "']", "acme", "jane", Sha256("another")),
            Rights::kAllowed);
}

TEST(AccessSnapshotTest, WhatCannotBeMeantIsRefusedWithItsLine) {
  for (const char* wrong :
       {"[[system]]\nnam = 'x'", "[[system]]\nname = 'a'\n[[system]]\nname = 'a'",
        "[[system]]\nname = 3", "[[user]]\nsuspended = true", "[system", "[[sytem]]\nname = 'a'"}) {
    const auto parsed = AccessSnapshot::Parse(wrong, "");
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_THAT(parsed.error().message, testing::HasSubstr("line"));
  }
  EXPECT_FALSE(AccessSnapshot::Parse("", "certificates_sha256 = ['abc']"));
  EXPECT_FALSE(AccessSnapshot::Parse("", "system = ['abc']"));
}

TEST(AccessSnapshotTest, TheSampleParses) {
  std::ifstream in(NIGHTBOX_SOURCE_DIR "/ops/directory.sample.toml");
  std::ostringstream text;
  text << in.rdbuf();
  const auto parsed = AccessSnapshot::Parse(text.str(), "");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->MayAct(SystemName("example-efile"), UserId("mo-bar-12345")), Rights::kAllowed);
  EXPECT_EQ(parsed->MayAct(SystemName("example-efile"), UserId("mo-bar-99999")),
            Rights::kUserSuspended);
}

class AccessDirectoryTest : public testing::Test {
 protected:
  AccessDirectoryTest()
      : root_(testing::TempDir() + "nightbox-access-" + std::to_string(getpid())) {
    fs::remove_all(root_);
    fs::create_directories(root_);
    Write("directory", kDirectory);
    Write("deny", "");
  }
  ~AccessDirectoryTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  // As editors and configuration tools do: a new file takes the old one's place.
  void Write(const char* name, const std::string& text) {
    std::ofstream(root_ / "new") << text;
    fs::rename(root_ / "new", root_ / name);
  }
  std::unique_ptr<AccessDirectory> Open() {
    auto opened = AccessDirectory::Open(root_ / "directory", root_ / "deny");
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(opened).value();
  }
  // A change is taken at the second look that finds it.
  static bool TakesIt(AccessDirectory& directory) {
    EXPECT_FALSE(directory.ReloadIfChanged());
    return directory.ReloadIfChanged();
  }
  static Rights Jane(const AccessDirectory& directory) {
    return directory.Now()->MayAct(SystemName("acme"), UserId("jane"));
  }

  fs::path root_;
};

TEST_F(AccessDirectoryTest, RevocationTakesEffectWithoutRestart) {
  const auto directory = Open();
  EXPECT_EQ(Jane(*directory), Rights::kAllowed);
  EXPECT_FALSE(directory->ReloadIfChanged());
  Write("deny", "users = ['jane']");
  EXPECT_TRUE(TakesIt(*directory));
  EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
  Write("deny", "");
  EXPECT_TRUE(TakesIt(*directory));
  EXPECT_EQ(Jane(*directory), Rights::kAllowed);
}

TEST_F(AccessDirectoryTest, ADenyListThatIsBeingWrittenInPlaceDeniesWhatItDid) {
  Write("deny", "users = ['jane']");
  const auto directory = Open();
  EXPECT_FALSE(directory->ReloadIfChanged());
  {
    std::ofstream in_place(root_ / "deny");  // Empty from here on.
    EXPECT_FALSE(directory->ReloadIfChanged());
    EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
    in_place << "users = ['joe',\n" << std::flush;
    EXPECT_FALSE(directory->ReloadIfChanged());
    in_place << "'jane']\n";
  }
  EXPECT_FALSE(directory->ReloadIfChanged());
  EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
  EXPECT_TRUE(directory->ReloadIfChanged());
  EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
  EXPECT_EQ(directory->Now()->MayAct(SystemName("acme"), UserId("joe")), Rights::kUserSuspended);
}

TEST_F(AccessDirectoryTest, AFileThatIsRewrittenForEverKeepsNoDenialOut) {
  const auto directory = Open();
  Write("deny", "users = ['jane']");
  int looks = 1;
  for (; looks < 10 && !directory->ReloadIfChanged(); ++looks)
    Write("directory", kDirectory + std::string("# synchronized ") + std::to_string(looks) + '\n');
  EXPECT_EQ(looks, 5);
  EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
}

TEST_F(AccessDirectoryTest, WhatChangesWhileItIsReadIsReadAgain) {
  const auto directory = Open();
  // Reading it lasts until the other end is closed; by then another file has its name.
  fs::remove(root_ / "deny");
  ASSERT_EQ(::mkfifo((root_ / "deny").c_str(), 0600), 0);
  std::thread writer([this] {
    std::ofstream in_place(root_ / "deny");
    in_place << "users = ['joe']\n" << std::flush;
    Write("deny", "users = ['jane']\n");
  });
  EXPECT_FALSE(directory->Reload());
  writer.join();
  EXPECT_EQ(directory->Now()->MayAct(SystemName("acme"), UserId("bar-1")), Rights::kAllowed);
  EXPECT_TRUE(TakesIt(*directory));
  EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
}

TEST_F(AccessDirectoryTest, WhatCouldNotBeReadIsReadAsSoonAsItCan) {
  const auto directory = Open();
  Write("deny", "users = ['jane']");
  EXPECT_FALSE(directory->ReloadIfChanged());
  testing::internal::CaptureStderr();
  {
    const DescriptorShortage shortage;
    for (int look = 0; look < 3; ++look) EXPECT_FALSE(directory->ReloadIfChanged());
  }
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(logged, '\n'), 1) << logged;
  EXPECT_EQ(Jane(*directory), Rights::kAllowed);
  EXPECT_TRUE(directory->ReloadIfChanged());
  EXPECT_EQ(Jane(*directory), Rights::kUserSuspended);
}

TEST_F(AccessDirectoryTest, ABrokenOrVanishedFileKeepsTheOldDecisionsAndIsReportedOnce) {
  const auto directory = Open();
  Write("directory", "[[system");
  testing::internal::CaptureStderr();
  EXPECT_FALSE(TakesIt(*directory));
  EXPECT_FALSE(directory->ReloadIfChanged());
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(logged, '\n'), 1) << logged;
  EXPECT_EQ(Jane(*directory), Rights::kAllowed);
  fs::remove(root_ / "directory");
  EXPECT_FALSE(TakesIt(*directory));
  EXPECT_EQ(Jane(*directory), Rights::kAllowed);
  EXPECT_FALSE(directory->Reload());
  // And mending it takes effect.
  Write("directory", "[[system]]\nname = 'acme'\nacts_for = []");
  EXPECT_TRUE(TakesIt(*directory));
  EXPECT_EQ(Jane(*directory), Rights::kUserNotAllowed);
}

TEST_F(AccessDirectoryTest, ASnapshotInUseOutlivesItsReplacement) {
  const auto directory = Open();
  const auto held = directory->Now();
  Write("directory", "");
  EXPECT_TRUE(TakesIt(*directory));
  EXPECT_EQ(held->MayAct(SystemName("acme"), UserId("jane")), Rights::kAllowed);
  EXPECT_EQ(Jane(*directory), Rights::kSystemUnknown);
}

TEST_F(AccessDirectoryTest, DoesNotOpenWithoutBothFiles) {
  fs::remove(root_ / "deny");
  EXPECT_FALSE(AccessDirectory::Open(root_ / "directory", root_ / "deny"));
}

}  // namespace
}  // namespace nightbox
