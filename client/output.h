// Output: what the command says, to people or to programs.
//
// To people: results on standard output, everything else on standard error, a progress bar on a
// terminal and plain lines otherwise. To programs (--json): exactly one JSON object on standard
// output at the end, and nothing on standard error. What came from elsewhere is freed of control
// characters before a terminal sees it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "client/call_failure.h"
#include "client/exit_code.h"
#include "client/filing_state.h"
#include "core/clock.h"

namespace nightbox::client {

// One thread at a time.
class Output {
 public:
  // `command` is its name, for example "file". `terminal`: standard error is one.
  Output(std::string_view command, bool json, bool terminal, std::ostream& out, std::ostream& err,
         const Clock& clock);

  bool json() const { return json_; }
  // A result, for people.
  void Say(std::string_view line);
  // Bytes as they are, for people who redirect them.
  void Bytes(std::string_view bytes);
  // A remark on the way, for people.
  void Note(std::string_view line);
  // How far an upload is. Plain lines come at most every ten per cent.
  void Progress(std::string_view name, std::int64_t position, std::int64_t size);

  // The members of the JSON object.
  boost::json::object& members() { return members_; }
  // Adds the filing's members and says its state to people.
  void AddFiling(const FilingState& filing);
  // Adds the failure and tells people whose fault it is, whether repeating helps, and what to do.
  void AddFailure(const CallFailure& failure);

  // Writes the JSON object, with the exit code in it.
  ExitCode Finish(ExitCode code);

 private:
  void EndBar();

  bool json_;
  bool terminal_;
  std::ostream& out_;
  std::ostream& err_;
  const Clock& clock_;
  boost::json::object members_;
  bool bar_open_ = false;
  std::int64_t tenths_shown_ = -1;
  BootTime bar_drawn_at_{};
};

// Without control characters, so that no server can move a filer's cursor.
std::string Printable(std::string_view text);

}  // namespace nightbox::client
