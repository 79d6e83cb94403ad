// Random: the only source of chance.
//
// SystemRandom is for salts, ids and jitter in programs; SeededRandom makes tests and simulations
// repeatable and must never reach anything a filer holds in hand.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace nightbox {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::string Bytes(std::size_t count) = 0;

  std::uint64_t Number();
  // Uniform in [0, below); below > 0.
  std::uint64_t Below(std::uint64_t below);
  // True once in `in` tries on average.
  bool OneIn(std::uint64_t in) { return Below(in) == 0; }
};

// The kernel's generator. Aborts when the kernel has none: ids must be unguessable.
class SystemRandom : public Random {
 public:
  std::string Bytes(std::size_t count) override;
};

class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  std::string Bytes(std::size_t count) override;

 private:
  std::mutex mutex_;  // Guards engine_.
  std::mt19937_64 engine_;
};

}  // namespace nightbox
