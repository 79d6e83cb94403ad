// Goal: every error explains itself, and the document people read says what the program says.
// Method: compare the tables with docs/errors.md line by line; on a difference print the right
// lines.
#include "gateway/error_catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "gateway/grpc_status.h"
#include "store/refusal_fault.h"

namespace nightbox {
namespace {

std::vector<std::string> DocumentedRows() {
  std::ifstream document(NIGHTBOX_SOURCE_DIR "/docs/errors.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("| `")) rows.push_back(line);
  }
  return rows;
}

std::vector<std::string> RowsOfTheProgram() {
  std::vector<std::string> rows;
  for (const CatalogueEntry& entry : ErrorCatalogue()) {
    std::ostringstream row;
    row << "| `" << entry.reason << "` | " << ToString(entry.code) << " | " << ToString(entry.fault)
        << " | " << (entry.retry_helps ? "yes" : "no") << " | " << entry.meaning << " | "
        << entry.what_now << " |";
    rows.push_back(row.str());
  }
  for (const WarningEntry& entry : WarningCatalogue()) {
    std::ostringstream row;
    row << "| `" << entry.code << "` | " << entry.meaning << " |";
    rows.push_back(row.str());
  }
  return rows;
}

TEST(ErrorCatalogueTest, TheDocumentAndTheProgramSayTheSame) {
  const std::vector<std::string> rows = RowsOfTheProgram();
  std::string expected;
  for (const std::string& row : rows) expected += row + "\n";
  EXPECT_EQ(DocumentedRows(), rows) << "docs/errors.md should read:\n" << expected;
}

TEST(ErrorCatalogueTest, AReasonStandsForOneThing) {
  std::set<std::string_view> seen;
  for (const CatalogueEntry& entry : ErrorCatalogue()) {
    EXPECT_TRUE(seen.insert(entry.reason).second) << entry.reason;
    EXPECT_FALSE(entry.what_now.empty()) << entry.reason;
    EXPECT_LE(entry.what_now.size(), 256U) << entry.reason << ": would be cut in the metadata";
  }
}

TEST(ErrorCatalogueTest, EveryReasonTheGatewayGivesIsInTheCatalogue) {
  // An unknown reason is a CHECK at the moment somebody is refused: it is better found here.
  const std::regex given(R"re(Catalogued\(\s*"([A-Z_0-9]+)")re");
  int found = 0;
  for (const auto& file : std::filesystem::directory_iterator(NIGHTBOX_SOURCE_DIR "/gateway")) {
    if (file.path().extension() != ".cc") continue;
    std::ifstream in(file.path());
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    for (std::sregex_iterator match(text.begin(), text.end(), given), end; match != end; ++match) {
      EXPECT_NE(FindReason((*match)[1].str()), nullptr) << file.path() << ": " << (*match)[1];
      ++found;
    }
  }
  EXPECT_GT(found, 10);
}

TEST(ErrorCatalogueTest, EveryCodeHasAGeneralEntryOfThatCode) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const CatalogueEntry& entry = EntryFor(Error{static_cast<ErrorCode>(code), "message"});
    EXPECT_EQ(entry.code, static_cast<ErrorCode>(code));
  }
}

TEST(ErrorCatalogueTest, EvidenceOfAnAttemptNamesTheSameFault) {
  // What a journal's refusals are reckoned as, years later: store/refusal_fault.cc has the
  // words once more, because evidence must not depend on the gateway.
  for (const CatalogueEntry& entry : ErrorCatalogue()) {
    const AttemptFault fault = FaultOfRefusal(entry.reason);
    switch (entry.fault) {
      case Fault::kGateway:
        EXPECT_EQ(fault, AttemptFault::kGateway) << entry.reason;
        break;
      case Fault::kCaseSystem:
        EXPECT_EQ(fault, AttemptFault::kCaseSystem) << entry.reason;
        break;
      case Fault::kCourt:
        EXPECT_EQ(fault, AttemptFault::kCourtNotEnabled) << entry.reason;
        break;
      case Fault::kFiler:
        // Who went away may have waited too long for us.
        if (entry.reason == "CANCELLED") {
          EXPECT_EQ(fault, AttemptFault::kNotKnown);
        } else {
          EXPECT_TRUE(fault == AttemptFault::kFilerSide || fault == AttemptFault::kValidation)
              << entry.reason << ": name it in store/refusal_fault.cc";
        }
        break;
      case Fault::kNobody:
        EXPECT_EQ(fault, AttemptFault::kNotKnown) << entry.reason;
        break;
    }
  }
}

TEST(ErrorCatalogueTest, WhatTheCallerCanOnlyMendIsNeverCalledWorthRepeating) {
  // A client that trusts nightbox-retry must not loop on a request that cannot succeed.
  for (const CatalogueEntry& entry : ErrorCatalogue()) {
    if (entry.code == ErrorCode::kPermissionDenied || entry.code == ErrorCode::kAlreadyExists) {
      EXPECT_FALSE(entry.retry_helps) << entry.reason;
    }
    if (entry.code == ErrorCode::kUnavailable || entry.code == ErrorCode::kResourceExhausted) {
      EXPECT_TRUE(entry.retry_helps) << entry.reason;
    }
  }
}

TEST(GrpcStatusTest, TheCallerLearnsWhoseFaultAndWhatNow) {
  const Error error =
      Catalogued("QUEUE_FULL", "the queue is full", "", std::chrono::milliseconds(250));
  EXPECT_EQ(ToStatus(error).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const auto metadata = ErrorMetadata(error, AttemptId("a1"));
  using Pair = std::pair<std::string, std::string>;
  EXPECT_THAT(metadata,
              testing::IsSupersetOf(
                  {Pair("nightbox-reason", "QUEUE_FULL"), Pair("nightbox-fault", "gateway"),
                   Pair("nightbox-retry", "yes"), Pair("nightbox-retry-after-ms", "250"),
                   Pair("nightbox-attempt-id", "a1")}));
}

TEST(GrpcStatusTest, MetadataIsPrintableAsciiAndBounded) {
  Error error{ErrorCode::kInvalidArgument, std::string(5000, 'x')};
  error.field = "header.documents[0].title\r\n\x01\xC3\xA9";
  error.reason = std::string(1000, 'R');
  for (const auto& [name, value] : ErrorMetadata(error)) {
    EXPECT_LE(value.size(), 256U) << name;
    for (const char c : value) EXPECT_TRUE(c >= ' ' && c <= '~') << name;
  }
  EXPECT_EQ(ToStatus(error).error_message().size(), 1024U);
}

TEST(GrpcStatusTest, ALongMessageIsNotCutWithinACharacter) {
  std::string message(1023, 'x');
  message += "\xC3\xA9";  // é over the bound.
  EXPECT_EQ(ToStatus(Error{ErrorCode::kInternal, message}).error_message(), std::string(1023, 'x'));
}

TEST(GrpcStatusTest, AFullDiskIsNotTheFilersQuota) {
  const Error inside{ErrorCode::kResourceExhausted, "no space", "DISK_FULL"};
  EXPECT_EQ(ToStatus(inside).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace nightbox
