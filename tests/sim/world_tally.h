// WorldTally: how often each thing was done and each fault fired, for people to read and for the
// test that demands that every one of them did.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nightbox {

class WorldTally {
 public:
  // Everything that is counted, at zero.
  WorldTally();

  // `what` is one of the names in world_tally.cc.
  void Count(std::string_view what, std::uint64_t times = 1);
  void Add(const WorldTally& other);

  // One line each, in the order of the list.
  std::string Table() const;
  // What never happened.
  std::vector<std::string> Missing() const;

 private:
  std::map<std::string_view, std::uint64_t> counts_;
};

}  // namespace nightbox
