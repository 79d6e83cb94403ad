// `nightboxctl status`, `backlog`, `hold` and `release`: what an operator asks of a running
// gateway. Each returns what it found out; nothing is printed here.
#pragma once

#include <string>

#include "ops/nightboxctl/answer.h"
#include "ops/nightboxctl/operator_client.h"

namespace nightbox::ctl {

Answer ShowStatus(const OperatorAddress& address);
Answer ShowBacklog(const OperatorAddress& address);
Answer HoldOne(const OperatorAddress& address, const std::string& filing_id,
               const std::string& reason);
Answer ReleaseOne(const OperatorAddress& address, const std::string& filing_id,
                  const std::string& reason);

}  // namespace nightbox::ctl
