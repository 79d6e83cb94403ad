#include "ops/bench_tool/filings.h"

#include <cstdio>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
#include "core/sha256.h"

namespace nightbox::bench {
namespace {

std::string TenDigits(std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, 10 - digits.size(), '0');
  return digits;
}

// The file with a stream of `stream_bytes`. A comment is a content stream like any other.
std::string PdfAround(std::size_t stream_bytes, std::string_view filling, std::size_t& mark) {
  std::string pdf = "%PDF-1.4\n";
  std::vector<std::size_t> objects;
  const auto object = [&](const std::string& body) {
    objects.push_back(pdf.size());
    pdf += std::to_string(objects.size()) + " 0 obj\n" + body + "\nendobj\n";
  };
  object("<< /Type /Catalog /Pages 2 0 R >>");
  object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>");
  std::string stream = "%";
  while (stream.size() < stream_bytes) stream += filling.substr(0, stream_bytes - stream.size());
  // As many digits whatever the length: the size of the file follows the size of the stream.
  object("<< /Length " + TenDigits(stream_bytes) + " >>\nstream\n" + stream + "\nendstream");
  const std::size_t table = pdf.size();
  pdf += "xref\n0 5\n0000000000 65535 f \n";
  for (const std::size_t offset : objects) pdf += TenDigits(offset) + " 00000 n \n";
  pdf += "trailer\n<< /Size 5 /Root 1 0 R /ID [<";
  mark = pdf.size();
  const std::string zeros(32, '0');
  pdf += zeros;
  pdf += "><";
  pdf += zeros;
  pdf += ">] >>\nstartxref\n";
  pdf += TenDigits(table);
  pdf += "\n%%EOF\n";
  return pdf;
}

}  // namespace

std::string MakePdf(std::size_t bytes, std::string_view filling, std::size_t& mark) {
  const std::size_t around = PdfAround(1, filling, mark).size() - 1;
  NB_CHECK(bytes >= 1000 && !filling.empty());
  std::string pdf = PdfAround(bytes - around, filling, mark);
  NB_CHECK(pdf.size() == bytes);
  return pdf;
}

Filings::Filings(FilingShape shape, Random& random) : random_(random) {
  document_ = MakePdf(shape.document_bytes, HexEncode(random_.Bytes(4096)), mark_);
  header_.set_court_id(shape.court);
  auto& document = *header_.add_documents();
  document.set_title("Motion for continuance");
  document.set_role(filing::v1::Document::ROLE_LEAD);
  document.set_file_name("motion.pdf");
  document.set_media_type(shape.media_type);
  document.set_size_bytes(static_cast<std::int64_t>(document_.size()));
}

void Filings::Next() {
  const std::string chance = HexEncode(random_.Bytes(16));
  request_id_ = chance;
  document_.replace(mark_, chance.size(), chance);
  // Missouri's form of a number, with room for 100 million cases: two digits of a year, five of a
  // sequence, and the rest in the two letters between.
  const std::uint64_t number = ReadBigEndian64(random_.Bytes(8)) % 100'000'000;
  std::string number_text(16, '\0');
  const int length = std::snprintf(
      number_text.data(), number_text.size(), "%02uSL-%c%c%05u", static_cast<unsigned>(number % 27),
      static_cast<char>('A' + number / 27 % 26), static_cast<char>('A' + number / 702 % 26),
      static_cast<unsigned>(number / 18'252 % 100'000));
  number_text.resize(static_cast<std::size_t>(length));
  header_.set_case_number(number_text);
  header_.mutable_documents(0)->set_sha256(std::string(Sha256(document_).view()));
}

}  // namespace nightbox::bench
