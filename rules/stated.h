// Stated<T>: a value of a court system's configuration, and how far it is to be trusted.
//
// Nothing that a court would have to say is taken for granted: every such value says whether
// somebody confirmed it, where it comes from, since when it holds, and whom to ask what.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rules/court_day.h"

namespace nightbox {

enum class Standing {
  kConfirmed,    // Against the court's own text, or by the court itself; the source says which.
  kUnconfirmed,  // Likely, and nobody has confirmed it.
  kRecalled,     // Remembered without a text at hand.
};

// "confirmed", "unconfirmed", "recalled".
std::string_view StandingWord(Standing standing);
std::optional<Standing> ParseStanding(std::string_view word);

struct Provenance {
  Standing standing = Standing::kUnconfirmed;
  // Never empty for what is confirmed.
  std::string source = {};
  // Empty: not known.
  std::optional<CourtDay> effective_from = {};
  // What to ask, and whom. Empty: the key's own question (rules/unconfirmed.h) says it.
  std::string ask = {};
  // Where it stands in its file; 0: nowhere, the program brought it along.
  int line = 0;

  bool operator==(const Provenance&) const = default;
};

template <class T>
struct Stated {
  Stated() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a bare value is an unconfirmed one.
  Stated(T stated, Provenance known = {}) : value(std::move(stated)), from(std::move(known)) {}

  T value{};
  Provenance from;

  bool confirmed() const { return from.standing == Standing::kConfirmed; }
  bool operator==(const Stated&) const = default;
};

}  // namespace nightbox
