#include "ops/pleadings/typesetter.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <string>

namespace nightbox {
namespace {

constexpr double kMargin = 72;  // An inch, all around.
constexpr double kTextWidth = kPageWidth - 2 * kMargin;
constexpr double kBottom = kPageHeight - kMargin;
constexpr double kParagraphGap = 12;
constexpr double kLineSpacing = 1.5;

constexpr const char* kText = "DejaVu Serif 11";
constexpr const char* kBold = "DejaVu Serif Bold 11";
constexpr const char* kSmall = "DejaVu Serif 8";

struct Unref {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::string UpperCase(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return text;
}

// Flows text down pages. Nothing is drawn before all pages are known, since every page says how
// many there are.
class Flow {
 public:
  explicit Flow(PdfFile& pdf) : pdf_(pdf) {}

  Layout MakeLayout(const std::string& text, const char* font, double width) const {
    Layout layout(pango_cairo_create_layout(pdf_.canvas()));
    pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), 72);
    pango_context_set_language(pango_layout_get_context(layout.get()),
                               pango_language_from_string("en-us"));
    PangoFontDescription* description = pango_font_description_from_string(font);
    pango_layout_set_font_description(layout.get(), description);
    pango_font_description_free(description);
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    pango_layout_context_changed(layout.get());
    return layout;
  }

  static double HeightOf(const Layout& layout) {
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }

  void Skip(double points) { y_ += points; }
  // Begins a new page unless so much room is left.
  void KeepTogether(double points) {
    if (y_ + points > kBottom) NextPage();
  }

  // Puts the layout here, line by line, onto as many pages as it takes.
  void Add(Layout layout, double x, double spacing) {
    std::unique_ptr<PangoLayoutIter, decltype(&pango_layout_iter_free)> line(
        pango_layout_get_iter(layout.get()), &pango_layout_iter_free);
    do {
      PangoRectangle extents;
      pango_layout_iter_get_line_extents(line.get(), nullptr, &extents);
      const double height = static_cast<double>(extents.height) / PANGO_SCALE * spacing;
      KeepTogether(height);
      const double baseline =
          static_cast<double>(pango_layout_iter_get_baseline(line.get()) - extents.y) / PANGO_SCALE;
      const double indent = static_cast<double>(extents.x) / PANGO_SCALE;
      lines_.push_back({page_, x + indent, y_ + baseline,
                        pango_layout_line_ref(pango_layout_iter_get_line_readonly(line.get()))});
      y_ += height;
    } while (pango_layout_iter_next_line(line.get()));
    kept_.push_back(std::move(layout));
  }

  // The same at a fixed place of the current page; moves nothing.
  void Place(Layout layout, double x, double down) {
    const double y = y_;
    y_ += down;
    Add(std::move(layout), x, 1.0);
    y_ = y;
  }

  void DrawAll() {
    auto next = lines_.begin();
    for (int page = 1; page <= page_; ++page) {
      for (; next != lines_.end() && next->page == page; ++next) {
        cairo_move_to(pdf_.canvas(), next->x, next->baseline);
        pango_cairo_show_layout_line(pdf_.canvas(), next->line);
      }
      DrawFoot(page);
      pdf_.EndPage();
    }
  }

  ~Flow() {
    for (const Line& line : lines_) pango_layout_line_unref(line.line);
  }

 private:
  struct Line {
    int page;
    double x;
    double baseline;
    PangoLayoutLine* line;
  };

  void NextPage() {
    ++page_;
    y_ = kMargin;
  }

  void DrawFoot(int page) {
    const std::string text = "Page " + std::to_string(page) + " of " + std::to_string(page_) +
                             "\nInvented parties: made to demonstrate Nightbox";
    const Layout foot = MakeLayout(text, kSmall, kTextWidth);
    pango_layout_set_alignment(foot.get(), PANGO_ALIGN_CENTER);
    cairo_move_to(pdf_.canvas(), kMargin, kPageHeight - kMargin + 18);
    pango_cairo_show_layout(pdf_.canvas(), foot.get());
  }

  PdfFile& pdf_;
  std::vector<Layout> kept_;
  std::vector<Line> lines_;  // By page, then in the order of adding.
  int page_ = 1;
  double y_ = kMargin;
};

void AddCentered(Flow& flow, const std::string& text) {
  Layout layout = flow.MakeLayout(text, kBold, kTextWidth);
  pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
  flow.Add(std::move(layout), kMargin, 1.0);
  flow.Skip(kParagraphGap);
}

// Parties to the left, the case number to the right, a column of parentheses between them.
void AddCaption(Flow& flow, const Pleading& pleading) {
  AddCentered(flow, UpperCase(Joined(pleading.court)));
  const double half = kTextWidth / 2;
  std::string parties = Joined(pleading.party) + ",";
  if (!pleading.versus.empty()) parties += "\n\n    v.\n\n" + Joined(pleading.versus) + ".";
  Layout left = flow.MakeLayout(parties, kText, half - 24);
  Layout right = flow.MakeLayout("Case No. " + Joined(pleading.case_number), kText, half - 12);
  std::string column = ")";
  for (int line = 1; line < pango_layout_get_line_count(left.get()); ++line) column += "\n)";
  const double height = Flow::HeightOf(left);
  flow.Place(flow.MakeLayout(column, kText, 12), kMargin + half - 12, 0);
  flow.Place(std::move(right), kMargin + half + 12, height / 2 - 6);
  flow.Add(std::move(left), kMargin, 1.0);
  flow.Skip(2 * kParagraphGap);
}

void AddParagraph(Flow& flow, const Paragraph& paragraph) {
  if (paragraph.heading) {
    flow.KeepTogether(5 * kParagraphGap);  // A heading does not end a page.
    AddCentered(flow, UpperCase(paragraph.text));
    return;
  }
  Layout layout = flow.MakeLayout(paragraph.text, kText, kTextWidth);
  pango_layout_set_indent(layout.get(), 36 * PANGO_SCALE);
  pango_layout_set_justify(layout.get(), TRUE);
  flow.Add(std::move(layout), kMargin, kLineSpacing);
  flow.Skip(kParagraphGap / 2);
}

void AddSignature(Flow& flow, const Pleading& pleading) {
  if (pleading.signed_by.empty()) return;
  Layout layout = flow.MakeLayout(Joined(pleading.signed_by), kText, kTextWidth / 2);
  flow.KeepTogether(2 * kParagraphGap + Flow::HeightOf(layout));
  flow.Skip(2 * kParagraphGap);
  flow.Add(std::move(layout), kMargin + kTextWidth / 2, 1.0);
}

}  // namespace

void Typeset(const Pleading& pleading, PdfFile& pdf) {
  Flow flow(pdf);
  AddCaption(flow, pleading);
  AddCentered(flow, UpperCase(Joined(pleading.title)));
  for (const Paragraph& paragraph : pleading.paragraphs) AddParagraph(flow, paragraph);
  AddSignature(flow, pleading);
  flow.DrawAll();
}

}  // namespace nightbox
