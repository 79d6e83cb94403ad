// SimCaseSystem: a court system's case system in memory and virtual time, and the network to it.
//
// It keeps a record per delivery key and a docket, as a real one does; it reads every document of a
// filing and commits only when length and SHA-256 are those announced. It fails by seed: endpoints
// come and go, courts are away, starts are lost, answers are lost after the commit, what was given
// up by the gateway is committed later, the case system pushes back, refuses, returns, reviews
// late, crashes. Endpoints of one consistency group share their records; a record reaches the other
// groups after the lag, and until then they do not know it: whoever asks or delivers there finds
// out why that is wrong, by two rows of one delivery key in the docket.
//
// Everything happens through `later`; nothing is answered within the call that asked. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "replay/case_system_port.h"

namespace nightbox {

// Each happens once in so many times; 0: never.
struct SimFaults {
  std::uint64_t lose_start =
      0;  // The start, or a document, does not arrive; the gateway sees a break.
  std::uint64_t lose_answer = 0;    // Recorded, and the gateway sees a break.
  std::uint64_t late_commit = 0;    // The gateway gives up; the commit comes a while after.
  std::uint64_t push_back = 0;      // "In three seconds".
  std::uint64_t refuse = 0;         // Not recorded, says the case system.
  std::uint64_t lose_query = 0;     // A question is not answered.
  std::uint64_t return_filing = 0;  // The clerk returns it.
  std::uint64_t review_later = 0;   // Recorded now, docketed after review_after.
  std::uint64_t several_cases = 0;  // A filing that opens a case opens two.
  // Notes a wish to withdraw in the record, each time that it comes, and decides nothing.
  std::uint64_t note_wish = 0;
  Microseconds delay_max = std::chrono::milliseconds(200);
  Microseconds review_after = std::chrono::minutes(5);
};

class SimCaseSystem {
 public:
  using Later = std::function<void(Microseconds after, std::function<void()> act)>;

  struct DocketRow {
    Digest delivery_key;
    CourtId court;
    // The case as the filing named it: the number, or the filing that opens it.
    std::string case_name;
    FilingId filing_id;
    std::string gateway;
    std::string group;
  };
  // How often each thing happened.
  struct Counts {
    std::uint64_t recorded = 0, repeated = 0, starts_lost = 0, answers_lost = 0, late_commits = 0,
                  pushed_back = 0, refused = 0, away = 0, queries = 0, queries_lost = 0,
                  not_found = 0, crashes = 0, returned = 0, reviewed_later = 0, several_cases = 0,
                  wishes = 0;
    // Documents that came with length and SHA-256 as announced, and that came with others.
    std::uint64_t documents = 0, other_documents = 0;
  };

  SimCaseSystem(Random& random, const Clock& clock, Later later);
  ~SimCaseSystem();
  SimCaseSystem(const SimCaseSystem&) = delete;
  SimCaseSystem& operator=(const SimCaseSystem&) = delete;

  // The port of a new endpoint; lives as long as this object.
  CaseSystemPort& AddEndpoint(const std::string& group);

  void SetReachable(std::size_t endpoint, bool reachable);
  void SetAway(const CourtId& court, bool away);
  void SetFaults(const SimFaults& faults) { faults_ = faults; }
  // How long a record takes to the other groups. Default: for ever.
  void SetLag(Microseconds lag) { lag_ = lag; }
  // The gateway crashed: nobody waits for answers any more; what is under way goes on or is lost.
  void GatewayCrashed();
  // The case system crashed: what is under way is lost, records stay.
  void Crash();

  // In the order of recording; returned filings are not on it.
  const std::vector<DocketRow>& docket() const { return docket_; }
  const std::map<Digest, CourtRecord>& records(const std::string& group) { return groups_[group]; }
  const Counts& counts() const { return counts_; }

 private:
  class Endpoint;

  bool Happens(std::uint64_t once_in) { return once_in != 0 && random_.OneIn(once_in); }
  Microseconds Delay();
  // Records the filing in the group, or finds it there.
  CourtRecord Commit(const std::string& group, const RecordRequest& request);
  void Review(const std::string& group, const Digest& key, CourtRecordState state,
              const std::string& reason);
  void Spread(const std::string& from, const CourtRecord& record);
  void Tell(const std::string& group, const CourtRecord& record);
  void GiveNumbers(const RecordRequest& request, CourtRecord& record);

  Random& random_;
  const Clock& clock_;
  const Later later_;
  SimFaults faults_;
  Microseconds lag_ = Microseconds::max();
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::set<CourtId> away_;
  std::map<std::string, std::map<Digest, CourtRecord>> groups_;
  std::map<std::string, std::vector<CourtRecord>> events_;  // Per group, for watches.
  std::multiset<Digest> under_way_;
  std::vector<DocketRow> docket_;
  Counts counts_;
  std::uint64_t next_number_ = 1;
  std::uint64_t life_ = 0;          // Of the case system.
  std::uint64_t gateway_life_ = 0;  // Of whoever waits for answers.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace nightbox
