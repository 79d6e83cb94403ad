// What a process has cost so far, as the kernel counts it.
#pragma once

#include <sys/types.h>

#include "core/clock.h"
#include "core/result.h"

namespace nightbox::bench {

struct ProcessCost {
  // Its own threads, in user mode and in the kernel.
  Microseconds own{0};
  // Its children, theirs, and so on, running and ended: for a gateway, the examiners of PDFs.
  Microseconds children{0};
};

// Of a running process, from /proc; exact to a clock tick (10 ms).
Result<ProcessCost> CostOf(pid_t process);

// Of this process; exact to the microsecond.
Microseconds OwnCost();

}  // namespace nightbox::bench
