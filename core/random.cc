#include "core/random.h"

#include <sys/random.h>

#include <cerrno>

#include "core/bytes.h"
#include "core/check.h"

namespace nightbox {

std::uint64_t Random::Number() { return ReadBigEndian64(Bytes(8)); }

std::uint64_t Random::Below(std::uint64_t below) {
  NB_CHECK(below > 0);
  // Numbers above the last whole multiple are drawn again, so that every answer is equally likely.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % below;
  std::uint64_t number = Number();
  while (number >= limit) number = Number();
  return number % below;
}

std::string SystemRandom::Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    NB_CHECK(got > 0);
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string SeededRandom::Bytes(std::size_t count) {
  const std::lock_guard lock(mutex_);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(engine_());
  return bytes;
}

}  // namespace nightbox
