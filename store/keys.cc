#include "store/keys.h"

#include "core/check.h"
#include "core/sha256.h"

namespace nightbox::keys {
namespace {

std::string Prefixed(char prefix, std::string_view rest) {
  std::string key(1, prefix);
  key += rest;
  return key;
}

std::string Numbered(char prefix, std::uint64_t number) {
  return Prefixed(prefix, BigEndian64(number));
}

// System and user are hashed: a user id may be an e-mail address, and keys show up in crash dumps.
std::string UserHash(const SystemName& system, const UserId& user) {
  std::string text = system.str();
  text.push_back('\0');
  text += user.str();
  return std::string(Sha256(text).view());
}

}  // namespace

std::string Entry(std::uint64_t sequence) { return Numbered('E', sequence); }

std::string TreeNode(std::uint32_t level, std::uint64_t index) {
  std::string key(1, 'N');
  key.push_back(static_cast<char>(level));
  AppendBigEndian64(key, index);
  return key;
}

std::string FilingByDeliveryKey(const Digest& delivery_key) {
  return Prefixed('R', delivery_key.view());
}
std::string FilingById(const FilingId& filing_id) { return Prefixed('F', filing_id.str()); }
std::string State(std::uint64_t filing_sequence) { return Numbered('S', filing_sequence); }
std::string Attempt(const Digest& delivery_key) { return Prefixed('A', delivery_key.view()); }

std::string UserPrefix(const SystemName& system, const UserId& user) {
  return Prefixed('P', UserHash(system, user));
}

std::string UserFiling(const SystemName& system, const UserId& user,
                       std::uint64_t filing_sequence) {
  return UserPrefix(system, user) + BigEndian64(~filing_sequence);
}

std::string CaseQueuePrefix(const Digest& case_key) { return Prefixed('C', case_key.view()); }

std::string CaseQueue(const Digest& case_key, std::uint64_t filing_sequence) {
  return CaseQueuePrefix(case_key) + BigEndian64(filing_sequence);
}

std::string CaseHead(const Digest& case_key) { return Prefixed('H', case_key.view()); }
std::string CaseGroup(const Digest& case_key) { return Prefixed('J', case_key.view()); }
std::string CaseNumbers(const Digest& case_key) { return Prefixed('O', case_key.view()); }
std::string CaseAlias(const Digest& number_key) { return Prefixed('L', number_key.view()); }

std::string RunnablePrefix(const CourtId& court) {
  std::string key = Prefixed('U', court.str());
  key.push_back('\0');
  return key;
}

std::string Runnable(const CourtId& court, std::uint64_t filing_sequence) {
  return RunnablePrefix(court) + BigEndian64(filing_sequence);
}

std::string LatestAct(std::string_view name) { return Prefixed('o', name); }

std::string UncertainPrefix() { return "X"; }
std::string Uncertain(std::uint64_t filing_sequence) { return Numbered('X', filing_sequence); }
std::string WithdrawalPrefix() { return "W"; }
std::string Withdrawal(std::uint64_t filing_sequence) { return Numbered('W', filing_sequence); }
std::string BalancePrefix() { return "B"; }
std::string BalanceOf(const CourtId& court) { return Prefixed('B', court.str()); }
std::string Cursor(std::string_view case_system) { return Prefixed('V', case_system); }
std::string Checkpoint() { return "Z"; }
std::string Package(std::uint64_t filing_sequence) { return Numbered('T', filing_sequence); }
std::string DocumentPrefix() { return "D"; }

std::string UnusedBytes(const SystemName& system) { return Prefixed('Q', system.str()); }
std::string SegmentEndPrefix() { return "G"; }
std::string SegmentEnd(std::uint64_t segment) { return Numbered('G', segment); }

std::string FreedPrefix() { return "I"; }
std::string Freed(std::uint64_t segment, std::uint64_t offset) {
  return Numbered('I', segment) + BigEndian64(offset);
}

std::string Document(const SystemName& system, const Digest& sha256) {
  std::string key = Prefixed('D', system.str());
  key.push_back('\0');
  key += sha256.view();
  return key;
}

std::uint64_t TrailingNumber(std::string_view key) {
  NB_CHECK(key.size() >= 8);
  return ReadBigEndian64(key.substr(key.size() - 8));
}

CourtId CourtOf(std::string_view key) {
  const std::string_view rest = key.substr(1);
  return CourtId(std::string(rest.substr(0, rest.find('\0'))));
}

}  // namespace nightbox::keys
