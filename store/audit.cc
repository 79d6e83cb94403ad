#include "store/audit.h"

#include <algorithm>

#include "core/sha256.h"
#include "evidence/cms.h"
#include "evidence/json_reader.h"
#include "evidence/merkle.h"
#include "evidence/receipt.h"
#include "store/keys.h"
#include "store/opening.h"
#include "store/record.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

class Auditor {
 public:
  Auditor(ReadOnlyLedger& ledger, const std::optional<std::string>& roots_pem, AuditReport& report)
      : ledger_(ledger), roots_pem_(roots_pem), report_(report) {}

  void Visit(std::uint64_t sequence, std::string_view bytes) {
    FillGap(sequence);
    const auto entry = record::ReadEntry(bytes);
    if (!entry) {
      Problem(sequence, "cannot be parsed");
      GoOnWithStoredLeaf(sequence);
      return;
    }
    ++report_.entries;
    CheckTree(sequence, LeafHash(Sha256(entry->statement())));
    if (entry->sequence() != sequence) Problem(sequence, "says that it is another");
    if (entry->clock_epoch() == epoch_ && entry->committed_at_us() < last_committed_at_us_) {
      Problem(sequence, "was committed before the one in front of it");
    }
    epoch_ = entry->clock_epoch();
    last_committed_at_us_ = entry->committed_at_us();
    if (entry->kind() == pb::ENTRY_KIND_FILING_RECEIVED) {
      ++report_.filings;
      CheckFiling(sequence, *entry);
    } else {
      CheckStatement(sequence, *entry);
    }
  }

  void Finish() {
    FillGap(report_.head.sequence);
    report_.root = frontier_.Root();
    if (report_.root != report_.head.root) {
      Problem("the root of the promised entries is not the one in the head file");
    }
    if (const auto kept = CheckCommits(ledger_, report_.head); !kept) Problem(kept.error().message);
  }

 private:
  void Problem(std::string text) {
    ++report_.problem_count;
    if (report_.problems.size() < AuditReport::kProblemsKept) {
      report_.problems.push_back(std::move(text));
    }
  }
  void Problem(std::uint64_t sequence, const std::string& what) {
    Problem("entry " + std::to_string(sequence) + " " + what);
  }

  void FillGap(std::uint64_t sequence) {
    for (; frontier_.size() < sequence;) {
      const std::uint64_t missing = frontier_.size();
      Problem(missing, "is missing");
      GoOnWithStoredLeaf(missing);
    }
  }

  // So that one missing entry does not make every later root wrong.
  void GoOnWithStoredLeaf(std::uint64_t sequence) {
    const auto bytes = ledger_.Get(keys::TreeNode(0, sequence));
    const auto leaf = bytes && *bytes ? Digest::FromBytes(**bytes) : std::nullopt;
    if (!leaf) Problem(sequence, "has no leaf");
    frontier_.Append(leaf.value_or(Digest()));
  }

  void CheckTree(std::uint64_t sequence, const Digest& leaf) {
    for (const MerkleNode& node : frontier_.Append(leaf)) {
      const auto stored = ledger_.Get(keys::TreeNode(node.level, node.index));
      if (!stored || !*stored || **stored != node.hash.view()) {
        Problem(sequence, "does not fit the tree's node " + std::to_string(node.level) + "/" +
                              std::to_string(node.index));
        return;
      }
    }
  }

  void CheckStatement(std::uint64_t sequence, const pb::Entry& entry) {
    const auto json = ParseJsonObject(entry.statement(), kReceiptMaxBytes);
    if (!json) {
      Problem(sequence, "has a statement that is no JSON");
      return;
    }
    std::string wrong;
    const JsonFields fields(*json, wrong);
    const bool fits = fields.Number("sequence") == sequence &&
                      fields.Text("log_id") == report_.log_id &&
                      fields.Text("gateway") == report_.gateway;
    if (!fits || !wrong.empty()) Problem(sequence, "has a statement of another place");
  }

  void CheckFiling(std::uint64_t sequence, const pb::Entry& entry) {
    const auto receipt = ParseReceipt(entry.statement());
    if (!receipt) {
      Problem(sequence, "has no readable receipt");
      return;
    }
    const pb::FilingReceived& received = entry.filing_received();
    if (receipt->log.sequence != sequence || receipt->log.leaf_index != sequence ||
        receipt->log.log_id != report_.log_id || receipt->gateway != report_.gateway) {
      Problem(sequence, "has a receipt of another place");
    }
    if (receipt->filing_id.str() != received.filing_id() ||
        receipt->delivery_key.view() != received.delivery_key() ||
        receipt->fingerprint.view() != received.fingerprint() ||
        ToMicros(receipt->received_at) != received.received_at_us() ||
        ToMicros(receipt->committed_at) != entry.committed_at_us()) {
      Problem(sequence, "has a receipt that its record contradicts");
    }
    const auto found = ledger_.Get(keys::FilingByDeliveryKey(receipt->delivery_key));
    if (!found || *found != BigEndian64(sequence)) {
      Problem(sequence, "is not found by its delivery key");
    }
    const auto signature = roots_pem_ ? VerifyCms(entry.statement(), entry.signature(), *roots_pem_,
                                                  FromMicros(entry.committed_at_us()))
                                      : VerifyCmsWithoutRoot(entry.statement(), entry.signature());
    if (!signature) Problem(sequence, "has a bad signature: " + signature.error().message);
  }

  ReadOnlyLedger& ledger_;
  const std::optional<std::string>& roots_pem_;
  AuditReport& report_;
  MerkleFrontier frontier_;
  std::uint32_t epoch_ = 0;
  std::int64_t last_committed_at_us_ = INT64_MIN;
};

}  // namespace

Result<AuditReport> AuditJournal(const JournalOptions& options, Disk& disk,
                                 const std::optional<std::string>& roots_pem) {
  const JournalPaths paths(options.directory);
  AuditReport report;
  NB_ASSIGN_OR_RETURN(const HeadReading head, HeadFile::Read(disk, paths.head));
  report.head = head.head;
  report.one_head_slot_bad = head.one_slot_bad;
  NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::OpenBesideGateway(options, paths));
  NB_ASSIGN_OR_RETURN(const auto meta_bytes, ledger->Get(std::string(keys::kMeta)));
  journal::v1::LogMeta meta;
  if (!meta_bytes || !meta.ParseFromString(*meta_bytes)) {
    return Error{ErrorCode::kDataLoss, "the ledger does not say whose it is"};
  }
  if (meta.log_id() != head.head.log_id) {
    return Error{ErrorCode::kDataLoss, "the ledger is of log " + meta.log_id() +
                                           ", the head file of log " + head.head.log_id};
  }
  report.log_id = meta.log_id();
  report.gateway = meta.gateway();
  Auditor auditor(*ledger, roots_pem, report);
  VisitReadableEntries(
      *ledger, head.head.sequence,
      [&](std::uint64_t sequence, std::string_view bytes) { auditor.Visit(sequence, bytes); });
  auditor.Finish();
  return report;
}

}  // namespace nightbox
