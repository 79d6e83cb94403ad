#include "gateway/upload_registry.h"

#include <algorithm>
#include <vector>

#include "gateway/error_catalogue.h"

namespace nightbox {

UploadRegistry::Place::Place(UploadRegistry& registry, SystemName system, Digest sha256,
                             std::uint64_t number, std::int64_t announced)
    : registry_(registry),
      system_(std::move(system)),
      sha256_(sha256),
      number_(number),
      announced_(announced) {}

UploadRegistry::Place::~Place() {
  const std::lock_guard lock(registry_.mutex_);
  --registry_.count_;
  const auto system = registry_.per_system_.find(system_);
  const auto writer = registry_.writers_.find({system_, sha256_});
  if (writer != registry_.writers_.end() && writer->second.number == number_) {
    system->second.announced -= writer->second.announced;
    registry_.writers_.erase(writer);
  }
  if (--system->second.places == 0) registry_.per_system_.erase(system);
}

void UploadRegistry::Place::Stored(std::int64_t bytes) {
  const std::lock_guard lock(registry_.mutex_);
  const auto writer = registry_.writers_.find({system_, sha256_});
  if (writer == registry_.writers_.end() || writer->second.number != number_) return;
  bytes = std::min(bytes, writer->second.announced);
  writer->second.announced -= bytes;
  registry_.per_system_[system_].announced -= bytes;
}

Result<std::unique_ptr<UploadRegistry::Place>> UploadRegistry::Enter(
    const SystemName& system, const Digest& sha256, std::int64_t bytes,
    std::function<void()> overtaken) {
  std::function<void()> tell;
  std::unique_ptr<Place> place;
  {
    const std::lock_guard lock(mutex_);
    const auto held = per_system_.find(system);
    if (count_ >= uploads_max_ ||
        (held != per_system_.end() && held->second.places >= per_system_max_)) {
      return Catalogued("TOO_MANY_UPLOADS", "as many documents as may be are being written now", "",
                        std::chrono::milliseconds(1000));
    }
    ++count_;
    const std::uint64_t number = next_number_++;
    Writer& writer = writers_[{system, sha256}];
    OfSystem& of_system = per_system_[system];
    ++of_system.places;
    of_system.announced += bytes - writer.announced;
    tell = std::move(writer.overtaken);
    writer = {number, bytes, std::move(overtaken)};
    place = std::make_unique<Place>(*this, system, sha256, number, of_system.announced);
  }
  if (tell) tell();
  return place;
}

void UploadRegistry::TellAll() {
  std::vector<std::function<void()>> to_tell;
  {
    const std::lock_guard lock(mutex_);
    to_tell.reserve(writers_.size());
    for (const auto& [document, writer] : writers_) to_tell.push_back(writer.overtaken);
  }
  for (const auto& tell : to_tell) tell();
}

std::size_t UploadRegistry::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace nightbox
