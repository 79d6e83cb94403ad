#include "tests/sim/sim_documents.h"

#include <utility>

#include "core/sha256.h"
#include "replay/stored_documents.h"
#include "store/record.h"
#include "store/upload.h"

namespace nightbox {
namespace {

// Small, so that what is full is met.
constexpr std::size_t kUploadsMax = 5;
constexpr std::size_t kUploadsPerSystemMax = 3;
// From the collector's timer to the job on the pool: others come in between.
constexpr Microseconds kPoolWait = std::chrono::milliseconds(5);
constexpr std::size_t kLookedAtPerTick = 64;

// The segments live as long as somebody may read in them.
class KeptDocuments final : public DocumentSource {
 public:
  KeptDocuments(std::shared_ptr<SegmentFiles> segments, std::shared_ptr<DocumentSource> source)
      : segments_(std::move(segments)), source_(std::move(source)) {}
  Result<std::string> Read(std::size_t document, std::int64_t offset, std::size_t max) override {
    return source_->Read(document, offset, max);
  }

 private:
  const std::shared_ptr<SegmentFiles> segments_;
  const std::shared_ptr<DocumentSource> source_;  // Last: it lets go of the segments first.
};

}  // namespace

struct SimDocuments::Writer {
  Writer(SegmentFiles& segments, UploadStart start, SimStream from, Ended then,
         std::unique_ptr<UploadRegistry::Place> in)
      : stream(std::move(from)),
        ended(std::move(then)),
        place(std::move(in)),
        committed(record::BytesOf(start.stored)),
        sent(static_cast<std::size_t>(committed)),
        upload(segments, std::move(start)) {}

  SimStream stream;
  const Ended ended;
  const std::unique_ptr<UploadRegistry::Place> place;
  std::int64_t committed;
  std::size_t sent;       // Of stream.bytes.
  std::string_view rest;  // Of the piece that came last.
  Upload upload;
};

Result<std::unique_ptr<SimDocuments>> SimDocuments::Open(Parts parts, const News& news) {
  NB_ASSIGN_OR_RETURN(const CommittedEnds ends, parts.view()->ReadSegmentEnds());
  NB_ASSIGN_OR_RETURN(auto segments,
                      SegmentFiles::Open(*parts.disk, parts.directory, ends, kSegments));
  return std::unique_ptr<SimDocuments>(
      new SimDocuments(std::move(parts), news, std::shared_ptr<SegmentFiles>(std::move(segments))));
}

SimDocuments::SimDocuments(Parts parts, const News& news, std::shared_ptr<SegmentFiles> segments)
    : parts_(std::move(parts)),
      news_(news),
      segments_(std::move(segments)),
      uploads_(kUploadsMax, kUploadsPerSystemMax),
      reclaimer_({parts_.view,
                  [this](Draft draft, Done done) { Submit(std::move(draft), std::move(done)); },
                  segments_.get(),
                  [this](std::function<void()> job) {
                    Later(kPoolWait, std::move(job));
                    return true;
                  }},
                 Reclaimer::Limits()) {}

SimDocuments::~SimDocuments() = default;

void SimDocuments::Submit(Draft draft, Done done) {
  news_.asked(draft);
  parts_.submit(draft, [this, alive = std::weak_ptr<bool>(alive_), draft,
                        done = std::move(done)](const Result<Outcome>& outcome) {
    if (alive.expired()) return;
    news_.answered(draft, outcome);
    done(outcome);
  });
}

void SimDocuments::Later(Microseconds after, std::function<void()> act) {
  parts_.loop->Schedule(after, [alive = std::weak_ptr<bool>(alive_), act = std::move(act)] {
    if (!alive.expired()) act();
  });
}

Result<std::vector<StoredDocument>> SimDocuments::StoreAlong(
    const std::vector<std::string>& texts) {
  std::vector<StoredDocument> along;
  for (const std::string& text : texts) {
    auto extents = StoreWhole(*segments_, text);
    if (!extents) {
      for (const StoredDocument& stored : along) NotTaken(stored.extents);
      return extents.error();
    }
    StoredDocument stored;
    stored.sha256 = Sha256(text);
    stored.size_bytes = static_cast<std::int64_t>(text.size());
    stored.extents = *std::move(extents);
    along.push_back(std::move(stored));
  }
  return along;
}

void SimDocuments::NotTaken(const std::vector<StoredExtent>& extents) {
  segments_->PunchLater(PlacesOf(extents));
}

Result<SimDocuments::Stored> SimDocuments::Query(const SystemName& system,
                                                 const Digest& sha256) const {
  NB_ASSIGN_OR_RETURN(const auto document, FindDocument(*parts_.view(), system, sha256));
  if (!document) return Stored{};
  return Stored{record::BytesOf(record::ReadExtents(document->extents())), document->complete()};
}

// ---- Uploads ----

void SimDocuments::Write(SimStream stream, Ended ended) {
  const auto known = FindDocument(*parts_.view(), stream.system, stream.sha256);
  if (!known) return ended(known.error());
  const auto size = static_cast<std::int64_t>(stream.bytes.size());
  if (*known && (*known)->complete()) {
    return Submit(RenewLease{stream.system, stream.sha256, Now() + kLease},
                  [size, ended = std::move(ended)](const Result<Outcome>& renewed) {
                    if (!renewed) return ended(renewed.error());
                    ended(size);
                  });
  }
  UploadStart start{stream.system, stream.sha256, size, {}, kExtentBytesMax};
  if (*known) start.stored = record::ReadExtents((*known)->extents());
  const std::uint64_t number = ++last_writer_;
  auto place = uploads_.Enter(
      stream.system, stream.sha256, size - record::BytesOf(start.stored), [this, number] {
        End(number, Error{ErrorCode::kAborted, "a newer writer came", "UPLOAD_OVERTAKEN"});
      });
  if (!place) return ended(place.error());
  writers_[number] = std::make_unique<Writer>(*segments_, std::move(start), std::move(stream),
                                              std::move(ended), *std::move(place));
  const auto hashed = writers_[number]->upload.HashStored();
  if (!hashed) return BeginAnew(number, hashed.error());
  Wait(number);
}

void SimDocuments::Wait(std::uint64_t number) {
  Later(writers_.at(number)->stream.pause, [this, number] { TakePiece(number); });
}

void SimDocuments::TakePiece(std::uint64_t number) {
  const auto found = writers_.find(number);
  if (found == writers_.end()) return;
  Writer& writer = *found->second;
  if (writer.stream.pieces_max-- == 0) return End(number, writer.committed);
  writer.rest =
      std::string_view(writer.stream.bytes).substr(writer.sent, writer.stream.piece_bytes);
  writer.sent += writer.rest.size();
  StoreSome(number);
}

void SimDocuments::StoreSome(std::uint64_t number) {
  Writer& writer = *writers_.at(number);
  while (!writer.rest.empty()) {
    auto draft = writer.upload.Add(writer.rest, Now(), Now() + kLease);
    if (!draft && draft.error().reason == "DIGEST_MISMATCH") {
      return DropThenEnd(number, draft.error());
    }
    if (!draft) return End(number, draft.error());
    if (!*draft) continue;
    const std::int64_t size = (*draft)->extent.size;
    return Submit(std::move(**draft), [this, number, size](const Result<Outcome>& outcome) {
      const auto found = writers_.find(number);
      if (found == writers_.end()) return;
      if (!outcome) return End(number, outcome.error());
      found->second->committed += size;
      found->second->place->Stored(size);
      StoreSome(number);
    });
  }
  if (writer.upload.complete()) return End(number, writer.committed);
  Wait(number);
}

// What is stored of it rotted: the committer forgets it, and the client sends it from the
// beginning.
void SimDocuments::BeginAnew(std::uint64_t number, const Error& why) {
  const Writer& writer = *writers_.at(number);
  if (!writer.upload.damaged()) return End(number, why);
  Submit(QuarantineDocument{writer.stream.system, writer.stream.sha256, *writer.upload.damaged(),
                            why.message, Now()},
         [this, number](const Result<Outcome>&) {
           End(number, Error{ErrorCode::kFailedPrecondition, "send it from the beginning",
                             "OFFSET_MISMATCH"});
         });
}

void SimDocuments::DropThenEnd(std::uint64_t number, const Error& why) {
  const SimStream& stream = writers_.at(number)->stream;
  Submit(DropDocument{stream.system, stream.sha256, std::nullopt},
         [this, number, why](const Result<Outcome>&) { End(number, why); });
}

void SimDocuments::End(std::uint64_t number, const Result<std::int64_t>& committed) {
  const auto found = writers_.find(number);
  if (found == writers_.end()) return;
  Ended ended;
  {
    const std::unique_ptr<Writer> writer = std::move(found->second);
    writers_.erase(found);
    ended = writer->ended;
  }
  ended(committed);
}

// ---- Delivery and collection ----

Result<std::shared_ptr<DocumentSource>> SimDocuments::Read(const View& view,
                                                           const FilingSnapshot& filing) {
  NB_ASSIGN_OR_RETURN(
      auto source,
      OpenStoredDocuments(view, *segments_, filing,
                          [this, alive = std::weak_ptr<bool>(alive_)](QuarantineDocument damage) {
                            if (alive.expired()) return;
                            damage.found_at = Now();
                            Submit(std::move(damage), [](const Result<Outcome>&) {});
                          }));
  return std::shared_ptr<DocumentSource>(
      std::make_shared<KeptDocuments>(segments_, std::move(source)));
}

void SimDocuments::Collect(Microseconds every) {
  reclaimer_.Tick();
  const auto leftovers = parts_.view()->ListLeftovers(Now(), kLookedAtPerTick, leftovers_from_);
  if (leftovers) {
    for (const View::Leftover& leftover : *leftovers) {
      Submit(DropDocument{leftover.system, leftover.sha256, Now()}, [](const Result<Outcome>&) {});
    }
  }
  Later(every, [this, every] { Collect(every); });
}

std::string SimDocuments::SegmentPath(const std::string& directory, std::uint64_t segment) {
  return directory + "/segment-" + HexEncode(BigEndian64(segment));
}

}  // namespace nightbox
