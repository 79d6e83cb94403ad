// Goal: a gateway that cannot stay up tries ever more slowly, and one that served is back at once.
// Method: the count's file in a directory of the test's; nothing waits.
#include "gateway/start_pause.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using std::chrono::milliseconds;

TEST(StartPauseTest, EachTryThatCameToNothingDoublesThePauseUpToItsBound) {
  EXPECT_EQ(PauseAfter(0), milliseconds(0));
  EXPECT_EQ(PauseAfter(1), milliseconds(500));
  EXPECT_EQ(PauseAfter(2), milliseconds(1'000));
  EXPECT_EQ(PauseAfter(6), milliseconds(16'000));
  EXPECT_EQ(PauseAfter(7), kStartPauseMax);
  EXPECT_EQ(PauseAfter(1'000'000), kStartPauseMax);
}

TEST(StartPauseTest, TriesAreCountedAcrossProcessesUntilOneServes) {
  const TemporaryDirectory directory;
  for (int failed = 0; failed < 20; ++failed)
    EXPECT_EQ(StartPause(directory.path()).Begun(), PauseAfter(failed)) << failed;
  StartPause(directory.path()).Served();
  EXPECT_EQ(StartPause(directory.path()).Begun(), milliseconds(0));
}

TEST(StartPauseTest, WhereNothingCanBeCountedNothingWaits) {
  EXPECT_EQ(StartPause("").Begun(), milliseconds(0));
  const TemporaryDirectory directory;
  const StartPause nowhere(directory.path() / "not-there");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(nowhere.Begun(), milliseconds(0));
  directory.Write("starts-without-serving", "no number\n");
  EXPECT_EQ(StartPause(directory.path()).Begun(), milliseconds(0));
  nowhere.Served();
}

}  // namespace
}  // namespace nightbox
