#include "evidence/inclusion.h"

#include "evidence/json_reader.h"
#include "evidence/json_writer.h"
#include "evidence/merkle.h"

namespace nightbox {
namespace {

constexpr std::string_view kFormat = "nightbox-inclusion/1";
constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::size_t kPathMax = 64;

}  // namespace

std::string RenderInclusion(const Inclusion& inclusion) {
  JsonWriter out;
  out.BeginObject();
  out.Text("format", kFormat);
  out.Text("origin", inclusion.origin);
  out.Number("leaf_index", inclusion.leaf_index);
  out.Number("tree_size", inclusion.tree_size);
  out.Text("leaf_data", inclusion.leaf_data.Hex());
  out.Text("root", inclusion.root.Hex());
  out.BeginArray("path");
  for (const Digest& hash : inclusion.path) out.Text(hash.Hex());
  out.EndArray();
  out.EndObject();
  return out.Finish();
}

Result<Inclusion> ParseInclusion(std::string_view json) {
  auto object = ParseJsonObject(json, kMaxBytes);
  if (!object) return object.error().In("inclusion proof");
  std::string problem;
  const JsonFields fields(*object, problem);
  if (fields.Text("format") != kFormat) fields.Complain("format", "is not nightbox-inclusion/1");
  Inclusion inclusion;
  inclusion.origin = fields.Text("origin");
  inclusion.leaf_index = fields.Number("leaf_index");
  inclusion.tree_size = fields.Number("tree_size");
  inclusion.leaf_data = fields.Sha256("leaf_data");
  inclusion.root = fields.Sha256("root");
  for (const std::string& text : fields.Texts("path")) {
    const auto hash = Digest::FromHex(text);
    if (!hash) fields.Complain("path", "has an element that is no hash");
    inclusion.path.push_back(hash.value_or(Digest{}));
  }
  if (inclusion.path.size() > kPathMax) fields.Complain("path", "has more than 64 hashes");
  if (!problem.empty()) return Error{ErrorCode::kInvalidArgument, "inclusion proof: " + problem};
  return inclusion;
}

bool InclusionHolds(const Inclusion& inclusion) {
  return VerifyInclusion(LeafHash(inclusion.leaf_data), inclusion.leaf_index, inclusion.tree_size,
                         inclusion.path, inclusion.root);
}

}  // namespace nightbox
