// SimDocuments: one gateway's documents in one thread and virtual time: the real segments on the
// simulated disk, uploads that come piece by piece, what rides along with a filing, what is read
// for its delivery, and the collector.
//
// It lives as long as its gateway does, from one opening to the next death; then nobody is answered
// any more. What the gateway does in intake_documents.cc, intake_create.cc and collector.cc around
// threads and calls is told here once more; all that is beneath is the store's own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/upload_registry.h"
#include "replay/case_system_port.h"
#include "store/disk.h"
#include "store/reclaimer.h"
#include "store/segment_file.h"
#include "store/view.h"
#include "tests/sim/sim_loop.h"

namespace nightbox {

// One stream of a filing system, and how it comes.
struct SimStream {
  SystemName system;
  Digest sha256;
  // The whole document; what is stored of it is not sent again.
  std::string bytes;
  std::size_t piece_bytes = 1024;
  Microseconds pause{1000};  // Before each piece.
  // Then the client goes away.
  std::size_t pieces_max = SIZE_MAX;
};

class SimDocuments {
 public:
  using Done = std::function<void(const Result<Outcome>&)>;
  // How much of the document is committed: all of it, or the client has gone away. An error ends
  // the stream.
  using Ended = std::function<void(const Result<std::int64_t>& committed)>;

  // All outlive it.
  struct Parts {
    Disk* disk = nullptr;
    std::string directory;
    SimLoop* loop = nullptr;
    std::function<std::shared_ptr<const View>()> view;
    // The committer.
    std::function<void(Draft, Done)> submit;
  };
  // What is asked of the committer here, and what it answers.
  struct News {
    std::function<void(const Draft&)> asked = [](const Draft&) {};
    std::function<void(const Draft&, const Result<Outcome>&)> answered =
        [](const Draft&, const Result<Outcome>&) {};
  };

  // So small that a document of a few pages has several extents and needs a new segment.
  static constexpr std::uint32_t kExtentBytesMax = 4 << 10;
  static constexpr SegmentOptions kSegments = {.segment_bytes = 16 << 10, .open_files_max = 4};
  static constexpr Microseconds kLease = std::chrono::minutes(20);

  // Opens the segments, as far as the index refers to them.
  static Result<std::unique_ptr<SimDocuments>> Open(Parts parts, const News& news);
  ~SimDocuments();
  SimDocuments(const SimDocuments&) = delete;
  SimDocuments& operator=(const SimDocuments&) = delete;

  // What rides along with a filing, synced; for its draft. After an error nothing is left behind.
  Result<std::vector<StoredDocument>> StoreAlong(const std::vector<std::string>& texts);
  // As the committer says of what nobody will ever refer to.
  void NotTaken(const std::vector<StoredExtent>& extents);

  struct Stored {
    std::int64_t bytes = 0;
    bool complete = false;
  };
  Result<Stored> Query(const SystemName& system, const Digest& sha256) const;
  // A newer stream of the same document ends the older. `ended` may be called from within.
  void Write(SimStream stream, Ended ended);

  // For a delivery; outlives this.
  Result<std::shared_ptr<DocumentSource>> Read(const View& view, const FilingSnapshot& filing);

  // Looks for what nobody refers to now, and every so often from then on.
  void Collect(Microseconds every);

  // Where a segment is, for those who damage it.
  static std::string SegmentPath(const std::string& directory, std::uint64_t segment);

 private:
  struct Writer;

  SimDocuments(Parts parts, const News& news, std::shared_ptr<SegmentFiles> segments);

  void Submit(Draft draft, Done done);
  // Calls `act` then, unless this is gone.
  void Later(Microseconds after, std::function<void()> act);
  WallTime Now() const { return parts_.loop->clock().Now(); }

  // A writer that has ended is not found any more: each of these then does nothing.
  void Wait(std::uint64_t number);
  void TakePiece(std::uint64_t number);
  void StoreSome(std::uint64_t number);
  void BeginAnew(std::uint64_t number, const Error& why);
  void DropThenEnd(std::uint64_t number, const Error& why);
  void End(std::uint64_t number, const Result<std::int64_t>& committed);

  const Parts parts_;
  const News& news_;
  const std::shared_ptr<SegmentFiles> segments_;
  UploadRegistry uploads_;
  std::map<std::uint64_t, std::unique_ptr<Writer>> writers_;
  std::uint64_t last_writer_ = 0;
  Reclaimer reclaimer_;
  std::string leftovers_from_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace nightbox
