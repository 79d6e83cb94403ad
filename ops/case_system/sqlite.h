// Database: one SQLite connection, with Results instead of return codes.
//
// Statements are our own text; values are bound, never pasted. One thread at a time. Errors are
// kUnavailable: whatever SQLite refuses (disk full, locked, damaged) is not the caller's doing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

struct sqlite3;

namespace nightbox {

struct Blob {
  std::string_view bytes;
};
// monostate is NULL.
using SqlValue = std::variant<std::monostate, std::int64_t, std::string_view, Blob>;

// One row of an answer. Text and blobs are both strings; NULL is nullopt.
class SqlRow {
 public:
  using Column = std::variant<std::monostate, std::int64_t, std::string>;
  explicit SqlRow(std::vector<Column> columns) : columns_(std::move(columns)) {}

  bool IsNull(std::size_t i) const { return columns_.at(i).index() == 0; }
  std::int64_t Int(std::size_t i) const { return std::get<std::int64_t>(columns_.at(i)); }
  const std::string& Text(std::size_t i) const { return std::get<std::string>(columns_.at(i)); }
  std::optional<std::int64_t> MaybeInt(std::size_t i) const {
    return IsNull(i) ? std::nullopt : std::optional(Int(i));
  }

 private:
  std::vector<Column> columns_;
};

class Database {
 public:
  // Creates the file when it is not there.
  static Result<Database> Open(const std::filesystem::path& path);

  // Several statements without values.
  Result<bool> Execute(const char* statements);
  // One statement; the rows it answers.
  Result<std::vector<SqlRow>> Query(const char* statement,
                                    std::initializer_list<SqlValue> values = {});
  std::int64_t LastInsertId() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

// BEGIN IMMEDIATE now; ROLLBACK when it goes, unless committed.
class Transaction {
 public:
  static Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // On success all of it is on disk. On failure none of it.
  Result<bool> Commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace nightbox
