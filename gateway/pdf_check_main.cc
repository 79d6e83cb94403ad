// nightbox-pdf-check CPU_SECONDS MEMORY_BYTES < FILE: examines one PDF and says what it is by its
// exit code (gateway/pdf_finding.h).
//
// nightbox-pdf-check --serve CPU_SECONDS MEMORY_BYTES < SOCKET: does so for every document that
// comes over the socket, each in a process of its own, forked for it and gone with it. Loading and
// starting the libraries takes 7 ms of processor time, examining a pleading of 30 KB 1 to 1.5 ms
// (docs/bench.md), so the former is done once; the serving process itself never reads a byte of a
// stranger's. The conversation: gateway/pdf_check.h.
//
// Once it has said what it is, it looks for personal information in its text (gateway/pdf_text.h).
//
// The examiner bounds itself before it reads a byte, because the bytes are a stranger's. It opens
// the document as a reader would, without a password, walks all pages and decodes all streams.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <qpdf/Pl_Discard.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFWriter.hh>

#include "gateway/pdf_finding.h"
#include "gateway/pdf_text.h"

namespace {

void Bound(int resource, rlim_t soft, rlim_t hard) {
  const rlimit limit{soft, hard};
  if (::setrlimit(resource, &limit) != 0) std::_Exit(nightbox::kPdfExitNotChecked);
}

struct Bounds {
  rlim_t cpu_seconds;
  rlim_t memory_bytes;
};

void BoundOneself(const Bounds& bounds) {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  Bound(RLIMIT_CORE, 0, 0);
  Bound(RLIMIT_FSIZE, 0, 0);
  Bound(RLIMIT_CPU, bounds.cpu_seconds, bounds.cpu_seconds + 1);
#ifndef __SANITIZE_ADDRESS__
  // AddressSanitizer reserves terabytes of address space and bounds nothing this way.
  Bound(RLIMIT_AS, bounds.memory_bytes, bounds.memory_bytes);
#endif
}

// The examination's exit code; the number of pages is left in `pages` if it is good.
int Walk(QPDF& pdf, std::uint32_t& pages) {
  const std::size_t counted = pdf.getAllPages().size();
  Pl_Discard nowhere;
  QPDFWriter writer(pdf);
  writer.setOutputPipeline(&nowhere);
  // Everything but images, whose decoding is the reader's business.
  writer.setDecodeLevel(qpdf_dl_generalized);
  writer.setStreamDataMode(qpdf_s_uncompress);
  writer.setPreserveEncryption(false);
  writer.write();
  if (pdf.anyWarnings()) return nightbox::kPdfExitDamaged;
  pages = static_cast<std::uint32_t>(counted);
  return nightbox::kPdfExitGood;
}

// As its standard input holds it.
int Examine(QPDF& pdf, std::uint32_t& pages) {
  try {
    pdf.setSuppressWarnings(true);
    pdf.processFile("document", ::fdopen(STDIN_FILENO, "rb"), true);
    return Walk(pdf, pages);
  } catch (const QPDFExc& error) {
    if (error.getErrorCode() == qpdf_e_password) return nightbox::kPdfExitNeedsPassword;
    if (error.getErrorCode() == qpdf_e_unsupported) return nightbox::kPdfExitNotChecked;
    return nightbox::kPdfExitDamaged;
  } catch (const std::bad_alloc&) {
    return nightbox::kPdfExitTooComplex;
  } catch (const std::exception&) {
    return nightbox::kPdfExitDamaged;
  }
}

// ---- Serving ----

constexpr int kVerdict = 3;  // Where an examiner says what it found.

void Tell(const nightbox::PersonalPages& pages, bool is_last) {
  nightbox::PdfTextVerdict found;
  for (std::size_t i = 0; i < nightbox::kPersonalKinds; ++i) {
    found.pages[2 * i] = static_cast<unsigned char>(pages.first_page[i] >> 8);
    found.pages[2 * i + 1] = static_cast<unsigned char>(pages.first_page[i] & 0xFF);
  }
  found.is_last = is_last ? 1 : 0;
  (void)::send(kVerdict, &found, sizeof found, MSG_NOSIGNAL);
}

// After the finding, on which nothing here has an influence any more.
void TellPersonalPages(QPDF& pdf) {
  try {
    const auto tell = [](const nightbox::PersonalPages& pages) { Tell(pages, false); };
    Tell(nightbox::FindPersonalPages(pdf, {}, tell), true);
  } catch (const std::exception&) {
    // What was told stands; no more is known of the text.
  }
}

// What came with a request: the document, and the socket for the verdict.
struct Request {
  int document = -1;
  int verdict = -1;
};

// False at the end of the conversation.
bool Receive(Request& request) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(2 * sizeof(int))];
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  ssize_t got = 0;
  do {
    got = ::recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* rights = got == 1 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (rights == nullptr || rights->cmsg_len != CMSG_LEN(2 * sizeof(int))) return false;
  int numbers[2];
  std::memcpy(numbers, CMSG_DATA(rights), sizeof numbers);
  request = {numbers[0], numbers[1]};
  return true;
}

// Lets the gateway end the examiner when it takes too long.
bool SendHandle(int socket, int process) {
  char byte = static_cast<char>(nightbox::kPdfHandleMessage);
  iovec data{&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(rights), &process, sizeof process);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

[[noreturn]] void ExamineFor(const Request& request, const Bounds& bounds) {
  // Above all that is to be closed, and then to their places.
  const int document = ::fcntl(request.document, F_DUPFD, kVerdict + 1);
  const int verdict = ::fcntl(request.verdict, F_DUPFD, kVerdict + 1);
  if (::dup2(document, STDIN_FILENO) < 0 || ::dup2(verdict, kVerdict) < 0) {
    std::_Exit(nightbox::kPdfExitNotChecked);
  }
  ::close_range(kVerdict + 1, ~0U, 0);
  BoundOneself(bounds);
  std::uint32_t pages = 0;
  nightbox::PdfVerdict found;
  QPDF pdf;
  const int code = Examine(pdf, pages);
  found.exit_code = static_cast<unsigned char>(code);
  std::memcpy(found.pages, &pages, sizeof pages);
  (void)::send(kVerdict, &found, sizeof found, MSG_NOSIGNAL);
  if (code == nightbox::kPdfExitGood || code == nightbox::kPdfExitDamaged) TellPersonalPages(pdf);
  std::_Exit(nightbox::kPdfExitGood);
}

// A document of our own, so that everything an examiner needs is there when it is forked.
void WarmUp() {
  try {
    QPDF pdf;
    pdf.emptyPDF();
    std::uint32_t none = 0;
    (void)Walk(pdf, none);
    (void)nightbox::FindPersonalPages(pdf, {});
  } catch (const std::exception&) {
    // Whatever it is, each examiner will say so.
  }
}

int Serve(const Bounds& bounds) {
  WarmUp();
  for (Request request; Receive(request);) {
    const pid_t child = ::fork();
    if (child == 0) ExamineFor(request, bounds);
    // Not reaped yet, whatever became of it: the number is still the child's.
    const int handle = child > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, child, 0)) : -1;
    if (child > 0 && (handle < 0 || !SendHandle(request.verdict, handle))) ::kill(child, SIGKILL);
    if (handle >= 0) ::close(handle);
    ::close(request.document);
    ::close(request.verdict);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
  }
  return nightbox::kPdfExitGood;
}

}  // namespace

int main(int argc, char** argv) {
  const bool serve = argc == 4 && std::strcmp(argv[1], "--serve") == 0;
  if (argc != 3 && !serve) return nightbox::kPdfExitNotChecked;
  const Bounds bounds{std::strtoull(argv[argc - 2], nullptr, 10),
                      std::strtoull(argv[argc - 1], nullptr, 10)};
  ::close_range(3, ~0U, 0);
  if (serve) {
    // With the gateway: nobody else can ask.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return Serve(bounds);
  }
  BoundOneself(bounds);
  // Nothing is left to be done at exit that the kernel does not do.
  std::uint32_t pages = 0;
  QPDF pdf;
  std::_Exit(Examine(pdf, pages));
}
