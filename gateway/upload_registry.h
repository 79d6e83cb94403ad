// UploadRegistry: which documents are being written, by whom, and how many at once.
//
// A newer writer of a document ends the older one: its client went away and came back, and the
// gateway is the last to notice. Bounded over all and per system. It also knows how many bytes the
// writers of a system have announced and not stored yet, so that a quota of stored bytes holds for
// those who write at the same time. Any thread.
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
    Place(UploadRegistry& registry, SystemName system, Digest sha256, std::uint64_t number,
          std::int64_t announced);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    // What the system's writers had announced and not stored when this one entered, its own
    // included. Whoever reads what is stored only then counts no byte too few; one that was stored
    // in between is counted twice.
    std::int64_t announced_bytes() const { return announced_; }
    // So many more of the announced bytes are stored, and that is published.
    void Stored(std::int64_t bytes);

   private:
    UploadRegistry& registry_;
    const SystemName system_;
    const Digest sha256_;
    const std::uint64_t number_;
    const std::int64_t announced_;
  };

  // `bytes` is what the writer will store, unless it is overtaken: a newer writer's announcement
  // takes the place of the older one's. `overtaken` is called, perhaps on another thread, when a
  // newer writer of the same document comes and when all are told; it must not block.
  // TOO_MANY_UPLOADS when there is no place.
  Result<std::unique_ptr<Place>> Enter(const SystemName& system, const Digest& sha256,
                                       std::int64_t bytes, std::function<void()> overtaken);
  // Shutdown: every writer is told that it is overtaken, and finds out by what.
  void TellAll();
  std::size_t count() const;

 private:
  struct Writer {
    std::uint64_t number = 0;
    std::int64_t announced = 0;  // And not stored yet.
    std::function<void()> overtaken;
  };
  struct OfSystem {
    std::size_t places = 0;
    std::int64_t announced = 0;  // By its writers together.
  };

  const std::size_t uploads_max_;
  const std::size_t per_system_max_;
  mutable std::mutex mutex_;  // Guards all below; not held while a writer is told.
  std::map<std::pair<SystemName, Digest>, Writer> writers_;
  std::map<SystemName, OfSystem> per_system_;
  std::size_t count_ = 0;  // Places held, overtaken ones too until they are given back.
  std::uint64_t next_number_ = 0;
};

}  // namespace nightbox
