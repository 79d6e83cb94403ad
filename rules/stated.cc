#include "rules/stated.h"

#include "core/check.h"

namespace nightbox {

std::string_view StandingWord(Standing standing) {
  switch (standing) {
    case Standing::kConfirmed:
      return "confirmed";
    case Standing::kUnconfirmed:
      return "unconfirmed";
    case Standing::kRecalled:
      return "recalled";
  }
  CheckFailed("known Standing", __FILE__, __LINE__);
}

std::optional<Standing> ParseStanding(std::string_view word) {
  for (const auto standing : {Standing::kConfirmed, Standing::kUnconfirmed, Standing::kRecalled}) {
    if (word == StandingWord(standing)) return standing;
  }
  return std::nullopt;
}

}  // namespace nightbox
