// Reading members of a JSON object strictly: each is there, of its kind, or the file is refused
// with the member's name.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace nightbox::client {

// Thrown by JsonMembers and caught in the functions that read our own files; never leaves them.
struct BadMember {
  std::string name;
};

class JsonMembers {
 public:
  explicit JsonMembers(const boost::json::value& value);

  std::string Text(std::string_view name) const;
  std::int64_t Number(std::string_view name) const;
  bool Flag(std::string_view name) const;
  WallTime Time(std::string_view name) const;
  const boost::json::array& Array(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;
  // nullptr when absent or null.
  const boost::json::value* Find(std::string_view name) const;

 private:
  const boost::json::value& At(std::string_view name) const;

  const boost::json::object* object_;
};

}  // namespace nightbox::client
