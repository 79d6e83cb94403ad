// PdfChecker: examines one PDF in a process of its own, with bounds on time and memory.
//
// The examiner (nightbox-pdf-check, which is libqpdf and nothing else) reads hostile bytes;
// whatever becomes of it, the gateway only learns an exit code. It gets the document as its
// standard input, a copy without a name, and neither environment nor other descriptors.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/result.h"
#include "gateway/pdf_finding.h"

namespace nightbox {

struct PdfCheckLimits {
  std::chrono::milliseconds wall_time{20'000};
  std::int64_t cpu_seconds = 10;
  std::int64_t memory_bytes = 512 * 1024 * 1024LL;
};

// Thread-safe: holds no state.
class PdfChecker {
 public:
  // Writes the whole document to the descriptor, in order.
  using WriteBytes = std::function<Result<void>(int fd)>;

  // `program`: nightbox-pdf-check. `scratch_directory`: where copies larger than 4 MiB are put
  // while they are examined; they have no name there and are gone with the process.
  PdfChecker(std::filesystem::path program, std::filesystem::path scratch_directory,
             const PdfCheckLimits& limits)
      : program_(std::move(program)), scratch_(std::move(scratch_directory)), limits_(limits) {}

  // Blocks for at most the wall time, beside the writing: call it on the document pool.
  PdfFinding Check(std::int64_t size_bytes, const WriteBytes& write) const;

 private:
  PdfFinding Examine(int document) const;

  std::filesystem::path program_;
  std::filesystem::path scratch_;
  PdfCheckLimits limits_;
};

// nightbox-pdf-check beside the running program.
std::filesystem::path DefaultPdfCheckProgram();

}  // namespace nightbox
