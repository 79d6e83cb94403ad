// Look: how a state looks on the status page and which word stands for it in status.json.
#pragma once

#include <string_view>

#include "core/check.h"
#include "gateway/status_page.h"

namespace nightbox {

// How a state looks: a word, a shape, and a class for the colour.
struct Look {
  std::string_view word;
  std::string_view shape;
  std::string_view style;
};

inline Look LookOf(Accepting accepting) {
  switch (accepting) {
    case Accepting::kYes:
      return {"Yes", "●", "good"};
    case Accepting::kStoredOnly:
      return {"Limited", "▲", "delayed"};
    case Accepting::kNo:
      return {"No", "■", "bad"};
    case Accepting::kUnknown:
      return {"Unknown", "◇", "unknown"};
  }
  CheckFailed("known Accepting", __FILE__, __LINE__);
}

inline Look LookOf(Delivering delivering) {
  switch (delivering) {
    case Delivering::kYes:
      return {"Yes", "●", "good"};
    case Delivering::kDelayed:
      return {"Delayed", "▲", "delayed"};
    case Delivering::kUnknown:
      return {"Unknown", "◇", "unknown"};
  }
  CheckFailed("known Delivering", __FILE__, __LINE__);
}

inline Look LookOf(CircuitState state) {
  switch (state) {
    case CircuitState::kUp:
      return {"Up", "●", "good"};
    case CircuitState::kPartly:
      return {"Partly", "▲", "delayed"};
    case CircuitState::kDown:
      return {"Down", "■", "bad"};
    case CircuitState::kUnknown:
      return {"Unknown", "◇", "unknown"};
  }
  CheckFailed("known CircuitState", __FILE__, __LINE__);
}

}  // namespace nightbox
