// Goal: a checkpoint is believed only when its bytes are those that the log's key signed.
// Method: the input is a note and, behind a NUL, a verifier key; without one, the key of the seeds.
#include "core/check.h"
#include "core/sha256.h"
#include "evidence/checkpoint.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/trusted.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const auto [note, key] = SplitAtNul({reinterpret_cast<const char*>(data), size});
  const auto parsed = ParseCheckpoint(note);
  if (parsed) NB_CHECK(note.starts_with(CheckpointBody(*parsed)));
  if (const auto verified = VerifyCheckpoint(note, key)) NB_CHECK(parsed && *verified == *parsed);
  if (const auto verified = VerifyCheckpoint(note, kTrustedLogKey)) {
    NB_CHECK(parsed && *verified == *parsed);
    NB_CHECK(Sha256(CheckpointBody(*verified)).Hex() == kTrustedCheckpointBodySha256);
  }
  return 0;
}
