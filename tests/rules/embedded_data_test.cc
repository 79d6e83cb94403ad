// Goal: what is compiled in is what lies in rules/data, byte for byte, and nothing else answers.
// Method: every data file against its copy in the program.
#include "rules/embedded_data.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace nightbox {
namespace {

TEST(EmbeddedDataTest, EveryDataFileIsCompiledInByteForByte) {
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(NIGHTBOX_SOURCE_DIR "/rules/data")) {
    if (file.path().extension() == ".md") continue;
    std::ifstream in(file.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    EXPECT_TRUE(EmbeddedRulesData(file.path().filename().string()) == bytes.str()) << file.path();
    ++files;
  }
  EXPECT_GT(files, 0);
  EXPECT_TRUE(EmbeddedRulesData("no-such-file.csv").empty());
}

}  // namespace
}  // namespace nightbox
