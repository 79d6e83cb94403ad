#include "ops/nightboxctl/operator_commands.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "rules/court_time.h"

namespace nightbox::ctl {
namespace {

std::string TimeText(const google::protobuf::Timestamp& time) {
  return FormatUtc(FromMicros(time.seconds() * 1'000'000 + time.nanos() / 1'000));
}

const char* ReachWord(pb::Backlog::Reach reach) {
  switch (reach) {
    case pb::Backlog::REACH_BACKING_OFF:
      return "backing off";
    case pb::Backlog::REACH_PROBING:
      return "probing";
    case pb::Backlog::REACH_FLOWING:
      return "flowing";
    default:
      return "unknown";
  }
}

// Columns as wide as they need to be.
std::vector<std::string> Table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - row[i].size() + 2, ' ');
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

const char* AvailabilityWord(pb::CourtAvailability::State state) {
  switch (state) {
    case pb::CourtAvailability::STATE_AVAILABLE:
      return "available";
    case pb::CourtAvailability::STATE_UNAVAILABLE:
      return "unavailable";
    default:
      return "unknown";
  }
}

boost::json::array CourtRows(const pb::Status& status) {
  boost::json::array rows;
  for (const pb::CourtAvailability& court : status.courts()) {
    boost::json::object row = {{"court", court.court_id()},
                               {"case_system", AvailabilityWord(court.state())},
                               {"since", TimeText(court.since())}};
    if (court.has_last_checked_at()) row["last_checked_at"] = TimeText(court.last_checked_at());
    row["state_of"] = court.state_of();
    rows.push_back(std::move(row));
  }
  return rows;
}

// How many are well, and each that is not, by name.
std::vector<std::string> CourtLines(const pb::Status& status) {
  std::vector<std::vector<std::string>> others;
  for (const pb::CourtAvailability& court : status.courts()) {
    if (court.state() == pb::CourtAvailability::STATE_AVAILABLE) continue;
    others.push_back({"  " + court.court_id(), AvailabilityWord(court.state()),
                      "since " + TimeText(court.since()),
                      court.has_last_checked_at() ? "checked " + TimeText(court.last_checked_at())
                                                  : "never checked"});
    if (!court.state_of().empty() && court.state_of() != court.court_id())
      others.back().push_back("with " + court.state_of());
  }
  std::vector<std::string> lines = {
      "case systems: available for " +
      std::to_string(static_cast<std::size_t>(status.courts_size()) - others.size()) + " of " +
      std::to_string(status.courts_size()) + " courts"};
  for (std::string& line : Table(others)) lines.push_back(std::move(line));
  return lines;
}

// In the order of the balance's equation.
boost::json::object BalanceMembers(const pb::Balance& balance) {
  return {{"received", balance.received()},
          {"docketed", balance.docketed()},
          {"returned", balance.returned()},
          {"withdrawn", balance.withdrawn()},
          {"duplicate_of", balance.duplicate_of()},
          {"terminated", balance.terminated()},
          {"held", balance.held()},
          {"pending", balance.pending()},
          {"uncertain", balance.uncertain()},
          {"test", balance.test()}};
}

template <class Call>
Answer Ask(const OperatorAddress& address, Call call) {
  const auto client = OperatorClient::Open(address);
  if (!client) return Failed(client.error());
  Answer answer = call(**client);
  // A zero that stands for what is not shown would be a lie.
  if (const std::string& not_shown = (*client)->not_shown(); !not_shown.empty()) {
    answer.members["not_shown"] = not_shown;
    answer.lines.push_back("not shown, and empty or zero above for no other reason: " + not_shown);
  }
  return answer;
}

// A million filings in pages of this size, with some to spare.
constexpr int kPagesMax = 4'000;
constexpr int kRowsOfAPage = 500;

struct StateWord {
  std::string_view word;
  pb::WaitingFiling::State state;
};
// What needs a person comes first.
constexpr std::array<StateWord, 3> kStates = {{{"uncertain", pb::WaitingFiling::STATE_UNCERTAIN},
                                               {"held", pb::WaitingFiling::STATE_HELD},
                                               {"pending", pb::WaitingFiling::STATE_PENDING}}};

struct Waiting {
  std::vector<pb::WaitingFiling> filings;
  bool perhaps_more = false;
};

client::CallResult<Waiting> ReadWaiting(OperatorClient& client, const FilingsWish& wish,
                                        pb::WaitingFiling::State state) {
  Waiting waiting;
  pb::ListWaitingFilingsRequest request;
  request.set_court_id(wish.court);
  request.set_state(state);
  request.set_page_size(kRowsOfAPage);
  for (int pages = 0; pages < kPagesMax && waiting.filings.size() < wish.limit; ++pages) {
    const auto page = client.ListWaitingFilings(request);
    if (!page) return page.error();
    waiting.filings.insert(waiting.filings.end(), page->filings().begin(), page->filings().end());
    request.set_page_token(page->next_page_token());
    if (request.page_token().empty()) break;
  }
  waiting.perhaps_more = !request.page_token().empty() || waiting.filings.size() > wish.limit;
  std::ranges::stable_sort(waiting.filings, {}, [](const pb::WaitingFiling& each) {
    return std::pair(each.received_at().seconds(), each.received_at().nanos());
  });
  if (waiting.filings.size() > wish.limit) waiting.filings.resize(wish.limit);
  return waiting;
}

std::string Remark(const pb::WaitingFiling& filing) {
  switch (filing.state()) {
    case pb::WaitingFiling::STATE_HELD:
      return (filing.held_by_gateway() ? "by the gateway: " : "by an operator: ") + filing.reason();
    case pb::WaitingFiling::STATE_UNCERTAIN:
      return "group " + filing.consistency_group();
    default:
      return filing.consistency_group().empty()
                 ? ""
                 : "must stay in group " + filing.consistency_group();
  }
}

boost::json::object FilingMembers(const pb::WaitingFiling& filing, std::string_view state) {
  boost::json::object row = {{"filing_id", filing.filing_id()},
                             {"court", filing.court_id()},
                             {"state", std::string(state)},
                             {"received_at", TimeText(filing.received_at())},
                             {"changed_at", TimeText(filing.changed_at())},
                             {"deliveries_started", filing.deliveries_started()},
                             {"delivery_key", HexEncode(filing.delivery_key())}};
  if (!filing.consistency_group().empty()) row["consistency_group"] = filing.consistency_group();
  if (filing.state() == pb::WaitingFiling::STATE_HELD) {
    row["reason"] = filing.reason();
    row["held_by_gateway"] = filing.held_by_gateway();
  }
  return row;
}

Answer HeldAnswer(const client::CallResult<pb::HeldFiling>& filing) {
  if (!filing) return Failed(filing.error());
  Answer answer;
  answer.members = {{"filing_id", filing->filing_id()},
                    {"court", filing->court_id()},
                    {"held", filing->held()},
                    {"reason", filing->reason()}};
  answer.lines = {
      filing->filing_id() + " for " + filing->court_id() +
      (filing->held() ? " is held: " + filing->reason() : " is released and waits for delivery")};
  return answer;
}

}  // namespace

Answer ShowStatus(const OperatorAddress& address) {
  return Ask(address, [](OperatorClient& client) {
    const auto status = client.GetStatus();
    if (!status) return Failed(status.error());
    Answer answer;
    answer.members = {{"gateway", status->gateway()},
                      {"log_id", status->log_id()},
                      {"published_sequence", status->published_sequence()},
                      {"started_at", TimeText(status->started_at())},
                      {"clock_synchronized", status->clock_synchronized()},
                      {"balance", BalanceMembers(status->balance())},
                      {"courts", CourtRows(*status)}};
    answer.lines = {"gateway " + status->gateway() + ", log " + status->log_id(),
                    "running since " + TimeText(status->started_at()) + ", promised up to entry " +
                        std::to_string(status->published_sequence()),
                    status->clock_synchronized() ? "clock: synchronised"
                                                 : "clock: NOT synchronised; receipts say so"};
    std::string balance;
    for (const auto& member : BalanceMembers(status->balance())) {
      balance += (balance.empty() ? "" : ", ") + std::string(member.key()) + " " +
                 boost::json::serialize(member.value());
    }
    answer.lines.push_back(balance);
    for (std::string& line : CourtLines(*status)) answer.lines.push_back(std::move(line));
    return answer;
  });
}

Answer ShowBacklog(const OperatorAddress& address) {
  return Ask(address, [](OperatorClient& client) {
    const auto list = client.ListBacklogs();
    if (!list) return Failed(list.error());
    Answer answer;
    boost::json::array rows;
    std::vector<std::vector<std::string>> table = {
        {"court", "pending", "held", "uncertain", "reach", "oldest", "next try"}};
    for (const pb::Backlog& backlog : list->backlogs()) {
      boost::json::object row = {{"court", backlog.court_id()},
                                 {"pending", backlog.pending()},
                                 {"held", backlog.held()},
                                 {"uncertain", backlog.uncertain()},
                                 {"reach", ReachWord(backlog.reach())}};
      if (backlog.has_oldest_age()) row["oldest_age_s"] = backlog.oldest_age().seconds();
      if (backlog.has_next_try_at()) row["next_try_at"] = TimeText(backlog.next_try_at());
      rows.push_back(std::move(row));
      table.push_back(
          {backlog.court_id(), std::to_string(backlog.pending()), std::to_string(backlog.held()),
           std::to_string(backlog.uncertain()), ReachWord(backlog.reach()),
           backlog.has_oldest_age() ? std::to_string(backlog.oldest_age().seconds()) + " s" : "-",
           backlog.has_next_try_at() ? TimeText(backlog.next_try_at()) : "-"});
    }
    answer.members["backlogs"] = std::move(rows);
    answer.lines = Table(table);
    return answer;
  });
}

Answer ShowFilings(const OperatorAddress& address, const FilingsWish& wish) {
  return Ask(address, [&wish](OperatorClient& client) {
    Answer answer;
    boost::json::array rows;
    std::vector<std::vector<std::string>> table = {
        {"state", "filing", "court", "received", "since", "tries", ""}};
    boost::json::array more;
    std::string more_words;
    for (const StateWord& each : kStates) {
      if (!wish.state.empty() && wish.state != each.word) continue;
      const auto waiting = ReadWaiting(client, wish, each.state);
      if (!waiting) return Failed(waiting.error());
      for (const pb::WaitingFiling& filing : waiting->filings) {
        rows.push_back(FilingMembers(filing, each.word));
        table.push_back({std::string(each.word), filing.filing_id(), filing.court_id(),
                         TimeText(filing.received_at()), TimeText(filing.changed_at()),
                         std::to_string(filing.deliveries_started()), Remark(filing)});
      }
      if (!waiting->perhaps_more) continue;
      more.emplace_back(std::string(each.word));
      more_words += " " + std::string(each.word);
    }
    if (table.size() > 1) answer.lines = Table(table);
    if (rows.empty()) answer.lines.emplace_back("nothing waits");
    if (!more.empty()) answer.lines.push_back("there may be more (--limit):" + more_words);
    answer.members["filings"] = std::move(rows);
    answer.members["perhaps_more"] = std::move(more);
    return answer;
  });
}

Answer HoldOne(const OperatorAddress& address, const std::string& filing_id,
               const std::string& reason) {
  return Ask(address, [&](OperatorClient& client) {
    return HeldAnswer(client.HoldFiling(filing_id, reason));
  });
}

Answer ReleaseOne(const OperatorAddress& address, const std::string& filing_id,
                  const std::string& reason) {
  return Ask(address, [&](OperatorClient& client) {
    return HeldAnswer(client.ReleaseFiling(filing_id, reason));
  });
}

Answer ResolveOne(const OperatorAddress& address, const std::string& filing_id,
                  const std::string& reason) {
  return Ask(address, [&](OperatorClient& client) {
    const auto resolved = client.ResolveNotDelivered(filing_id, reason);
    if (!resolved) return Failed(resolved.error());
    Answer answer;
    answer.members = {{"filing_id", resolved->filing_id()},
                      {"court", resolved->court_id()},
                      {"pending", resolved->pending()}};
    answer.lines = {resolved->filing_id() + " for " + resolved->court_id() +
                    (resolved->pending()
                         ? " was not delivered, as you say: it waits for delivery, to any group"
                         : " was not delivered, as you say, and is withdrawn as its filer asked")};
    return answer;
  });
}

Answer TerminateOne(const OperatorAddress& address, const std::string& filing_id,
                    const std::string& authority, const std::string& reason) {
  return Ask(address, [&](OperatorClient& client) {
    const auto ended = client.TerminateFiling(filing_id, authority, reason);
    if (!ended) return Failed(ended.error());
    Answer answer;
    answer.members = {{"filing_id", ended->filing_id()},
                      {"court", ended->court_id()},
                      {"terminated", ended->terminated()}};
    const std::string which = ended->filing_id() + " for " + ended->court_id();
    if (ended->terminated()) {
      answer.lines = {which +
                      " is terminated. Its filer sees that, and the reason; their receipt "
                      "stands"};
      return answer;
    }
    const std::string until = TimeText(ended->waits_until());
    answer.members["waits_until"] = until;
    answer.lines = {which + ": nothing is ended yet. Waiting for a second person until " + until,
                    "Another operator says the same: nightboxctl terminate " + ended->filing_id() +
                        " --authority \"" + authority + "\" --reason TEXT"};
    return answer;
  });
}

}  // namespace nightbox::ctl
