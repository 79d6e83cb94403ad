// The words in which a filing header is written on the command line and in the outbox.
//
// One word per value, lower case; they never change, because packages on disk are read by later
// versions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/filing.h"

namespace nightbox::client {

std::string_view ToWord(DocumentRole role);
std::string_view ToWord(Confidentiality confidentiality);
std::string_view ToWord(FeeState state);
std::string_view ToWord(EmergencyClass emergency);

std::optional<DocumentRole> DocumentRoleFromWord(std::string_view word);
std::optional<Confidentiality> ConfidentialityFromWord(std::string_view word);
std::optional<FeeState> FeeStateFromWord(std::string_view word);
std::optional<EmergencyClass> EmergencyClassFromWord(std::string_view word);

// "public, confidential, sealed": what a user may write, for error messages and help. The value
// that means "not stated" is left out.
std::string ConfidentialityWords();
std::string FeeStateWords();
std::string EmergencyClassWords();

}  // namespace nightbox::client
