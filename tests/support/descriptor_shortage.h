// DescriptorShortage: while it lives this process gets no new descriptor: EMFILE. What is open
// stays open.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/check.h"

namespace nightbox {

class DescriptorShortage {
 public:
  DescriptorShortage() {
    NB_CHECK(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    // The kernel gives out the lowest free number: all below it are taken.
    const int free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    NB_CHECK(free >= 0 && ::close(free) == 0);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(free);
    NB_CHECK(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  }
  ~DescriptorShortage() { (void)::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorShortage(const DescriptorShortage&) = delete;
  DescriptorShortage& operator=(const DescriptorShortage&) = delete;

 private:
  rlimit before_{};
};

}  // namespace nightbox
