// What an operator does about a call that failed.
//
// The gateway's own advice is written for filers ("ask the gateway's operator", "file with the
// court directly"), and whoever reads it here is the operator.
#pragma once

#include <string>

#include "client/call_failure.h"

namespace nightbox::ctl {

// Never empty. Pure.
std::string AdviceFor(const client::CallFailure& failure);

}  // namespace nightbox::ctl
