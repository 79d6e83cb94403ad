#include "evidence/json_reader.h"

namespace nightbox {
namespace {

boost::json::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Result<boost::json::object> ParseJsonObject(std::string_view text, std::size_t size_max) {
  if (text.size() > size_max) return Error{ErrorCode::kInvalidArgument, "larger than is allowed"};
  boost::json::parse_options options;
  options.max_depth = 16;
  boost::json::error_code error;
  // Boost.JSON reports everything but want of memory by its error code.
  boost::json::value value = boost::json::parse(View(text), error, {}, options);
  if (error) return Error{ErrorCode::kInvalidArgument, "not JSON"};
  if (!value.is_object()) return Error{ErrorCode::kInvalidArgument, "not a JSON object"};
  return std::move(value.get_object());
}

void JsonFields::Complain(std::string_view name, std::string_view what) const {
  if (problem_->empty()) *problem_ = "member \"" + std::string(name) + "\" " + std::string(what);
}

const boost::json::value* JsonFields::Find(std::string_view name, bool required) const {
  const boost::json::value* value = object_->if_contains(View(name));
  if (value == nullptr && required) Complain(name, "is missing");
  return value;
}

bool JsonFields::Has(std::string_view name) const { return Find(name, false) != nullptr; }

bool JsonFields::IsNull(std::string_view name) const {
  const boost::json::value* value = Find(name, false);
  return value == nullptr || value->is_null();
}

std::string JsonFields::Text(std::string_view name) const {
  Find(name, true);
  return TextIfStated(name);
}

std::string JsonFields::TextIfStated(std::string_view name) const {
  const boost::json::value* value = Find(name, false);
  if (value == nullptr) return {};
  const auto* text = value->if_string();
  if (text == nullptr) {
    Complain(name, "is not a text");
    return {};
  }
  return std::string(text->data(), text->size());
}

std::uint64_t JsonFields::Number(std::string_view name) const {
  Find(name, true);
  return NumberIfStated(name);
}

std::uint64_t JsonFields::NumberIfStated(std::string_view name) const {
  const boost::json::value* value = Find(name, false);
  if (value == nullptr) return 0;
  if (const auto* number = value->if_uint64()) return *number;
  if (const auto* number = value->if_int64(); number != nullptr && *number >= 0) {
    return static_cast<std::uint64_t>(*number);
  }
  Complain(name, "is not a whole number");
  return 0;
}

bool JsonFields::BoolIfStated(std::string_view name) const {
  const boost::json::value* value = Find(name, false);
  if (value == nullptr) return false;
  const bool* truth = value->if_bool();
  if (truth == nullptr) Complain(name, "is neither true nor false");
  return truth != nullptr && *truth;
}

Digest JsonFields::Sha256(std::string_view name) const {
  const auto digest = Digest::FromHex(Text(name));
  if (!digest) Complain(name, "is not 64 lower-case hexadecimal digits");
  return digest.value_or(Digest{});
}

JsonFields JsonFields::Object(std::string_view name) const {
  Find(name, true);
  return ObjectIfStated(name);
}

JsonFields JsonFields::ObjectIfStated(std::string_view name) const {
  static const boost::json::object kEmpty;
  const boost::json::value* value = Find(name, false);
  const auto* object = value == nullptr ? nullptr : value->if_object();
  if (value != nullptr && object == nullptr) Complain(name, "is not an object");
  return JsonFields(object == nullptr ? kEmpty : *object, *problem_);
}

const boost::json::array& JsonFields::Array(std::string_view name) const {
  static const boost::json::array kEmpty;
  const boost::json::value* value = Find(name, false);
  if (value == nullptr) return kEmpty;
  const auto* array = value->if_array();
  if (array == nullptr) Complain(name, "is not an array");
  return array == nullptr ? kEmpty : *array;
}

std::vector<std::string> JsonFields::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  for (const boost::json::value& value : Array(name)) {
    if (const auto* text = value.if_string()) {
      texts.emplace_back(text->data(), text->size());
    } else {
      Complain(name, "has an element of the wrong type");
    }
  }
  return texts;
}

}  // namespace nightbox
