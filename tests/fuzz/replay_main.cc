// The fuzz targets without libFuzzer: every seed, and mutations of them, as an ordinary test.
//
//   NAME_fuzz --runs N DIRECTORY...
//
// Which mutations is decided by NIGHTBOX_SEED, which is printed; the same seed tries the same
// inputs. NIGHTBOX_LONG tries a hundred times as many. The input that stopped it is left in
// NAME_fuzz.input, which the target also takes in place of a directory.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/random.h"
#include "tests/fuzz/fuzz_target.h"

// A sanitizer ends the program by itself; it calls this before.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace nightbox {
namespace {

namespace fs = std::filesystem;

// What SeedInputs and mutations may grow to.
constexpr std::size_t kInputMax = 64 * 1024;
constexpr std::uint64_t kDefaultSeed = 20240702;

// For the handler, which may allocate nothing.
std::string_view being_tried;
std::string input_file;

void KeepInput() {
  const int file = open(input_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  const ssize_t written = write(file, being_tried.data(), being_tried.size());
  if (written == static_cast<ssize_t>(being_tried.size())) {
    constexpr std::string_view kTold = "the input is in the file NAME_fuzz.input\n";
    if (write(STDERR_FILENO, kTold.data(), kTold.size()) < 0) return;
  }
  close(file);
}

void OnSignal(int number) {
  KeepInput();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void Try(const std::string& input) {
  being_tried = input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  being_tried = {};
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  NB_CHECK(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

// In the order of their names, so that a seed means the same everywhere.
std::vector<std::string> ReadSeeds(const std::vector<fs::path>& places) {
  std::vector<fs::path> files;
  for (const fs::path& place : places) {
    if (!fs::is_directory(place)) {
      files.push_back(place);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(place)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  seeds.reserve(files.size());
  for (const fs::path& file : files) seeds.push_back(ReadFile(file));
  return seeds;
}

// A place in the text, its end included.
std::size_t Place(const std::string& text, Random& random) { return random.Below(text.size() + 1); }

// A piece of one of the seeds, mostly short.
std::string Piece(const std::vector<std::string>& seeds, Random& random) {
  const std::string& seed = seeds[random.Below(seeds.size())];
  const std::size_t from = Place(seed, random);
  return seed.substr(from, random.Below(random.OneIn(8) ? 4096 : 24));
}

void MutateOnce(std::string& text, const std::vector<std::string>& seeds, Random& random) {
  static constexpr std::string_view kTelling =
      std::string_view("\0\x01\x7F\x80\xFF\n\r\t \",.:;-+/\\{}[]<>=09azAZ", 31);
  const std::size_t at = Place(text, random);
  switch (random.Below(8)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.Below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = kTelling[random.Below(kTelling.size())];
      break;
    case 2:
      if (at < text.size()) text[at] = random.Bytes(1).front();
      break;
    case 3:
      text.insert(at, 1, kTelling[random.Below(kTelling.size())]);
      break;
    case 4:
      text.erase(at, 1 + random.Below(random.OneIn(8) ? 4096 : 8));
      break;
    case 5:
      text.insert(at, text.substr(Place(text, random), 1 + random.Below(24)));
      break;
    case 6:
      text.insert(at, Piece(seeds, random));
      break;
    default:
      text.replace(at, 1 + random.Below(16), Piece(seeds, random));
      break;
  }
  if (text.size() > kInputMax) text.resize(kInputMax);
}

int Replay(std::uint64_t runs, const std::vector<fs::path>& places) {
  const std::vector<std::string> seeds = ReadSeeds(places);
  NB_CHECK(!seeds.empty());
  for (const std::string& seed : seeds) Try(seed);
  Try({});
  const char* named = std::getenv("NIGHTBOX_SEED");
  const std::uint64_t seed = named == nullptr ? kDefaultSeed : std::stoull(named);
  if (std::getenv("NIGHTBOX_LONG") != nullptr) runs *= 100;
  std::cout << seeds.size() << " seeds, " << runs << " mutations, NIGHTBOX_SEED=" << seed
            << std::endl;
  SeededRandom random(seed);
  for (std::uint64_t run = 0; run < runs; ++run) {
    std::string input = seeds[random.Below(seeds.size())];
    const std::uint64_t mutations = 1 + random.Below(6);
    for (std::uint64_t i = 0; i < mutations; ++i) MutateOnce(input, seeds, random);
    Try(input);
  }
  return 0;
}

}  // namespace
}  // namespace nightbox

int main(int count, char** words) {
  std::uint64_t runs = 0;
  std::vector<std::filesystem::path> places;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--runs" && i + 1 < count) {
      runs = std::stoull(words[++i]);
    } else {
      places.emplace_back(word);
    }
  }
  nightbox::input_file = std::filesystem::path(words[0]).filename().string() + ".input";
  std::signal(SIGABRT, nightbox::OnSignal);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(nightbox::KeepInput);
  } else {
    std::signal(SIGSEGV, nightbox::OnSignal);  // The sanitizer has more to say of it.
  }
  return nightbox::Replay(runs, places);
}
