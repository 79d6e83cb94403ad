// Runs the real `nightbox` program as a filer would: its own environment, its own state directory.
#pragma once

#include <sys/types.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace nightbox::client {

struct NightboxResult {
  int exit_code = -1;
  std::string out;
  std::string err;

  // Standard output as one JSON object; aborts the test program when it is anything else.
  boost::json::object Json() const;
};

// One run. `home` stands for the filer's home directory; `environment` has further NAME=VALUE.
class NightboxRun {
 public:
  NightboxRun(const std::filesystem::path& program, const std::filesystem::path& home,
              const std::vector<std::string>& arguments,
              const std::vector<std::string>& environment = {});
  NightboxRun(const NightboxRun&) = delete;
  NightboxRun& operator=(const NightboxRun&) = delete;
  ~NightboxRun();

  void Signal(int signal_number) const;
  // Waits for the end.
  NightboxResult Wait();

 private:
  pid_t pid_ = -1;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

}  // namespace nightbox::client
