// `nightboxctl status`, `backlog`, `filings`, `hold`, `release`, `resolve` and `terminate`: what an
// operator asks of a running gateway. Each returns what it found out; nothing is printed here.
#pragma once

#include <cstddef>
#include <string>

#include "ops/nightboxctl/answer.h"
#include "ops/nightboxctl/operator_client.h"

namespace nightbox::ctl {

Answer ShowStatus(const OperatorAddress& address);
Answer ShowBacklog(const OperatorAddress& address);

struct FilingsWish {
  // Empty: all.
  std::string court;
  // "uncertain", "held" or "pending"; empty: all three, in this order.
  std::string state;
  // Of each state.
  std::size_t limit = 100;
};
// Which filings wait; of each state the oldest first, as far as they were read. Reads page after
// page until it has enough, or has seen all, or as many pages as it may; and says when there may be
// more.
Answer ShowFilings(const OperatorAddress& address, const FilingsWish& wish);

Answer HoldOne(const OperatorAddress& address, const std::string& filing_id,
               const std::string& reason);
Answer ReleaseOne(const OperatorAddress& address, const std::string& filing_id,
                  const std::string& reason);
Answer ResolveOne(const OperatorAddress& address, const std::string& filing_id,
                  const std::string& reason);
Answer TerminateOne(const OperatorAddress& address, const std::string& filing_id,
                    const std::string& authority, const std::string& reason);

}  // namespace nightbox::ctl
