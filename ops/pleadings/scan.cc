#include "ops/pleadings/scan.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

namespace nightbox {
namespace {

// Half of a usual scanner's 300: as large in bytes, given the grain, and quicker to compress.
constexpr int kDotsPerInch = 200;
constexpr int kWidth = 1700;
constexpr int kHeight = 2200;
constexpr int kHeightMin = 64;
// Five bits of grain a dot.
constexpr unsigned char kGrainMask = 0x1F;
// What a row of it takes once compressed, roughly; only the size of the last page depends on it.
constexpr double kBytesPerRow = kWidth * 0.66;

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyCanvas {
  void operator()(cairo_t* canvas) const { cairo_destroy(canvas); }
};
struct Unref {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Picture = std::unique_ptr<cairo_surface_t, DestroySurface>;

// White paper with the pleading's paragraphs in the order of a transcript, from another one on
// every page.
void DrawText(const Pleading& pleading, int page, cairo_surface_t* picture) {
  std::string text = "Page " + std::to_string(page) + " of the scanned record\n\n";
  for (std::size_t i = 0; i < pleading.paragraphs.size(); ++i) {
    const std::size_t from = static_cast<std::size_t>(page) + i;
    text += pleading.paragraphs[from % pleading.paragraphs.size()].text + "\n\n";
  }
  const std::unique_ptr<cairo_t, DestroyCanvas> canvas(cairo_create(picture));
  cairo_set_source_rgb(canvas.get(), 1, 1, 1);
  cairo_paint(canvas.get());
  cairo_set_source_rgb(canvas.get(), 0.1, 0.1, 0.1);
  cairo_move_to(canvas.get(), kDotsPerInch, kDotsPerInch / 2.0);
  const std::unique_ptr<PangoLayout, Unref> layout(pango_cairo_create_layout(canvas.get()));
  pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), kDotsPerInch);
  PangoFontDescription* font = pango_font_description_from_string("DejaVu Sans Mono 10");
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_width(layout.get(), (kWidth - 2 * kDotsPerInch) * PANGO_SCALE);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  pango_cairo_show_layout(canvas.get(), layout.get());
}

// Darkens every dot a little, each by its own amount.
void AddGrain(Random& random, cairo_surface_t* picture) {
  cairo_surface_flush(picture);
  const int height = cairo_image_surface_get_height(picture);
  const int stride = cairo_image_surface_get_stride(picture);
  const std::string grain =
      random.Bytes(static_cast<std::size_t>(height) * static_cast<std::size_t>(kWidth));
  unsigned char* rows = cairo_image_surface_get_data(picture);
  std::size_t dot = 0;
  for (int y = 0; y < height; ++y) {
    unsigned char* row = rows + static_cast<std::ptrdiff_t>(y) * stride;
    for (int x = 0; x < kWidth; ++x, ++dot) {
      unsigned char* pixel = row + static_cast<std::ptrdiff_t>(x) * 4;
      // Red, green and blue alike: such a picture is stored as grey.
      const int dark = static_cast<unsigned char>(grain[dot]) & kGrainMask;
      std::memset(pixel, std::max(0, pixel[0] - dark), 3);
    }
  }
  cairo_surface_mark_dirty(picture);
}

}  // namespace

void AddScannedPages(const Pleading& pleading, std::int64_t size_bytes, Random& random,
                     PdfFile& pdf) {
  if (pleading.paragraphs.empty()) return;
  for (int page = 1; pdf.bytes_written() < size_bytes; ++page) {
    const auto missing = static_cast<double>(size_bytes - pdf.bytes_written());
    const int height =
        std::clamp(static_cast<int>(missing / kBytesPerRow) + 1, kHeightMin, kHeight);
    const Picture picture(cairo_image_surface_create(CAIRO_FORMAT_RGB24, kWidth, height));
    if (cairo_surface_status(picture.get()) != CAIRO_STATUS_SUCCESS) return;
    DrawText(pleading, page, picture.get());
    AddGrain(random, picture.get());
    cairo_save(pdf.canvas());
    cairo_scale(pdf.canvas(), kPageWidth / kWidth, kPageHeight / kHeight);
    cairo_set_source_surface(pdf.canvas(), picture.get(), 0, 0);
    cairo_paint(pdf.canvas());
    cairo_restore(pdf.canvas());
    pdf.EndPage();
    if (cairo_status(pdf.canvas()) != CAIRO_STATUS_SUCCESS) return;  // Close() tells.
  }
}

}  // namespace nightbox
