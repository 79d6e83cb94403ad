// CourtNews: what courts say after a filing was delivered, and what filers ask of them.
//
// Per consistency group one watch runs, at whichever endpoint of it was reached last. Each piece of
// news is committed together with the cursor behind it before the next is asked for; so none is
// skipped, and a repetition moves nothing back. A watch that ends begins again, from the cursor on
// disk, when the group is reached the next time.
//
// Two things must not end the news of a whole group for ever:
//   * A case system that does not know the cursor, for example after it was restored from a backup:
//     its news are heard again from the start.
//   * A word that the journal does not take, for example because the filing's state cannot be read:
//     after kTriesOfOneWord watches it is stepped over, with an error in the log. That the
//     committer is full or about to stop does not count.
//
// A wish to withdraw is passed on when an endpoint is reached, and again after the next probes,
// until the case system has taken it, or has refused it for good; then the filing says so. What is
// denied by somebody on the way is no refusal of the case system's. Each endpoint goes through the
// wishes on disk in turn, some after each probe, and begins again at the end: those that do not get
// through never keep the others waiting for more than a round.
//
// It goes to the endpoints that serve the filing's court. Which those are may have changed since
// the delivery: where none does, or the one that does says that it does not know the filing, every
// endpoint is asked by delivery key, and the wish goes to the one that knows it. The filer's words
// go nowhere else, and nobody's refusal counts who does not know the filing.
//
// On the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "replay/case_system_port.h"
#include "store/draft.h"
#include "store/view.h"

namespace nightbox {

class CourtNews {
 public:
  static constexpr std::size_t kWishesAtOnce = 16;
  static constexpr int kTriesOfOneWord = 3;

  struct Parts {
    std::function<std::shared_ptr<const View>()> view;
    // Answers on the loop, and not after this object is gone.
    std::function<void(Draft, std::function<void(const Result<Outcome>&)>)> commit;
    // Runs on the loop, soon.
    std::function<void(std::function<void()>)> post;
    // Some endpoint serves the court.
    std::function<bool(const CourtId&)> served = [](const CourtId&) { return true; };
    // Wishes that are looked at after one probe; kWishesAtOnce of them are under way at most.
    std::size_t wishes_looked_at = 1'000;
    // Wishes that are remembered as taken, and those that are remembered as not known where they
    // belong; what is forgotten is passed on again, which harms nothing.
    std::size_t wishes_remembered = 10'000;
  };

  explicit CourtNews(Parts parts) : parts_(std::move(parts)) {}

  // An endpoint has just answered a probe. The port outlives this object.
  void Reached(CaseSystemPort& port, const std::string& group,
               const std::function<bool(const CourtId&)>& serves);

 private:
  // The word that the journal did not take last.
  struct NotTaken {
    std::string cursor;
    int times = 0;
  };

  // How far an endpoint has come with the wishes.
  struct Round {
    std::uint64_t next = 0;  // The first wish that is looked at after the next probe.
    std::size_t under_way = 0;
    // In the log, since it took one: that they are denied on the way, or refused by nobody known.
    bool said = false;
  };

  struct Wish {
    std::uint64_t filing_sequence = 0;
    Digest delivery_key;
    std::string reason;
  };

  void Watch(CaseSystemPort& port, const std::string& group, const std::string& cursor);
  void Ended(CaseSystemPort& port, const std::string& group, const std::string& cursor,
             ErrorCode code);
  void Keep(const std::string& group, CourtRecord record, const std::string& next,
            const CaseSystemPort::Resume& resume);
  void Refused(const std::string& group, const Digest& delivery_key, const std::string& next,
               const Error& why, const CaseSystemPort::Resume& resume);

  void PassOn(CaseSystemPort& port, const std::function<bool(const CourtId&)>& serves);
  void PassOn(CaseSystemPort& port, Round& round, const Wish& wish, bool serves);
  void Request(CaseSystemPort& port, Round& round, const Wish& wish);
  void Ask(CaseSystemPort& port, const Digest& delivery_key, std::function<void(QueryFate)> then);
  void PassedOn(CaseSystemPort& port, Round& round, const Wish& wish,
                const Result<CourtRecord>& answer);
  void RefusedForGood(Round& round, std::uint64_t filing_sequence, ErrorCode code, QueryFate fate);
  void NotKnown(std::uint64_t filing_sequence);
  void Drop(std::uint64_t filing_sequence);

  const Parts parts_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::set<std::string> watched_;  // Groups with a watch under way.
  std::map<std::string, NotTaken> not_taken_;
  std::map<const CaseSystemPort*, Round> rounds_;
  std::set<std::uint64_t> passing_on_;
  // Wishes that a case system has taken since the start, and whose courts may not have decided.
  // Whatever else the court says of such a filing, they are not passed on again.
  std::set<std::uint64_t> taken_;
  // Wishes that every endpoint is asked about, and of which the log says so.
  std::set<std::uint64_t> not_known_;
};

}  // namespace nightbox
