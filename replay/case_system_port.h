// CaseSystemPort: one endpoint of a court system's case system, as Nightbox needs it.
//
// Two implementations: over gRPC (replay/grpc_case_system.h), and in memory and virtual time for
// the simulation (tests/sim/sim_case_system.h).
//
// Every `done` and `on_end` is called exactly once, whatever happens, also after Stop(); never from
// within the call that took it, unless the implementation says so; on a thread of the
// implementation's choice, where it must not block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/filing.h"
#include "core/ids.h"
#include "core/result.h"
#include "replay/fate.h"

namespace nightbox {

// Where a delivery takes its documents' bytes from, piece by piece. Any thread; one caller at a
// time.
class DocumentSource {
 public:
  virtual ~DocumentSource() = default;
  // At most `max` bytes of a document of the header, from `offset` on; fewer than asked only at its
  // end. May block on the disk.
  virtual Result<std::string> Read(std::size_t document_index, std::int64_t offset,
                                   std::size_t max) = 0;
};

// Everything the case system is told of a filing before it asks for documents.
struct RecordRequest {
  Digest delivery_key;
  Digest fingerprint;
  FilingId filing_id;
  std::string gateway;
  WallTime received_at;
  SystemName submitting_system;
  UserId registered_user;
  FilingHeader header;
  // The number of a case that header.case_reference names by the filing that opened it.
  std::string resolved_case_number;
  std::string receipt_json;
  std::string receipt_p7s;
};

struct RecordAnswer {
  DeliveryFate fate = DeliveryFate::kUnknownLost;
  // With kSettled; its delivery key is the request's.
  std::optional<CourtRecord> record = {};
  // With kPushback. 0: the case system named no time.
  std::chrono::milliseconds retry_after{0};
  // Our own words, fit for logs and for an operator: never the case system's.
  std::string detail = {};
};

struct QueryAnswer {
  QueryFate fate = QueryFate::kNoAnswer;
  // With kSettled.
  std::optional<CourtRecord> record = {};
};

class CaseSystemPort {
 public:
  using Resume = std::function<void()>;

  virtual ~CaseSystemPort() = default;

  // Delivers one filing. The start of the delivery must be durable before this is called.
  virtual void Record(RecordRequest request, std::shared_ptr<DocumentSource> documents,
                      std::function<void(RecordAnswer)> done) = 0;
  // What became of a delivery.
  virtual void Query(const Digest& delivery_key, std::function<void(QueryAnswer)> done) = 0;
  // Is the endpoint there, and which of these courts can take filings?
  virtual void Check(std::vector<CourtId> courts, std::function<void(ProbeReport)> done) = 0;
  // Passes on a filer's wish. The court's decision comes by Watch.
  virtual void RequestWithdrawal(const Digest& delivery_key, const std::string& reason,
                                 std::function<void(Result<CourtRecord>)> done) = 0;
  // Every change of a record after the cursor, oldest first. The next comes only after resume() was
  // called, from any thread; dropping it uncalled ends the watch, which cannot end before. At most
  // one watch at a time; on_end says why it ended.
  virtual void Watch(const std::string& cursor,
                     std::function<void(CourtRecord, std::string cursor, Resume resume)> on_record,
                     std::function<void(Error)> on_end) = 0;
  // Cancels what is under way, and whatever is begun later. What had been started and not answered
  // ends as its fate is: usually unknown.
  virtual void Stop() = 0;
};

}  // namespace nightbox
