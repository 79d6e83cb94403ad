// Structured logs: one JSON object a line on standard error, for journald and for people.
//
// Names of things only: courts, systems, ids, counts, codes. Never a party name, a case number, a
// document title or a byte of a request. Values are passed as fields, so that nothing is ever
// formatted into a sentence by accident.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace nightbox {

enum class LogLevel { kInfo, kWarning, kError };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, std::uint64_t, bool> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, std::int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, int v) : name(n), value(std::int64_t{v}) {}
  LogField(std::string_view n, std::uint64_t v) : name(n), value(v) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
};

// Writes {"time":…,"level":…,"event":event,…fields}. Thread-safe. The event is a fixed phrase, for
// example "journal opened".
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace nightbox
