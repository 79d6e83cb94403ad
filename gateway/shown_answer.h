// What leaves the gateway over gRPC, without what the policy on public access denies at that moment
// (rules/shown_fields.h).
//
// A message is the rendering of its full name in rules/data/access_renderings.csv, and its fields
// go by their paths there. What is left out is named, with its clause, in the call's trailer
// nightbox-not-shown: an empty field or a zero by itself would be a statement. A receipt's bytes
// are never touched: it is there whole, or not at all. Nothing of this is logged or counted. Any
// thread.
#pragma once

#include <functional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "gateway/filing_view.h"
#include "rules/shown_fields.h"

namespace google::protobuf {
class Message;
}
namespace grpc {
class ServerContextBase;
}

namespace nightbox {

class Desk;

// By the paths of their names. A message that has not the path is cleared altogether: rather too
// little is shown than what is denied.
void TakeOut(const DeniedFields& denied, google::protobuf::Message& message);

// Answers what was left out. `facts` as for ShownFields::Denied.
DeniedFields LeaveOutDenied(const ShownFields& shown, WallTime now,
                            google::protobuf::Message& answer,
                            const std::function<CaseFacts()>& facts = {});

// The filing as its filer may see it at `now`. What is left out is added to `left_out`.
intake::v1::Filing ShownToFiler(const ShownFields& shown, WallTime now,
                                const FilingSnapshot& filing, WithReceipt with_receipt,
                                DeniedFields& left_out);

// The answer of a call, of which nothing else is left out; once a call at most, before Finish.
void ShowOnlyAllowed(const Desk& desk, grpc::ServerContextBase& context,
                     google::protobuf::Message& answer,
                     const std::function<CaseFacts()>& facts = {});

// Once a call at most, before Finish.
void SayLeftOut(grpc::ServerContextBase& context, const DeniedFields& left_out);

// The answer of a call that is about one filing.
void AnswerFiling(const Desk& desk, grpc::ServerContextBase& context, const FilingSnapshot& filing,
                  WithReceipt with_receipt, intake::v1::Filing& response);

// The refusal of a call all of whose answer is denied.
Error NotShown(const DeniedField& denied);

}  // namespace nightbox
