#include "gateway/shown_answer.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>

#include <string_view>

#include "gateway/desk.h"
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "proto/grpc_status.h"

namespace nightbox {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Trailers share HTTP/2's header limits with everything else.
constexpr std::size_t kLeftOutMaxBytes = 2'000;

void Clear(Message& message, std::string_view path) {
  const std::size_t dot = path.find('.');
  const bool last = dot == std::string_view::npos;
  const FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
  if (field == nullptr || (!last && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)) {
    message.Clear();
    return;
  }
  const Reflection& reflection = *message.GetReflection();
  if (last) {
    reflection.ClearField(&message, field);
    return;
  }
  const std::string_view rest = path.substr(dot + 1);
  if (field->is_repeated()) {
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      Clear(*reflection.MutableRepeatedMessage(&message, field, i), rest);
  } else if (reflection.HasField(message, field)) {
    Clear(*reflection.MutableMessage(&message, field), rest);
  }
}

}  // namespace

void TakeOut(const DeniedFields& denied, Message& message) {
  for (const auto& [path, by] : denied) Clear(message, path);
}

DeniedFields LeaveOutDenied(const ShownFields& shown, WallTime now, Message& answer,
                            const std::function<CaseFacts()>& facts) {
  DeniedFields denied = shown.Denied(answer.GetDescriptor()->full_name(), now, facts);
  TakeOut(denied, answer);
  return denied;
}

intake::v1::Filing ShownToFiler(const ShownFields& shown, WallTime now,
                                const FilingSnapshot& filing, WithReceipt with_receipt,
                                DeniedFields& left_out) {
  intake::v1::Filing answer = ToProto(filing, with_receipt);
  left_out.merge(
      LeaveOutDenied(shown, now, answer, [&] { return FactsOf(filing, shown.categories()); }));
  return answer;
}

void SayLeftOut(grpc::ServerContextBase& context, const DeniedFields& left_out) {
  if (left_out.empty()) return;
  context.AddTrailingMetadata(trailer::kNotShown, AsciiSafe(InWords(left_out), kLeftOutMaxBytes));
}

void ShowOnlyAllowed(const Desk& desk, grpc::ServerContextBase& context, Message& answer,
                     const std::function<CaseFacts()>& facts) {
  SayLeftOut(context, LeaveOutDenied(desk.parts().shown, desk.parts().clock.Now(), answer, facts));
}

void AnswerFiling(const Desk& desk, grpc::ServerContextBase& context, const FilingSnapshot& filing,
                  WithReceipt with_receipt, intake::v1::Filing& response) {
  DeniedFields left_out;
  response =
      ShownToFiler(desk.parts().shown, desk.parts().clock.Now(), filing, with_receipt, left_out);
  SayLeftOut(context, left_out);
}

Error NotShown(const DeniedField& denied) { return Catalogued("ACCESS_DENIED", denied.in_writing); }

}  // namespace nightbox
