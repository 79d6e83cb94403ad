// Documents on their way in: streamed, resumable, with memory for one piece a stream.
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/intake_service.h"
#include "gateway/shown_answer.h"
#include "proto/filing_codec.h"
#include "store/extent_reader.h"
#include "store/record.h"
#include "store/upload.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr std::size_t kChunkMaxBytes = 1 << 20;

std::vector<StoredExtent> ExtentsOf(const journal::v1::DocumentRecord& document) {
  std::vector<StoredExtent> extents;
  for (const auto& extent : document.extents()) extents.push_back(record::ReadExtent(extent));
  return extents;
}

std::int64_t StoredBytes(const std::vector<StoredExtent>& extents) {
  std::int64_t bytes = 0;
  for (const StoredExtent& extent : extents) bytes += extent.size;
  return bytes;
}

// One stream. Strictly one thing after another: read a piece, write it on the pool, commit an
// extent when one is full, read the next. Whatever goes wrong ends the call once; what was
// committed stays and is where the client continues.
class WriteReactor : public grpc::ServerReadReactor<pb::WriteDocumentRequest>,
                     public std::enable_shared_from_this<WriteReactor> {
 public:
  WriteReactor(Desk& desk, grpc::CallbackServerContext& context,
               pb::WriteDocumentResponse& response)
      : desk_(desk), context_(context), response_(response) {}

  void Begin() {
    self_ = shared_from_this();
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (Overtaken()) return;
    if (!ok) {
      Ended();
    } else if (!upload_) {
      Started();
    } else {
      TakeChunk();
    }
  }

  void OnCancel() override { Stop(grpc::Status::CANCELLED); }

  void OnDone() override {
    place_.reset();
    self_.reset();
  }

 private:
  // The client is done: complete, or it goes on another time.
  void Ended() {
    if (!upload_) {
      Fail(Catalogued("CHUNK_INVALID", "the stream ended before it said which document it writes",
                      "start"));
      return;
    }
    response_.set_committed_size_bytes(committed_);
    response_.set_complete(upload_->complete() && committed_ == upload_->size_bytes());
    Stop(grpc::Status::OK);
  }

  void Started() {
    if (!request_.has_start()) {
      Fail(Catalogued("CHUNK_INVALID", "the first message says which document it writes", "start"));
      return;
    }
    const pb::WriteDocumentStart& start = request_.start();
    const auto caller = desk_.IdentifyReader(context_, start.registered_user());
    if (!caller) return Fail(caller.error());
    if (desk_.shutting_down())
      return Fail(Catalogued("SHUTTING_DOWN", "the gateway is stopping; go on shortly"));
    const auto sha256 = DigestFromProto(start.sha256(), "start.sha256");
    if (!sha256) return Fail(sha256.error());
    if (start.size_bytes() <= 0 || start.size_bytes() > kDocumentHardMaxBytes) {
      return Fail(
          Catalogued("DOCUMENT_TOO_LARGE",
                     "a document has 1 to " + std::to_string(kDocumentHardMaxBytes) + " bytes",
                     "start.size_bytes"));
    }
    if (desk_.parts().disk_state() != DiskState::kPlenty) {
      return Fail(Catalogued("DISK_RESERVE_UPLOADS",
                             "the gateway's disk is nearly full; filings without new documents "
                             "are still taken",
                             "", std::chrono::milliseconds(30'000)));
    }
    const auto known = FindDocument(*desk_.parts().journal.view(), caller->system, *sha256);
    if (!known) return Fail(known.error());
    if (*known && (*known)->complete()) {
      response_.set_committed_size_bytes((*known)->size_bytes());
      response_.set_complete(true);
      // Kept as long as if it had come just now.
      desk_.parts().committer.Submit(
          RenewLease{caller->system, *sha256,
                     desk_.parts().clock.Now() + desk_.parts().config.capacity.upload_lease},
          [self = shared_from_this()](const Result<Outcome>& renewed) {
            if (!renewed) return self->Fail(renewed.error());
            self->Stop(grpc::Status::OK);
          });
      return;
    }
    UploadStart upload{caller->system, *sha256, start.size_bytes(), {}};
    if (*known) {
      if ((*known)->size_bytes() != start.size_bytes()) {
        return Fail(Catalogued("DOCUMENT_SIZE_CHANGED",
                               "this document was announced with another size",
                               "start.size_bytes"));
      }
      upload.stored = ExtentsOf(**known);
    }
    extents_ = upload.stored;
    committed_ = StoredBytes(extents_);
    if (start.offset_bytes() != committed_) {
      return Fail(Catalogued("OFFSET_MISMATCH",
                             std::to_string(committed_) + " bytes are stored; go on from there",
                             "start.offset_bytes"));
    }
    auto place = desk_.parts().uploads.Enter(
        caller->system, *sha256, start.size_bytes() - committed_, [weak = weak_from_this()] {
          if (const auto self = weak.lock()) self->Overtake();
        });
    if (!place) return Fail(place.error());
    place_ = std::move(*place);
    // Announced first and read then: however many begin at once, the quota holds for all of them.
    const auto unused = desk_.parts().journal.view()->ReadUnusedBytes(caller->system);
    if (!unused) return Fail(unused.error());
    if (static_cast<std::int64_t>(*unused) + place_->announced_bytes() >
        desk_.parts().config.capacity.unused_upload_bytes_per_system_max) {
      return Fail(Catalogued(
          "UPLOAD_QUOTA_REACHED",
          "this system has sent as many bytes without filing them as it may; file or wait", "",
          std::chrono::milliseconds(60'000)));
    }
    system_ = caller->system;
    user_ = start.registered_user();
    sha256_ = *sha256;
    upload_ = std::make_unique<Upload>(desk_.parts().segments, std::move(upload));
    OnPool([](WriteReactor& self) {
      const auto hashed = self.upload_->HashStored();
      if (!hashed && self.upload_->damaged()) return self.BeginAnew(hashed.error());
      if (!hashed) return self.Fail(hashed.error());
      self.ReadNext();
    });
  }

  // By a newer writer, or by the end of the gateway: what was committed stays either way.
  void Overtake() {
    Fail(desk_.shutting_down()
             ? Catalogued("SHUTTING_DOWN", "the gateway is stopping; go on shortly", "",
                          std::chrono::milliseconds(1'000))
             : Catalogued("UPLOAD_OVERTAKEN", "a newer writer of this document has come"));
  }

  void TakeChunk() {
    if (!request_.has_chunk() || request_.chunk().size() > kChunkMaxBytes) {
      return Fail(
          Catalogued("CHUNK_INVALID", "after the start come chunks of at most 1 MiB", "chunk"));
    }
    // A right that has been taken away since the start ends the upload, too.
    if (const auto caller = desk_.IdentifyReader(context_, user_); !caller)
      return Fail(caller.error());
    rest_ = request_.chunk();
    OnPool([](WriteReactor& self) { self.WriteSome(); });
  }

  // On the pool. Goes on until the piece is used up or an extent is to be committed.
  void WriteSome() {
    const WallTime now = desk_.parts().clock.Now();
    auto draft = upload_->Add(rest_, now, now + desk_.parts().config.capacity.upload_lease);
    if (!draft) {
      if (draft.error().reason == "DIGEST_MISMATCH") return DropThenFail(draft.error());
      return Fail(draft.error());
    }
    if (!*draft) {
      if (rest_.empty()) return ReadNext();
      return WriteSome();
    }
    const std::int64_t size = (*draft)->extent.size;
    const bool completes = (*draft)->completes;
    extents_.push_back((*draft)->extent);
    if ((*draft)->completes) {
      const PdfInspection inspection = Inspect();
      (*draft)->inspection = InspectionText(inspection.finding, inspection.personal);
      (*draft)->pages = inspection.pages;
    }
    desk_.parts().committer.Submit(std::move(**draft), [self = shared_from_this(), size,
                                                        completes](const Result<Outcome>& outcome) {
      if (!outcome) return self->Fail(outcome.error());
      self->committed_ += size;
      if (completes) self->desk_.parts().count_document(self->committed_);
      self->NoteStored(size);
      if (self->rest_.empty()) return self->ReadNext();
      self->OnPool([](WriteReactor& again) { again.WriteSome(); });
    });
  }

  // Under the lock, because a call that has been finished may give its place back just now.
  void NoteStored(std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    if (!finished_) place_->Stored(bytes);
  }

  // Once per upload, when all bytes are synced; only what needs a password will be refused, and by
  // admission.
  PdfInspection Inspect() {
    ExtentReader reader(desk_.parts().segments, extents_);
    return desk_.parts().inspect_pdf(
        [&reader](std::int64_t offset, std::size_t max) { return reader.Read(offset, max); },
        reader.size_bytes());
  }

  // What is stored of it rotted: the committer forgets it, and the client sends it from the
  // beginning.
  void BeginAnew(const Error& why) {
    desk_.parts().committer.Submit(
        QuarantineDocument{system_, sha256_, *upload_->damaged(), why.message,
                           desk_.parts().clock.Now()},
        [self = shared_from_this()](const Result<Outcome>&) {
          self->Fail(Catalogued("OFFSET_MISMATCH",
                                "what was stored of this document is damaged; send it from the "
                                "beginning",
                                "start.offset_bytes"));
        });
  }

  void DropThenFail(const Error& why) {
    desk_.parts().committer.Submit(
        DropDocument{system_, sha256_, std::nullopt},
        [self = shared_from_this(), why](const Result<Outcome>& outcome) {
          if (!outcome || outcome->freed.empty()) return self->Fail(why);
          // Published: nothing refers to these extents any more.
          self->freed_ = outcome->freed;
          self->OnPool([why](WriteReactor& again) {
            for (const StoredExtent& extent : again.freed_)
              (void)again.desk_.parts().segments.Punch(PlaceOf(extent));
            again.Fail(why);
          });
        });
  }

  void OnPool(std::function<void(WriteReactor&)> job) {
    const bool posted = desk_.parts().pool.Post([self = shared_from_this(), job = std::move(job)] {
      if (!self->Overtaken()) job(*self);
    });
    if (!posted) {
      Fail(Catalogued("QUEUE_FULL",
                      "more documents wait to be written than may wait; go on shortly", "",
                      std::chrono::milliseconds(500)));
    }
  }

  // Under the lock, because a newer writer may finish the call just now: a read must not be started
  // on a call that is done.
  void ReadNext() {
    const std::lock_guard lock(mutex_);
    if (!finished_) StartRead(&request_);
  }

  void Fail(const Error& why) {
    const auto alive = shared_from_this();  // OnDone may come before this returns.
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    finished_ = true;
    desk_.parts().count_refusal(EntryFor(why).reason);
    Finish(Refuse(context_, why));
  }

  void Stop(const grpc::Status& status) {
    const auto alive = shared_from_this();  // OnDone may come before this returns.
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    finished_ = true;
    if (status.ok()) ShowOnlyAllowed(desk_, context_, response_);
    Finish(status);
  }

  bool Overtaken() {
    const std::lock_guard lock(mutex_);
    return finished_;
  }

  Desk& desk_;
  grpc::CallbackServerContext& context_;
  pb::WriteDocumentResponse& response_;
  std::shared_ptr<WriteReactor> self_;  // Until OnDone.
  pb::WriteDocumentRequest request_;
  std::unique_ptr<UploadRegistry::Place> place_;
  SystemName system_;
  std::string user_;
  Digest sha256_;
  std::unique_ptr<Upload> upload_;
  std::string_view rest_;  // Of request_'s chunk.
  std::int64_t committed_ = 0;
  std::vector<StoredExtent> extents_;  // Stored before, and by this call.
  std::vector<StoredExtent> freed_;
  std::mutex
      mutex_;  // Guards finished_: a newer writer and gRPC may end the call from other threads.
  bool finished_ = false;
};

}  // namespace

grpc::ServerReadReactor<pb::WriteDocumentRequest>* IntakeService::WriteDocument(
    grpc::CallbackServerContext* context, pb::WriteDocumentResponse* response) {
  const auto reactor = std::make_shared<WriteReactor>(desk_, *context, *response);
  reactor->Begin();
  return reactor.get();
}

grpc::ServerUnaryReactor* IntakeService::QueryDocumentWrite(
    grpc::CallbackServerContext* context, const pb::QueryDocumentWriteRequest* request,
    pb::WriteDocumentResponse* response) {
  const auto answer = [&]() -> Result<void> {
    NB_ASSIGN_OR_RETURN(const CallerRights caller,
                        desk_.IdentifyReader(*context, request->registered_user()));
    NB_ASSIGN_OR_RETURN(const Digest sha256, DigestFromProto(request->sha256(), "sha256"));
    NB_ASSIGN_OR_RETURN(const auto document,
                        FindDocument(*desk_.parts().journal.view(), caller.system, sha256));
    if (!document)
      return Catalogued("DOCUMENT_NOT_FOUND", "nothing is stored of this document", "sha256");
    response->set_committed_size_bytes(StoredBytes(ExtentsOf(*document)));
    response->set_complete(document->complete());
    return {};
  };
  auto* reactor = context->DefaultReactor();
  const auto result = answer();
  if (result) ShowOnlyAllowed(desk_, *context, *response);
  reactor->Finish(result ? grpc::Status::OK : Refuse(*context, result.error()));
  return reactor;
}

}  // namespace nightbox
