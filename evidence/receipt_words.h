// The words that stand on a receipt for the values of the house: written and read from one table
// each, so that the two cannot differ.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/filing.h"
#include "evidence/receipt.h"

namespace nightbox {

// In place of a last day: none was computed, and one was, but its first day is not known.
inline constexpr std::string_view kLastDayNotComputed = "not computed";
inline constexpr std::string_view kLastDayNotKnown = "not known";

// How the notice begins, before the advice of rules/unavailability_rules.h.
inline constexpr std::string_view kNoticeUndecided =
    "The court has not decided whether this is filing. ";
inline constexpr std::string_view kNoticeCaseSystem =
    "The court counts the time at which its own case system receives a filing, not this one. ";
inline constexpr std::string_view kNoticeGatewayUnconfirmed =
    "Nobody has confirmed that the court takes this for filing, although the gateway is configured "
    "so. ";
inline constexpr std::string_view kNoticeCaseSystemUnconfirmed =
    "As configured, and unconfirmed: the court counts the time at which its own case system "
    "receives a filing, not this one. ";

// The one of these that goes with them. For kGateway, which has no notice, empty.
constexpr std::string_view NoticeBeginning(ReceiptAuthority counted,
                                           std::optional<Standing> standing,
                                           bool gateway_unconfirmed) {
  switch (counted) {
    case ReceiptAuthority::kGateway:
      return {};
    case ReceiptAuthority::kCaseSystem:
      return standing.value_or(Standing::kConfirmed) == Standing::kConfirmed
                 ? kNoticeCaseSystem
                 : kNoticeCaseSystemUnconfirmed;
    case ReceiptAuthority::kUndecided:
      break;
  }
  return gateway_unconfirmed ? kNoticeGatewayUnconfirmed : kNoticeUndecided;
}

template <class Value>
struct Word {
  Value value;
  std::string_view word;
};

inline constexpr std::array kRoleWords = {
    Word<DocumentRole>{DocumentRole::kUnspecified, "unspecified"},
    Word<DocumentRole>{DocumentRole::kLead, "lead"},
    Word<DocumentRole>{DocumentRole::kAttachment, "attachment"},
};

// The empty word: the filer said nothing, and the member is left out.
inline constexpr std::array kConfidentialityWords = {
    Word<Confidentiality>{Confidentiality::kUnspecified, ""},
    Word<Confidentiality>{Confidentiality::kPublic, "public"},
    Word<Confidentiality>{Confidentiality::kConfidential, "confidential"},
    Word<Confidentiality>{Confidentiality::kSealed, "sealed"},
};

inline constexpr std::array kFeeWords = {
    Word<FeeState>{FeeState::kUnspecified, ""},
    Word<FeeState>{FeeState::kNone, "none"},
    Word<FeeState>{FeeState::kWaiverRequested, "waiver_requested"},
    Word<FeeState>{FeeState::kGovernment, "government"},
    Word<FeeState>{FeeState::kPending, "pending"},
    Word<FeeState>{FeeState::kAuthorized, "authorized"},
};

inline constexpr std::array kEmergencyWords = {
    Word<EmergencyClass>{EmergencyClass::kUnspecified, ""},
    Word<EmergencyClass>{EmergencyClass::kWarrant, "warrant"},
    Word<EmergencyClass>{EmergencyClass::kSearchWarrant, "search_warrant"},
    Word<EmergencyClass>{EmergencyClass::kProtectionOrder, "protection_order"},
    Word<EmergencyClass>{EmergencyClass::kTemporaryRestrainingOrder, "temporary_restraining_order"},
    Word<EmergencyClass>{EmergencyClass::kInvoluntaryCommitment, "involuntary_commitment"},
};

inline constexpr std::array kAuthorityWords = {
    Word<ReceiptAuthority>{ReceiptAuthority::kUndecided, "UNDECIDED"},
    Word<ReceiptAuthority>{ReceiptAuthority::kGateway, "GATEWAY"},
    Word<ReceiptAuthority>{ReceiptAuthority::kCaseSystem, "CASE_SYSTEM"},
};

inline constexpr std::array kReachWords = {
    Word<CaseSystemReach>{CaseSystemReach::kUnknown, "unknown"},
    Word<CaseSystemReach>{CaseSystemReach::kReachable, "reachable"},
    Word<CaseSystemReach>{CaseSystemReach::kNotReachable, "not reachable"},
};

// A value without a word (of a newer header) is printed as nothing said.
template <class Value, std::size_t N>
constexpr std::string_view WordFor(const std::array<Word<Value>, N>& words, Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) return word.word;
  }
  return words[0].word;
}

template <class Value, std::size_t N>
constexpr std::optional<Value> ValueFor(const std::array<Word<Value>, N>& words,
                                        std::string_view text) {
  for (const Word<Value>& word : words) {
    if (word.word == text) return word.value;
  }
  return std::nullopt;
}

}  // namespace nightbox
