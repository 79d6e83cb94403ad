#include "client/header_words.h"

#include <array>
#include <cstddef>

namespace nightbox::client {
namespace {

// Each in the order of its enumeration.
constexpr std::array<std::string_view, 3> kRoles = {"unspecified", "lead", "attachment"};
constexpr std::array<std::string_view, 4> kConfidentialities = {"unspecified", "public",
                                                                "confidential", "sealed"};
constexpr std::array<std::string_view, 6> kFeeStates = {
    "unspecified", "none", "waiver-requested", "government", "pending", "authorized"};
constexpr std::array<std::string_view, 6> kEmergencies = {
    "unspecified",      "warrant",           "search-warrant",
    "protection-order", "restraining-order", "involuntary-commitment"};

template <class Enum, std::size_t N>
std::string_view Word(const std::array<std::string_view, N>& words, Enum value) {
  return words[static_cast<std::size_t>(value)];
}

template <class Enum, std::size_t N>
std::optional<Enum> Value(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

template <std::size_t N>
std::string List(const std::array<std::string_view, N>& words) {
  std::string list;
  for (std::size_t i = 1; i < N; ++i) {
    if (!list.empty()) list += ", ";
    list += words[i];
  }
  return list;
}

}  // namespace

std::string_view ToWord(DocumentRole role) { return Word(kRoles, role); }
std::string_view ToWord(Confidentiality confidentiality) {
  return Word(kConfidentialities, confidentiality);
}
std::string_view ToWord(FeeState state) { return Word(kFeeStates, state); }
std::string_view ToWord(EmergencyClass emergency) { return Word(kEmergencies, emergency); }

std::optional<DocumentRole> DocumentRoleFromWord(std::string_view word) {
  return Value<DocumentRole>(kRoles, word);
}
std::optional<Confidentiality> ConfidentialityFromWord(std::string_view word) {
  return Value<Confidentiality>(kConfidentialities, word);
}
std::optional<FeeState> FeeStateFromWord(std::string_view word) {
  return Value<FeeState>(kFeeStates, word);
}
std::optional<EmergencyClass> EmergencyClassFromWord(std::string_view word) {
  return Value<EmergencyClass>(kEmergencies, word);
}

std::string ConfidentialityWords() { return List(kConfidentialities); }
std::string FeeStateWords() { return List(kFeeStates); }
std::string EmergencyClassWords() { return List(kEmergencies); }

}  // namespace nightbox::client
