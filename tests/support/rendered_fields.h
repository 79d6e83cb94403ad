// What an answer in JSON shows, and what is declared of its rendering: for tests that hold the one
// against the other (rules/access_renderings.h).
#pragma once

#include <boost/json/value.hpp>
#include <set>
#include <string>
#include <string_view>

#include "rules/access_renderings.h"

namespace nightbox {

// "courts.name" for {"courts":[{"name":…}]}, and all others.
inline void CollectFields(const boost::json::value& value, const std::string& path,
                          std::set<std::string>& fields) {
  if (value.is_array()) {
    for (const boost::json::value& each : value.as_array()) CollectFields(each, path, fields);
  } else if (value.is_object()) {
    for (const auto& member : value.as_object()) {
      const std::string name = (path.empty() ? "" : path + ".") + std::string(member.key());
      fields.insert(name);
      CollectFields(member.value(), name, fields);
    }
  }
}

inline std::set<std::string> DeclaredFields(std::string_view rendering) {
  std::set<std::string> fields;
  for (const RenderedField& field : Renderings()) {
    if (field.rendering == rendering) fields.insert(field.field);
  }
  return fields;
}

}  // namespace nightbox
