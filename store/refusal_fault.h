// Whose trouble a refused attempt met, by the reason that the ledger keeps of it.
#pragma once

#include <string_view>

#include "rules/observations.h"

namespace nightbox {

// By a word of docs/errors.md. kNotKnown for any other, and for those that say nothing about it.
AttemptFault FaultOfRefusal(std::string_view reason);

}  // namespace nightbox
