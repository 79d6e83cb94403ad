#include "tests/sim/world_filers.h"

#include <utility>

#include "core/fingerprint.h"
#include "rules/deadline_rules.h"

namespace nightbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kSystems[] = {"acme", "blue", "county"};

constexpr int kReleasesMax = 3;

// The copy of a filing that its filer also gave to another gateway.
class Copies final : public DocumentSource {
 public:
  explicit Copies(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  Result<std::string> Read(std::size_t document, std::int64_t offset, std::size_t max) override {
    return texts_.at(document).substr(static_cast<std::size_t>(offset), max);
  }

 private:
  const std::vector<std::string> texts_;
};

}  // namespace

void WorldFilers::Plan(std::size_t filings, Microseconds until) {
  const auto sometime = [&] { return stage_.Between(seconds(1), until); };
  for (std::size_t i = 0; i < filings; ++i) stage_.At(sometime(), [this] { SendNew(); });
  for (std::size_t i = 0; i < filings; ++i) {
    stage_.At(sometime(), [this] {
      if (retired_) return;
      switch (stage_.random.Below(9)) {
        case 0:
        case 1:
          return Repeat(/*other_content=*/false);
        case 2:
          return Repeat(/*other_content=*/true);
        case 3:
          return Withdraw();
        case 4:
        case 5:
          return Hold();
        case 6:
          (void)documents.SendDamagedAgain();
          return Release();
        case 7:
          return documents.SendForNothing(AnySystem());
        default:
          return RefuseAnAttempt();
      }
    });
  }
}

SystemName WorldFilers::AnySystem() {
  return SystemName(std::string(kSystems[stage_.random.Below(std::size(kSystems))]));
}

CaseReference WorldFilers::ChooseCase(const ReceiveFiling& draft, CourtId& court) {
  Random& random = stage_.random;
  const std::uint64_t kind = random.Below(10);
  if (kind < 2) {
    stage_.tally.Count("filings that open a case");
    return ANewCase();
  }
  if (kind < 5) {
    if (const Filing* opener = AnyOpenerOf(draft.system)) {
      stage_.tally.Count("filings that follow an opener");
      court = opener->draft.header.court;
      return OpenedBy{opener->answer->record.filing_id};
    }
  }
  if (kind == 5 && !stage_.court.docket().empty()) {
    // The number stands on the court's own pages, perhaps before its answer has reached us.
    const auto& row = stage_.court.docket()[random.Below(stage_.court.docket().size())];
    const auto& record = stage_.court.records(row.group).at(row.delivery_key);
    if (!record.case_numbers.empty()) {
      stage_.tally.Count("filings under a number the court gave");
      court = row.court;
      return ExistingCase{record.case_numbers.front().number};
    }
  }
  const std::string digit = std::to_string(random.Below(4));
  return ExistingCase{random.OneIn(3) ? "24dn-cc 0000" + digit : "24DN-CC0000" + digit};
}

const WorldFilers::Filing* WorldFilers::AnyOpenerOf(const SystemName& system) {
  std::vector<const Filing*> openers;
  for (const Filing& each : filings_) {
    if (each.answer && each.draft.system == system && !each.draft.header.test &&
        std::holds_alternative<NewCase>(each.draft.header.case_reference)) {
      openers.push_back(&each);
    }
  }
  return openers.empty() ? nullptr : openers[stage_.random.Below(openers.size())];
}

void WorldFilers::SendNew() {
  Random& random = stage_.random;
  const int number = static_cast<int>(filings_.size()) + 1;
  Filing& filing = filings_.emplace_back();
  ++without_receipt_;
  stage_.tally.Count("filings sent");
  ReceiveFiling draft = FilingDraft(number);
  draft.system = AnySystem();
  draft.policy.deadline_rules = &DeadlineRules::BuiltIn();
  draft.inline_documents.clear();
  // One request_id may be used by several systems.
  if (random.OneIn(6)) draft.request_id = RequestId(RequestIdOf(number - number % 3));
  for (const Filing& other : filings_) {
    if (other.draft.system == draft.system && other.draft.request_id == draft.request_id) {
      draft.request_id = RequestId(RequestIdOf(number) + "-own");
    }
  }
  CourtId court{std::string(kWorldCourts[random.Below(std::size(kWorldCourts))])};
  draft.header.case_reference = ChooseCase(draft, court);
  draft.header.court = court;
  if (random.OneIn(20)) {
    draft.header.test = true;
    stage_.tally.Count("test filings");
  }
  filing.texts = documents.Choose(number, draft.header);
  filing.draft = draft;
  if (random.OneIn(4)) OpenAnAttempt(draft);
  const std::size_t index = filings_.size() - 1;
  if (random.OneIn(6)) return RefusedAtFirst(index);
  Send(index);
  if (random.OneIn(10)) {
    stage_.tally.Count("sent twice at once");
    Send(index);
  }
  const bool followed = std::holds_alternative<OpenedBy>(draft.header.case_reference);
  if (!followed && !draft.header.test && random.OneIn(12)) SendElsewhere(filings_[index]);
}

void WorldFilers::Send(std::size_t index) {
  if (!filings_[index].first_tried_at) {
    filings_[index].first_tried_at = stage_.fixture.clock().Now();
  }
  if (!stage_.gateway.open()) {
    if (!filings_[index].answer) SendAgain(index, stage_.Between(seconds(1), minutes(1)));
    return;
  }
  if (!filings_[index].answer && SendDocument(index)) return;
  Filing& filing = filings_[index];
  ReceiveFiling draft = DraftToSend(filing);
  // What was received needs no bytes to be repeated, and may come with them.
  const bool along = !filing.answer || stage_.random.OneIn(2);
  if (along && !documents.StoreAlong(filing.texts, draft)) {
    return SendAgain(index, stage_.Between(seconds(1), minutes(1)));
  }
  filing.sent_at.insert(draft.received_at);
  // Whether this try is answered, or the gateway dies first.
  const auto heard = std::make_shared<bool>(false);
  stage_.gateway.Submit(std::move(draft), [this, index, heard](const Result<Outcome>& outcome) {
    *heard = true;
    Heard(index, outcome);
  });
  stage_.At(stage_.Between(seconds(5), minutes(1)), [this, index, heard] {
    if (!*heard && !filings_[index].answer) Send(index);
  });
}

ReceiveFiling WorldFilers::DraftToSend(const Filing& filing) {
  ReceiveFiling draft = filing.draft;
  draft.received_at = stage_.fixture.clock().Now();
  // Neither is content.
  if (stage_.random.OneIn(3)) draft.client_first_tried_at = filing.first_tried_at;
  if (filing.answer) draft.staff = "the night shift";
  return draft;
}

bool WorldFilers::SendDocument(std::size_t index) {
  Filing& filing = filings_[index];
  const std::string* missing = documents.FirstMissing(filing.draft.system, filing.texts);
  if (missing == nullptr) return false;
  const std::uint64_t upload = ++filing.upload;
  const auto ended = std::make_shared<bool>(false);
  documents.Send(filing.draft.system, *missing, [this, index, upload, ended](bool complete) {
    *ended = true;
    if (upload != filings_[index].upload) return;
    SendAgain(index, complete ? stage_.Between(milliseconds(10), milliseconds(500))
                              : stage_.Between(seconds(1), seconds(40)));
  });
  // The gateway may be dead by then, or its client has lost patience.
  stage_.At(stage_.Between(seconds(5), minutes(1)), [this, index, upload, ended] {
    const Filing& waiting = filings_[index];
    if (!*ended && upload == waiting.upload && !waiting.answer) Send(index);
  });
  return true;
}

// A refusal is evidence of an attempt: the last days on the receipt count from it.
void WorldFilers::RefusedAtFirst(std::size_t index) {
  Filing& filing = filings_[index];
  filing.first_tried_at = stage_.fixture.clock().Now();
  stage_.tally.Count("filings refused at first");
  RefuseAttempt draft;
  draft.system = filing.draft.system;
  draft.user = filing.draft.user;
  draft.request_id = filing.draft.request_id;
  draft.court = filing.draft.header.court;
  draft.attempt_id = AttemptId("refused-" + std::to_string(index));
  draft.reason = "DISK_RESERVE_FILINGS";
  draft.refused_at = stage_.fixture.clock().Now();
  Try(std::move(draft), "attempts refused");
  SendAgain(index, stage_.Between(seconds(1), minutes(40)));
}

void WorldFilers::SendAgain(std::size_t index, Microseconds after) {
  stage_.At(after, [this, index] {
    if (!filings_[index].answer) Send(index);
  });
}

void WorldFilers::Heard(std::size_t index, const Result<Outcome>& outcome) {
  Filing& filing = filings_[index];
  if (!outcome) {
    const ErrorCode code = outcome.error().code;
    // A document may have been let go since it was asked about.
    const bool missing = outcome.error().reason == "DOCUMENT_MISSING";
    if (!missing && code != ErrorCode::kUnavailable && code != ErrorCode::kResourceExhausted) {
      return stage_.judge.Fail("a filing was refused that should not be: " +
                               outcome.error().message);
    }
    return SendAgain(index, stage_.Between(milliseconds(500), seconds(30)));
  }
  // The answer has left the house: from here on it is a promise, whether or not it arrives.
  stage_.tally.Count("receipts given");
  stage_.judge.Receipted(*stage_.gateway.journal().view(), filing.draft, *outcome->filing,
                         filing.sent_at);
  if (!filing.answer && stage_.random.OneIn(8)) {
    stage_.tally.Count("answers that filers never saw");
    return SendAgain(index, stage_.Between(seconds(1), minutes(2)));
  }
  if (!filing.answer) --without_receipt_;
  filing.answer = *outcome->filing;
}

void WorldFilers::Repeat(bool other_content) {
  if (filings_.empty() || !stage_.gateway.open()) return;
  const std::size_t index = stage_.random.Below(filings_.size());
  const Filing& filing = filings_[index];
  if (!filing.answer) return;
  if (!other_content) {
    stage_.tally.Count("repeats, same content");
    return Send(index);
  }
  stage_.tally.Count("repeats, other content");
  ReceiveFiling draft = filing.draft;
  draft.received_at = stage_.fixture.clock().Now();
  draft.header.note_to_clerk = "changed";
  stage_.gateway.Submit(std::move(draft), [this](const Result<Outcome>& outcome) {
    if (outcome) return stage_.judge.Fail("one request_id was answered for two contents");
    const Error& why = outcome.error();
    const bool not_now =
        why.code == ErrorCode::kUnavailable || why.code == ErrorCode::kResourceExhausted;
    if (!not_now && why.reason != "REQUEST_ID_REUSED") {
      stage_.judge.Fail("other content under a known request_id: " + why.message);
    }
  });
}

void WorldFilers::SendElsewhere(const Filing& filing) {
  const ReceiveFiling& draft = filing.draft;
  RecordRequest request;
  request.delivery_key = DeliveryKey(draft.system, draft.request_id);
  request.fingerprint = FilingFingerprint(draft.user, draft.header);
  request.filing_id = FilingId("of-another-gateway");
  request.gateway = "B3";
  request.received_at = stage_.fixture.clock().Now();
  request.submitting_system = draft.system;
  request.registered_user = draft.user;
  request.header = draft.header;
  stage_.ports[1]->Record(std::move(request), std::make_shared<Copies>(filing.texts),
                          [this](const RecordAnswer& answer) {
                            if (answer.fate == DeliveryFate::kSettled) {
                              stage_.tally.Count("filed with another gateway too");
                            }
                          });
}

void WorldFilers::Try(Draft draft, std::string_view count_as) {
  if (!stage_.gateway.open()) return;
  stage_.gateway.Submit(std::move(draft), [this, count_as](const Result<Outcome>& outcome) {
    if (outcome) stage_.tally.Count(count_as);
  });
}

// Those the court has not decided on, whether it has them or not.
void WorldFilers::Withdraw() {
  std::vector<const ModelFiling*> open;
  for (const auto& [sequence, filing] : stage_.judge.model().filings()) {
    if (filing.at == BalanceClass::kPending) open.push_back(&filing);
  }
  if (open.empty()) return;
  const ModelFiling& any = *open[stage_.random.Below(open.size())];
  Try(WithdrawFiling{any.sequence, any.record.user, "changed my mind"}, "withdrawals");
}

void WorldFilers::Hold() {
  std::vector<std::uint64_t> waiting;
  for (const auto& [sequence, filing] : stage_.judge.model().filings()) {
    if (filing.at == BalanceClass::kPending && !filing.submitted) waiting.push_back(sequence);
  }
  if (waiting.empty()) return;
  const std::uint64_t any = waiting[stage_.random.Below(waiting.size())];
  Try(HoldFiling{any, "operator", "asked by the clerk"}, "holds");
}

void WorldFilers::Release() {
  for (const auto& [sequence, filing] : stage_.judge.model().filings()) {
    if (filing.at == BalanceClass::kHeld && stage_.random.OneIn(2)) {
      Try(ReleaseFiling{sequence, "operator", "the clerk is content"}, "releases");
    }
  }
}

void WorldFilers::CloseWhatIsHeld() {
  if (!stage_.gateway.open() || documents.SendDamagedAgain() > 0) return;
  for (const auto& [sequence, filing] : stage_.judge.model().filings()) {
    if (filing.at != BalanceClass::kHeld) continue;
    if (++released_[sequence] <= kReleasesMax) {
      Try(ReleaseFiling{sequence, "operator", "the storm is over"}, "releases");
    } else {
      Try(TerminateFiling{sequence, {"first", "second"}, "the chief clerk", "cannot be delivered"},
          "terminations");
    }
  }
}

void WorldFilers::OpenAnAttempt(const ReceiveFiling& draft) {
  const WallTime now = stage_.fixture.clock().Now();
  OpenAttempt attempt;
  attempt.system = draft.system;
  attempt.user = draft.user;
  attempt.request_id = draft.request_id;
  attempt.court = draft.header.court;
  attempt.fingerprint = FilingFingerprint(draft.user, draft.header);
  attempt.opened_at = now;
  for (const Document& document : draft.header.documents) {
    attempt.documents.push_back(document.sha256);
  }
  attempt.lease_until = now + SimDocuments::kLease;
  Try(std::move(attempt), "attempts opened");
}

void WorldFilers::RefuseAnAttempt() {
  RefuseAttempt draft;
  draft.system = SystemName("acme");
  draft.user = UserId("user-1");
  draft.court = CourtId("mo.sc");
  draft.attempt_id = AttemptId("attempt-" + std::to_string(stage_.random.Below(1'000'000)));
  draft.reason = "DOCUMENT_TOO_LARGE";
  draft.refused_at = stage_.fixture.clock().Now();
  Try(std::move(draft), "attempts refused");
}

}  // namespace nightbox
