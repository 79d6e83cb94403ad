#include "rules/unavailability_words.h"

#include <array>
#include <cstdio>

#include "rules/court_time.h"

namespace nightbox {

std::string LengthWords(Microseconds length) {
  const long long micros = length.count();
  std::array<char, 64> text{};
  const int size =
      micros % 1'000'000 == 0
          ? std::snprintf(text.data(), text.size(), "%lld min %lld s", micros / 60'000'000,
                          micros / 1'000'000 % 60)
          : std::snprintf(text.data(), text.size(), "%lld min %lld.%06lld s", micros / 60'000'000,
                          micros / 1'000'000 % 60, micros % 1'000'000);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string InstantWords(WallTime time, const std::string& zone) {
  const auto words = FormatLocal(time, zone);
  return words ? *words : FormatUtc(time);
}

std::string AttemptWords(const FilingAttempt& attempt, const std::string& zone) {
  const std::string from = InstantWords(attempt.not_before, zone);
  if (attempt.attempt_class == AttemptClass::kObserved) {
    return "attempt " + attempt.id + " of " + from +
           (attempt.not_before < attempt.not_after ? " to " + InstantWords(attempt.not_after, zone)
                                                   : "");
  }
  return "attempt " + attempt.id + ", asserted by the filer's software, between " + from + " and " +
         InstantWords(attempt.not_after, zone);
}

std::string_view FaultWords(AttemptFault fault) {
  switch (fault) {
    case AttemptFault::kCaseSystem:
      return "the case system was not available";
    case AttemptFault::kGateway:
      return "the gateway was not available";
    case AttemptFault::kCourtNotEnabled:
      return "the court does not take such filings";
    case AttemptFault::kFilerSide:
      return "trouble on the filer's side";
    case AttemptFault::kValidation:
      return "refused for its content";
    case AttemptFault::kNotKnown:
      return "why it failed is not recorded";
  }
  return "";
}

}  // namespace nightbox
