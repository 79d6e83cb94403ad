#include "tests/gateway/test_pdf.h"

#include <functional>
#include <memory>
#include <qpdf/Buffer.hh>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_Flate.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>
#include <stdexcept>
#include <vector>

#include "gateway/pdf_text.h"

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

QPDFObjectHandle LastPage(QPDF& pdf) { return pdf.getAllPages().back(); }

void AddPage(QPDF& pdf, const QPDFObjectHandle& contents) {
  auto page = QPDFObjectHandle::parse(&pdf, "<< /Type /Page /MediaBox [0 0 612 792] >>");
  page.replaceKey("/Contents", contents);
  pdf.addPage(pdf.makeIndirectObject(page), false);
}

void AddPages(QPDF& pdf, int pages) {
  pdf.emptyPDF();
  for (int i = 0; i < pages; ++i) AddPage(pdf, QPDFObjectHandle::newStream(&pdf, "BT ET"));
}

class Unreadable : public QPDFObjectHandle::StreamDataProvider {
 public:
  void provideStreamData(QPDFObjGen const&, Pipeline*) override {
    throw std::runtime_error("this stream cannot be read");
  }
};

}  // namespace

std::string MakePdf(int pages) {
  QPDF pdf;
  AddPages(pdf, pages);
  return Written(pdf);
}

std::string MakeTextPdf(const std::vector<std::string>& contents, const std::string& font,
                        const std::string& form) {
  QPDF pdf;
  pdf.emptyPDF();
  auto resources = QPDFObjectHandle::parse(&pdf, "<< /Font << >> /XObject << >> >>");
  auto the_font = pdf.makeIndirectObject(QPDFObjectHandle::parse(&pdf, font));
  resources.getKey("/Font").replaceKey("/F", the_font);
  auto the_form = QPDFObjectHandle::newStream(&pdf, form);
  the_form.getDict().replaceKey("/Type", QPDFObjectHandle::newName("/XObject"));
  the_form.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/Form"));
  the_form.getDict().replaceKey("/BBox", QPDFObjectHandle::parse("[0 0 612 792]"));
  resources.getKey("/XObject").replaceKey("/X", the_form);
  for (const std::string& each : contents) {
    AddPage(pdf, QPDFObjectHandle::newStream(&pdf, each));
    LastPage(pdf).replaceKey("/Resources", resources);
  }
  return Written(pdf);
}

std::string MakeCompositePdf(const std::string& contents, const std::string& to_unicode) {
  QPDF pdf;
  pdf.emptyPDF();
  AddPage(pdf, QPDFObjectHandle::newStream(&pdf, contents));
  auto font = QPDFObjectHandle::parse(
      &pdf,
      "<< /Type /Font /Subtype /Type0 /BaseFont /Some /Encoding /Identity-H /DescendantFonts [ << "
      "/Type /Font /Subtype /CIDFontType2 /BaseFont /Some /DW 500 >> ] >>");
  if (!to_unicode.empty()) {
    font.replaceKey("/ToUnicode", QPDFObjectHandle::newStream(&pdf, to_unicode));
  }
  auto resources = QPDFObjectHandle::parse(&pdf, "<< /Font << >> >>");
  resources.getKey("/Font").replaceKey("/F", pdf.makeIndirectObject(font));
  LastPage(pdf).replaceKey("/Resources", resources);
  return Written(pdf);
}

PersonalPages FindBesideUnreadable(const std::vector<std::string>& contents,
                                   std::size_t unreadable) {
  QPDF pdf;
  pdf.emptyPDF();
  for (const std::string& each : contents) AddPage(pdf, QPDFObjectHandle::newStream(&pdf, each));
  const std::shared_ptr<QPDFObjectHandle::StreamDataProvider> provider =
      std::make_shared<Unreadable>();
  QPDFObjectHandle page = pdf.getAllPages().at(unreadable);
  page.getKey("/Contents")
      .replaceStreamData(provider, QPDFObjectHandle::newNull(), QPDFObjectHandle::newNull());
  return FindPersonalPages(pdf, {});
}

std::string MakeFieldPdf(const std::string& name, const std::string& value) {
  QPDF pdf;
  AddPages(pdf, 1);
  auto field = QPDFObjectHandle::parse(
      &pdf, "<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 100 20] >>");
  field.replaceKey("/T", QPDFObjectHandle::newUnicodeString(name));
  field.replaceKey("/V", QPDFObjectHandle::newUnicodeString(value));
  auto annotations = QPDFObjectHandle::newArray();
  annotations.appendItem(pdf.makeIndirectObject(field));
  LastPage(pdf).replaceKey("/Annots", annotations);
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
