// Goal: whatever the access directory says, who is on the deny list is denied.
// Method: the input is a directory and, behind a NUL, a deny list.
#include "core/check.h"
#include "gateway/directory.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

constexpr char kDenied[] =
    "systems = [\"example-stolen\"]\n"
    "users = [\"mo-bar-66666\"]\n";

void CheckDenied(std::string_view directory) {
  const auto snapshot = AccessSnapshot::Parse(directory, kDenied);
  if (!snapshot) return;
  const SystemName stolen("example-stolen");
  const SystemName system("example-efile");
  NB_CHECK(snapshot->IsDenied("example-stolen"));
  NB_CHECK(snapshot->MayAct(stolen, UserId("mo-bar-12345")) == Rights::kSystemDenied);
  NB_CHECK(snapshot->MayAct(system, UserId("mo-bar-66666")) != Rights::kAllowed);
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const auto [directory, deny_list] = SplitAtNul({reinterpret_cast<const char*>(data), size});
  CheckDenied(directory);
  const auto snapshot = AccessSnapshot::Parse(directory, deny_list);
  if (!snapshot) {
    NB_CHECK(!snapshot.error().message.empty());
    return 0;
  }
  if (snapshot->systems() == 0) {
    NB_CHECK(snapshot->MayAct(SystemName("example-efile"), UserId("u")) != Rights::kAllowed);
  }
  return 0;
}
