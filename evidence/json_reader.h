// Reads JSON that somebody hands in: bounded, strict about types, tolerant of unknown members.
//
// A JsonFields remembers the first thing that was wrong, anywhere below it; the caller reads
// everything and asks once at the end. Values it could not read are empty.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace nightbox {

// One object, at most 16 levels deep and `size_max` bytes long.
Result<boost::json::object> ParseJsonObject(std::string_view text, std::size_t size_max);

class JsonFields {
 public:
  // `problem` collects the first problem; it and the object outlive this.
  JsonFields(const boost::json::object& object, std::string& problem)
      : object_(&object), problem_(&problem) {}

  bool Has(std::string_view name) const;
  // Absent is a problem.
  std::string Text(std::string_view name) const;
  std::uint64_t Number(std::string_view name) const;
  Digest Sha256(std::string_view name) const;  // 64 hexadecimal digits.
  JsonFields Object(std::string_view name) const;
  // Absent is empty, zero or false; a wrong type is a problem all the same.
  std::string TextIfStated(std::string_view name) const;
  std::uint64_t NumberIfStated(std::string_view name) const;
  bool BoolIfStated(std::string_view name) const;
  JsonFields ObjectIfStated(std::string_view name) const;
  bool IsNull(std::string_view name) const;

  // Calls visit(JsonFields) for each object of the array; absent is empty.
  template <class Visit>
  void ForEachObject(std::string_view name, Visit visit) const {
    for (const boost::json::value& value : Array(name)) {
      if (const auto* object = value.if_object()) {
        visit(JsonFields(*object, *problem_));
      } else {
        Complain(name, "has an element of the wrong type");
      }
    }
  }
  // The texts of the array; absent is empty.
  std::vector<std::string> Texts(std::string_view name) const;

  // Notes a problem with a member, unless there is one already.
  void Complain(std::string_view name, std::string_view what) const;

 private:
  const boost::json::value* Find(std::string_view name, bool required) const;
  const boost::json::array& Array(std::string_view name) const;

  const boost::json::object* object_;
  std::string* problem_;
};

}  // namespace nightbox
