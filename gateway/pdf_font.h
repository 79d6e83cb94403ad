// PdfFont: from the codes of a PDF's text to letters, and how wide they are.
//
// It reads the font's ToUnicode map, or for simple fonts the encoding, as far as digits, ASCII
// letters and the usual marks go. A code that it cannot read stands as '?': composite fonts without
// a ToUnicode map, and simple ones whose glyph names say nothing, cannot be read at all.
//
// C++17, as all that includes qpdf.
#pragma once

#include <cstddef>
#include <cstdint>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nightbox {

// What a string of codes shows.
struct PdfRun {
  std::string text;        // UTF-8.
  double width = 0;        // In units of the font size.
  std::size_t glyphs = 0;  // Each is followed by the character space.
  std::size_t blanks = 0;  // Single-byte blanks: each by the word space, too.
};

class PdfFont {
 public:
  // Reads codes as ASCII with guessed widths: a font that is not there.
  PdfFont() = default;
  explicit PdfFont(QPDFObjectHandle font);

  PdfRun Show(std::string_view codes) const;

 private:
  void ReadEncoding(QPDFObjectHandle font);
  void ReadToUnicode(const QPDFObjectHandle& stream);
  void ReadWidths(QPDFObjectHandle font);
  void ReadCompositeWidths(QPDFObjectHandle descendant);
  double GuessedWidth(std::uint32_t code) const;

  bool composite_ = false;  // Codes have two bytes.
  bool ascii_ = true;       // A code without a map stands for itself.
  double digit_width_ = 0.556;
  double default_width_ = 0;  // 0: guessed.
  std::unordered_map<std::uint32_t, std::string> letters_;
  std::unordered_map<std::uint32_t, double> widths_;
};

// At most so many bytes of a stream's decoded data; empty when there are more or they are not to be
// decoded.
std::string ReadPdfStream(QPDFObjectHandle stream, std::size_t max_bytes);

}  // namespace nightbox
