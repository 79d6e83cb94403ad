#include "replay/fate.h"

namespace nightbox {

const char* ToString(DeliveryFate fate) {
  switch (fate) {
    case DeliveryFate::kSettled:
      return "settled";
    case DeliveryFate::kNotStarted:
      return "not started";
    case DeliveryFate::kPushback:
      return "pushback";
    case DeliveryFate::kCourtAway:
      return "court away";
    case DeliveryFate::kNotRecorded:
      return "not recorded";
    case DeliveryFate::kBrokenOff:
      return "broken off";
    case DeliveryFate::kStalled:
      return "stalled";
    case DeliveryFate::kUndeliverable:
      return "undeliverable";
    case DeliveryFate::kNotRunnable:
      return "not runnable";
    case DeliveryFate::kUnknownLost:
      return "unknown: lost";
    case DeliveryFate::kUnknownLate:
      return "unknown: late";
  }
  return "unknown";
}

const char* ToString(QueryFate fate) {
  switch (fate) {
    case QueryFate::kSettled:
      return "settled";
    case QueryFate::kNotFound:
      return "not found";
    case QueryFate::kUnreachable:
      return "unreachable";
    case QueryFate::kNoAnswer:
      return "no answer";
  }
  return "unknown";
}

}  // namespace nightbox
