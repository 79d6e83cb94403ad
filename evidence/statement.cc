#include "evidence/statement.h"

#include "evidence/json_writer.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

struct WriteValue {
  JsonWriter& out;

  void operator()(const std::string& text) const { out.Text(text); }
  void operator()(std::int64_t number) const { out.Number(number); }
  void operator()(std::uint64_t number) const { out.Number(number); }
  void operator()(bool value) const { out.Bool(value); }
};

}  // namespace

std::string RenderStatement(const StatementHead& head,
                            const std::vector<StatementMember>& members) {
  JsonWriter out;
  out.BeginObject();
  out.Text("format", "nightbox-statement/1");
  out.Text("type", head.type);
  out.Text("gateway", head.gateway);
  out.Text("log_id", head.log_id);
  out.Number("sequence", head.sequence);
  out.Text("committed_at", FormatUtc(head.committed_at));
  out.Text("salt", head.salt.Hex());
  for (const StatementMember& member : members) {
    out.Name(member.name);
    std::visit(WriteValue{out}, member.value);
  }
  out.EndObject();
  return out.Finish();
}

}  // namespace nightbox
