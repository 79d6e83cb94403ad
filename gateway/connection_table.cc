#include "gateway/connection_table.h"

#include <sys/stat.h>

#include <optional>
#include <utility>

namespace nightbox {
namespace {

// Nothing when the descriptor is no open socket.
std::optional<std::uint64_t> SocketInode(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISSOCK(status.st_mode)) return std::nullopt;
  return status.st_ino;
}

}  // namespace

std::string PeerOf(std::string_view grpc_peer) {
  const std::size_t scheme = grpc_peer.find(':');
  std::string_view rest = grpc_peer.substr(scheme == std::string_view::npos ? 0 : scheme + 1);
  std::string peer;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest.substr(i, 3) == "%5B" || rest.substr(i, 3) == "%5b") {
      peer += '[';
      i += 2;
    } else if (rest.substr(i, 3) == "%5D" || rest.substr(i, 3) == "%5d") {
      peer += ']';
      i += 2;
    } else {
      peer += rest[i];
    }
  }
  return peer;
}

ConnectionTable::Answer ConnectionTable::Open(std::string_view address, std::string_view peer,
                                              int fd) {
  std::lock_guard lock(mutex_);
  const auto judge = [&] {
    if (connections_.size() >= limits_.total) return Answer::kTooMany;
    const auto found = addresses_.find(std::string(address));
    if (found == addresses_.end()) return Answer::kTake;
    if (found->second.open >= limits_.per_address) return Answer::kTooManyFromAddress;
    if (found->second.silent >= limits_.silent_per_address) return Answer::kTooManySilent;
    return Answer::kTake;
  };
  Answer answer = judge();
  if (answer != Answer::kTake && sweeps_at_bounds_ < kSweepsAtBounds) {
    ++sweeps_at_bounds_;
    SweepLocked();
    answer = judge();
  }
  const auto inode = SocketInode(fd);
  if (answer == Answer::kTake && inode) {
    // The same peer again: the old connection has ended, unswept.
    if (const auto old = connections_.find(std::string(peer)); old != connections_.end()) {
      RemoveLocked(old->second);
      connections_.erase(old);
    }
    connections_.emplace(peer, Connection{fd, *inode, std::string(address), true});
    Address& counted = addresses_[std::string(address)];
    ++counted.open;
    ++counted.silent;
    ++counts_.silent;
    ++counts_.opened;
  }
  counts_.refused_total += answer == Answer::kTooMany ? 1 : 0;
  counts_.refused_address += answer == Answer::kTooManyFromAddress ? 1 : 0;
  counts_.refused_silent += answer == Answer::kTooManySilent ? 1 : 0;
  return answer;
}

void ConnectionTable::NoteCall(std::string_view grpc_peer) {
  const std::string peer = PeerOf(grpc_peer);
  std::lock_guard lock(mutex_);
  const auto found = connections_.find(peer);
  if (found == connections_.end() || !found->second.silent) return;
  found->second.silent = false;
  --addresses_[found->second.address].silent;
  --counts_.silent;
}

void ConnectionTable::Sweep() {
  std::lock_guard lock(mutex_);
  sweeps_at_bounds_ = 0;
  SweepLocked();
}

void ConnectionTable::SweepLocked() {
  for (auto it = connections_.begin(); it != connections_.end();) {
    if (SocketInode(it->second.fd) == it->second.inode) {
      ++it;
      continue;
    }
    RemoveLocked(it->second);
    it = connections_.erase(it);
  }
}

void ConnectionTable::RemoveLocked(const Connection& connection) {
  const auto counted = addresses_.find(connection.address);
  --counted->second.open;
  if (connection.silent) {
    --counted->second.silent;
    --counts_.silent;
    ++counts_.ended_silent;
  }
  if (counted->second.open == 0) addresses_.erase(counted);
}

ConnectionCounts ConnectionTable::counts() const {
  std::lock_guard lock(mutex_);
  ConnectionCounts counts = counts_;
  counts.open = connections_.size();
  return counts;
}

}  // namespace nightbox
