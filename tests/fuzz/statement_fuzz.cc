// Goal: whatever stands in a statement, its bytes are JSON that says it, in one spelling.
#include "core/check.h"
#include "core/sha256.h"
#include "evidence/json_reader.h"
#include "evidence/statement.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

constexpr std::size_t kJsonMax = 1 << 20;

// The text as a reader sees it: what is not UTF-8 has become a mark.
std::string AsRead(const std::string& text) {
  const StatementHead head{"text", text, "", 0, WallTime(), Digest{}};
  const auto object = ParseJsonObject(RenderStatement(head, {}), kJsonMax);
  NB_CHECK(object);
  std::string problem;
  return JsonFields(*object, problem).Text("gateway");
}

StatementMember Member(const std::string& name, FuzzInput& input) {
  switch (input.Choice(4)) {
    case 0:
      return {name, static_cast<std::int64_t>(input.Number())};
    case 1:
      return {name, input.Number()};
    case 2:
      return {name, input.Choice(2) == 1};
    default:
      return {name, AsRead(input.Text())};
  }
}

void CheckMember(const JsonFields& fields, const StatementMember& member) {
  if (const auto* text = std::get_if<std::string>(&member.value)) {
    NB_CHECK(fields.Text(member.name) == *text);
  } else if (const auto* number = std::get_if<std::uint64_t>(&member.value)) {
    NB_CHECK(fields.Number(member.name) == *number);
  } else if (const auto* truth = std::get_if<bool>(&member.value)) {
    NB_CHECK(fields.BoolIfStated(member.name) == *truth);
  }
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  FuzzInput input(data, size);
  const StatementHead head{AsRead(input.Text()), AsRead(input.Text()), "log",
                           input.Number(),       WallTime(),           Sha256("salt")};
  std::vector<StatementMember> members;
  while (!input.empty() && members.size() < 16) {
    members.push_back(Member("m" + std::to_string(members.size()), input));
  }
  const std::string rendered = RenderStatement(head, members);
  NB_CHECK(RenderStatement(head, members) == rendered);
  const auto object = ParseJsonObject(rendered, kJsonMax);
  NB_CHECK(object);
  std::string problem;
  const JsonFields fields(*object, problem);
  NB_CHECK(fields.Text("type") == head.type && fields.Text("gateway") == head.gateway);
  NB_CHECK(fields.Number("sequence") == head.sequence);
  for (const StatementMember& member : members) CheckMember(fields, member);
  NB_CHECK(problem.empty());
  return 0;
}
