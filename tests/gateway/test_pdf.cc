#include "tests/gateway/test_pdf.h"

#include <functional>
#include <qpdf/Buffer.hh>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_Flate.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>
#include <vector>

namespace nightbox {
namespace {

std::string Text(Buffer& buffer) {
  return {reinterpret_cast<const char*>(buffer.getBuffer()), buffer.getSize()};
}

std::string Written(QPDF& pdf, const std::function<void(QPDFWriter&)>& set = {}) {
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  if (set) set(writer);
  writer.write();
  return Text(*writer.getBufferSharedPointer());
}

void AddPage(QPDF& pdf, const QPDFObjectHandle& contents) {
  auto page = QPDFObjectHandle::parse(&pdf, "<< /Type /Page /MediaBox [0 0 612 792] >>");
  page.replaceKey("/Contents", contents);
  pdf.addPage(pdf.makeIndirectObject(page), false);
}

void AddPages(QPDF& pdf, int pages) {
  pdf.emptyPDF();
  for (int i = 0; i < pages; ++i) AddPage(pdf, QPDFObjectHandle::newStream(&pdf, "BT ET"));
}

}  // namespace

std::string MakePdf(int pages) {
  QPDF pdf;
  AddPages(pdf, pages);
  return Written(pdf);
}

std::string MakeEncryptedPdf(const char* user, const char* owner) {
  QPDF pdf;
  AddPages(pdf, 1);
  return Written(pdf, [&](QPDFWriter& writer) {
    writer.setR6EncryptionParameters(user, owner, true, true, true, true, true, true, qpdf_r3p_full,
                                     true);
  });
}

std::string MakeBombPdf() {
  Pl_Buffer twice("twice");
  Pl_Flate outer("outer", &twice, Pl_Flate::a_deflate);
  Pl_Flate inner("inner", &outer, Pl_Flate::a_deflate);
  const std::vector<unsigned char> zeros(1 << 20);
  for (int i = 0; i < 64; ++i) inner.write(zeros.data(), zeros.size());
  inner.finish();
  const std::string deflated = Text(*twice.getBufferSharedPointer());

  QPDF pdf;
  pdf.emptyPDF();
  for (int i = 0; i < 400; ++i) {
    auto stream = QPDFObjectHandle::newStream(&pdf);
    stream.replaceStreamData(deflated, QPDFObjectHandle::parse("[/FlateDecode /FlateDecode]"),
                             QPDFObjectHandle::newNull());
    AddPage(pdf, stream);
  }
  return Written(pdf, [](QPDFWriter& writer) {
    writer.setCompressStreams(false);
    writer.setDecodeLevel(qpdf_dl_none);
  });
}

}  // namespace nightbox
