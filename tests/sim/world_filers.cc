#include "tests/sim/world_filers.h"

#include <utility>

#include "core/fingerprint.h"

namespace nightbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kSystems[] = {"acme", "blue", "county"};

// The copy of a filing that its filer also gave to another gateway.
class OneText final : public DocumentSource {
 public:
  explicit OneText(std::string text) : text_(std::move(text)) {}
  Result<std::string> Read(std::size_t, std::int64_t offset, std::size_t max) override {
    return text_.substr(static_cast<std::size_t>(offset), max);
  }

 private:
  const std::string text_;
};

}  // namespace

void WorldFilers::Plan(std::size_t filings, Microseconds until) {
  const auto sometime = [&] { return stage_.Between(seconds(1), until); };
  for (std::size_t i = 0; i < filings; ++i) stage_.At(sometime(), [this] { SendNew(); });
  for (std::size_t i = 0; i < filings; ++i) {
    stage_.At(sometime(), [this] {
      if (retired_) return;
      switch (stage_.random.Below(8)) {
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
          return Release();
        default:
          return RefuseAnAttempt();
      }
    });
  }
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
  draft.system = SystemName(std::string(kSystems[random.Below(std::size(kSystems))]));
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
  stage_.gateway.KeepText(draft.header.documents[0].sha256, TextOf(number));
  filing.draft = draft;
  if (random.OneIn(4)) OpenAnAttempt(draft);
  const std::size_t index = filings_.size() - 1;
  Send(index);
  if (random.OneIn(10)) {
    stage_.tally.Count("sent twice at once");
    Send(index);
  }
  const bool followed = std::holds_alternative<OpenedBy>(draft.header.case_reference);
  if (!followed && !draft.header.test && random.OneIn(12)) SendElsewhere(draft);
}

void WorldFilers::Send(std::size_t index) {
  if (!stage_.gateway.open()) {
    if (!filings_[index].answer) SendAgain(index, stage_.Between(seconds(1), minutes(1)));
    return;
  }
  Filing& filing = filings_[index];
  ReceiveFiling draft = filing.draft;
  draft.received_at = stage_.fixture.clock().Now();
  if (filing.answer) draft.staff = "the night shift";  // Not content.
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

void WorldFilers::SendAgain(std::size_t index, Microseconds after) {
  stage_.At(after, [this, index] {
    if (!filings_[index].answer) Send(index);
  });
}

void WorldFilers::Heard(std::size_t index, const Result<Outcome>& outcome) {
  Filing& filing = filings_[index];
  if (!outcome) {
    const ErrorCode code = outcome.error().code;
    if (code != ErrorCode::kUnavailable && code != ErrorCode::kResourceExhausted) {
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

void WorldFilers::SendElsewhere(const ReceiveFiling& draft) {
  RecordRequest request;
  request.delivery_key = DeliveryKey(draft.system, draft.request_id);
  request.fingerprint = FilingFingerprint(draft.user, draft.header);
  request.filing_id = FilingId("of-another-gateway");
  request.gateway = "B3";
  request.received_at = stage_.fixture.clock().Now();
  request.submitting_system = draft.system;
  request.registered_user = draft.user;
  request.header = draft.header;
  const auto number = static_cast<int>(filings_.size());
  stage_.ports[1]->Record(std::move(request), std::make_shared<OneText>(TextOf(number)),
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

void WorldFilers::Withdraw() {
  if (filings_.empty()) return;
  const Filing& filing = filings_[stage_.random.Below(filings_.size())];
  if (!filing.answer) return;
  Try(WithdrawFiling{filing.answer->sequence, filing.draft.user, "changed my mind"}, "withdrawals");
}

void WorldFilers::Hold() {
  if (filings_.empty()) return;
  const Filing& filing = filings_[stage_.random.Below(filings_.size())];
  if (!filing.answer) return;
  Try(HoldFiling{filing.answer->sequence, "operator", "asked by the clerk"}, "holds");
}

void WorldFilers::Release() {
  for (const auto& [sequence, filing] : stage_.judge.model().filings()) {
    if (filing.at == BalanceClass::kHeld && stage_.random.OneIn(2)) {
      Try(ReleaseFiling{sequence, "operator", "the clerk is content"}, "releases");
    }
  }
}

void WorldFilers::CloseWhatIsHeld() {
  if (!stage_.gateway.open()) return;
  for (const auto& [sequence, filing] : stage_.judge.model().filings()) {
    if (filing.at != BalanceClass::kHeld) continue;
    if (released_.insert(sequence).second) {
      Try(ReleaseFiling{sequence, "operator", "the storm is over"}, "releases");
    } else {
      Try(TerminateFiling{sequence, {"first", "second"}, "the chief clerk", "cannot be delivered"},
          "terminations");
    }
  }
}

void WorldFilers::OpenAnAttempt(const ReceiveFiling& draft) {
  Try(OpenAttempt{draft.system,
                  draft.user,
                  draft.request_id,
                  draft.header.court,
                  FilingFingerprint(draft.user, draft.header),
                  stage_.fixture.clock().Now(),
                  {},
                  stage_.fixture.clock().Now() + minutes(30)},
      "attempts opened");
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
