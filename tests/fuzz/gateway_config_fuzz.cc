// Goal: a configuration is read or every reason against it is said, each with its line; and an
// address has one spelling.
#include "core/check.h"
#include "gateway/config.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ParsedConfig parsed = ParseConfig(text, "/etc/nightbox");
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  int line = 0;
  for (const ConfigFinding& finding : parsed.findings) {
    NB_CHECK(!finding.message.empty() && !finding.Text().empty());
    NB_CHECK(finding.line >= line && finding.line <= lines);
    line = finding.line;
  }
  NB_CHECK(ParseConfig(text, "/etc/nightbox").findings == parsed.findings);
  if (parsed.findings.empty()) {
    NB_CHECK(!parsed.config.name.empty() && !parsed.config.case_systems.empty());
    NB_CHECK(parsed.config.http.tls() || parsed.config.http.listen.IsLoopback());
    NB_CHECK(!parsed.config.monitoring || parsed.config.monitoring->tls() ||
             parsed.config.monitoring->listen.IsLoopback());
  }
  if (const auto address = ParseListenAddress(text)) {
    const auto again = ParseListenAddress(address->Text());
    NB_CHECK(again && *again == *address);
  }
  return 0;
}
