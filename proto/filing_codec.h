// The border between the generated types of nightbox.filing.v1 and the plain structs of
// core/filing.h.
//
// ToProto never fails. FromProto takes what came over the wire at its word only where it is well
// formed: kInvalidArgument names the field by its path ("header.documents[2].sha256") and never
// quotes what stood there. Whether a header is *acceptable* is for admission to say.
//
// Pure functions; FromProto(ToProto(x)) equals x.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string_view>

#include "core/clock.h"
#include "core/filing.h"
#include "core/result.h"
#include "nightbox/filing/v1/filing.pb.h"

namespace nightbox {

google::protobuf::Timestamp ToProto(WallTime time);
filing::v1::Document ToProto(const Document& document);
filing::v1::CaseNumber ToProto(const CaseNumber& number);
filing::v1::FilingHeader ToProto(const FilingHeader& header);
filing::v1::CourtRecord ToProto(const CourtRecord& record);

// Refuses times outside the years 1 to 9999 and nanoseconds outside a second; cuts below a
// microsecond.
Result<WallTime> FromProto(const google::protobuf::Timestamp& time, std::string_view path);

// Strict, because the receipt will stand for it: refuses enum values and fields this version does
// not know (the fingerprint would not cover them), digests that are not 32 bytes, negative sizes,
// text that is not UTF-8 or holds a NUL. A header without a case reference is taken, as monostate.
Result<Document> FromProto(const filing::v1::Document& document, std::string_view path);
Result<FilingHeader> FromProto(const filing::v1::FilingHeader& header,
                               std::string_view path = "header");

// Lenient where the court may be newer than we: an unknown state becomes kUnspecified, to be shown
// by its raw_status, and unknown fields are left out. Keys and times must be well formed.
Result<CaseNumber> FromProto(const filing::v1::CaseNumber& number, std::string_view path);
Result<CourtRecord> FromProto(const filing::v1::CourtRecord& record,
                              std::string_view path = "record");

// 32 bytes, or kInvalidArgument naming the path: for delivery keys and fingerprints on their own.
Result<Digest> DigestFromProto(std::string_view bytes, std::string_view path);

// UTF-8 without overlong forms, surrogates or NUL.
bool IsWellFormedText(std::string_view text);

}  // namespace nightbox
