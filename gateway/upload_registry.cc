#include "gateway/upload_registry.h"

#include <vector>

#include "gateway/error_catalogue.h"

namespace nightbox {

UploadRegistry::Place::Place(UploadRegistry& registry, SystemName system, Digest sha256,
                             std::uint64_t number)
    : registry_(registry), system_(std::move(system)), sha256_(sha256), number_(number) {}

UploadRegistry::Place::~Place() {
  const std::lock_guard lock(registry_.mutex_);
  --registry_.count_;
  const auto system = registry_.per_system_.find(system_);
  if (--system->second == 0) registry_.per_system_.erase(system);
  const auto writer = registry_.writers_.find({system_, sha256_});
  if (writer != registry_.writers_.end() && writer->second.number == number_)
    registry_.writers_.erase(writer);
}

Result<std::unique_ptr<UploadRegistry::Place>> UploadRegistry::Enter(
    const SystemName& system, const Digest& sha256, std::function<void()> overtaken) {
  std::function<void()> tell;
  std::unique_ptr<Place> place;
  {
    const std::lock_guard lock(mutex_);
    const auto held = per_system_.find(system);
    if (count_ >= uploads_max_ || (held != per_system_.end() && held->second >= per_system_max_)) {
      return Catalogued("TOO_MANY_UPLOADS", "as many documents as may be are being written now", "",
                        std::chrono::milliseconds(1000));
    }
    ++count_;
    ++per_system_[system];
    const std::uint64_t number = next_number_++;
    Writer& writer = writers_[{system, sha256}];
    tell = std::move(writer.overtaken);
    writer = {number, std::move(overtaken)};
    place = std::make_unique<Place>(*this, system, sha256, number);
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
