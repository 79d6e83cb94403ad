#include "client/output.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "client/outcome_json.h"
#include "client/time_text.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

constexpr Microseconds kBarInterval{100'000};

std::string Megabytes(std::int64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text.data();
}

bool RetryHelps(const CallFailure& failure) {
  return failure.again != Again::kFinal || failure.helps_to_start_over;
}

// Of this machine's own trouble nothing is said: it depends on what is done about it.
std::string_view RetryWords(const CallFailure& failure) {
  if (RetryHelps(failure)) return "Repeating it helps.";
  return failure.reason == "local" ? "" : "Repeating it unchanged will not help.";
}

std::string_view DeliveryWords(Delivery delivery) {
  switch (delivery) {
    case Delivery::kPending:
      return "Waiting to be delivered to the court's case system.";
    case Delivery::kUncertain:
      return "A delivery has begun; its outcome is being asked for.";
    case Delivery::kSubmitted:
      return "Delivered to the court's case system.";
    case Delivery::kHeld:
      return "Held by the gateway's operators; nothing is lost.";
    case Delivery::kDuplicateOf:
      return "Another gateway's copy was delivered first; both receipts stand.";
    case Delivery::kWithdrawn:
      return "Withdrawn by its filer before delivery.";
    case Delivery::kTerminated:
      return "Ended by two named persons.";
    case Delivery::kTest:
      return "A test filing: it is never delivered.";
    case Delivery::kUnspecified:
      break;
  }
  return "Delivery state not known to this version of the command.";
}

std::string_view ReviewWords(Review review) {
  switch (review) {
    case Review::kRecorded:
      return "Recorded by the court; a clerk has not reviewed it.";
    case Review::kDocketed:
      return "Docketed by the court.";
    case Review::kReturned:
      return "Returned by the court's clerk.";
    case Review::kWithdrawn:
      return "Withdrawn, with the court's agreement.";
    case Review::kUnspecified:
      break;
  }
  return "";
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string safe(text);
  std::replace_if(
      safe.begin(), safe.end(),
      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; }, '?');
  return safe;
}

Output::Output(std::string_view command, bool json, bool terminal, std::ostream& out,
               std::ostream& err, const Clock& clock)
    : json_(json), terminal_(terminal), out_(out), err_(err), clock_(clock) {
  members_["command"] = command;
}

void Output::Say(std::string_view line) {
  if (json_) return;
  EndBar();
  out_ << Printable(line) << "\n" << std::flush;
}

void Output::Bytes(std::string_view bytes) {
  if (json_) return;
  EndBar();
  out_ << bytes << std::flush;
}

void Output::Note(std::string_view line) {
  if (json_) return;
  EndBar();
  err_ << Printable(line) << "\n" << std::flush;
}

void Output::Progress(std::string_view name, std::int64_t position, std::int64_t size) {
  if (json_ || size <= 0) return;
  const std::int64_t percent = position * 100 / size;
  const std::string amount =
      std::to_string(percent) + " %  " + Megabytes(position) + " of " + Megabytes(size);
  if (!terminal_) {
    if (percent / 10 == tenths_shown_) return;
    tenths_shown_ = percent / 10;
    err_ << Printable(name) << ": " << amount << "\n" << std::flush;
    return;
  }
  const BootTime now = clock_.BootNow();
  if (position < size && bar_open_ && now - bar_drawn_at_ < kBarInterval) return;
  bar_drawn_at_ = now;
  bar_open_ = true;
  constexpr std::size_t kWidth = 30;
  const auto full = static_cast<std::size_t>(percent) * kWidth / 100;
  err_ << "\r" << Printable(name) << " [" << std::string(full, '#')
       << std::string(kWidth - full, '-') << "] " << amount << "   " << std::flush;
  if (position >= size) EndBar();
}

void Output::EndBar() {
  tenths_shown_ = -1;
  if (!bar_open_) return;
  bar_open_ = false;
  err_ << "\n" << std::flush;
}

void Output::AddFiling(const FilingState& filing) {
  for (const auto& member : FilingToJson(filing)) members_[member.key()] = member.value();
  members_["conclusion"] = ToWord(Concludes(filing.delivery, filing.review));
  members_["journal_sequence"] = filing.journal_sequence;
  members_["withdrawal_requested"] = filing.withdrawal_requested;
  json::array warnings;
  for (const Warning& each : filing.warnings) {
    warnings.push_back(
        json::object{{"code", each.code}, {"message", each.message}, {"field", each.field}});
  }
  members_["warnings"] = std::move(warnings);

  Say("Filing     " + filing.filing_id.str());
  Say("Court      " + filing.court.str());
  if (filing.received_at) Say("Received   " + LocalText(*filing.received_at) + " by the gateway");
  Say("Delivery   " + std::string(DeliveryWords(filing.delivery)));
  if (filing.review != Review::kUnspecified) {
    Say("Review     " + std::string(ReviewWords(filing.review)));
  }
  if (!filing.reason.empty()) Say("Reason     " + filing.reason);
  for (const CaseNumber& each : filing.case_numbers) {
    Say("Case       " + each.number + (each.party.empty() ? "" : " (" + each.party + ")"));
  }
  if (filing.filed_at) Say("Filed      " + LocalText(*filing.filed_at) + ", says the court");
  if (filing.withdrawal_requested) Say("The court has been asked to let it be withdrawn.");
  for (const Warning& each : filing.warnings) Say("Warning    " + each.message);
}

void Output::AddFailure(const CallFailure& failure) {
  json::object error{{"code", static_cast<int>(failure.code)},
                     {"reason", failure.reason},
                     {"message", failure.message},
                     {"fault", failure.fault},
                     {"retry_helps", RetryHelps(failure)},
                     {"what_now", failure.what_now}};
  if (!failure.field.empty()) error["field"] = failure.field;
  if (!failure.attempt_id.empty()) error["attempt_id"] = failure.attempt_id;
  members_["error"] = std::move(error);

  Note("Error: " + failure.message);
  Note("  Reason: " + failure.reason + (failure.field.empty() ? "" : " (" + failure.field + ")"));
  // Whoever has just said stop knows whose doing it is.
  if (!failure.fault.empty() && failure.reason != "interrupted") {
    Note("  Whose fault: " + failure.fault + ". " + std::string(RetryWords(failure)));
  }
  if (!failure.what_now.empty()) Note("  What to do now: " + failure.what_now);
  if (!failure.attempt_id.empty()) Note("  Quote this id: " + failure.attempt_id);
}

ExitCode Output::Finish(ExitCode code) {
  EndBar();
  if (json_) {
    members_["exit_code"] = static_cast<int>(code);
    out_ << json::serialize(members_) << "\n" << std::flush;
  }
  return code;
}

}  // namespace nightbox::client
