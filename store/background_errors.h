// BackgroundErrors: hears what goes wrong in RocksDB behind our back.
//
// A flush or compaction that fails may not show until much later: writes go on, or fail, depending
// on RocksDB's own view of how bad it is. Here every such error means that the outcome of what was
// written is unknown: the gateway stops and opens again to find the truth, also when nobody files
// just then.
#pragma once

#include <rocksdb/listener.h>

#include <functional>
#include <mutex>
#include <optional>

#include "core/result.h"

namespace nightbox {

class BackgroundErrors : public rocksdb::EventListener {
 public:
  // The first error, if there was one. Any thread.
  std::optional<Error> first() const;

  // `tell` is called once, on a thread of RocksDB's or at once when there has been an error
  // already; it must not block. Null: nobody is told any more, and no call is under way when this
  // returns.
  void SetTell(std::function<void()> tell);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;

 private:
  mutable std::mutex mutex_;  // Guards both; held while telling.
  std::optional<Error> first_;
  std::function<void()> tell_;
};

}  // namespace nightbox
