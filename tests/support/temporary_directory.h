// A directory of a test's own, mode 0700, removed with everything in it when the object goes.
#pragma once

#include <filesystem>
#include <string_view>

namespace nightbox {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Writes the file and returns its path.
  std::filesystem::path Write(std::string_view name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

// All bytes of a file; aborts the test program when it cannot be read.
std::string ReadWholeFile(const std::filesystem::path& path);

}  // namespace nightbox
