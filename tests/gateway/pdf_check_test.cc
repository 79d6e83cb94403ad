// Goal: only a PDF that needs a password to open is called so; whatever hostile bytes do, the
// answer comes in time. Method: PDFs made with libqpdf, whole, encrypted, cut and crammed; the real
// examiner process.
#include "gateway/pdf_check.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <qpdf/Buffer.hh>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_Flate.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>

namespace nightbox {
namespace {

using Protect = std::function<void(QPDFWriter&)>;

std::string Written(QPDF& pdf, const Protect& protect = {}) {
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  if (protect) protect(writer);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

std::string MakePdf(int pages, const Protect& protect = {}) {
  QPDF pdf;
  pdf.emptyPDF();
  for (int i = 0; i < pages; ++i) {
    auto page = QPDFObjectHandle::parse(&pdf, "<< /Type /Page /MediaBox [0 0 612 792] >>");
    page.replaceKey("/Contents", QPDFObjectHandle::newStream(&pdf, "BT ET"));
    pdf.addPage(pdf.makeIndirectObject(page), false);
  }
  return Written(pdf, protect);
}

// A stream that is small on disk and takes many seconds to decode: zeros, deflated twice.
std::string MakeBomb() {
  Pl_Buffer twice("twice");
  Pl_Flate outer("outer", &twice, Pl_Flate::a_deflate);
  Pl_Flate inner("inner", &outer, Pl_Flate::a_deflate);
  std::vector<unsigned char> zeros(1 << 20);
  for (int i = 0; i < 64; ++i) inner.write(zeros.data(), zeros.size());
  inner.finish();
  const auto deflated = twice.getBufferSharedPointer();

  QPDF pdf;
  pdf.emptyPDF();
  auto stream = QPDFObjectHandle::newStream(&pdf);
  stream.replaceStreamData(
      std::string(reinterpret_cast<const char*>(deflated->getBuffer()), deflated->getSize()),
      QPDFObjectHandle::parse("[/FlateDecode /FlateDecode]"), QPDFObjectHandle::newNull());
  for (int i = 0; i < 400; ++i) {
    auto page = QPDFObjectHandle::parse(&pdf, "<< /Type /Page /MediaBox [0 0 612 792] >>");
    page.replaceKey("/Contents", pdf.makeIndirectObject(stream.copyStream()));
    pdf.addPage(pdf.makeIndirectObject(page), false);
  }
  return Written(pdf, [](QPDFWriter& writer) {
    writer.setCompressStreams(false);
    writer.setDecodeLevel(qpdf_dl_none);
  });
}

PdfFinding Check(const std::string& bytes, const PdfCheckLimits& limits = {},
                 const char* program = NIGHTBOX_PDF_CHECK) {
  const PdfChecker checker(program, testing::TempDir(), limits);
  return checker.Check(static_cast<std::int64_t>(bytes.size()), [&](int fd) -> Result<void> {
    EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return {};
  });
}

TEST(PdfCheckTest, AWholePdfIsGood) { EXPECT_EQ(Check(MakePdf(3)), PdfFinding::kGood); }

TEST(PdfCheckTest, ALargeOneGoesThroughAFileWithoutAName) {
  std::string pdf = MakePdf(1);
  // What stands before the header or in comments is none of a reader's business.
  pdf.insert(pdf.find('\n') + 1, "%" + std::string(5 << 20, 'x') + "\n");
  const PdfFinding finding = Check(pdf);
  EXPECT_TRUE(finding == PdfFinding::kDamaged || finding == PdfFinding::kGood);  // Offsets moved.
}

TEST(PdfCheckTest, OnlyAPasswordToOpenIsCalledSo) {
  const auto with = [](const char* user, const char* owner) {
    return MakePdf(1, [=](QPDFWriter& writer) {
      writer.setR6EncryptionParameters(user, owner, true, true, true, true, true, true,
                                       qpdf_r3p_full, true);
    });
  };
  EXPECT_EQ(Check(with("secret", "owner")), PdfFinding::kNeedsPassword);
  // Protected against printing or editing, but anybody can open it.
  EXPECT_EQ(Check(with("", "owner")), PdfFinding::kGood);
}

TEST(PdfCheckTest, DamageIsCalledDamage) {
  const std::string whole = MakePdf(20);
  EXPECT_EQ(Check(whole.substr(0, whole.size() / 2)), PdfFinding::kDamaged);
  EXPECT_EQ(Check("not a PDF at all"), PdfFinding::kDamaged);
  EXPECT_EQ(Check(""), PdfFinding::kDamaged);
  EXPECT_EQ(Check(std::string(100'000, '\0')), PdfFinding::kDamaged);
}

TEST(PdfCheckTest, ABombEndsAtTheWallTime) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(Check(MakeBomb(), {.wall_time = std::chrono::milliseconds(300)}),
            PdfFinding::kTooComplex);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(PdfCheckTest, ABombEndsAtTheProcessorTime) {
  EXPECT_EQ(Check(MakeBomb(), {.wall_time = std::chrono::minutes(2), .cpu_seconds = 1}),
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

TEST(PdfCheckTest, WithoutAnExaminerNothingIsRefused) {
  EXPECT_EQ(Check(MakePdf(1), {}, "/nonexistent/nightbox-pdf-check"), PdfFinding::kNotChecked);
  const PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), {});
  EXPECT_EQ(checker.Check(10,
                          [](int) -> Result<void> {
                            return Error{ErrorCode::kUnavailable, "disk"};
                          }),
            PdfFinding::kNotChecked);
  const PdfChecker homeless(NIGHTBOX_PDF_CHECK, "/nonexistent", {});
  EXPECT_EQ(homeless.Check(100'000'000, [](int) -> Result<void> { return {}; }),
            PdfFinding::kNotChecked);
}

}  // namespace
}  // namespace nightbox
