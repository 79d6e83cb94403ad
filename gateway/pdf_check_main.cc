// nightbox-pdf-check CPU_SECONDS MEMORY_BYTES < FILE: examines one PDF and says what it is by its
// exit code (gateway/pdf_finding.h).
//
// It bounds itself before it reads a byte, because the bytes are a stranger's. It opens the
// document as a reader would, without a password, walks all pages and decodes all streams.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <qpdf/Pl_Discard.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFWriter.hh>

#include "gateway/pdf_finding.h"

namespace {

void Bound(int resource, rlim_t soft, rlim_t hard) {
  const rlimit limit{soft, hard};
  if (::setrlimit(resource, &limit) != 0) std::_Exit(nightbox::kPdfExitNotChecked);
}

void BoundOneself(rlim_t cpu_seconds, [[maybe_unused]] rlim_t memory_bytes) {
  ::close_range(3, ~0U, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  Bound(RLIMIT_CORE, 0, 0);
  Bound(RLIMIT_FSIZE, 0, 0);
  Bound(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1);
#ifndef __SANITIZE_ADDRESS__
  // AddressSanitizer reserves terabytes of address space and bounds nothing this way.
  Bound(RLIMIT_AS, memory_bytes, memory_bytes);
#endif
}

int Examine() {
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processFile("document", ::fdopen(STDIN_FILENO, "rb"), true);
  pdf.getAllPages();
  Pl_Discard nowhere;
  QPDFWriter writer(pdf);
  writer.setOutputPipeline(&nowhere);
  // Everything but images, whose decoding is the reader's business.
  writer.setDecodeLevel(qpdf_dl_generalized);
  writer.setStreamDataMode(qpdf_s_uncompress);
  writer.setPreserveEncryption(false);
  writer.write();
  return pdf.anyWarnings() ? nightbox::kPdfExitDamaged : nightbox::kPdfExitGood;
}

int ExitCode() {
  try {
    return Examine();
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return nightbox::kPdfExitNotChecked;
  BoundOneself(std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10));
  // Nothing is left to be done at exit that the kernel does not do.
  std::_Exit(ExitCode());
}
