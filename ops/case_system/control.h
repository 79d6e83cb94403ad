// The control conversation: one line in, one line of JSON out, over a Unix socket.
//
//   away PATTERN                these courts cannot be reached
//   back PATTERN                they can again
//   mode PATTERN auto           docket what arrives at once
//   mode PATTERN command        ... when a clerk says so
//   mode PATTERN MS             ... after MS milliseconds
//   return-next PATTERN REASON  the next filing for each is returned by its clerk
//   review COURT|KEY docket     a clerk dockets what waits: all of a court, or one delivery key
//   review COURT|KEY return REASON  ... or returns it
//   slow MS                     every call waits
//   error N                     the next N calls fail with UNAVAILABLE
//   lose-answer N               the next N filings are recorded and the answer is lost
//   crash-after-commit          the process ends by SIGKILL after recording the next filing
//   status                      what is set, and how many filings there are
//   stop                        drain and end
//
// The answer is {"ok":true,…} or {"ok":false,"error":…}.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace nightbox {

class CaseSystem;

// What the command answers, without "ok".
Result<boost::json::object> RunControlCommand(CaseSystem& system, std::string_view line);
// The whole line of JSON, without its end.
std::string AnswerControlCommand(CaseSystem& system, std::string_view line);

inline constexpr std::size_t kControlLineMax = 4096;

// Serves the conversation on the case system's workers, mode 0600. One command per connection.
class ControlServer {
 public:
  // Replaces a socket that is left over at the path; refuses anything else there.
  static Result<std::unique_ptr<ControlServer>> Listen(const std::filesystem::path& path,
                                                       CaseSystem& system);
  ~ControlServer();  // Before the case system's workers are joined.

 private:
  class Listener;
  explicit ControlServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  std::shared_ptr<Listener> listener_;
};

// Sends one command and waits for its answer.
Result<std::string> SendControlCommand(const std::filesystem::path& path, std::string_view line);

}  // namespace nightbox
