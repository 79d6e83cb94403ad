#include "ops/pleadings/pdf_file.h"

#include <cairo-pdf.h>

namespace nightbox {
namespace {

constexpr const char* kFixedDate = "2024-07-01T00:00:00Z";

}  // namespace

Result<std::unique_ptr<PdfFile>> PdfFile::Create(const std::filesystem::path& path,
                                                 const std::string& title) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return Error{ErrorCode::kUnavailable, "cannot write " + path.string()};
  std::unique_ptr<PdfFile> pdf(new PdfFile(std::move(file)));
  pdf->surface_ = cairo_pdf_surface_create_for_stream(&Write, pdf.get(), kPageWidth, kPageHeight);
  cairo_pdf_surface_set_metadata(pdf->surface_, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(pdf->surface_, CAIRO_PDF_METADATA_CREATE_DATE, kFixedDate);
  cairo_pdf_surface_set_metadata(pdf->surface_, CAIRO_PDF_METADATA_MOD_DATE, kFixedDate);
  pdf->canvas_ = cairo_create(pdf->surface_);
  return pdf;
}

PdfFile::~PdfFile() {
  cairo_destroy(canvas_);
  cairo_surface_destroy(surface_);
}

void PdfFile::EndPage() { cairo_show_page(canvas_); }

Result<std::int64_t> PdfFile::Close() {
  const cairo_status_t drawn = cairo_status(canvas_);
  cairo_surface_finish(surface_);
  const cairo_status_t written = cairo_surface_status(surface_);
  file_.close();
  for (const cairo_status_t status : {drawn, written}) {
    if (status != CAIRO_STATUS_SUCCESS) {
      return Error{ErrorCode::kUnavailable, cairo_status_to_string(status)};
    }
  }
  if (!file_) return Error{ErrorCode::kUnavailable, "the end of the file could not be written"};
  return bytes_written_;
}

cairo_status_t PdfFile::Write(void* self, const unsigned char* data, unsigned int length) {
  auto* pdf = static_cast<PdfFile*>(self);
  pdf->file_.write(reinterpret_cast<const char*>(data), length);
  pdf->bytes_written_ += length;
  return pdf->file_ ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

}  // namespace nightbox
