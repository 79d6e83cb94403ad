// Goal: whatever a court system's two files hold, it is loaded or refused with file and reason, the
// same way each time; and what is loaded names its unconfirmed values with a question each.
// Method: the input is system.toml, or behind a form feed acceptance.toml.
#include "core/check.h"
#include "rules/court_system.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find('\f');
  std::map<std::string, std::string> files{{"system.toml", text.substr(0, cut)}};
  if (cut != std::string::npos) files["acceptance.toml"] = text.substr(cut + 1);
  const auto loaded = LoadCourtSystem(files, "cs");
  const auto again = LoadCourtSystem(files, "cs");
  NB_CHECK(loaded.has_value() == again.has_value());
  if (!loaded) {
    NB_CHECK(loaded.error().message.starts_with("cs/"));
    NB_CHECK(loaded.error().message == again.error().message);
    return 0;
  }
  NB_CHECK(!loaded->name.empty() && !loaded->statements.empty());
  NB_CHECK(loaded->values() == again->values());
  for (const UnconfirmedValue& value : loaded->unconfirmed) NB_CHECK(!value.ask.empty());
  NB_CHECK(CheckAccepted(*loaded).has_value() ==
           (loaded->acceptance && loaded->acceptance->values == loaded->values()));
  return 0;
}
