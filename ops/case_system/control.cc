#include "ops/case_system/control.h"

#include <sys/stat.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <set>

#include "core/log.h"
#include "ops/case_system/case_system.h"

namespace nightbox {
namespace {

using boost::json::object;
using Local = boost::asio::local::stream_protocol;

Error Refused(std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, std::string(why), "COMMAND"};
}

// Takes the first word off the line.
std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return word;
}

Result<int> Number(std::string_view word, int max) {
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number < 0 || number > max) {
    return Refused("needs a number from 0 to " + std::to_string(max));
  }
  return number;
}

constexpr int kCountMax = 1'000'000;
constexpr int kMillisecondsMax = 3'600'000;

object Courts(int count) { return {{"courts", count}}; }

Result<object> SetMode(CaseSystem& system, std::string_view rest) {
  const std::string_view pattern = TakeWord(rest);
  ReviewMode mode;
  if (rest == "command") {
    mode.kind = ReviewMode::Kind::kReviewOnCommand;
  } else if (rest != "auto") {
    NB_ASSIGN_OR_RETURN(const int milliseconds, Number(rest, kMillisecondsMax));
    mode = {ReviewMode::Kind::kReviewAfter, std::chrono::milliseconds(milliseconds)};
  }
  NB_ASSIGN_OR_RETURN(const int count, system.behaviour().SetReview(pattern, mode));
  return Courts(count);
}

Result<object> Review(CaseSystem& system, std::string_view rest) {
  const std::string_view what = TakeWord(rest);
  const std::string_view act = TakeWord(rest);
  if (!(act == "docket" && rest.empty()) && !(act == "return" && !rest.empty())) {
    return Refused("review COURT|KEY docket, or review COURT|KEY return REASON");
  }
  std::vector<Digest> keys;
  if (const auto key = Digest::FromHex(what)) {
    keys.push_back(*key);
  } else {
    NB_ASSIGN_OR_RETURN(const auto courts, system.behaviour().Match(what));
    for (const CourtId& court : courts) {
      NB_ASSIGN_OR_RETURN(const auto waiting, system.ledger().WaitingIn(court));
      keys.insert(keys.end(), waiting.begin(), waiting.end());
    }
  }
  for (const Digest& key : keys) NB_RETURN_IF_ERROR(system.Review(key, rest));
  return object{{"reviewed", keys.size()}};
}

Result<object> Status(CaseSystem& system) {
  NB_ASSIGN_OR_RETURN(const LedgerCounts counts, system.ledger().Count());
  object status = system.behaviour().Describe();
  status["recorded"] = counts.recorded;
  status["docketed"] = counts.docketed;
  status["returned"] = counts.returned;
  status["withdrawn"] = counts.withdrawn;
  status["docket_rows"] = counts.docket_rows;
  return status;
}

Result<object> SetNumber(std::string_view rest, int max, const std::function<void(int)>& set) {
  NB_ASSIGN_OR_RETURN(const int number, Number(rest, max));
  set(number);
  return object{};
}

}  // namespace

Result<object> RunControlCommand(CaseSystem& system, std::string_view line) {
  Behaviour& behaviour = system.behaviour();
  const std::string_view verb = TakeWord(line);
  if (verb == "away" || verb == "back") {
    NB_ASSIGN_OR_RETURN(const int count, behaviour.SetAway(line, verb == "away"));
    return Courts(count);
  }
  if (verb == "mode") return SetMode(system, line);
  if (verb == "return-next") {
    const std::string_view pattern = TakeWord(line);
    NB_ASSIGN_OR_RETURN(const int count, behaviour.ReturnNext(pattern, line));
    return Courts(count);
  }
  if (verb == "review") return Review(system, line);
  if (verb == "slow") {
    return SetNumber(line, kMillisecondsMax,
                     [&](int ms) { behaviour.SetDelay(std::chrono::milliseconds(ms)); });
  }
  if (verb == "error") {
    return SetNumber(line, kCountMax, [&](int count) { behaviour.SetErrors(count); });
  }
  if (verb == "lose-answer") {
    return SetNumber(line, kCountMax, [&](int count) { behaviour.SetLostAnswers(count); });
  }
  if (verb == "crash-after-commit") {
    behaviour.SetCrashAfterCommit();
    return object{};
  }
  if (verb == "status") return Status(system);
  if (verb == "stop") {
    system.RequestStop();
    return object{};
  }
  return Refused(
      "known commands: away, back, mode, return-next, review, slow, error, lose-answer, "
      "crash-after-commit, status, stop");
}

std::string AnswerControlCommand(CaseSystem& system, std::string_view line) {
  object answer;
  if (auto ran = RunControlCommand(system, line)) {
    answer["ok"] = true;
    for (auto& [name, value] : *ran) answer[name] = std::move(value);
  } else {
    answer["ok"] = false;
    answer["error"] = ran.error().message;
  }
  return boost::json::serialize(answer);
}

// One accepted connection at a time waits for its command; the next is accepted meanwhile. Closing
// ends the listening and all connections.
class ControlServer::Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(const std::filesystem::path& path, CaseSystem& system)
      : system_(system),
        strand_(boost::asio::make_strand(system.workers())),
        acceptor_(strand_, Local::endpoint(path.string())) {
    chmod(path.c_str(), 0600);
  }

  void Accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, Local::socket peer) {
          if (error) return;  // Closed.
          self->Converse(std::make_shared<Connection>(std::move(peer)));
          self->Accept();
        });
  }

  void Close() {
    boost::asio::post(strand_, [self = shared_from_this()] {
      HangUp(self->acceptor_);
      for (const auto& connection : self->open_) HangUp(connection->socket);
    });
  }

 private:
  struct Connection {
    explicit Connection(Local::socket peer) : socket(std::move(peer)) {}
    Local::socket socket;
    std::string line;
  };
  static constexpr std::size_t kOpenMax = 16;

  template <class Closable>
  static void HangUp(Closable& closable) {
    boost::system::error_code error;
    if (closable.close(error)) Log(LogLevel::kWarning, "control socket did not close");
  }

  void Converse(const std::shared_ptr<Connection>& connection) {
    if (open_.size() >= kOpenMax) return;  // Dropping the last reference closes it.
    open_.insert(connection);
    boost::asio::async_read_until(
        connection->socket, boost::asio::dynamic_buffer(connection->line, kControlLineMax), '\n',
        [self = shared_from_this(), connection](const boost::system::error_code& error,
                                                std::size_t size) {
          self->Answer(connection, error ? 0 : size);
        });
  }

  void Answer(const std::shared_ptr<Connection>& connection, std::size_t size) {
    if (size == 0) {
      open_.erase(connection);
      return;
    }
    connection->line = system_.Command(connection->line.substr(0, size - 1)) + "\n";
    boost::asio::async_write(
        connection->socket, boost::asio::buffer(connection->line),
        [self = shared_from_this(), connection](const boost::system::error_code&, std::size_t) {
          self->open_.erase(connection);
        });
  }

  CaseSystem& system_;
  // Runs all of this class: the sockets take it over from the acceptor.
  boost::asio::strand<boost::asio::thread_pool::executor_type> strand_;
  Local::acceptor acceptor_;
  std::set<std::shared_ptr<Connection>> open_;
};

Result<std::unique_ptr<ControlServer>> ControlServer::Listen(const std::filesystem::path& path,
                                                             CaseSystem& system) {
  std::error_code error;
  if (std::filesystem::is_socket(path, error)) std::filesystem::remove(path, error);
  try {
    auto listener = std::make_shared<Listener>(path, system);
    listener->Accept();
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(listener)));
  } catch (const std::exception& failed) {  // Asio's edge: too long a path, or something is there.
    return Error{ErrorCode::kFailedPrecondition,
                 "cannot listen on " + path.string() + ": " + failed.what(), "CONTROL_SOCKET"};
  }
}

ControlServer::~ControlServer() { listener_->Close(); }

Result<std::string> SendControlCommand(const std::filesystem::path& path, std::string_view line) {
  if (line.find('\n') != std::string_view::npos || line.size() >= kControlLineMax) {
    return Refused("a command is one line of at most 4095 characters");
  }
  try {
    boost::asio::io_context context;
    Local::socket socket(context);
    socket.connect(Local::endpoint(path.string()));
    boost::asio::write(socket, boost::asio::buffer(std::string(line) + "\n"));
    std::string answer;
    const std::size_t size =
        boost::asio::read_until(socket, boost::asio::dynamic_buffer(answer, 1'000'000), '\n');
    return answer.substr(0, size - 1);
  } catch (const std::exception& failed) {
    return Error{ErrorCode::kUnavailable,
                 "no answer from a case system at " + path.string() + ": " + failed.what(),
                 "CONTROL_SOCKET"};
  }
}

}  // namespace nightbox
