#include "tests/sim/world_model.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "proto/filing_codec.h"
#include "store/record.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

constexpr char kOurGateway[] = "A7";

// People type a number in many ways.
std::string NameByNumber(const CourtId& court, const std::string& number) {
  std::string name = "number " + court.str() + " ";
  for (const char c : number) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      name.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    }
  }
  return name;
}

std::string NameByOpener(const FilingId& opener) { return "opened by " + opener.str(); }

bool Meet(const std::set<std::string>& some, const std::set<std::string>& others) {
  return std::any_of(some.begin(), some.end(),
                     [&](const std::string& each) { return others.contains(each); });
}

bool HasEnded(const ModelFiling& filing) {
  return filing.at != BalanceClass::kPending && filing.at != BalanceClass::kUncertain &&
         filing.at != BalanceClass::kHeld;
}

}  // namespace

bool ModelFiling::BlocksCase() const {
  if (at == BalanceClass::kPending) return !submitted || opens_case;
  return at == BalanceClass::kUncertain || at == BalanceClass::kHeld;
}

bool ModelFiling::SharesCaseWith(const ModelFiling& later) const {
  return Meet(cases, later.cases) || Meet(later_cases, later.cases) ||
         Meet(cases, later.later_cases) || Meet(later_cases, later.later_cases);
}

ModelFiling* WorldModel::Find(const Digest& delivery_key) {
  const auto found = by_key_.find(delivery_key);
  return found == by_key_.end() ? nullptr : &filings_.at(found->second);
}

ModelFiling* WorldModel::Find(std::uint64_t sequence) {
  const auto found = filings_.find(sequence);
  return found == filings_.end() ? nullptr : &found->second;
}

Balance WorldModel::CountAll() const {
  Balance balance;
  for (const auto& [sequence, filing] : filings_) {
    if (filing.at != BalanceClass::kTest) ++balance.received;
    ++balance.classes[static_cast<int>(filing.at)];
  }
  return balance;
}

bool WorldModel::IsAwaited(const DocumentKey& document) const {
  return std::any_of(filings_.begin(), filings_.end(), [&](const auto& each) {
    const ModelFiling& filing = each.second;
    if (HasEnded(filing) || filing.submitted || filing.record.system != document.first)
      return false;
    const auto& named = filing.record.header.documents;
    return std::any_of(named.begin(), named.end(),
                       [&](const Document& one) { return one.sha256 == document.second; });
  });
}

std::optional<std::string> WorldModel::Received(const pb::Entry& entry) {
  ModelFiling filing;
  filing.sequence = entry.sequence();
  filing.record = record::ReadFiling(entry.filing_received()).value();
  filing.receipt_json = entry.statement();
  filing.receipt_p7s = entry.signature();
  const FilingHeader& header = filing.record.header;
  if (header.test) filing.at = BalanceClass::kTest;
  if (const auto* existing = std::get_if<ExistingCase>(&header.case_reference)) {
    const std::string name = NameByNumber(header.court, existing->number);
    filing.cases.insert(name);
    if (const auto opener = openers_.find(name); opener != openers_.end()) {
      filing.cases.insert(opener->second);
    }
  } else if (const auto* opened = std::get_if<OpenedBy>(&header.case_reference)) {
    filing.cases.insert(NameByOpener(opened->filing_id));
  } else {
    filing.opens_case = true;
    filing.cases.insert(NameByOpener(filing.record.filing_id));
  }
  if (!by_key_.emplace(filing.record.delivery_key, filing.sequence).second) {
    return "one request_id was received twice, as entries " +
           std::to_string(by_key_.at(filing.record.delivery_key)) + " and " +
           std::to_string(filing.sequence);
  }
  const auto attempt = first_attempts_.find(filing.record.delivery_key);
  if (attempt != first_attempts_.end()) filing.first_attempt_at = attempt->second;
  std::set<Digest> named;
  for (const Document& document : header.documents) {
    if (named.insert(document.sha256).second) ++documents_[{filing.record.system, document.sha256}];
  }
  filings_.emplace(filing.sequence, std::move(filing));
  return std::nullopt;
}

std::optional<std::string> WorldModel::Take(const pb::Entry& entry) {
  const auto subject = [&](std::uint64_t sequence) { return Find(sequence); };
  const auto nobody = [&] {
    return "entry " + std::to_string(entry.sequence()) + " is about a filing nobody received";
  };
  switch (entry.kind()) {
    case pb::ENTRY_KIND_FILING_RECEIVED:
      return Received(entry);
    case pb::ENTRY_KIND_ATTEMPT_OPENED:
      Attempted(entry.attempt_opened().delivery_key(), entry.attempt_opened().opened_at_us());
      return std::nullopt;
    case pb::ENTRY_KIND_ATTEMPT_REFUSED:
      Attempted(entry.attempt_refused().delivery_key(), entry.attempt_refused().refused_at_us());
      return std::nullopt;
    case pb::ENTRY_KIND_DOCUMENT_QUARANTINED: {
      const auto& found = entry.document_quarantined();
      quarantined_.emplace(SystemName(found.submitting_system()),
                           Digest::FromBytes(found.sha256()).value());
      return std::nullopt;
    }
    case pb::ENTRY_KIND_DELIVERY_STARTED: {
      ModelFiling* filing = subject(entry.delivery_started().filing_sequence());
      if (filing == nullptr) return nobody();
      if (filing->at != BalanceClass::kPending || filing->submitted) {
        return "a delivery was started of a filing that is not pending";
      }
      for (const auto& [sequence, earlier] : filings_) {
        if (sequence >= filing->sequence) break;
        if (earlier.BlocksCase() && earlier.SharesCaseWith(*filing)) {
          return "the delivery of filing " + std::to_string(filing->sequence) +
                 " was started before filing " + std::to_string(sequence) + " of its case was done";
        }
      }
      filing->at = BalanceClass::kUncertain;
      filing->group = entry.delivery_started().consistency_group();
      ++filing->starts;
      return std::nullopt;
    }
    case pb::ENTRY_KIND_SETTLED: {
      ModelFiling* filing = subject(entry.settled().filing_sequence());
      if (filing == nullptr) return nobody();
      if (filing->at != BalanceClass::kUncertain) return "a delivery ended that was not under way";
      if (entry.settled().outcome() == pb::Settled::OUTCOME_NOT_DELIVERED) {
        filing->at = filing->wants_withdrawal ? BalanceClass::kWithdrawn : BalanceClass::kPending;
      } else {
        CourtSaid(*filing, FromProto(entry.settled().record(), "record").value());
      }
      return std::nullopt;
    }
    case pb::ENTRY_KIND_REVIEW_CHANGED: {
      ModelFiling* filing = subject(entry.review_changed().filing_sequence());
      if (filing == nullptr) return nobody();
      const CourtRecord record = FromProto(entry.review_changed().record(), "record").value();
      if (!HasEnded(*filing) && filing->review <= record.state) CourtSaid(*filing, record);
      return std::nullopt;
    }
    case pb::ENTRY_KIND_HELD: {
      ModelFiling* filing = subject(entry.held().filing_sequence());
      if (filing == nullptr) return nobody();
      if (filing->at != BalanceClass::kPending || filing->submitted) {
        return "a filing was held that is not pending";
      }
      filing->at = BalanceClass::kHeld;
      return std::nullopt;
    }
    case pb::ENTRY_KIND_RELEASED: {
      ModelFiling* filing = subject(entry.released().filing_sequence());
      if (filing == nullptr) return nobody();
      filing->at = BalanceClass::kPending;
      return std::nullopt;
    }
    case pb::ENTRY_KIND_WITHDRAWN: {
      ModelFiling* filing = subject(entry.withdrawn().filing_sequence());
      if (filing == nullptr) return nobody();
      if (HasEnded(*filing)) return "a filing was withdrawn that had ended";
      const bool never_left = filing->at == BalanceClass::kHeld ||
                              (filing->at == BalanceClass::kPending && !filing->submitted);
      if (never_left) {
        filing->at = BalanceClass::kWithdrawn;
      } else {
        filing->wants_withdrawal = true;
      }
      return std::nullopt;
    }
    case pb::ENTRY_KIND_TERMINATED: {
      ModelFiling* filing = subject(entry.terminated().filing_sequence());
      if (filing == nullptr) return nobody();
      filing->ended_under_way = filing->at == BalanceClass::kUncertain;
      filing->at = BalanceClass::kTerminated;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

void WorldModel::Attempted(const std::string& delivery_key, std::int64_t at_us) {
  // Without a request_id it belongs to no filing.
  if (const auto key = Digest::FromBytes(delivery_key)) {
    first_attempts_.emplace(*key, FromMicros(at_us));
  }
}

void WorldModel::CourtSaid(ModelFiling& filing, const CourtRecord& record) {
  const bool other = !record.gateway.empty() && record.gateway != kOurGateway;
  filing.review = record.state;
  filing.submitted = true;
  if (other) {
    filing.at = BalanceClass::kDuplicateOf;
  } else if (record.state == CourtRecordState::kDocketed) {
    filing.at = BalanceClass::kDocketed;
  } else if (record.state == CourtRecordState::kReturned) {
    filing.at = BalanceClass::kReturned;
  } else if (record.state == CourtRecordState::kWithdrawn) {
    filing.at = BalanceClass::kWithdrawn;
  } else {
    filing.at = BalanceClass::kPending;
  }
  const bool opened =
      filing.at == BalanceClass::kDocketed || filing.at == BalanceClass::kDuplicateOf;
  if (filing.opens_case && opened && record.case_numbers.size() == 1) {
    CaseGotNumber(filing, record.case_numbers.front().number);
  }
}

// From here on the number and the opener name one case, for what waits under the number too.
void WorldModel::CaseGotNumber(const ModelFiling& opener, const std::string& number) {
  const std::string by_number = NameByNumber(opener.record.header.court, number);
  const std::string by_opener = NameByOpener(opener.record.filing_id);
  openers_.emplace(by_number, by_opener);
  for (auto& [sequence, filing] : filings_) {
    if (filing.cases.contains(by_number)) filing.later_cases.insert(by_opener);
  }
}

}  // namespace nightbox
