// What this product shows, field by field: rules/data/access_renderings.csv.
//
// Every rendering declares to whom it is shown, in answer to what, and which data element each of
// its fields is; tests hold the declarations against the policy of every version, and against what
// the programs do show. A field that nobody declared fails a test, and so does one that the policy
// does not allow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/access_policy.h"

namespace nightbox {

struct RenderedField {
  // For example "status.json".
  std::string rendering;
  Requester requester = Requester::kPublic;
  Inquiry inquiry = Inquiry::kUnasked;
  // A path of names, for example "courts.name".
  std::string field;
  // What it shows. "none": nothing but the form itself, such as a list around other fields.
  std::string element;
};

inline constexpr std::string_view kNoElement = "none";

// Refuses, with file, line and reason, unknown words and a field declared twice.
Result<std::vector<RenderedField>> ParseRenderings(std::string_view csv,
                                                   std::string_view file_name);

// As compiled in.
const std::vector<RenderedField>& Renderings();

}  // namespace nightbox
