// ConnectionTable: the open connections, counted and bounded per address.
//
// gRPC owns a connection once it has it and tells nobody when it ends. So the table remembers each
// socket's descriptor and inode, and looks again: a descriptor that is closed, or is another socket
// by now, has ended. Socket inodes are numbered upwards by the kernel, so the question is never
// answered wrongly for a reused descriptor. (Keeping a duplicate descriptor to be told of the end
// was rejected: epoll goes on reporting events for a socket that gRPC has closed while a duplicate
// lives.)
//
// A connection is silent until it makes its first call: that is also what one looks like that fails
// TLS, or holds a connection open for nothing.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nightbox {

struct ConnectionLimits {
  std::size_t total = 2000;
  std::size_t per_address = 500;
  std::size_t silent_per_address = 100;
};

struct ConnectionCounts {
  std::size_t open = 0;
  std::size_t silent = 0;
  std::uint64_t opened = 0;
  // Turned away because a bound was reached.
  std::uint64_t refused_total = 0;
  std::uint64_t refused_address = 0;
  std::uint64_t refused_silent = 0;
  // Ended without a single call: failed or unfinished TLS, mostly.
  std::uint64_t ended_silent = 0;
};

// Thread-safe: the loop opens and sweeps, gRPC's threads note calls. The mutex is held for map
// operations and, in Sweep, for one fstat per connection.
class ConnectionTable {
 public:
  enum class Answer { kTake, kTooMany, kTooManyFromAddress, kTooManySilent };

  static constexpr int kSweepsAtBounds = 8;

  explicit ConnectionTable(const ConnectionLimits& limits) : limits_(limits) {}

  // Whether the connection may stay. `peer` is "ip:port", IPv6 in brackets. When the answer is not
  // kTake nothing is remembered and the caller closes the socket. At a bound the table is swept
  // first, so that an ended connection does not stand in the way of a new one; but no more than
  // kSweepsAtBounds times between two calls of Sweep(), so that a flood over a bound costs little.
  Answer Open(std::string_view address, std::string_view peer, int fd);

  // A call arrived from `peer`, as gRPC spells it: "ipv4:127.0.0.1:4711", "ipv6:%5B::1%5D:4711".
  void NoteCall(std::string_view grpc_peer);

  // Forgets connections that have ended. Called every second.
  void Sweep();

  ConnectionCounts counts() const;

 private:
  struct Connection {
    int fd = -1;
    std::uint64_t inode = 0;
    std::string address;
    bool silent = true;
  };
  struct Address {
    std::size_t open = 0;
    std::size_t silent = 0;
  };

  void SweepLocked();
  void RemoveLocked(const Connection& connection);

  const ConnectionLimits limits_;
  mutable std::mutex mutex_;                                 // Guards all below.
  std::unordered_map<std::string, Connection> connections_;  // By peer.
  std::unordered_map<std::string, Address> addresses_;
  ConnectionCounts counts_;
  int sweeps_at_bounds_ = 0;  // Since the last Sweep().
};

// "ipv6:%5B::1%5D:4711" is "[::1]:4711".
std::string PeerOf(std::string_view grpc_peer);

}  // namespace nightbox
