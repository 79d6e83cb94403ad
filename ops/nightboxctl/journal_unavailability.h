// `nightboxctl journal unavailability`: whether a rule on unavailable electronic filing is met by
// what a journal holds of a court, with no gateway at hand. A computation, and no ruling.
//
// Nothing is printed here. Blocks on the disk; reads only, and may run while a gateway serves.
#pragma once

#include <filesystem>
#include <string>

#include "ops/nightboxctl/answer.h"

namespace nightbox::ctl {

struct UnavailabilityWish {
  // A journal's directory; empty: the journal in use in `data_directory`.
  std::string directory = {};
  std::string data_directory = {};
  std::string court = {};
  // "2024-07-01": the day the filing was due, by the clocks there.
  std::string due_day = {};
  // Empty: the rule of the court system.
  std::string rule = {};
  // The registered user whose attempts count. Empty: nobody's are looked at.
  std::string user = {};
  // At which filing of that user: by the request_id of the filer's system, or by the id that the
  // gateway gave it. Both empty: at any.
  std::string request = {};
  std::string filing = {};
  // The directory that configures the court system. Empty: Missouri, as compiled in.
  std::filesystem::path court_system = {};
  // How many days before and after the due day are looked at; further back where an attempt may
  // have met the same unavailability before.
  int days = 10;
  // As CourtQuestion::news_hold.
  int news_hold_minutes = 12;
};
inline constexpr int kUnavailabilityDaysMax = 366;

Answer AskUnavailability(const UnavailabilityWish& wish);

}  // namespace nightbox::ctl
