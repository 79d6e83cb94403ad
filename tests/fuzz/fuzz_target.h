// What every fuzz target is, and how it takes its input apart.
//
// A target is one file NAME_fuzz.cc with one LLVMFuzzerTestOneInput. It returns for every input
// there is; a broken promise is a failed NB_CHECK, which stops it. Under clang libFuzzer looks for
// such an input (ops/fuzz); everywhere else tests/fuzz/replay_main.cc tries the seeds and some
// thousand mutations of them, as an ordinary test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace nightbox {

// Takes choices off the front of an input. When it is used up, everything is zero or empty.
class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }

  std::uint8_t Byte() {
    const std::string_view byte = Take(1);
    return byte.empty() ? 0 : static_cast<std::uint8_t>(byte.front());
  }
  // In [0, below); below is 1 to 256.
  unsigned Choice(unsigned below) { return Byte() % below; }

  std::uint64_t Number() {
    std::string eight(Take(8));
    eight.resize(8, '\0');
    return ReadBigEndian64(eight);
  }

  // Up to 255 bytes, of any kind.
  std::string Text() { return std::string(Take(Byte())); }

  std::string_view Rest() { return Take(rest_.size()); }

 private:
  std::string_view Take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

// What is before the first NUL, and what is behind it.
struct TwoTexts {
  std::string_view first;
  std::string_view second;
};

inline TwoTexts SplitAtNul(std::string_view input) {
  const std::size_t end = std::min(input.find('\0'), input.size());
  return {input.substr(0, end), input.substr(std::min(end + 1, input.size()))};
}

}  // namespace nightbox
