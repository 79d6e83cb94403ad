#include "ops/bench_tool/device_limit.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/random.h"

namespace nightbox::bench {
namespace {

constexpr std::size_t kAlignment = 4096;
// As large as a segment; then it begins anew, in space that is already there.
constexpr off_t kFileBytes = 256 << 20;

class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& directory)
      : number_(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

Error Failed(const char* call) {
  return {ErrorCode::kUnavailable,
          std::string(call) + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<double> MeasureDevice(const DeviceLoad& load, const Clock& clock) {
  const Scratch file(load.directory);
  if (file.number() < 0) return Failed("open");
  if (::fallocate(file.number(), FALLOC_FL_KEEP_SIZE, 0, kFileBytes) != 0 && errno != EOPNOTSUPP) {
    return Failed("fallocate");
  }
  const std::size_t padded = (load.piece_bytes + kAlignment - 1) / kAlignment * kAlignment;
  const std::string piece = SystemRandom().Bytes(padded);
  std::int64_t pieces = 0;
  off_t at = 0;
  const BootTime begin = clock.BootNow();
  BootTime now = begin;
  for (; now - begin < load.duration; now = clock.BootNow()) {
    for (int i = 0; i < load.group; ++i, ++pieces) {
      if (at + static_cast<off_t>(padded) > kFileBytes) {
        at = 0;
        if (::ftruncate(file.number(), 0) != 0) return Failed("ftruncate");
      }
      if (::pwrite(file.number(), piece.data(), padded, at) != static_cast<ssize_t>(padded)) {
        return Failed("pwrite");
      }
      at += static_cast<off_t>(padded);
    }
    if (::fdatasync(file.number()) != 0) return Failed("fdatasync");
  }
  return static_cast<double>(pieces) * 1e6 / static_cast<double>((now - begin).count());
}

}  // namespace nightbox::bench
