#include "client/json_members.h"

#include "rules/court_time.h"

namespace nightbox::client {

JsonMembers::JsonMembers(const boost::json::value& value) : object_(value.if_object()) {
  if (object_ == nullptr) throw BadMember{"(an object)"};
}

const boost::json::value* JsonMembers::Find(std::string_view name) const {
  const boost::json::value* value = object_->if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const boost::json::value& JsonMembers::At(std::string_view name) const {
  const boost::json::value* value = Find(name);
  if (value == nullptr) throw BadMember{std::string(name)};
  return *value;
}

std::string JsonMembers::Text(std::string_view name) const {
  const boost::json::string* text = At(name).if_string();
  if (text == nullptr) throw BadMember{std::string(name)};
  return {text->data(), text->size()};
}

std::int64_t JsonMembers::Number(std::string_view name) const {
  const std::int64_t* number = At(name).if_int64();
  if (number == nullptr) throw BadMember{std::string(name)};
  return *number;
}

bool JsonMembers::Flag(std::string_view name) const {
  const bool* flag = At(name).if_bool();
  if (flag == nullptr) throw BadMember{std::string(name)};
  return *flag;
}

WallTime JsonMembers::Time(std::string_view name) const {
  const auto time = ParseUtc(Text(name));
  if (!time) throw BadMember{std::string(name)};
  return *time;
}

const boost::json::array& JsonMembers::Array(std::string_view name) const {
  const boost::json::array* array = At(name).if_array();
  if (array == nullptr) throw BadMember{std::string(name)};
  return *array;
}

std::vector<std::string> JsonMembers::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  for (const boost::json::value& each : Array(name)) {
    const boost::json::string* text = each.if_string();
    if (text == nullptr) throw BadMember{std::string(name)};
    texts.emplace_back(text->data(), text->size());
  }
  return texts;
}

}  // namespace nightbox::client
