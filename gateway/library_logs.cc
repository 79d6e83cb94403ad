#include "gateway/library_logs.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <filesystem>
#include <utility>

#include "core/log.h"

namespace nightbox {
namespace {

LogLevel LevelOf(google::protobuf::LogLevel level) {
  switch (level) {
    case google::protobuf::LOGLEVEL_INFO:
      return LogLevel::kInfo;
    case google::protobuf::LOGLEVEL_FATAL:
      return LogLevel::kError;
    default:
      return LogLevel::kWarning;
  }
}

void Say(google::protobuf::LogLevel level, const char* file, int line, const std::string&) {
  static OncePerMinute bound;
  static const SystemClock clock;
  // The last words before an end are never left out.
  const std::optional<std::uint64_t> unsaid =
      level == google::protobuf::LOGLEVEL_FATAL ? 0 : bound.Take(clock.BootNow());
  if (!unsaid) return;
  Log(LevelOf(level), "protobuf has a complaint, for example a text that is no UTF-8",
      {{"file", std::filesystem::path(file).filename().string()},
       {"line", line},
       {"unsaid_before", *unsaid}});
}

// gRPC says by itself what is an error, and nothing below unless its environment asks for more.
void SayForGrpc(gpr_log_func_args* said) {
  static OncePerMinute bound;
  static const SystemClock clock;
  const auto unsaid = bound.Take(clock.BootNow());
  if (!unsaid) return;
  Log(LogLevel::kWarning, "gRPC has a complaint, for example a handshake that failed",
      {{"file", std::filesystem::path(said->file).filename().string()},
       {"line", said->line},
       {"unsaid_before", *unsaid}});
}

}  // namespace

std::optional<std::uint64_t> OncePerMinute::Take(BootTime now) {
  const std::lock_guard lock(mutex_);
  if (last_ && now - *last_ < std::chrono::minutes(1)) {
    ++unsaid_;
    return std::nullopt;
  }
  last_ = now;
  return std::exchange(unsaid_, 0);
}

void TakeOverLibraryLogs() {
  google::protobuf::SetLogHandler(&Say);
  gpr_set_log_function(&SayForGrpc);
}

}  // namespace nightbox
