// The one place where journal structs become protobuf bytes and back.
//
// What is on disk is nightbox.journal.v1; everything above store/ sees plain structs. Reading is
// total: bytes that do not parse are kDataLoss, never a crash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "nightbox/journal/v1/journal.pb.h"
#include "store/draft.h"
#include "store/filing_state.h"

namespace nightbox::record {

namespace pb = ::nightbox::journal::v1;

std::string Write(const FilingState& state);
Result<FilingState> ReadState(std::string_view bytes);

void Write(const FilingRecord& record, pb::FilingReceived& out);
Result<FilingRecord> ReadFiling(const pb::FilingReceived& in);

std::string Write(const Balance& balance);
Result<Balance> ReadBalance(std::string_view bytes);

Result<pb::Entry> ReadEntry(std::string_view bytes);
Result<pb::DocumentRecord> ReadDocument(std::string_view bytes);
Result<pb::AttemptState> ReadAttempt(std::string_view bytes);
AttemptSummary Summary(const pb::AttemptState& attempt);

StoredExtent ReadExtent(const pb::Extent& extent);
std::vector<StoredExtent> ReadExtents(
    const google::protobuf::RepeatedPtrField<pb::Extent>& extents);
std::int64_t BytesOf(const std::vector<StoredExtent>& extents);
void Write(const StoredExtent& extent, pb::Extent& out);

}  // namespace nightbox::record
