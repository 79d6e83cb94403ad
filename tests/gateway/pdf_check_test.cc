// Goal: only a PDF that needs a password to open is called so; whatever hostile bytes do, the
// answer comes in time. Method: PDFs made with libqpdf, whole, encrypted, cut and crammed; the real
// examiner process.
#include "gateway/pdf_check.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <fstream>
#include <thread>
#include <vector>

#include "core/patience.h"
#include "tests/gateway/test_pdf.h"

namespace nightbox {
namespace {

PdfInspection InspectWith(PdfChecker& checker, const std::string& bytes) {
  return checker.Check(static_cast<std::int64_t>(bytes.size()), [&](int fd) -> Result<void> {
    EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return {};
  });
}

PdfFinding CheckWith(PdfChecker& checker, const std::string& bytes) {
  return InspectWith(checker, bytes).finding;
}

PdfFinding Check(const std::string& bytes, const PdfCheckLimits& limits = {},
                 const char* program = NIGHTBOX_PDF_CHECK) {
  PdfChecker checker(program, testing::TempDir(), limits);
  return CheckWith(checker, bytes);
}

// The children of this thread that run.
std::vector<pid_t> Children() {
  std::ifstream file("/proc/self/task/" + std::to_string(::gettid()) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

TEST(PdfCheckTest, AWholePdfIsGood) { EXPECT_EQ(Check(MakePdf(3)), PdfFinding::kGood); }

// What cannot be read whole has no number of pages that anybody should rely on.
TEST(PdfCheckTest, ThePagesOfAGoodOneAreCounted) {
  PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {});
  EXPECT_EQ(InspectWith(checker, MakePdf(1)).pages, 1U);
  EXPECT_EQ(InspectWith(checker, MakePdf(20)).pages, 20U);
  EXPECT_EQ(InspectWith(checker, MakeEncryptedPdf("", "owner")).finding, PdfFinding::kGood);
  const std::string whole = MakePdf(20);
  EXPECT_EQ(InspectWith(checker, whole.substr(0, whole.size() / 2)).pages, 0U);
  EXPECT_EQ(InspectWith(checker, "not a PDF at all").pages, 0U);
}

TEST(PdfCheckTest, ALargeOneGoesThroughAFileWithoutAName) {
  std::string pdf = MakePdf(1);
  // What stands before the header or in comments is none of a reader's business.
  pdf.insert(pdf.find('\n') + 1, "%" + std::string(5 << 20, 'x') + "\n");
  const PdfFinding finding = Check(pdf);
  EXPECT_TRUE(finding == PdfFinding::kDamaged || finding == PdfFinding::kGood);  // Offsets moved.
}

TEST(PdfCheckTest, OnlyAPasswordToOpenIsCalledSo) {
  EXPECT_EQ(Check(MakeEncryptedPdf("secret", "owner")), PdfFinding::kNeedsPassword);
  // Protected against printing or editing, but anybody can open it.
  EXPECT_EQ(Check(MakeEncryptedPdf("", "owner")), PdfFinding::kGood);
}

TEST(PdfCheckTest, DamageIsCalledDamage) {
  const std::string whole = MakePdf(20);
  EXPECT_EQ(Check(whole.substr(0, whole.size() / 2)), PdfFinding::kDamaged);
  EXPECT_EQ(Check("not a PDF at all"), PdfFinding::kDamaged);
  EXPECT_EQ(Check(""), PdfFinding::kDamaged);
  EXPECT_EQ(Check(std::string(100'000, '\0')), PdfFinding::kDamaged);
}

TEST(PdfCheckTest, ABombEndsAtTheWallTime) {
  const auto begin = SteadyNow();
  EXPECT_EQ(Check(MakeBombPdf(), {.wall_time = std::chrono::milliseconds(300)}),
            PdfFinding::kTooComplex);
  EXPECT_LT(SteadyNow() - begin, std::chrono::seconds(60));
}

TEST(PdfCheckTest, ABombEndsAtTheProcessorTime) {
  EXPECT_EQ(Check(MakeBombPdf(), {.wall_time = std::chrono::minutes(2), .cpu_seconds = 1}),
            PdfFinding::kTooComplex);
}

TEST(PdfCheckTest, MemoryIsBounded) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer needs the address space this bounds";
#endif
  const std::string pdf = MakePdf(20'000);
  EXPECT_EQ(Check(pdf), PdfFinding::kGood);  // The control.
  EXPECT_EQ(Check(pdf, {.memory_bytes = 20'000'000}), PdfFinding::kTooComplex);
}

TEST(PdfCheckTest, OneDocumentLeavesNothingBehindForTheNext) {
  PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {.cpu_seconds = 1});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CheckWith(checker, MakePdf(2)), PdfFinding::kGood);
    EXPECT_EQ(CheckWith(checker, "not a PDF at all"), PdfFinding::kDamaged);
    EXPECT_EQ(CheckWith(checker, MakeEncryptedPdf("secret", "owner")), PdfFinding::kNeedsPassword);
  }
  EXPECT_EQ(CheckWith(checker, MakeBombPdf()), PdfFinding::kTooComplex);
  EXPECT_EQ(CheckWith(checker, MakePdf(2)), PdfFinding::kGood);
}

TEST(PdfCheckTest, SeveralAreExaminedAtOnce) {
  PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {});
  const std::string good = MakePdf(2);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int turn = 0; turn < 20; ++turn) {
        EXPECT_EQ(CheckWith(checker, i % 2 == 0 ? good : "no PDF"),
                  i % 2 == 0 ? PdfFinding::kGood : PdfFinding::kDamaged);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(PdfCheckTest, OnlySoManyAreExaminedAtOnceAndTheOthersWaitTheirTurn) {
  const std::string pdf = MakePdf(1);
  PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {});
  // The first round stays inside until it is complete; were there room for more, they would show.
  std::barrier round(kPdfChecksAtOnce);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  threads.reserve(3 * kPdfChecksAtOnce);
  for (int i = 0; i < 3 * kPdfChecksAtOnce; ++i) {
    threads.emplace_back([&] {
      const PdfInspection found =
          checker.Check(static_cast<std::int64_t>(pdf.size()), [&](int fd) -> Result<void> {
            const int now = ++inside;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            round.arrive_and_wait();
            EXPECT_EQ(::write(fd, pdf.data(), pdf.size()), static_cast<ssize_t>(pdf.size()));
            --inside;
            return {};
          });
      EXPECT_EQ(found.finding, PdfFinding::kGood);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, kPdfChecksAtOnce);
}

TEST(PdfCheckTest, AServingProcessThatDiedIsReplacedAndNoneIsLeft) {
  {
    PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {});
    EXPECT_EQ(CheckWith(checker, MakePdf(1)), PdfFinding::kGood);
    const auto children = Children();
    ASSERT_EQ(children.size(), 1u);
    ::kill(children.front(), SIGKILL);
    siginfo_t ended;
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(children.front()), &ended, WEXITED | WNOWAIT), 0);
    EXPECT_EQ(CheckWith(checker, MakePdf(1)), PdfFinding::kGood);
  }
  EXPECT_TRUE(Children().empty());
}

TEST(PdfCheckTest, WithoutAnExaminerNothingIsRefused) {
  EXPECT_EQ(Check(MakePdf(1), {}, "/nonexistent/nightbox-pdf-check"), PdfFinding::kNotChecked);
  PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {});
  EXPECT_EQ(
      checker.Check(10,
                    [](int) -> Result<void> {
                      return Error{ErrorCode::kUnavailable, "disk"};
                    })
          .finding,
      PdfFinding::kNotChecked);
  PdfChecker homeless(NIGHTBOX_PDF_CHECK, "/nonexistent", {});
  EXPECT_EQ(homeless.Check(100'000'000, [](int) -> Result<void> { return {}; }).finding,
            PdfFinding::kNotChecked);
}

}  // namespace
}  // namespace nightbox
