// WorldDocuments: the filers' documents: what they are, how they come to the gateway, and what
// comes in between.
//
// Small ones ride along with their filing; the others are uploaded first, piece by piece, and go on
// where they were cut: by a kill, a power cut, a full disk, a failed sync, or the filer itself.
// Some are sent with wrong bytes, some for nothing; some were filed before. What is found damaged
// is sent again. An upload never has less than was committed of it, unless it was let go.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/world_stage.h"

namespace nightbox {

class WorldDocuments {
 public:
  explicit WorldDocuments(WorldStage& stage);

  // A stream of several extents has begun that will last about so long: something may happen to it.
  std::function<void(Microseconds)> on_stream = [](Microseconds) {};

  // Gives the header of filing `number` its documents, and answers their texts in the same order.
  std::vector<std::string> Choose(int number, FilingHeader& header);
  // What rides along is stored and put on the draft. False: it could not be; try again later.
  bool StoreAlong(const std::vector<std::string>& texts, ReceiveFiling& draft);
  // The first that must be uploaded before the filing can be sent. Null: none.
  const std::string* FirstMissing(const SystemName& system, const std::vector<std::string>& texts);
  // One stream. `then` is called when it ends, however it does, unless the gateway dies first.
  void Send(const SystemName& system, const std::string& text,
            std::function<void(bool complete)> then);
  // Begins an upload that nobody files.
  void SendForNothing(const SystemName& system);
  // Sends what was found damaged. How many documents are not whole yet.
  std::size_t SendDamagedAgain();
  // What was found damaged has come again.
  bool AllWhole() { return stage_.gateway.open() && Damaged().empty(); }
  // What was under way is cut: "by a kill" and the like.
  void GatewayDied(std::string_view how);

 private:
  using Key = WorldModel::DocumentKey;

  // The power is off, and nobody has noticed yet.
  bool IsDark() const { return !stage_.fixture.disk().FreeBytes("/").has_value(); }
  std::vector<Key> Damaged();
  void Asked(const Draft& draft);
  void Answered(const Draft& draft, const Result<Outcome>& outcome);
  SimStream StreamOf(const Key& key, const std::string& text, std::int64_t committed);
  void Ended(const Key& key, std::int64_t size, const Result<std::int64_t>& committed);
  // Counts why bytes could not be stored, and says what that cuts an upload by. Empty: by nothing
  // that is counted.
  std::string_view WhyNotStored(const Error& why);
  void CutBy(const Key& key, std::string_view what);

  WorldStage& stage_;
  std::map<Digest, std::string> texts_;  // All that were ever chosen.
  std::vector<std::string> filed_;
  std::uint64_t for_nothing_ = 0;
  std::multiset<Key> under_way_;
  std::map<Key, std::int64_t> committed_;
  std::map<Key, std::string_view> cut_by_;
  std::set<Key> garbled_;
};

}  // namespace nightbox
