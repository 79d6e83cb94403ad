// Writes JSON whose bytes are specified (docs/formats/receipt.md, "Encoding rules"): fixed order,
// fixed layout, and texts that cannot make a line look like something else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nightbox {

// Members stand in the order of the calls. One thread at a time.
class JsonWriter {
 public:
  void BeginObject() { Begin('{'); }
  void EndObject() { End('}'); }
  void BeginArray() { Begin('['); }
  void EndArray() { End(']'); }
  // The name of the next value, inside an object.
  void Name(std::string_view name);

  void Text(std::string_view text);
  void Number(std::int64_t number);
  void Number(std::uint64_t number);
  void Bool(bool value);
  void Null();

  // Name and value in one call.
  void Text(std::string_view name, std::string_view text);
  void Number(std::string_view name, std::int64_t number);
  void Number(std::string_view name, std::uint64_t number);
  void Bool(std::string_view name, bool value);
  void BeginObject(std::string_view name);
  void BeginArray(std::string_view name);
  // Nothing when the text is empty.
  void TextIfStated(std::string_view name, std::string_view text);

  // The whole document with its final LF. Every Begin must have had its End.
  std::string Finish();

 private:
  void Begin(char bracket);
  void End(char bracket);
  void BeforeValue();
  void NewLine();

  std::string out_;
  int depth_ = 0;
  bool first_ = true;   // Nothing stands in the innermost brackets yet.
  bool named_ = false;  // A name waits for its value.
};

}  // namespace nightbox
