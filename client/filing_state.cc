#include "client/filing_state.h"

#include <array>

namespace nightbox::client {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 9> kDeliveryWords = {
    "unspecified",  "pending",   "uncertain",  "submitted", "held",
    "duplicate-of", "withdrawn", "terminated", "test"};
constexpr std::array<std::string_view, 5> kReviewWords = {"none", "recorded", "docketed",
                                                          "returned", "withdrawn"};
constexpr std::array<std::string_view, 8> kConclusionWords = {
    "none", "docketed", "returned", "withdrawn", "terminated", "duplicate", "test", "refused"};

template <std::size_t N>
std::optional<std::size_t> IndexOf(const std::array<std::string_view, N>& words,
                                   std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) return i;
  }
  return std::nullopt;
}

template <class Enum, std::size_t N>
std::optional<Enum> FromWord(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto index = IndexOf(words, word);
  if (!index) return std::nullopt;
  return static_cast<Enum>(*index);
}

}  // namespace

Conclusion Concludes(Delivery delivery, Review review) {
  switch (review) {
    case Review::kDocketed:
      return Conclusion::kDocketed;
    case Review::kReturned:
      return Conclusion::kReturned;
    case Review::kWithdrawn:
      return Conclusion::kWithdrawn;
    case Review::kUnspecified:
    case Review::kRecorded:
      break;
  }
  switch (delivery) {
    case Delivery::kWithdrawn:
      return Conclusion::kWithdrawn;
    case Delivery::kTerminated:
      return Conclusion::kTerminated;
    case Delivery::kDuplicateOf:
      return Conclusion::kDuplicate;
    case Delivery::kTest:
      return Conclusion::kTest;
    case Delivery::kUnspecified:
    case Delivery::kPending:
    case Delivery::kUncertain:
    case Delivery::kSubmitted:
    case Delivery::kHeld:
      break;
  }
  return Conclusion::kNone;
}

std::string_view ToWord(Delivery delivery) {
  return kDeliveryWords[static_cast<std::size_t>(delivery)];
}
std::string_view ToWord(Review review) { return kReviewWords[static_cast<std::size_t>(review)]; }
std::string_view ToWord(Conclusion conclusion) {
  return kConclusionWords[static_cast<std::size_t>(conclusion)];
}

std::optional<Delivery> DeliveryFromWord(std::string_view word) {
  return FromWord<Delivery>(kDeliveryWords, word);
}
std::optional<Review> ReviewFromWord(std::string_view word) {
  return FromWord<Review>(kReviewWords, word);
}
std::optional<Conclusion> ConclusionFromWord(std::string_view word) {
  return FromWord<Conclusion>(kConclusionWords, word);
}

}  // namespace nightbox::client
