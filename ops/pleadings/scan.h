// Scanned pages: a pleading's text once more, as grey pictures with the grain of paper.
//
// What makes courts' documents large is paper that went through a scanner. These pages look like it
// and, like it, cannot be compressed: a test of limits, uploads and resuming needs bytes that are
// really there.
#pragma once

#include <cstdint>

#include "core/random.h"
#include "ops/pleadings/pdf_file.h"
#include "ops/pleadings/pleading.h"

namespace nightbox {

// How far beyond the size asked for the closed file may be.
inline constexpr std::int64_t kScanOvershootMax = 200'000;

// Adds pages until the closed file has at least `size_bytes`, and at most kScanOvershootMax more
// (or, when there was hardly a picture to add, what it had before). The same seed makes the same
// pages.
void AddScannedPages(const Pleading& pleading, std::int64_t size_bytes, Random& random,
                     PdfFile& pdf);

}  // namespace nightbox
