#include "gateway/start_pause.h"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace nightbox {
namespace {

constexpr std::chrono::milliseconds kFirstPause{500};
// 500 ms doubled six times is beyond the longest pause.
constexpr int kDoublingsMax = 6;

}  // namespace

std::chrono::milliseconds PauseAfter(int failed_starts) {
  if (failed_starts <= 0) return std::chrono::milliseconds(0);
  return std::min(kStartPauseMax, kFirstPause * (1 << std::min(failed_starts - 1, kDoublingsMax)));
}

StartPause::StartPause(const std::filesystem::path& directory) {
  if (!directory.empty()) file_ = directory / "starts-without-serving";
}

std::chrono::milliseconds StartPause::Begun() const {
  if (file_.empty()) return std::chrono::milliseconds(0);
  int failed = 0;
  std::ifstream(file_) >> failed;
  failed = std::clamp(failed, 0, kDoublingsMax + 1);
  std::ofstream(file_) << failed + 1 << '\n';
  return PauseAfter(failed);
}

void StartPause::Served() const {
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

}  // namespace nightbox
