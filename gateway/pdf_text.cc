#include "gateway/pdf_text.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/pdf_font.h"
#include "gateway/pdf_scanner.h"

namespace nightbox {
namespace {

// A form that draws a form that draws a form.
constexpr int kFormDepthMax = 6;
constexpr std::size_t kSavedStatesMax = 64;
constexpr std::size_t kPageTextMaxBytes = 1024 * 1024;
constexpr int kAnnotationsMax = 1000;
constexpr std::size_t kFontsMax = 1000;
// A gap of that many font sizes is a blank between words; printers' thin spaces are as wide.
constexpr double kBlankGap = 0.18;
// Another line, when it is off the former by that much.
constexpr double kLineStep = 0.3;

struct Matrix {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;

  // This one first, then the other.
  Matrix Then(const Matrix& next) const {
    return {a * next.a + b * next.c,          a * next.b + b * next.d,
            c * next.a + d * next.c,          c * next.b + d * next.d,
            e * next.a + f * next.c + next.e, e * next.b + f * next.d + next.f};
  }
};

Matrix Moved(double x, double y) { return {1, 0, 0, 1, x, y}; }

// What is shared by all pages: the bounds, and fonts that have been read.
class Budget {
 public:
  explicit Budget(const PdfTextLimits& limits) : limits_(limits), begin_(std::clock()) {}

  bool used_up() const {
    const double seconds = static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC;
    return bytes_ >= limits_.bytes ||
           seconds * 1000 >= static_cast<double>(limits_.cpu_time.count());
  }
  std::string Read(const QPDFObjectHandle& stream) {
    if (used_up()) return {};
    std::string data =
        ReadPdfStream(stream, std::min(limits_.stream_bytes, limits_.bytes - bytes_));
    bytes_ += data.size();
    return data;
  }
  std::shared_ptr<const PdfFont> Font(const QPDFObjectHandle& font) {
    const QPDFObjGen id = font.getObjGen();
    if (const auto known = fonts_.find(id); font.isIndirect() && known != fonts_.end()) {
      return known->second;
    }
    auto read = std::make_shared<const PdfFont>(font);
    if (font.isIndirect() && fonts_.size() < kFontsMax) fonts_.emplace(id, read);
    return read;
  }

 private:
  const PdfTextLimits limits_;
  const std::clock_t begin_;
  std::size_t bytes_ = 0;
  std::map<QPDFObjGen, std::shared_ptr<const PdfFont>> fonts_;
};

// The text of one page as it comes, with blanks and line ends where the gaps are.
class PageText {
 public:
  // Text set from `from` to `to`, both in the page's own space.
  void Add(const std::string& text, const Matrix& from, const Matrix& to, double font_size) {
    if (text.empty() || text_.size() >= kPageTextMaxBytes) return;
    const double length = std::hypot(from.a, from.b);
    const double size = font_size * length;
    if (!text_.empty() && length > 0 && size > 0) {
      const double dx = from.e - end_x_;
      const double dy = from.f - end_y_;
      const double along = (dx * from.a + dy * from.b) / length / size;
      const double across = (dy * from.a - dx * from.b) / length / size;
      if (std::abs(across) > kLineStep) {
        text_ += '\n';
      } else if (along > kBlankGap || along < -1) {
        text_ += ' ';
      }
    }
    text_ += text;
    end_x_ = to.e;
    end_y_ = to.f;
  }
  void AddLine(const std::string& text) {
    if (text_.size() < kPageTextMaxBytes) text_ += '\n' + text + '\n';
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  double end_x_ = 0;
  double end_y_ = 0;
};

struct State {
  Matrix page;
  std::shared_ptr<const PdfFont> font = std::make_shared<const PdfFont>();
  double size = 1;
  double character_space = 0;
  double word_space = 0;
  double stretch = 1;
  double leading = 0;
};

class Reader {
 public:
  Reader(const QPDFObjectHandle& resources, const Matrix& page, Budget& budget, PageText& text,
         int depth)
      : resources_(resources), budget_(budget), text_(text), depth_(depth) {
    state_.page = page;
  }

  void Read(std::string_view contents) {
    PdfScanner scanner(contents);
    for (std::size_t seen = 1; scanner.Next(); ++seen) {
      if (seen % 256 == 0 && budget_.used_up()) return;
      operands_ = &scanner.operands();
      Do(scanner.word());
    }
  }
  // A form that is drawn, or the appearance of an annotation.
  void ReadForm(QPDFObjectHandle form, const Matrix& page) {
    if (!form.isStream()) return;
    QPDFObjectHandle dictionary = form.getDict();
    QPDFObjectHandle subtype = dictionary.getKey("/Subtype");
    if (!subtype.isName() || subtype.getName() != "/Form") return;
    QPDFObjectHandle own = dictionary.getKey("/Resources");
    Matrix matrix;
    if (QPDFObjectHandle stated = dictionary.getKey("/Matrix");
        stated.isArray() && stated.getArrayNItems() == 6) {
      const auto at = [&](int i) {
        QPDFObjectHandle number = stated.getArrayItem(i);
        return number.isNumber() ? number.getNumericValue() : 0;
      };
      matrix = {at(0), at(1), at(2), at(3), at(4), at(5)};
    }
    Reader inner(own.isDictionary() ? own : resources_, matrix.Then(page), budget_, text_,
                 depth_ + 1);
    inner.Read(budget_.Read(form));
  }

 private:
  double Number(std::size_t i) const {
    return i < operands_->size() && (*operands_)[i].is_number() ? (*operands_)[i].number : 0;
  }
  Matrix MatrixOfOperands() const {
    return {Number(0), Number(1), Number(2), Number(3), Number(4), Number(5)};
  }
  std::string_view LastString() const {
    return !operands_->empty() && operands_->back().is_string()
               ? std::string_view(operands_->back().text)
               : std::string_view();
  }
  // Empty: there is none.
  std::string Name() const {
    return !operands_->empty() && operands_->front().is_name() ? operands_->front().text : "";
  }

  void Do(const std::string& word) {
    if (word == "Tj") return Show(LastString());
    if (word == "TJ") return ShowPieces();
    if (word == "'") return NextLine(), Show(LastString());
    if (word == "\"") {
      state_.word_space = Number(0);
      state_.character_space = Number(1);
      return NextLine(), Show(LastString());
    }
    if (word == "Td") return MoveLine(Number(0), Number(1));
    if (word == "TD") return state_.leading = -Number(1), MoveLine(Number(0), Number(1));
    if (word == "T*") return NextLine();
    if (word == "Tm") return SetLine(MatrixOfOperands());
    if (word == "BT") return SetLine({});
    if (word == "Tf") return SetFont();
    if (word == "Tc") state_.character_space = Number(0);
    if (word == "Tw") state_.word_space = Number(0);
    if (word == "Tz") state_.stretch = Number(0) / 100;
    if (word == "TL") state_.leading = Number(0);
    if (word == "cm") state_.page = MatrixOfOperands().Then(state_.page);
    if (word == "q" && saved_.size() < kSavedStatesMax) saved_.push_back(state_);
    if (word == "Q" && !saved_.empty()) {
      state_ = saved_.back();
      saved_.pop_back();
    }
    if (word == "Do") DrawForm();
  }

  void SetLine(const Matrix& line) { text_matrix_ = line_ = line; }
  void MoveLine(double x, double y) { SetLine(Moved(x, y).Then(line_)); }
  void NextLine() { MoveLine(0, -state_.leading); }

  QPDFObjectHandle Resource(const char* kind, const std::string& name) {
    if (!resources_.isDictionary()) return QPDFObjectHandle::newNull();
    if (name.empty()) return QPDFObjectHandle::newNull();
    QPDFObjectHandle all = resources_.getKey(kind);
    return all.isDictionary() ? all.getKey(name) : QPDFObjectHandle::newNull();
  }

  void SetFont() {
    state_.size = Number(1);
    state_.font = budget_.Font(Resource("/Font", Name()));
  }

  void Show(std::string_view codes) {
    if (codes.empty()) return;
    const PdfRun run = state_.font->Show(codes);
    const double width =
        (run.width * state_.size + static_cast<double>(run.glyphs) * state_.character_space +
         static_cast<double>(run.blanks) * state_.word_space) *
        state_.stretch;
    const Matrix from = text_matrix_.Then(state_.page);
    text_matrix_ = Moved(width, 0).Then(text_matrix_);
    text_.Add(run.text, from, text_matrix_.Then(state_.page), std::abs(state_.size));
  }

  void ShowPieces() {
    for (const PdfOperand& piece : *operands_) {
      if (piece.is_string()) Show(piece.text);
      if (piece.is_number()) {
        const double shift = -piece.number / 1000 * state_.size * state_.stretch;
        text_matrix_ = Moved(shift, 0).Then(text_matrix_);
      }
    }
  }

  void DrawForm() {
    if (depth_ < kFormDepthMax) ReadForm(Resource("/XObject", Name()), state_.page);
  }

  QPDFObjectHandle resources_;
  Budget& budget_;
  PageText& text_;
  const int depth_;
  const std::vector<PdfOperand>* operands_ = nullptr;  // Of the operator that is being done.
  State state_;
  std::vector<State> saved_;
  Matrix text_matrix_;
  Matrix line_;
};

// A key of a form field or of the fields above it.
QPDFObjectHandle Inherited(QPDFObjectHandle field, const char* key) {
  for (int i = 0; i < 8 && field.isDictionary(); ++i) {
    QPDFObjectHandle value = field.getKey(key);
    if (!value.isNull()) return value;
    field = field.getKey("/Parent");
  }
  return QPDFObjectHandle::newNull();
}

// "Date of birth: 1/5/1980": what a field is called says what its value is.
void ReadField(const QPDFObjectHandle& annotation, PageText& text) {
  QPDFObjectHandle value = Inherited(annotation, "/V");
  if (!value.isString()) return;
  std::string line;
  for (const char* key : {"/TU", "/T"}) {
    QPDFObjectHandle name = Inherited(annotation, key);
    if (name.isString()) line += name.getUTF8Value() + ": ";
  }
  text.AddLine(line + value.getUTF8Value());
}

void ReadAnnotations(QPDFObjectHandle page, Reader& reader, PageText& text) {
  QPDFObjectHandle annotations = page.getKey("/Annots");
  if (!annotations.isArray()) return;
  const int count = std::min(annotations.getArrayNItems(), kAnnotationsMax);
  for (int i = 0; i < count; ++i) {
    QPDFObjectHandle annotation = annotations.getArrayItem(i);
    if (!annotation.isDictionary()) continue;
    ReadField(annotation, text);
    QPDFObjectHandle appearances = annotation.getKey("/AP");
    if (!appearances.isDictionary()) continue;
    text.AddLine("");
    reader.ReadForm(appearances.getKey("/N"), {});
  }
}

void ReadPage(QPDFObjectHandle page, Budget& budget, PageText& text) {
  std::string contents;
  for (const QPDFObjectHandle& stream : page.getPageContents())
    contents += budget.Read(stream) + '\n';
  Reader reader(Inherited(page, "/Resources"), {}, budget, text, 0);
  reader.Read(contents);
  ReadAnnotations(page, reader, text);
}

// Whether the page adds to what is known.
bool Add(const PersonalKinds& kinds, std::size_t page, PersonalPages& found) {
  bool added = false;
  for (std::size_t kind = 0; kind < kPersonalKinds; ++kind) {
    if (!kinds.holds[kind] || found.first_page[kind] != 0) continue;
    found.first_page[kind] = static_cast<std::uint16_t>(page);
    added = true;
  }
  return added;
}

}  // namespace

PersonalPages FindPersonalPages(QPDF& pdf, const PdfTextLimits& limits,
                                const std::function<void(const PersonalPages&)>& tell) {
  PersonalPages found;
  Budget budget(limits);
  const std::vector<QPDFObjectHandle> pages = pdf.getAllPages();
  for (std::size_t i = 0; i < std::min(pages.size(), limits.pages) && !budget.used_up(); ++i) {
    PageText text;
    try {
      ReadPage(pages[i], budget, text);
    } catch (const std::exception&) {
      // Damaged, or more than the memory holds: the next page may be neither.
    }
    if (Add(FindPersonalText(text.text()), i + 1, found) && tell) tell(found);
  }
  return found;
}

}  // namespace nightbox
