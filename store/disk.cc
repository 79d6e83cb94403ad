#include "store/disk.h"

#include <cerrno>
#include <system_error>

namespace nightbox {
namespace {

// Enough to find the file by, and nothing of where this installation keeps its data: an error may
// travel to a filer.
std::string_view LastTwoParts(std::string_view path) {
  const std::size_t last = path.rfind('/');
  if (last == std::string_view::npos || last == 0) return path;
  const std::size_t before = path.rfind('/', last - 1);
  return before == std::string_view::npos ? path : path.substr(before + 1);
}

ErrorCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOENT:
      return ErrorCode::kNotFound;
    case EEXIST:
      return ErrorCode::kAlreadyExists;
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::kResourceExhausted;
    case EWOULDBLOCK:
      return ErrorCode::kFailedPrecondition;
    default:
      return ErrorCode::kUnavailable;
  }
}

std::string ReasonOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
      return {};
    case ErrorCode::kResourceExhausted:
      return "DISK_FULL";
    case ErrorCode::kFailedPrecondition:
      return "DISK_LOCKED";
    default:
      return "DISK_ERROR";
  }
}

}  // namespace

std::string ParentDirectory(const std::string& path) {
  const std::size_t last = path.rfind('/');
  if (last == std::string::npos) return ".";
  return last == 0 ? "/" : path.substr(0, last);
}

Error DiskError(std::string_view call, std::string_view path, int error_number) {
  const ErrorCode code = CodeOf(error_number);
  std::string message(call);
  message += ' ';
  message += LastTwoParts(path);
  message += ": ";
  message += error_number == EWOULDBLOCK ? "another process holds the lock"
                                         : std::generic_category().message(error_number);
  return Error{.code = code, .message = std::move(message), .reason = ReasonOf(code)};
}

}  // namespace nightbox
