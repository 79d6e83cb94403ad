#include <algorithm>
#include <utility>

#include "core/bytes.h"
#include "store/court_observations.h"
#include "store/head_file.h"
#include "store/journal.h"
#include "store/keys.h"
#include "store/opening.h"
#include "store/record.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

Error NoSuchFiling(const FilingId& filing) {
  return {ErrorCode::kNotFound,
          "the journal holds no filing " + filing.str() +
              " that the user asked about handed in for that court",
          "FILING_NOT_FOUND"};
}

// Under which request_id the user handed the filing in.
Result<RequestId> RequestOf(ReadOnlyLedger& ledger, const CourtQuestion& question) {
  NB_ASSIGN_OR_RETURN(const auto index, ledger.Get(keys::FilingById(question.filing)));
  if (!index || index->size() != 8) return NoSuchFiling(question.filing);
  NB_ASSIGN_OR_RETURN(const auto bytes, ledger.Get(keys::Entry(ReadBigEndian64(*index))));
  if (!bytes) return NoSuchFiling(question.filing);
  const auto entry = record::ReadEntry(*bytes);
  if (!entry || !entry->has_filing_received()) return NoSuchFiling(question.filing);
  const pb::FilingReceived& filing = entry->filing_received();
  if (filing.registered_user() != question.user.str() ||
      filing.header().court_id() != question.court.str()) {
    return NoSuchFiling(question.filing);
  }
  return RequestId(filing.request_id());
}

Result<CourtObservations> Gather(ReadOnlyLedger& ledger, std::uint64_t entries,
                                 const CourtQuestion& question) {
  CourtObserver observer(question);
  VisitReadableEntries(ledger, entries, [&](std::uint64_t sequence, std::string_view bytes) {
    const auto entry = record::ReadEntry(bytes);
    if (entry && entry->sequence() == sequence) observer.See(*entry);
  });
  return observer.Finish(entries);
}

// There is too much to look further back: nothing is known of what lies there.
void SayWhereItEnds(CourtObservations& found) {
  const WallTime from = found.window.from;
  found.seen.observed_from = std::max(found.seen.observed_from.value_or(from), from);
  found.seen.attempts_from = from;
}

}  // namespace

Result<CourtObservations> ReadCourtObservations(const JournalOptions& options, Disk& disk,
                                                const CourtQuestion& question) {
  const JournalPaths paths(options.directory);
  NB_ASSIGN_OR_RETURN(const HeadReading head, HeadFile::Read(disk, paths.head));
  NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::OpenBesideGateway(options, paths));
  NB_ASSIGN_OR_RETURN(const auto meta_bytes, ledger->Get(std::string(keys::kMeta)));
  pb::LogMeta meta;
  if (!meta_bytes || !meta.ParseFromString(*meta_bytes)) {
    return Error{ErrorCode::kDataLoss, "the ledger does not say whose it is"};
  }
  if (meta.log_id() != head.head.log_id) {
    return Error{ErrorCode::kDataLoss, "the ledger is of log " + meta.log_id() +
                                           ", the head file of log " + head.head.log_id};
  }
  CourtQuestion asked = question;
  if (!asked.filing.empty()) {
    NB_ASSIGN_OR_RETURN(asked.request, RequestOf(*ledger, asked));
  }
  NB_ASSIGN_OR_RETURN(CourtObservations found, Gather(*ledger, head.head.sequence, asked));
  for (int look = 0; look < kLooksBackMax; ++look) {
    const auto further = FurtherBack(asked, found);
    if (!further) break;
    auto more = Gather(*ledger, head.head.sequence, *further);
    if (!more && more.error().reason != "WINDOW_TOO_LARGE") return more.error();
    if (!more) {
      SayWhereItEnds(found);
      break;
    }
    found = *std::move(more);
  }
  found.log_id = meta.log_id();
  found.gateway = meta.gateway();
  return found;
}

}  // namespace nightbox
