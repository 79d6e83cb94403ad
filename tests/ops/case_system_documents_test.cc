// Goal: only whole documents with the right hash get a name, and nothing half-way stays.
#include <gtest/gtest.h>

#include "ops/case_system/documents.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

std::size_t FilesIn(const std::filesystem::path& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

TEST(DocumentStoreTest, AWholeDocumentIsKeptUnderItsHash) {
  const TemporaryDirectory directory;
  const auto store = *DocumentStore::Open(directory.path());
  const Digest digest = Sha256("hello world");
  std::vector<std::unique_ptr<IncomingDocument>> incoming;
  incoming.push_back(*store->Begin(digest, 11));
  ASSERT_TRUE(incoming[0]->Append(0, "hello ").has_value());
  EXPECT_FALSE(incoming[0]->IsWhole());
  EXPECT_FALSE(store->Has(digest));
  ASSERT_TRUE(incoming[0]->Append(6, "world").has_value());
  EXPECT_TRUE(incoming[0]->IsWhole());
  ASSERT_TRUE(store->Keep(incoming).has_value());
  incoming.clear();
  EXPECT_TRUE(store->Has(digest));
  EXPECT_EQ(ReadWholeFile(directory.path() / "documents" / digest.Hex()), "hello world");
  EXPECT_EQ(FilesIn(directory.path() / "spool"), 0U);
}

TEST(DocumentStoreTest, WrongBytesAreRefusedAndLeaveNothing) {
  const TemporaryDirectory directory;
  const auto store = *DocumentStore::Open(directory.path());
  auto incoming = *store->Begin(Sha256("hello"), 5);
  EXPECT_EQ(incoming->Append(1, "h").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(incoming->Append(0, "hello!").error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(incoming->Append(0, "hell").has_value());
  EXPECT_EQ(incoming->Append(3, "l").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(incoming->Append(4, "0").error().code, ErrorCode::kDataLoss);
  EXPECT_FALSE(incoming->IsWhole());
  incoming.reset();
  EXPECT_EQ(FilesIn(directory.path() / "spool"), 0U);
  EXPECT_EQ(FilesIn(directory.path() / "documents"), 0U);
}

TEST(DocumentStoreTest, AnEmptyDocumentIsWholeAtOnceWhenItsHashIsThatOfNothing) {
  const TemporaryDirectory directory;
  const auto store = *DocumentStore::Open(directory.path());
  EXPECT_TRUE((*store->Begin(Sha256(""), 0))->IsWhole());
  EXPECT_EQ(store->Begin(Sha256("x"), 0).error().code, ErrorCode::kDataLoss);
}

TEST(DocumentStoreTest, TheSpoolIsEmptiedAtTheStart) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() / "spool");
  static_cast<void>(directory.Write("spool/7", "half"));
  ASSERT_TRUE(DocumentStore::Open(directory.path()).has_value());
  EXPECT_EQ(FilesIn(directory.path() / "spool"), 0U);
}

}  // namespace
}  // namespace nightbox
