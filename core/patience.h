// Patience: waiting in real time, where a library or a real process sets the pace. Never for
// evidence, never in a decision.
#pragma once

#include <chrono>

namespace nightbox {

std::chrono::steady_clock::time_point SteadyNow();
// The instant gRPC wants as a deadline.
std::chrono::system_clock::time_point DeadlineIn(std::chrono::milliseconds from_now);

}  // namespace nightbox
