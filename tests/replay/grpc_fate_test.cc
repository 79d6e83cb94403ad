// Goal: the end of a call says exactly as much as is known: never "not recorded" when the filing
// may be recorded. Method: every status code at every stage of a delivery, against a table written
// by hand.
#include "replay/grpc_fate.h"

#include <gtest/gtest.h>

namespace nightbox {
namespace {

using Code = grpc::StatusCode;
using Fate = DeliveryFate;

constexpr DeliveryProgress kStages[] = {DeliveryProgress::kAsked, DeliveryProgress::kSending,
                                        DeliveryProgress::kSent};

TEST(GrpcFateTest, WhatACaseSystemRefusesOnPurposeIsNotRecordedAtAnyStage) {
  for (const Code code :
       {Code::INVALID_ARGUMENT, Code::FAILED_PRECONDITION, Code::NOT_FOUND, Code::PERMISSION_DENIED,
        Code::UNAUTHENTICATED, Code::OUT_OF_RANGE, Code::DATA_LOSS, Code::UNIMPLEMENTED}) {
    for (const DeliveryProgress stage : kStages) {
      EXPECT_EQ(DeliveryFateOf({code}, stage), Fate::kNotRecorded) << ToString(code);
    }
  }
}

TEST(GrpcFateTest, WhatANetworkMaySayProvesNothingOnceAllMayHaveArrived) {
  for (const Code code : {Code::OK, Code::CANCELLED, Code::UNKNOWN, Code::DEADLINE_EXCEEDED,
                          Code::ABORTED, Code::INTERNAL, Code::UNAVAILABLE}) {
    for (const DeliveryProgress stage : {DeliveryProgress::kAsked, DeliveryProgress::kSent}) {
      const Fate fate = DeliveryFateOf({code}, stage);
      EXPECT_EQ(fate, code == Code::DEADLINE_EXCEEDED ? Fate::kUnknownLate : Fate::kUnknownLost)
          << ToString(code);
    }
    // A case system that still waits for documents cannot have recorded the filing.
    const Fate fate = DeliveryFateOf({code}, DeliveryProgress::kSending);
    EXPECT_EQ(fate, code == Code::DEADLINE_EXCEEDED ? Fate::kStalled : Fate::kBrokenOff)
        << ToString(code);
  }
}

TEST(GrpcFateTest, OurOwnPatienceEndingIsLateness) {
  CallEnd end{Code::CANCELLED};
  end.expired = true;
  EXPECT_EQ(DeliveryFateOf(end, DeliveryProgress::kSent), Fate::kUnknownLate);
  EXPECT_EQ(DeliveryFateOf(end, DeliveryProgress::kSending), Fate::kStalled);
}

TEST(GrpcFateTest, ACourtThatIsAwayIsKnownByItsWord) {
  for (const DeliveryProgress stage : kStages) {
    EXPECT_EQ(DeliveryFateOf({Code::UNAVAILABLE, "COURT_AWAY"}, stage), Fate::kCourtAway);
  }
}

TEST(GrpcFateTest, OtherContentUnderOneKeyCannotSucceedByRepeating) {
  EXPECT_EQ(DeliveryFateOf({Code::ALREADY_EXISTS}, DeliveryProgress::kAsked), Fate::kUndeliverable);
}

TEST(GrpcFateTest, PushbackAfterTheLastByteIsOnlyBelievedWithADelay) {
  CallEnd end{Code::RESOURCE_EXHAUSTED};
  EXPECT_EQ(DeliveryFateOf(end, DeliveryProgress::kAsked), Fate::kPushback);
  EXPECT_EQ(DeliveryFateOf(end, DeliveryProgress::kSent), Fate::kUnknownLost);
  end.retry_after = std::chrono::seconds(3);
  EXPECT_EQ(DeliveryFateOf(end, DeliveryProgress::kSent), Fate::kPushback);
}

TEST(GrpcFateTest, OnlyNotFoundSaysNotFound) {
  for (int code = 0; code <= 16; ++code) {
    const QueryFate fate = QueryFateOf({static_cast<Code>(code)});
    EXPECT_EQ(fate == QueryFate::kNotFound, code == Code::NOT_FOUND);
    EXPECT_NE(fate, QueryFate::kSettled);
  }
  EXPECT_EQ(QueryFateOf({Code::UNAVAILABLE}), QueryFate::kUnreachable);
  EXPECT_EQ(QueryFateOf({Code::UNAVAILABLE, "DELIVERY_UNDER_WAY"}), QueryFate::kNoAnswer);
}

TEST(GrpcFateTest, WhatTheCaseSystemDoesNotDoAtAllIsNoMatterOfTime) {
  // A proxy may say so, too: no refusal of what was asked for.
  EXPECT_EQ(ErrorOf({Code::UNIMPLEMENTED}).code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(ErrorOf({Code::UNAVAILABLE}).code, ErrorCode::kUnavailable);
  EXPECT_EQ(ErrorOf({Code::INTERNAL}).code, ErrorCode::kUnavailable);
  // Of a watch: the cursor is not known here.
  EXPECT_EQ(ErrorOf({Code::OUT_OF_RANGE}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ErrorOf({Code::INVALID_ARGUMENT}).code, ErrorCode::kInvalidArgument);
}

TEST(GrpcFateTest, TheReasonIsTheWordBeforeTheColon) {
  const grpc::ClientContext context;
  const auto reason = [&](const char* message) {
    return EndOf({Code::UNAVAILABLE, message}, context, false).reason;
  };
  EXPECT_EQ(reason("COURT_AWAY: the court is away"), "COURT_AWAY");
  EXPECT_EQ(reason("failed to connect to all addresses; last error: UNKNOWN: x"), "");
  EXPECT_EQ(reason("Socket closed"), "");
  EXPECT_EQ(reason(": x"), "");
}

}  // namespace
}  // namespace nightbox
