// PdfFile: a PDF of letter-sized pages while it is being drawn.
//
// The same drawing makes the same bytes: the metadata say a fixed date instead of today's, because
// a test and a repeat of the demo want to compare.
#pragma once

#include <cairo.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "core/result.h"

namespace nightbox {

inline constexpr double kPageWidth = 612;   // Points: 8.5 inches.
inline constexpr double kPageHeight = 792;  // 11 inches.

// One thread at a time.
class PdfFile {
 public:
  // Replaces a file that is there.
  static Result<std::unique_ptr<PdfFile>> Create(const std::filesystem::path& path,
                                                 const std::string& title);
  ~PdfFile();
  PdfFile(const PdfFile&) = delete;
  PdfFile& operator=(const PdfFile&) = delete;

  // Draws on the current page.
  cairo_t* canvas() { return canvas_; }
  void EndPage();

  // What has left for the disk so far; a page counts once it has ended.
  std::int64_t bytes_written() const { return bytes_written_; }

  // Ends the file; the only call that tells whether everything before it worked. Answers its size.
  Result<std::int64_t> Close();

 private:
  explicit PdfFile(std::ofstream file) : file_(std::move(file)) {}
  static cairo_status_t Write(void* self, const unsigned char* data, unsigned int length);

  std::ofstream file_;
  std::int64_t bytes_written_ = 0;
  cairo_surface_t* surface_ = nullptr;
  cairo_t* canvas_ = nullptr;
};

}  // namespace nightbox
