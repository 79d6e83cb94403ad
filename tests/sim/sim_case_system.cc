#include "tests/sim/sim_case_system.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/check.h"
#include "core/sha256.h"

namespace nightbox {
namespace {

constexpr Microseconds kPatience = std::chrono::seconds(30);

std::string CaseNameOf(const RecordRequest& request) {
  if (!request.resolved_case_number.empty()) return request.resolved_case_number;
  const CaseReference& reference = request.header.case_reference;
  if (const auto* existing = std::get_if<ExistingCase>(&reference)) return existing->number;
  if (const auto* opened = std::get_if<OpenedBy>(&reference)) return opened->filing_id.str();
  return request.filing_id.str();
}

// What a case system finds of the documents before it commits.
enum class Documents { kRight, kOther, kLost, kNotRead };

Documents ReadOne(const Document& document, std::size_t index, DocumentSource* source) {
  Sha256Stream hash;
  for (std::int64_t offset = 0; offset < document.size_bytes;) {
    const auto left = static_cast<std::size_t>(document.size_bytes - offset);
    const auto bytes = source->Read(index, offset, std::min<std::size_t>(left, 256 << 10));
    if (!bytes) {
      return bytes.error().code == ErrorCode::kDataLoss ? Documents::kLost : Documents::kNotRead;
    }
    if (bytes->empty()) return Documents::kOther;
    hash.Update(*bytes);
    offset += static_cast<std::int64_t>(bytes->size());
  }
  const auto behind = source->Read(index, document.size_bytes, 1);
  const bool ends = behind && behind->empty();
  return ends && hash.Finish() == document.sha256 ? Documents::kRight : Documents::kOther;
}

Documents ReadDocuments(const RecordRequest& request, DocumentSource* source) {
  for (std::size_t i = 0; i < request.header.documents.size(); ++i) {
    const Documents found = ReadOne(request.header.documents[i], i, source);
    if (found != Documents::kRight) return found;
  }
  return Documents::kRight;
}

}  // namespace

class SimCaseSystem::Endpoint final : public CaseSystemPort {
 public:
  Endpoint(SimCaseSystem& system, std::string group) : system_(system), group_(std::move(group)) {}

  void Record(RecordRequest request, std::shared_ptr<DocumentSource> documents,
              std::function<void(RecordAnswer)> done) override {
    const auto answer = Answering<RecordAnswer>(std::move(done));
    if (!reachable || stopped_) return After([answer] { answer({DeliveryFate::kNotStarted}); });
    system_.under_way_.insert(request.delivery_key);
    After([this, request = std::move(request), documents = std::move(documents), answer,
           life = system_.life_, gateway_life = system_.gateway_life_] {
      if (life != system_.life_) return answer({DeliveryFate::kUnknownLost});
      if (gateway_life != system_.gateway_life_) {
        system_.under_way_.erase(system_.under_way_.find(request.delivery_key));
        return;  // It broke off before all had arrived.
      }
      Arrived(request, documents.get(), answer);
    });
  }

  void Query(const Digest& delivery_key, std::function<void(QueryAnswer)> done) override {
    const auto answer = Answering<QueryAnswer>(std::move(done));
    After([this, delivery_key, answer] {
      if (!reachable || stopped_) return answer({QueryFate::kUnreachable, {}});
      ++system_.counts_.queries;
      if (system_.Happens(system_.faults_.lose_query)) {
        ++system_.counts_.queries_lost;
        return answer({QueryFate::kNoAnswer, {}});
      }
      const auto& records = system_.groups_[group_];
      if (const auto found = records.find(delivery_key); found != records.end()) {
        return answer({QueryFate::kSettled, found->second});
      }
      if (system_.under_way_.contains(delivery_key)) return answer({QueryFate::kNoAnswer, {}});
      ++system_.counts_.not_found;
      answer({QueryFate::kNotFound, {}});
    });
  }

  void Check(std::vector<CourtId> courts, std::function<void(ProbeReport)> done) override {
    const auto answer = Answering<ProbeReport>(std::move(done));
    After([this, courts = std::move(courts), answer] {
      ProbeReport report;
      if (reachable && !stopped_) {
        report = {true, group_, {}};
        for (const CourtId& court : courts) {
          if (!system_.away_.contains(court)) report.available.push_back(court);
        }
      }
      answer(std::move(report));
    });
  }

  void RequestWithdrawal(const Digest& delivery_key, const std::string& reason,
                         std::function<void(Result<CourtRecord>)> done) override {
    const auto answer = Answering<Result<CourtRecord>>(std::move(done));
    After([this, delivery_key, reason, answer] {
      if (!reachable || stopped_) return answer(Error{ErrorCode::kUnavailable, "not reached"});
      auto& records = system_.groups_[group_];
      const auto found = records.find(delivery_key);
      if (found == records.end()) return answer(Error{ErrorCode::kNotFound, "no such filing"});
      ++system_.counts_.wishes;
      if (system_.Happens(system_.faults_.note_wish)) {
        found->second.raw_status = "ASKED " + std::to_string(system_.counts_.wishes) + " TIMES";
        system_.Tell(group_, found->second);
        return answer(found->second);
      }
      answer(found->second);
      // The court agrees, unless it has decided already.
      if (found->second.state == CourtRecordState::kRecorded) {
        system_.Review(group_, delivery_key, CourtRecordState::kWithdrawn, reason);
      }
    });
  }

  void Watch(const std::string& cursor,
             std::function<void(CourtRecord, std::string, Resume)> on_record,
             std::function<void(Error)> on_end) override {
    NB_CHECK(!watch_);
    std::size_t next = 0;
    std::from_chars(cursor.data(), cursor.data() + cursor.size(), next);
    watch_ = Watching{next, std::move(on_record), Answering<Error>(std::move(on_end)), true};
    ++watch_turn_;
    if (!reachable || stopped_) return After([this] { EndWatch(); });
    News();
  }

  void Stop() override {
    stopped_ = true;
    After([this] { EndWatch(); });
  }

  // There is something for the watch, or the endpoint went away.
  void News() {
    if (!watch_ || !watch_->ready) return;
    const auto& events = system_.events_[group_];
    if (watch_->next >= events.size()) return;
    watch_->ready = false;
    After([this, turn = watch_turn_] {
      if (!watch_ || turn != watch_turn_) return;
      if (!reachable || stopped_) return EndWatch();
      const CourtRecord record = system_.events_[group_][watch_->next++];
      const auto given = std::make_shared<Given>();
      given->dropped = [this, turn, alive = std::weak_ptr<bool>(system_.alive_)] {
        if (alive.expired()) return;
        After([this, turn] {
          if (turn == watch_turn_) EndWatch();
        });
      };
      watch_->on_record(record, std::to_string(watch_->next),
                        [this, turn, given, alive = std::weak_ptr<bool>(system_.alive_)] {
                          given->dropped = nullptr;
                          if (alive.expired() || !watch_ || turn != watch_turn_) return;
                          watch_->ready = true;
                          News();
                        });
    });
  }

  void EndWatch() {
    if (!watch_) return;
    const auto end = std::move(watch_->on_end);
    watch_.reset();
    ++watch_turn_;
    end(Error{ErrorCode::kUnavailable, "the watch has ended"});
  }
  void ForgetWatch() {
    watch_.reset();
    ++watch_turn_;
  }
  void Revive() { stopped_ = false; }

  const std::string& group() const { return group_; }
  bool reachable = true;

 private:
  struct Watching {
    std::size_t next;
    std::function<void(CourtRecord, std::string, Resume)> on_record;
    std::function<void(Error)> on_end;
    bool ready;
  };

  // A resume() in somebody's hands; the watch ends when it is dropped uncalled.
  struct Given {
    std::function<void()> dropped;
    ~Given() {
      if (dropped) dropped();
    }
  };

  void After(std::function<void()> act) { After(system_.Delay(), std::move(act)); }
  void After(Microseconds delay, std::function<void()> act) {
    system_.later_(delay, [alive = std::weak_ptr<bool>(system_.alive_), act = std::move(act)] {
      if (!alive.expired()) act();
    });
  }

  // Exactly once, and to nobody after the gateway crashed.
  template <class Answer>
  std::function<void(Answer)> Answering(std::function<void(Answer)> done) {
    return [this, life = system_.gateway_life_, done = std::move(done),
            said = std::make_shared<bool>(false)](Answer answer) {
      if (life != system_.gateway_life_ || std::exchange(*said, true)) return;
      done(std::move(answer));
    };
  }

  void Arrived(const RecordRequest& request, DocumentSource* documents,
               const std::function<void(RecordAnswer)>& answer) {
    const SimFaults& faults = system_.faults_;
    const Digest key = request.delivery_key;
    const auto end = [&](RecordAnswer with) {
      system_.under_way_.erase(system_.under_way_.find(key));
      After([answer, with = std::move(with)] { answer(with); });
    };
    if (system_.Happens(faults.lose_start) || !reachable) {
      ++system_.counts_.starts_lost;
      return end({DeliveryFate::kUnknownLost});
    }
    if (system_.away_.contains(request.header.court)) {
      ++system_.counts_.away;
      return end({DeliveryFate::kCourtAway});
    }
    if (system_.Happens(faults.push_back)) {
      ++system_.counts_.pushed_back;
      return end({DeliveryFate::kPushback, {}, std::chrono::seconds(3), {}});
    }
    if (system_.Happens(faults.refuse)) {
      ++system_.counts_.refused;
      return end({DeliveryFate::kNotRecorded});
    }
    const auto& records = system_.groups_[group_];
    const auto known = records.find(key);
    if (known == records.end()) {
      switch (ReadDocuments(request, documents)) {
        case Documents::kRight:
          system_.counts_.documents += request.header.documents.size();
          break;
        case Documents::kOther:
          ++system_.counts_.other_documents;
          return end({DeliveryFate::kUndeliverable, {}, {}, "a document is another one"});
        case Documents::kLost:
          return end({DeliveryFate::kUndeliverable, {}, {}, "a document cannot be read back"});
        case Documents::kNotRead:
          return end({DeliveryFate::kStalled});
      }
    }
    if (known != records.end() && known->second.fingerprint != request.fingerprint) {
      return end({DeliveryFate::kUndeliverable, {}, {}, "other content"});
    }
    if (system_.Happens(faults.late_commit)) {
      // The gateway's patience ends first; until the commit the delivery is under way.
      ++system_.counts_.late_commits;
      After(kPatience, [answer] { answer({DeliveryFate::kUnknownLate}); });
      const Microseconds commit_after = kPatience / 2 + system_.Delay() * 200;
      After(commit_after, [this, request, life = system_.life_] {
        if (life != system_.life_) return;  // Lost in the crash.
        system_.Commit(group_, request);
        system_.under_way_.erase(system_.under_way_.find(request.delivery_key));
      });
      return;
    }
    CourtRecord record = system_.Commit(group_, request);
    if (system_.Happens(faults.lose_answer)) {
      ++system_.counts_.answers_lost;
      return end({DeliveryFate::kUnknownLost});
    }
    end({DeliveryFate::kSettled, std::move(record)});
  }

  SimCaseSystem& system_;
  const std::string group_;
  bool stopped_ = false;
  std::optional<Watching> watch_;
  std::uint64_t watch_turn_ = 0;
};

SimCaseSystem::SimCaseSystem(Random& random, const Clock& clock, Later later)
    : random_(random), clock_(clock), later_(std::move(later)) {}

SimCaseSystem::~SimCaseSystem() = default;

CaseSystemPort& SimCaseSystem::AddEndpoint(const std::string& group) {
  groups_[group];
  return *endpoints_.emplace_back(std::make_unique<Endpoint>(*this, group));
}

void SimCaseSystem::SetReachable(std::size_t endpoint, bool reachable) {
  endpoints_.at(endpoint)->reachable = reachable;
  if (!reachable) endpoints_.at(endpoint)->EndWatch();
}

void SimCaseSystem::SetAway(const CourtId& court, bool away) {
  if (away) {
    away_.insert(court);
  } else {
    away_.erase(court);
  }
}

void SimCaseSystem::GatewayCrashed() {
  ++gateway_life_;
  for (const auto& endpoint : endpoints_) {
    endpoint->ForgetWatch();
    endpoint->Revive();
  }
}

void SimCaseSystem::Crash() {
  ++life_;
  ++counts_.crashes;
  under_way_.clear();
  for (const auto& endpoint : endpoints_) endpoint->EndWatch();
}

Microseconds SimCaseSystem::Delay() {
  return Microseconds(static_cast<std::int64_t>(
      1 + random_.Below(static_cast<std::uint64_t>(faults_.delay_max.count()))));
}

CourtRecord SimCaseSystem::Commit(const std::string& group, const RecordRequest& request) {
  auto& records = groups_[group];
  if (const auto known = records.find(request.delivery_key); known != records.end()) {
    ++counts_.repeated;
    return known->second;
  }
  ++counts_.recorded;
  CourtRecord record;
  record.delivery_key = request.delivery_key;
  record.court_filing_id = "court-" + std::to_string(next_number_++);
  record.fingerprint = request.fingerprint;
  record.filing_id = request.filing_id;
  record.gateway = request.gateway;
  record.recorded_at = clock_.Now();
  if (Happens(faults_.return_filing)) {
    ++counts_.returned;
    record.state = CourtRecordState::kReturned;
    record.reviewed_at = clock_.Now();
    record.reason = "the signature page is missing";
  } else {
    docket_.push_back({request.delivery_key, request.header.court, CaseNameOf(request),
                       request.filing_id, request.gateway, group});
    if (Happens(faults_.review_later)) {
      ++counts_.reviewed_later;
      record.state = CourtRecordState::kRecorded;
      GiveNumbers(request, record);
      later_(faults_.review_after,
             [this, group, key = request.delivery_key, alive = std::weak_ptr<bool>(alive_)] {
               if (!alive.expired()) Review(group, key, CourtRecordState::kDocketed, "");
             });
    } else {
      record.state = CourtRecordState::kDocketed;
      record.docketed_at = clock_.Now();
      GiveNumbers(request, record);
    }
  }
  records[request.delivery_key] = record;
  Tell(group, record);
  Spread(group, record);
  return record;
}

void SimCaseSystem::GiveNumbers(const RecordRequest& request, CourtRecord& record) {
  std::string number = request.resolved_case_number;
  if (const auto* existing = std::get_if<ExistingCase>(&request.header.case_reference)) {
    number = existing->number;
  }
  // A new case: a number as the court's clerks would write it.
  if (number.empty()) number = "24SL-CC" + std::to_string(10'000 + next_number_);
  record.case_numbers.push_back({number, "", false});
  if (std::holds_alternative<NewCase>(request.header.case_reference) &&
      Happens(faults_.several_cases)) {
    ++counts_.several_cases;
    record.case_numbers.push_back({number + "-01", "", false});
  }
}

void SimCaseSystem::Review(const std::string& group, const Digest& key, CourtRecordState state,
                           const std::string& reason) {
  CourtRecord& record = groups_[group][key];
  if (record.state != CourtRecordState::kRecorded) return;
  record.state = state;
  record.reason = reason;
  record.reviewed_at = clock_.Now();
  if (state == CourtRecordState::kDocketed) record.docketed_at = clock_.Now();
  Tell(group, record);
  Spread(group, record);
}

void SimCaseSystem::Spread(const std::string& from, const CourtRecord& record) {
  if (lag_ == Microseconds::max()) return;
  for (const auto& [group, records] : groups_) {
    if (group == from) continue;
    later_(lag_, [this, to = group, record, alive = std::weak_ptr<bool>(alive_)] {
      if (alive.expired()) return;
      CourtRecord& there = groups_[to][record.delivery_key];
      if (there.state >= record.state) return;
      there = record;
      Tell(to, record);
    });
  }
}

void SimCaseSystem::Tell(const std::string& group, const CourtRecord& record) {
  events_[group].push_back(record);
  for (const auto& endpoint : endpoints_) {
    if (endpoint->group() == group) endpoint->News();
  }
}

}  // namespace nightbox
