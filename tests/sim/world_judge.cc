#include "tests/sim/world_judge.h"

#include <algorithm>
#include <string>

#include "core/sha256.h"
#include "evidence/cms.h"
#include "evidence/merkle.h"
#include "evidence/receipt.h"
#include "store/head_file.h"
#include "store/key_reader.h"
#include "tests/sim/world_last_day.h"

namespace nightbox {
namespace {

constexpr char kOurGateway[] = "A7";
constexpr char kHeadPath[] = "/journal/head";
constexpr std::size_t kSizesLookedAt = 32;

std::string Entry(std::uint64_t sequence) { return "entry " + std::to_string(sequence); }

NodeReader NodesOf(const View& view) {
  return [&view](std::uint32_t level, std::uint64_t index) { return view.ReadNode(level, index); };
}

}  // namespace

void WorldJudge::Fail(const std::string& what) {
  if (violation_) return;
  violation_ = what;
  trace_.Note("VIOLATION: " + what);
}

// ---- The journal ----

void WorldJudge::Published(const View& view, const std::set<std::uint64_t>& changed) {
  // The document index alone has changed: nothing here speaks of it.
  if (view.published() == read_ && changed.empty()) return;
  Read(view);
  if (violation_) return;
  CompareStates(view, changed);
  CompareBalance(view);
  CheckHead(view);
}

void WorldJudge::LookAtEntry(const View& view, const journal::v1::Entry& entry) {
  std::optional<std::string> wrong;
  if (entry.kind() == journal::v1::ENTRY_KIND_FILING_RECEIVED) {
    const ModelFiling& filing = *model_.Find(entry.sequence());
    const LastDayFinding found = CheckLastDays(filing);
    tally_.Count("last days computed");
    if (found.earlier_day) tally_.Count("last days of an earlier day's attempt");
    if (found.several) tally_.Count("last days by several readings");
    wrong = found.wrong ? found.wrong : documents_.CheckFiling(view, model_, filing);
  } else if (entry.kind() == journal::v1::ENTRY_KIND_DOCUMENT_QUARANTINED) {
    const auto& damaged = entry.document_quarantined();
    tally_.Count("documents found damaged");
    wrong = documents_.CheckQuarantined(view, {SystemName(damaged.submitting_system()),
                                               Digest::FromBytes(damaged.sha256()).value()});
  }
  if (wrong) Fail(Entry(entry.sequence()) + ": " + *wrong);
}

void WorldJudge::Read(const View& view) {
  if (view.published() < read_) return Fail("promised entries are gone");
  if (read_ > 0) {
    const auto root = RootAt(read_, NodesOf(view));
    if (!root || *root != roots_.at(read_)) return Fail("the tree is another one than before");
  }
  std::vector<journal::v1::Entry> to_look_at;
  for (; read_ < view.published(); ++read_) {
    const auto entry = ReadEntry(view, read_);
    if (!entry) return Fail(Entry(read_) + " cannot be read: " + entry.error().message);
    const auto leaf = view.ReadNode(0, read_);
    if (!leaf || *leaf != LeafHash(Sha256(entry->statement()))) {
      return Fail(Entry(read_) + " is not its leaf");
    }
    if (entry->clock_epoch() < epoch_) return Fail("the clock's epoch went back");
    if (entry->clock_epoch() == epoch_ && entry->committed_at_us() < committed_at_us_) {
      return Fail("committed_at went back within an epoch, at " + Entry(read_));
    }
    epoch_ = entry->clock_epoch();
    committed_at_us_ = entry->committed_at_us();
    trace_.Note(Entry(read_) + ": " + journal::v1::EntryKind_Name(entry->kind()));
    if (const auto wrong = model_.Take(*entry)) return Fail(*wrong);
    if (entry->kind() == journal::v1::ENTRY_KIND_FILING_RECEIVED ||
        entry->kind() == journal::v1::ENTRY_KIND_DOCUMENT_QUARANTINED) {
      to_look_at.push_back(*entry);
    }
  }
  // Only now: the index shows what the whole group has done.
  for (const auto& entry : to_look_at) LookAtEntry(view, entry);
  const auto root = RootAt(read_, NodesOf(view));
  if (!root || *root != view.root()) return Fail("the published root is not that of the tree");
  roots_[read_] = *root;
}

void WorldJudge::CompareStates(const View& view, const std::set<std::uint64_t>& sequences) {
  for (const std::uint64_t sequence : sequences) {
    const ModelFiling* filing = model_.Find(sequence);
    const auto state = FindState(view, sequence);
    if (filing == nullptr || !state || !*state) return Fail(Entry(sequence) + " has no state");
    if (ClassOf(**state) != filing->at || (*state)->deliveries_started != filing->starts) {
      return Fail("the state of filing " + std::to_string(sequence) +
                  " is not what its entries say");
    }
  }
}

void WorldJudge::CompareBalance(const View& view) {
  const auto balance = ReadBalance(view, CourtId());
  const Balance counted = model_.CountAll();
  if (!balance || !balance->Holds()) return Fail("the balance does not add up");
  bool same = balance->received == counted.received;
  for (int i = 0; i < kBalanceClasses; ++i)
    same = same && balance->classes[i] == counted.classes[i];
  if (!same) Fail("the balance is not what the entries add up to");
}

// What is published was promised before: a lost end of the log must not go unnoticed.
void WorldJudge::CheckHead(const View& view) {
  const auto head = HeadFile::Read(disk_, kHeadPath);
  if (!head) return;  // The power is off.
  if (head->head.sequence != view.published() || head->head.root != view.root()) {
    Fail("the head promises " + std::to_string(head->head.sequence) + " entries, and " +
         std::to_string(view.published()) + " are published");
  }
}

void WorldJudge::Reopened(const View& view) {
  Read(view);
  if (violation_) return;
  // Some of the earlier sizes: all of them would cost more than the rest of the run.
  std::size_t skip = 0;
  for (const auto& [size, root] : roots_) {
    if (skip++ % (1 + roots_.size() / kSizesLookedAt) != 0) continue;
    const auto now = RootAt(size, NodesOf(view));
    if (!now || *now != root) return Fail("the tree of " + std::to_string(size) + " has changed");
  }
  std::set<std::uint64_t> all;
  for (const auto& [sequence, filing] : model_.filings()) all.insert(sequence);
  CompareStates(view, all);
  CompareBalance(view);
  CheckHead(view);
  if (const auto wrong = documents_.CheckAll(view, model_)) return Fail(*wrong);
  for (const Digest& key : receipts_) {
    const ModelFiling* filing = model_.Find(key);
    if (filing == nullptr) return Fail("a receipted filing is gone");
    CheckReceipt(view, *filing);
  }
}

void WorldJudge::CheckReceipt(const View& view, const ModelFiling& filing) {
  const auto stored = view.FindFilingByKey(filing.record.delivery_key);
  if (!stored || !*stored) return Fail("a receipted filing is not found by its request_id");
  if ((*stored)->receipt_json != filing.receipt_json ||
      (*stored)->receipt_p7s != filing.receipt_p7s) {
    return Fail("the receipt of filing " + std::to_string(filing.sequence) + " has changed");
  }
  const auto proof = view.Prove(filing.sequence, view.published());
  if (!proof || !VerifyInclusion(LeafHash(Sha256(filing.receipt_json)), proof->index, proof->size,
                                 proof->path, view.root())) {
    Fail("the receipt of filing " + std::to_string(filing.sequence) + " is not in the tree");
  }
}

void WorldJudge::Receipted(const View& view, const ReceiveFiling& sent,
                           const FilingSnapshot& answer, const std::set<WallTime>& sent_at) {
  const ModelFiling* filing = model_.Find(answer.record.delivery_key);
  if (filing == nullptr) return Fail("a receipt was given for what is not published");
  if (answer.receipt_json != filing->receipt_json || answer.receipt_p7s != filing->receipt_p7s) {
    return Fail("one request_id has two receipts");
  }
  if (answer.record.request_id != sent.request_id || answer.record.system != sent.system ||
      answer.record.header != sent.header) {
    return Fail("a receipt was given for other content than was sent");
  }
  if (!sent_at.contains(answer.record.received_at)) {
    return Fail("received_at is no time at which the filing came");
  }
  receipts_.insert(answer.record.delivery_key);
  CheckReceipt(view, *filing);
}

// ---- The wire ----

void WorldJudge::Sent(const std::string& group, const RecordRequest& request) {
  const ModelFiling* filing = model_.Find(request.delivery_key);
  if (filing == nullptr) return Fail("a filing was sent that is not in the journal");
  const std::string name = "filing " + std::to_string(filing->sequence);
  trace_.Note(name + " is sent to " + group);
  Line& line = wire_[request.delivery_key];
  if (line.unknown_in) {
    return Fail(name + " was sent again before " + *line.unknown_in +
                " had said what became of it");
  }
  if (filing->starts <= line.sent_with_start) {
    return Fail(name + " was sent before the start of its delivery was on disk");
  }
  if (filing->group != group) return Fail(name + " was sent elsewhere than the journal says");
  if (filing->at == BalanceClass::kTest) return Fail(name + " is a test and was sent");
  if (request.receipt_json != filing->receipt_json || request.header != filing->record.header ||
      request.fingerprint != filing->record.fingerprint) {
    return Fail(name + " was sent with other content than was received");
  }
  line.sent_with_start = filing->starts;
  line.unknown_in = group;
}

void WorldJudge::Answered(const Digest& key, DeliveryFate fate) {
  const ModelFiling* filing = model_.Find(key);
  trace_.Note("delivery of filing " + std::to_string(filing == nullptr ? 0 : filing->sequence) +
              ": " + ToString(fate));
  if (fate != DeliveryFate::kUnknownLost && fate != DeliveryFate::kUnknownLate) {
    wire_[key].unknown_in.reset();
  }
}

void WorldJudge::AnsweredQuery(const std::string& group, const Digest& key, QueryFate fate) {
  const ModelFiling* filing = model_.Find(key);
  trace_.Note("question to " + group + " about filing " +
              std::to_string(filing == nullptr ? 0 : filing->sequence) + ": " + ToString(fate));
  Line& line = wire_[key];
  const bool said = fate == QueryFate::kSettled || fate == QueryFate::kNotFound;
  if (said && line.unknown_in == group) line.unknown_in.reset();
}

// ---- The docket ----

void WorldJudge::LookAtDocket() {
  if (court_.counts().other_documents > 0) {
    return Fail("a court was sent other bytes than were received");
  }
  for (; docket_read_ < court_.docket().size(); ++docket_read_) {
    const SimCaseSystem::DocketRow& row = court_.docket()[docket_read_];
    const bool ours = row.gateway == kOurGateway;
    trace_.Note("docketed in " + row.group + ": " + row.delivery_key.Hex().substr(0, 8) +
                (ours ? "" : ", by another gateway"));
    std::vector<std::size_t>& rows = docketed_[row.delivery_key];
    for (const std::size_t earlier : rows) {
      const SimCaseSystem::DocketRow& other = court_.docket()[earlier];
      if (other.gateway == row.gateway || other.group == row.group) {
        return Fail("one delivery key was docketed twice");
      }
    }
    rows.push_back(docket_read_);
    if (!ours) continue;
    const ModelFiling* filing = model_.Find(row.delivery_key);
    if (filing == nullptr) return Fail("a filing was docketed that nobody received");
    if (filing->ended_under_way) continue;
    for (const std::string& name : filing->cases) {
      std::uint64_t& last = last_of_case_[name];
      if (last > filing->sequence) {
        return Fail("filing " + std::to_string(filing->sequence) + " was docketed after filing " +
                    std::to_string(last) + " of its case");
      }
      last = filing->sequence;
    }
  }
}

bool WorldJudge::OnDocket(const Digest& key, bool by_us) const {
  const auto rows = docketed_.find(key);
  if (rows == docketed_.end()) return false;
  return std::any_of(rows->second.begin(), rows->second.end(), [&](std::size_t row) {
    return (court_.docket()[row].gateway == kOurGateway) == by_us;
  });
}

void WorldJudge::Finished(const View& view) {
  Reopened(view);
  if (const auto wrong = documents_.CheckAllWhole(view, model_)) return Fail(*wrong);
  const Balance balance = model_.CountAll();
  for (const BalanceClass open :
       {BalanceClass::kPending, BalanceClass::kUncertain, BalanceClass::kHeld}) {
    if (balance.Of(open) > 0) {
      return Fail("after all has healed " + std::to_string(balance.Of(open)) +
                  " filings are still open");
    }
  }
  for (const auto& [sequence, filing] : model_.filings()) {
    const std::string name = "filing " + std::to_string(sequence);
    if (!VerifyCmsWithoutRoot(filing.receipt_json, filing.receipt_p7s)) {
      return Fail("the signature on the receipt of " + name + " does not fit");
    }
    const bool on_docket = OnDocket(filing.record.delivery_key, /*by_us=*/true);
    const bool taken = filing.at == BalanceClass::kDocketed ||
                       (filing.at == BalanceClass::kWithdrawn && filing.submitted);
    // Of what two gateways delivered to two groups each has a record: the other's came first to us,
    // and whether ours is on a docket as well is the court's.
    const bool other_counts = filing.at == BalanceClass::kDuplicateOf;
    if (on_docket != taken && !filing.ended_under_way && !other_counts) {
      return Fail(name + (on_docket ? " is on the docket, and we say otherwise"
                                    : " is not on the docket, as we say"));
    }
    if (filing.at == BalanceClass::kDuplicateOf && filing.review != CourtRecordState::kReturned &&
        !OnDocket(filing.record.delivery_key, /*by_us=*/false)) {
      return Fail(name + " is called a duplicate of what nobody delivered");
    }
  }
}

}  // namespace nightbox
