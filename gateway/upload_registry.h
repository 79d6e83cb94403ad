// UploadRegistry: which documents are being written, by whom, and how many at once.
//
// A newer writer of a document ends the older one: its client went away and came back, and the
// gateway is the last to notice. Bounded over all and per system. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "core/bytes.h"
#include "core/ids.h"
#include "core/result.h"

namespace nightbox {

class UploadRegistry {
 public:
  UploadRegistry(std::size_t uploads_max, std::size_t per_system_max)
      : uploads_max_(uploads_max), per_system_max_(per_system_max) {}

  // Held by a writer while it writes.
  class Place {
   public:
    Place(UploadRegistry& registry, SystemName system, Digest sha256, std::uint64_t number);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    UploadRegistry& registry_;
    const SystemName system_;
    const Digest sha256_;
    const std::uint64_t number_;
  };

  // `overtaken` is called, perhaps on another thread, when a newer writer of the same document
  // comes and when all are told; it must not block. TOO_MANY_UPLOADS when there is no place.
  Result<std::unique_ptr<Place>> Enter(const SystemName& system, const Digest& sha256,
                                       std::function<void()> overtaken);
  // Shutdown: every writer is told that it is overtaken, and finds out by what.
  void TellAll();
  std::size_t count() const;

 private:
  struct Writer {
    std::uint64_t number;
    std::function<void()> overtaken;
  };

  const std::size_t uploads_max_;
  const std::size_t per_system_max_;
  mutable std::mutex mutex_;  // Guards all below; not held while a writer is told.
  std::map<std::pair<SystemName, Digest>, Writer> writers_;
  std::map<SystemName, std::size_t> per_system_;
  std::size_t count_ = 0;  // Places held, overtaken ones too until they are given back.
  std::uint64_t next_number_ = 0;
};

}  // namespace nightbox
