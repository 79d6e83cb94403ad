// Goal: what lies in the outbox is read as it was written or refused: a repeat must have the same
// content, or the gateway would refuse it as another filing.
#include "client/outcome_json.h"
#include "client/package.h"
#include "client/settings.h"
#include "core/check.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox::client;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto package = PackageFromJson(text)) {
    const std::string written = PackageToJson(*package);
    const auto again = PackageFromJson(written);
    NB_CHECK(again && *again == *package && PackageToJson(*again) == written);
  }
  if (const auto outcome = OutcomeFromJson(text)) {
    const std::string written = OutcomeToJson(*outcome);
    const auto again = OutcomeFromJson(written);
    NB_CHECK(again && OutcomeToJson(*again) == written);
  }
  if (const auto note = AttemptFromJson(text)) {
    const std::string written = AttemptToJson(*note);
    const auto again = AttemptFromJson(written);
    NB_CHECK(again && AttemptToJson(*again) == written);
  }
  if (const auto settings = ParseSettings(text, "/home/filer")) {
    for (const std::string& path : {settings->certificate, settings->key, settings->ca}) {
      NB_CHECK(path.empty() || path.front() == '/');
    }
  }
  return 0;
}
