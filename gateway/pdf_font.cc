#include "gateway/pdf_font.h"

#include <algorithm>
#include <array>
#include <qpdf/Pipeline.hh>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "gateway/pdf_scanner.h"

namespace nightbox {
namespace {

constexpr std::size_t kToUnicodeMaxBytes = 512 * 1024;
// As many as a code of two bytes can have.
constexpr std::size_t kCodesMax = 65'536;
// A small map can name the same large ranges again and again.
constexpr std::size_t kStepsMax = 4 * kCodesMax;
constexpr std::size_t kLettersMaxBytes = 32;

class BoundedText : public Pipeline {
 public:
  explicit BoundedText(std::size_t max_bytes) : Pipeline("text", nullptr), max_bytes_(max_bytes) {}
  void write(unsigned char const* data, std::size_t size) override {
    if (size > max_bytes_ - text_.size()) {
      full_ = true;
      throw std::length_error("more than is read");
    }
    text_.append(reinterpret_cast<char const*>(data), size);
  }
  void finish() override {}
  bool full() const { return full_; }
  std::string Take() { return std::move(text_); }

 private:
  const std::size_t max_bytes_;
  std::string text_;
  bool full_ = false;
};

void AppendUtf8(std::string& text, std::uint32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | (c >> 6));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | ((c >> 18) & 0x07));
    text += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::uint32_t NumberOf(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// UTF-16BE, the last character raised by `step`. No digit or letter is beyond the first plane.
std::string Utf8Of(std::string_view utf16, std::uint32_t step) {
  std::string text;
  for (std::size_t i = 0; i + 1 < utf16.size() && text.size() < kLettersMaxBytes; i += 2) {
    std::uint32_t c = NumberOf(utf16.substr(i, 2));
    if (i + 3 >= utf16.size()) c += step;
    AppendUtf8(text, c >= 0xD800 && c < 0xE000 ? '?' : c & 0xFFFF);
  }
  return text;
}

// The names of the glyphs that matter here, besides letters, which are their own names.
char LetterOfName(const std::string& name) {
  static constexpr std::array<std::pair<const char*, char>, 34> kNames = {
      {{"/zero", '0'},       {"/one", '1'},          {"/two", '2'},         {"/three", '3'},
       {"/four", '4'},       {"/five", '5'},         {"/six", '6'},         {"/seven", '7'},
       {"/eight", '8'},      {"/nine", '9'},         {"/space", ' '},       {"/hyphen", '-'},
       {"/minus", '-'},      {"/endash", '-'},       {"/emdash", '-'},      {"/sfthyphen", '-'},
       {"/period", '.'},     {"/comma", ','},        {"/colon", ':'},       {"/semicolon", ';'},
       {"/slash", '/'},      {"/parenleft", '('},    {"/parenright", ')'},  {"/numbersign", '#'},
       {"/nbspace", ' '},    {"/quotesingle", '\''}, {"/quoteright", '\''}, {"/ampersand", '&'},
       {"/underscore", '_'}, {"/dollar", '$'},       {"/at", '@'},          {"/asterisk", '*'},
       {"/plus", '+'},       {"/equal", '='}}};
  if (name.size() == 2) return name[1];
  for (const auto& [known, letter] : kNames) {
    if (name == known) return letter;
  }
  return '?';
}

// What stands between begin… and end… of a ToUnicode map.
class MapReader {
 public:
  explicit MapReader(std::unordered_map<std::uint32_t, std::string>& letters) : letters_(letters) {}

  void Read(std::string_view map) {
    PdfScanner scanner(map);
    while (scanner.Next()) {
      if (scanner.word() == "endbfchar") TakeCharacters(scanner.operands());
      if (scanner.word() == "endbfrange") TakeRanges(scanner.operands());
    }
  }

 private:
  void Put(std::uint32_t code, std::string letters) {
    if (letters_.size() < kCodesMax) letters_[code] = std::move(letters);
    ++steps_;
  }
  void TakeCharacters(const std::vector<PdfOperand>& operands) {
    for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
      Put(NumberOf(operands[i].text), Utf8Of(operands[i + 1].text, 0));
    }
  }
  // "first last to" and "first last [to to …]".
  void TakeRanges(const std::vector<PdfOperand>& operands) {
    for (std::size_t i = 0; i + 2 < operands.size();) {
      const std::uint32_t first = NumberOf(operands[i].text);
      const std::uint32_t last = NumberOf(operands[i + 1].text);
      i += 2;
      const bool listed = operands[i].kind == PdfOperand::Kind::kArrayBegin;
      if (listed) {
        ++i;
        for (std::uint32_t code = first; i < operands.size() && operands[i].is_string(); ++i) {
          if (code <= last) Put(code, Utf8Of(operands[i].text, 0));
          ++code;
        }
      } else if (last >= first && last - first < kCodesMax) {
        for (std::uint32_t step = 0; step <= last - first && steps_ < kStepsMax; ++step) {
          Put(first + step, Utf8Of(operands[i].text, step));
        }
      }
      ++i;
    }
  }

  std::unordered_map<std::uint32_t, std::string>& letters_;
  std::size_t steps_ = 0;
};

}  // namespace

std::string ReadPdfStream(QPDFObjectHandle stream, std::size_t max_bytes) {
  if (!stream.isStream()) return {};
  BoundedText text(max_bytes);
  const bool decoded =
      stream.pipeStreamData(&text, 0, qpdf_dl_generalized, /*suppress_warnings=*/true,
                            /*will_retry=*/false);
  return decoded && !text.full() ? text.Take() : std::string();
}

PdfFont::PdfFont(QPDFObjectHandle font) {
  if (!font.isDictionary()) return;
  QPDFObjectHandle subtype = font.getKey("/Subtype");
  composite_ = subtype.isName() && subtype.getName() == "/Type0";
  ascii_ = !composite_;
  if (QPDFObjectHandle map = font.getKey("/ToUnicode"); map.isStream()) ReadToUnicode(map);
  if (composite_) {
    QPDFObjectHandle descendants = font.getKey("/DescendantFonts");
    if (descendants.isArray() && descendants.getArrayNItems() > 0) {
      ReadCompositeWidths(descendants.getArrayItem(0));
    }
  } else {
    ReadEncoding(font);
    ReadWidths(font);
  }
}

PdfRun PdfFont::Show(std::string_view codes) const {
  PdfRun run;
  const std::size_t step = composite_ ? 2 : 1;
  for (std::size_t i = 0; i + step <= codes.size(); i += step) {
    const std::uint32_t code = NumberOf(codes.substr(i, step));
    ++run.glyphs;
    if (!composite_ && code == ' ') ++run.blanks;
    if (const auto letters = letters_.find(code); letters != letters_.end()) {
      run.text += letters->second;
    } else if (ascii_ && code >= 0x20 && code < 0x7F) {
      run.text += static_cast<char>(code);
    } else {
      run.text += '?';
    }
    const auto width = widths_.find(code);
    run.width += width != widths_.end() ? width->second
                 : default_width_ > 0   ? default_width_
                                        : GuessedWidth(code);
  }
  return run;
}

// Standard fonts come without widths. What must be right is the width of digits and of what stands
// between them, so that a number in pieces is read as one.
double PdfFont::GuessedWidth(std::uint32_t code) const {
  if (composite_) return 1;
  if (digit_width_ > 0.59) return digit_width_;  // All are of one width.
  if (code == '-') return 0.333;
  if (code == ' ' || code == '.' || code == ',' || code == '/') return 0.278;
  return digit_width_;
}

void PdfFont::ReadEncoding(QPDFObjectHandle font) {
  QPDFObjectHandle name = font.getKey("/BaseFont");
  const std::string base = name.isName() ? name.getName() : std::string();
  if (base.find("Courier") != std::string::npos) digit_width_ = 0.6;
  if (base.find("Times") != std::string::npos) digit_width_ = 0.5;
  if (base.find("Symbol") != std::string::npos || base.find("Dingbats") != std::string::npos) {
    ascii_ = false;
  }
  // Dashes and the blank of the Windows encoding; Macintosh's are elsewhere and seldom.
  for (const auto& [code, letter] :
       {std::pair<std::uint32_t, char>{0x96, '-'}, {0x97, '-'}, {0xAD, '-'}, {0xA0, ' '}}) {
    letters_.emplace(code, std::string(1, letter));
  }
  QPDFObjectHandle encoding = font.getKey("/Encoding");
  if (!encoding.isDictionary()) return;
  QPDFObjectHandle differences = encoding.getKey("/Differences");
  if (!differences.isArray()) return;
  const bool mapped = font.getKey("/ToUnicode").isStream();
  std::uint32_t code = 0;
  const int items = std::min(differences.getArrayNItems(), 1024);
  for (int i = 0; i < items; ++i) {
    QPDFObjectHandle item = differences.getArrayItem(i);
    if (item.isInteger()) {
      code = static_cast<std::uint32_t>(std::clamp(item.getIntValueAsInt(), 0, 255));
    } else if (item.isName()) {
      const std::string letter(1, LetterOfName(item.getName()));
      if (mapped) {
        letters_.emplace(code++, letter);
      } else {
        letters_[code++] = letter;
      }
    }
  }
}

void PdfFont::ReadToUnicode(const QPDFObjectHandle& stream) {
  const std::string map = ReadPdfStream(stream, kToUnicodeMaxBytes);
  MapReader(letters_).Read(map);
}

void PdfFont::ReadWidths(QPDFObjectHandle font) {
  QPDFObjectHandle widths = font.getKey("/Widths");
  QPDFObjectHandle first = font.getKey("/FirstChar");
  if (!widths.isArray() || !first.isInteger()) return;
  // Type 3 fonts measure in units of their own.
  double unit = 0.001;
  QPDFObjectHandle matrix = font.getKey("/FontMatrix");
  if (matrix.isArray() && matrix.getArrayNItems() == 6 && matrix.getArrayItem(0).isNumber()) {
    unit = matrix.getArrayItem(0).getNumericValue();
  }
  const int count = std::min(widths.getArrayNItems(), 256);
  for (int i = 0; i < count; ++i) {
    QPDFObjectHandle width = widths.getArrayItem(i);
    if (!width.isNumber()) continue;
    widths_[static_cast<std::uint32_t>(std::clamp(first.getIntValueAsInt(), 0, 255) + i)] =
        width.getNumericValue() * unit;
  }
}

// "c [w w …]" and "c c w", in thousandths.
void PdfFont::ReadCompositeWidths(QPDFObjectHandle descendant) {
  if (!descendant.isDictionary()) return;
  QPDFObjectHandle usual = descendant.getKey("/DW");
  default_width_ = usual.isNumber() ? usual.getNumericValue() / 1000 : 1;
  QPDFObjectHandle widths = descendant.getKey("/W");
  if (!widths.isArray()) return;
  const int items = std::min(widths.getArrayNItems(), static_cast<int>(kCodesMax));
  std::size_t steps = 0;
  for (int i = 0; i + 1 < items && steps < kStepsMax;) {
    QPDFObjectHandle first = widths.getArrayItem(i);
    QPDFObjectHandle second = widths.getArrayItem(i + 1);
    if (!first.isInteger()) return;
    const auto code = static_cast<std::uint32_t>(std::clamp(first.getIntValueAsInt(), 0, 65'535));
    if (second.isArray()) {
      const int count = std::min(second.getArrayNItems(), static_cast<int>(kCodesMax));
      steps += static_cast<std::size_t>(count);
      for (int k = 0; k < count; ++k) {
        QPDFObjectHandle width = second.getArrayItem(k);
        if (width.isNumber()) {
          widths_[code + static_cast<std::uint32_t>(k)] = width.getNumericValue() / 1000;
        }
      }
      i += 2;
      continue;
    }
    if (!second.isInteger() || i + 2 >= items) return;
    const auto last = static_cast<std::uint32_t>(std::clamp(second.getIntValueAsInt(), 0, 65'535));
    QPDFObjectHandle width = widths.getArrayItem(i + 2);
    for (std::uint32_t each = code; width.isNumber() && each <= last && steps < kStepsMax; ++each) {
      ++steps;
      widths_[each] = width.getNumericValue() / 1000;
    }
    i += 3;
  }
}

}  // namespace nightbox
