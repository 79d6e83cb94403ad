#include "ops/nightboxctl/answer.h"

#include "ops/nightboxctl/operator_advice.h"

namespace nightbox::ctl {
namespace {

ExitCode CodeOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return ExitCode::kUsage;
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kDataLoss:
      return ExitCode::kRefused;
    case ErrorCode::kFailedPrecondition:
      return error.reason == "DISK_LOCKED" ? ExitCode::kLocalTrouble : ExitCode::kRefused;
    default:
      return ExitCode::kLocalTrouble;
  }
}

std::string Printable(std::string_view text) {
  std::string printable;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) printable += c;
  }
  return printable;
}

}  // namespace

Answer Failed(const Error& error) {
  Answer answer;
  answer.code = CodeOf(error);
  answer.members["error"] = {{"code", std::string(ToString(error.code))},
                             {"reason", error.reason},
                             {"message", error.message}};
  answer.lines.push_back(error.message);
  if (error.reason == "DISK_LOCKED") {
    answer.lines.emplace_back(
        "Another program works on this data directory. Stop the gateway first: systemctl stop "
        "nightbox-gateway");
  }
  return answer;
}

Answer Failed(const client::CallFailure& failure) {
  Answer answer;
  answer.code =
      failure.again == client::Again::kFinal ? ExitCode::kRefused : ExitCode::kUnreachable;
  if (failure.fault == "client") answer.code = ExitCode::kLocalTrouble;
  const std::string what_now = AdviceFor(failure);
  answer.members["error"] = {{"code", static_cast<int>(failure.code)},
                             {"reason", failure.reason},
                             {"message", failure.message},
                             {"what_now", what_now}};
  answer.lines = {failure.message, what_now};
  return answer;
}

int Say(const Answer& answer, bool json, std::ostream& out, std::ostream& err) {
  const int code = static_cast<int>(answer.code);
  if (json) {
    boost::json::object members = answer.members;
    members["exit_code"] = code;
    out << boost::json::serialize(members) << "\n";
    return code;
  }
  std::ostream& stream = answer.code == ExitCode::kDone ? out : err;
  for (const std::string& line : answer.lines) stream << Printable(line) << "\n";
  return code;
}

}  // namespace nightbox::ctl
