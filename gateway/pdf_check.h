// PdfChecker: examines one PDF in a process of its own, with bounds on time and memory.
//
// The examiner (nightbox-pdf-check, which is libqpdf and nothing else) reads hostile bytes;
// whatever becomes of it, the gateway only learns two numbers. It gets the document as its standard
// input, a copy without a name, and neither environment nor other descriptors.
//
// Examiners are forked, one for each document, by a process that is started once and never reads a
// document: `nightbox-pdf-check --serve`, whose standard input is a socket (SEQPACKET). A request
// is one byte with two descriptors: the document and one end of a new socket pair. Over that come,
// in either order, one byte with a handle (pidfd) of the examiner, and the finding (PdfVerdict);
// its end without a finding is the examiner's. When the serving process dies, another is started.
//
// After the finding the examiner looks for personal information in the text (gateway/pdf_text.h)
// and sends kinds and pages (PdfTextVerdict), never the text. The finding stands whatever becomes
// of that: if the examiner falls over it or takes too long, what it had sent until then is all that
// is said of the text.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "core/result.h"
#include "gateway/pdf_finding.h"

namespace nightbox {

struct PdfCheckLimits {
  std::chrono::milliseconds wall_time{20'000};
  std::int64_t cpu_seconds = 10;
  std::int64_t memory_bytes = 512 * 1024 * 1024LL;
  // From the finding on, for the text.
  std::chrono::milliseconds text_time{1'000};
};

// Documents examined at the same time, whoever asks: each takes up to memory_bytes in its examiner,
// and here the memory of one extent.
inline constexpr int kPdfChecksAtOnce = 4;

// Thread-safe.
class PdfChecker {
 public:
  // Writes the whole document to the descriptor, in order.
  using WriteBytes = std::function<Result<void>(int fd)>;

  // `program`: nightbox-pdf-check. `scratch_directory`: where copies larger than 4 MiB are put
  // while they are examined; they have no name there and are gone with the process.
  PdfChecker(std::filesystem::path program, std::filesystem::path scratch_directory,
             const PdfCheckLimits& limits);
  // Ends the serving process, and with it every examiner.
  ~PdfChecker();
  PdfChecker(const PdfChecker&) = delete;
  PdfChecker& operator=(const PdfChecker&) = delete;

  // Waits for its turn, then for at most the wall time, beside the writing: call it on the document
  // pool.
  PdfInspection Check(std::int64_t size_bytes, const WriteBytes& write);

 private:
  class Server;
  class Turn;

  PdfInspection Examine(int document);
  // Hands both descriptors to the serving process, starting one when there is none that listens.
  bool Ask(int document, int verdict);

  const std::filesystem::path program_;
  const std::filesystem::path scratch_;
  const PdfCheckLimits limits_;
  std::mutex turns_mutex_;  // Guards free_turns_; held for counting only.
  std::condition_variable turn_ended_;
  int free_turns_ = kPdfChecksAtOnce;
  std::mutex mutex_;  // Guards server_; held while one is started.
  std::unique_ptr<Server> server_;
};

// Checks a document that is read piece by piece: at most `max` bytes from `offset` on, fewer only
// at its end. One that cannot be read is kNotChecked.
PdfInspection CheckStoredPdf(
    PdfChecker& checker,
    const std::function<Result<std::string>(std::int64_t offset, std::size_t max)>& read,
    std::int64_t size_bytes);

// nightbox-pdf-check beside the running program.
std::filesystem::path DefaultPdfCheckProgram();

}  // namespace nightbox
