// WorldJudge: what must hold after every step of a World.
//
//   * Every receipt given is in the journal, byte for byte, and in the tree; one request_id, one
//     receipt; what was refused as other content changed nothing.
//   * The tree only grows: its root at every earlier size is what it was. committed_at never
//     decreases within an epoch of the clock. The head promises what is published.
//   * The store's states and balance are those of the model.
//   * Every document of a received filing is on the disk as it was received
//     (tests/sim/world_document_judge.h), and the court was sent no other bytes.
//   * A receipt's last days are those the rules give (tests/sim/world_last_day.h).
//   * Nothing is sent before the start of its delivery is on disk, after an uncertain delivery only
//     once its group has said what became of it, and in each case in the journal's order.
//   * A court dockets each delivery key once, and each case in the journal's order. (Two gateways
//     may each deliver to another group; what then happens is the court's.)
//
// The first violation stays; everything after it is hearsay.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/disk.h"
#include "store/journal.h"
#include "tests/sim/sim_case_system.h"
#include "tests/sim/world_document_judge.h"
#include "tests/sim/world_model.h"
#include "tests/sim/world_tally.h"
#include "tests/sim/world_trace.h"

namespace nightbox {

class WorldJudge {
 public:
  WorldJudge(Disk& disk, const std::string& documents, const SimCaseSystem& court,
             WorldTrace& trace, WorldTally& tally)
      : disk_(disk), court_(court), trace_(trace), tally_(tally), documents_(disk, documents) {}

  const std::optional<std::string>& violation() const { return violation_; }
  void Fail(const std::string& what);

  // ---- The journal ----
  // A group was published; these filings changed.
  void Published(const View& view, const std::set<std::uint64_t>& changed);
  // The journal was opened again: all that was ever promised is there.
  void Reopened(const View& view);
  // A filing was answered for: it was sent at one of these times.
  void Receipted(const View& view, const ReceiveFiling& sent, const FilingSnapshot& answer,
                 const std::set<WallTime>& sent_at);

  // ---- The wire ----
  void Sent(const std::string& group, const RecordRequest& request);
  void Answered(const Digest& key, DeliveryFate fate);
  void AnsweredQuery(const std::string& group, const Digest& key, QueryFate fate);

  // ---- The docket, after each step ----
  void LookAtDocket();

  // After all has healed: nothing is open, and docket and journal say the same.
  void Finished(const View& view);

  WorldModel& model() { return model_; }
  DocumentJudge& documents() { return documents_; }
  std::size_t receipts_given() const { return receipts_.size(); }

 private:
  // How the wire stands for one delivery key.
  struct Line {
    // The start that the last sending belongs to.
    std::uint32_t sent_with_start = 0;
    // The group that must say what became of it, before it is sent again.
    std::optional<std::string> unknown_in;
  };

  void Read(const View& view);
  // A filing was received, or a document found damaged: what that must come with.
  void LookAtEntry(const View& view, const journal::v1::Entry& entry);
  void CompareStates(const View& view, const std::set<std::uint64_t>& sequences);
  void CompareBalance(const View& view);
  void CheckReceipt(const View& view, const ModelFiling& filing);
  void CheckHead(const View& view);
  bool OnDocket(const Digest& key, bool by_us) const;

  Disk& disk_;
  const SimCaseSystem& court_;
  WorldTrace& trace_;
  WorldTally& tally_;
  std::optional<std::string> violation_;
  WorldModel model_;
  DocumentJudge documents_;

  std::uint64_t read_ = 0;  // Entries taken in.
  std::map<std::uint64_t, Digest> roots_;
  std::uint32_t epoch_ = 0;
  std::int64_t committed_at_us_ = 0;
  std::set<Digest> receipts_;  // Delivery keys that were answered with a receipt.
  std::map<Digest, Line> wire_;
  std::size_t docket_read_ = 0;
  std::map<Digest, std::vector<std::size_t>> docketed_;  // Rows.
  std::map<std::string, std::uint64_t> last_of_case_;
};

}  // namespace nightbox
