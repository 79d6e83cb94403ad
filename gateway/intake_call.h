// IntakeCall: one call that may become an entry of the journal, from its arrival to its answer.
//
// Every call begins with BeginCall and is answered once: by Answer, or by RefuseCall, which
// journals the refusal first.
#pragma once

#include <grpcpp/server_context.h>

#include <memory>
#include <optional>
#include <string>

#include "core/filing.h"
#include "gateway/desk.h"
#include "nightbox/filing/v1/filing.pb.h"

namespace nightbox {

// Shared by the callbacks it is handed to.
struct IntakeCall {
  grpc::CallbackServerContext* context;
  grpc::ServerUnaryReactor* reactor;
  CallerRights caller;
  RequestId request_id;
  FilingHeader header;
  // Of the completed request in the handler: what the receipt calls received.
  WallTime arrived_at;

  void Answer(const grpc::Status& status) const { reactor->Finish(status); }
};

// Notes the arrival, identifies the caller and reads the header. Null when that ended the call:
// then it has been answered. Whoever is denied or suspended goes no further, not even to a repeat.
std::shared_ptr<IntakeCall> BeginCall(const Desk& desk, grpc::CallbackServerContext& context,
                                      grpc::ServerUnaryReactor* reactor, const std::string& user,
                                      const std::string& request_id,
                                      const filing::v1::FilingHeader& header);

// The filing that this request_id has a receipt for already, which no later change of rights,
// limits or configuration may take away: asked before every other check. nullopt: a new filing.
// REQUEST_ID_REUSED when the receipt is for other content.
Result<std::optional<FilingSnapshot>> FindRepeat(const View& view, const IntakeCall& call);

// Journals the refusal as evidence, then answers with the attempt's id to quote.
void RefuseCall(const Desk& desk, const std::shared_ptr<IntakeCall>& call, const Error& why);

}  // namespace nightbox
