// WorkerPool: the few threads that do the documents' disk work, so that no gRPC thread ever waits
// for a disk.
//
// Jobs are taken in order; each runs on one thread, to its end. The queue is bounded: whoever is
// refused answers its caller at once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nightbox {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t waiting_max);
  // Runs what is waiting, then returns.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and nothing happens, when the queue is full. Any thread; never blocks.
  [[nodiscard]] bool Post(std::function<void()> job);

 private:
  void Run();

  const std::size_t waiting_max_;
  std::mutex mutex_;  // Guards the two below; never held while a job runs.
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::vector<std::thread> threads_;  // Last: they start when all above is ready.
};

}  // namespace nightbox
