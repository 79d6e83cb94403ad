// Goal: whatever stands in the head file is read as a promise somebody wrote, or refused; and what
// was read can be built on.
// Method: the input is the file. Its first byte says which slots get the checksum they need:
// without, no mutation would get past it.
#include "core/check.h"
#include "core/crc32c.h"
#include "store/head_file.h"
#include "store/sim_disk.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

constexpr char kPath[] = "/head";
constexpr std::size_t kSlotBytes = 4096;

void Seal(std::string& file, std::size_t slot) {
  const std::size_t end = (slot + 1) * kSlotBytes - 4;
  if (file.size() < end + 4) file.resize(end + 4, '\0');
  std::string sum;
  AppendBigEndian32(sum, Crc32c(std::string_view(file).substr(slot * kSlotBytes, kSlotBytes - 4)));
  file.replace(end, 4, sum);
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  FuzzInput input(data, size);
  const unsigned sealed = input.Byte();
  std::string bytes(input.Rest());
  if ((sealed & 1U) != 0) Seal(bytes, 0);
  if ((sealed & 2U) != 0) Seal(bytes, 1);
  SimDisk disk;
  {
    const auto file = disk.Open(kPath, OpenMode::kCreateNew).value();
    NB_CHECK(file->WriteAt(0, bytes));
  }
  const auto reading = HeadFile::Read(disk, kPath);
  const auto opened = HeadFile::Open(disk, kPath);
  NB_CHECK(reading.has_value() == opened.has_value());
  if (!reading) {
    NB_CHECK(reading.error().code == ErrorCode::kDataLoss);
    return 0;
  }
  HeadFile& head_file = **opened;
  NB_CHECK(head_file.head() == reading->head);
  NB_CHECK(reading->head.frontier.size() <= Head::kFrontierMax);

  Head next = reading->head;
  if (++next.sequence == 0) return 0;  // It promised all the entries there can be.
  next.root.bytes[0] ^= 1;
  if (next.commits < UINT64_MAX) ++next.commits;
  if (const auto advanced = head_file.Advance(next); !advanced) {
    // No writer comes to the last generation.
    NB_CHECK(advanced.error().code == ErrorCode::kDataLoss);
    return 0;
  }
  const auto after = HeadFile::Read(disk, kPath);
  NB_CHECK(after && after->head == next && !after->one_slot_bad);
  return 0;
}
