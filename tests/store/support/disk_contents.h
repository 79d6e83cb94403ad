// What lies in a directory, byte for byte, on either kind of disk: to see that nothing was touched,
// to put back an older state, and to damage one byte.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/sha256.h"
#include "store/disk.h"

namespace nightbox {

inline std::string In(const std::string& directory, std::string_view name) {
  std::string path = directory;
  path += '/';
  path += name;
  return path;
}

inline std::string ReadFileOn(Disk& disk, const std::string& path) {
  const auto file = disk.Open(path, OpenMode::kRead);
  EXPECT_TRUE(file) << path;
  if (!file) return {};
  std::string bytes((*file)->Size().value(), '\0');
  EXPECT_EQ((*file)->ReadAt(0, bytes).value(), bytes.size());
  return bytes;
}

inline void WriteFileOn(Disk& disk, const std::string& path, std::string_view bytes) {
  const auto file = disk.Open(path, OpenMode::kCreate);
  ASSERT_TRUE(file) << path;
  ASSERT_TRUE((*file)->Truncate(0));
  ASSERT_TRUE((*file)->WriteAt(0, bytes));
  ASSERT_TRUE((*file)->Sync());
}

// Path below `directory` to the SHA-256 of the contents; directories end in '/'. Lock files are
// left out: they hold nothing.
inline std::map<std::string, std::string> ContentsOf(Disk& disk, const std::string& directory,
                                                     const std::string& below = "") {
  std::map<std::string, std::string> contents;
  const auto names = disk.List(directory + below);
  EXPECT_TRUE(names) << directory + below;
  if (!names) return contents;
  for (const std::string& name : *names) {
    const std::string path = In(below, name);
    if (disk.Stat(directory + path)->is_directory) {
      contents[path + "/"] = "";
      contents.merge(ContentsOf(disk, directory, path));
    } else if (name != "lock") {
      contents[path] = Sha256(ReadFileOn(disk, directory + path)).Hex();
    }
  }
  return contents;
}

using Files = std::map<std::string, std::string>;

inline Files ReadFiles(Disk& disk, const std::string& directory) {
  Files files;
  for (const std::string& name : disk.List(directory).value()) {
    files[name] = ReadFileOn(disk, In(directory, name));
  }
  return files;
}

// The directory then holds exactly these files.
inline void PutFiles(Disk& disk, const std::string& directory, const Files& files) {
  for (const std::string& name : disk.List(directory).value()) {
    ASSERT_TRUE(disk.Unlink(In(directory, name)));
  }
  for (const auto& [name, bytes] : files) WriteFileOn(disk, In(directory, name), bytes);
}

// The files of a directory with this ending, in order.
inline std::vector<std::string> FilesEndingIn(Disk& disk, const std::string& directory,
                                              std::string_view ending) {
  std::vector<std::string> paths;
  for (const std::string& name : disk.List(directory).value()) {
    if (name.ends_with(ending)) paths.push_back(In(directory, name));
  }
  return paths;
}

inline void FlipByteOn(Disk& disk, const std::string& path, std::uint64_t offset) {
  const auto file = disk.Open(path, OpenMode::kWrite);
  ASSERT_TRUE(file) << path;
  std::string byte(1, '\0');
  ASSERT_EQ((*file)->ReadAt(offset, byte).value(), 1u);
  byte[0] = static_cast<char>(byte[0] ^ 0x10);
  ASSERT_TRUE((*file)->WriteAt(offset, byte));
  ASSERT_TRUE((*file)->Sync());
}

}  // namespace nightbox
