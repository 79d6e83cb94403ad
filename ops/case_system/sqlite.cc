#include "ops/case_system/sqlite.h"

#include <sqlite3.h>

namespace nightbox {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// SQLite's own messages name tables and columns, never values.
Error Refused(sqlite3* connection, std::string_view doing) {
  return Error{
      ErrorCode::kUnavailable,
      "the case system's database: " + std::string(doing) + ": " + sqlite3_errmsg(connection),
      "DATABASE"};
}

struct BindValue {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
  // Copied by SQLite: a statement may outlive the caller's temporaries.
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(),
                               SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  int operator()(Blob blob) const {
    return sqlite3_bind_blob64(statement, index, blob.bytes.empty() ? "" : blob.bytes.data(),
                               blob.bytes.size(), SQLITE_TRANSIENT);
  }
};

SqlRow::Column ReadColumn(sqlite3_stmt* statement, int i) {
  switch (sqlite3_column_type(statement, i)) {
    case SQLITE_NULL:
      return std::monostate{};
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, i)};
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
      return bytes == nullptr ? std::string() : std::string(bytes, size);
    }
  }
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Database> Database::Open(const std::filesystem::path& path) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
  Database database;
  database.connection_.reset(opened);
  if (code != SQLITE_OK) return Refused(opened, "open");
  sqlite3_busy_timeout(opened, 5000);  // A checker may be reading.
  return database;
}

Result<bool> Database::Execute(const char* statements) {
  if (sqlite3_exec(connection_.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Refused(connection_.get(), "execute");
  }
  return true;
}

Result<std::vector<SqlRow>> Database::Query(const char* text,
                                            std::initializer_list<SqlValue> values) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(connection_.get(), text, -1, &prepared, nullptr) != SQLITE_OK) {
    return Refused(connection_.get(), "prepare");
  }
  const Statement statement(prepared);
  int index = 0;
  for (const SqlValue& value : values) {
    if (std::visit(BindValue{prepared, ++index}, value) != SQLITE_OK) {
      return Refused(connection_.get(), "bind");
    }
  }
  std::vector<SqlRow> rows;
  while (true) {
    const int code = sqlite3_step(prepared);
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) return Refused(connection_.get(), "step");
    const int count = sqlite3_column_count(prepared);
    std::vector<SqlRow::Column> columns;
    columns.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      columns.push_back(ReadColumn(prepared, i));
    }
    rows.emplace_back(std::move(columns));
  }
}

std::int64_t Database::LastInsertId() const { return sqlite3_last_insert_rowid(connection_.get()); }

Result<Transaction> Transaction::Begin(Database& database) {
  NB_RETURN_IF_ERROR(database.Execute("BEGIN IMMEDIATE"));
  return Transaction(&database);
}

Transaction::~Transaction() {
  // A failed rollback leaves nothing to do here: SQLite has then rolled back by itself.
  if (database_ != nullptr) static_cast<void>(database_->Execute("ROLLBACK"));
}

Result<bool> Transaction::Commit() {
  NB_RETURN_IF_ERROR(database_->Execute("COMMIT"));
  database_ = nullptr;
  return true;
}

}  // namespace nightbox
