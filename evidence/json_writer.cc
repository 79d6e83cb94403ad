#include "evidence/json_writer.h"

#include "core/check.h"

namespace nightbox {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Takes one code point off the front of `text`; U+FFFD and one byte for what is not UTF-8.
char32_t TakeCodePoint(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  std::size_t size = 1;
  char32_t point = lead;
  char32_t smallest = 0;
  if (lead >= 0x80) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      size = 2, point = lead & 0x1F, smallest = 0x80;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      size = 3, point = lead & 0x0F, smallest = 0x800;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      size = 4, point = lead & 0x07, smallest = 0x10000;
    } else {
      text.remove_prefix(1);
      return kReplacement;
    }
    bool good = text.size() >= size;
    for (std::size_t i = 1; good && i < size; ++i) {
      good = (byte(i) & 0xC0) == 0x80;
      point = (point << 6) | (byte(i) & 0x3F);
    }
    good = good && point >= smallest && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    if (!good) {
      text.remove_prefix(1);
      return kReplacement;
    }
  }
  text.remove_prefix(size);
  return point;
}

// What is not visible, or turns the direction of what follows, is spelled out: a case title must
// not be able to disguise a receipt.
bool IsSpelledOut(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x2069) ||
         point == 0xFEFF;
}

void AppendText(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t point = TakeCodePoint(text);
    const std::string_view bytes = before.substr(0, before.size() - text.size());
    if (point == '"' || point == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(point));
    } else if (IsSpelledOut(point)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[(point >> shift) & 15]);
    } else if (point == kReplacement) {
      out += "\xEF\xBF\xBD";
    } else {
      out += bytes;
    }
  }
  out.push_back('"');
}

}  // namespace

void JsonWriter::NewLine() {
  out_.push_back('\n');
  out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
}

void JsonWriter::BeforeValue() {
  if (named_) {
    named_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!first_) out_.push_back(',');
  NewLine();
  first_ = false;
}

void JsonWriter::Begin(char bracket) {
  BeforeValue();
  out_.push_back(bracket);
  ++depth_;
  first_ = true;
}

void JsonWriter::End(char bracket) {
  NB_CHECK(depth_ > 0 && !named_);
  --depth_;
  if (!first_) NewLine();
  out_.push_back(bracket);
  first_ = false;
}

void JsonWriter::Name(std::string_view name) {
  NB_CHECK(!named_);
  BeforeValue();
  AppendText(out_, name);
  out_ += ": ";
  named_ = true;
}

void JsonWriter::Text(std::string_view text) {
  BeforeValue();
  AppendText(out_, text);
}

void JsonWriter::Number(std::int64_t number) {
  BeforeValue();
  out_ += std::to_string(number);
}

void JsonWriter::Number(std::uint64_t number) {
  BeforeValue();
  out_ += std::to_string(number);
}

void JsonWriter::Bool(bool value) {
  BeforeValue();
  out_ += value ? "true" : "false";
}

void JsonWriter::Null() {
  BeforeValue();
  out_ += "null";
}

void JsonWriter::Text(std::string_view name, std::string_view text) {
  Name(name);
  Text(text);
}

void JsonWriter::Number(std::string_view name, std::int64_t number) {
  Name(name);
  Number(number);
}

void JsonWriter::Number(std::string_view name, std::uint64_t number) {
  Name(name);
  Number(number);
}

void JsonWriter::Bool(std::string_view name, bool value) {
  Name(name);
  Bool(value);
}

void JsonWriter::BeginObject(std::string_view name) {
  Name(name);
  BeginObject();
}

void JsonWriter::BeginArray(std::string_view name) {
  Name(name);
  BeginArray();
}

void JsonWriter::TextIfStated(std::string_view name, std::string_view text) {
  if (!text.empty()) Text(name, text);
}

std::string JsonWriter::Finish() {
  NB_CHECK(depth_ == 0 && !named_);
  return std::move(out_) + "\n";
}

}  // namespace nightbox
