// Typesets a pleading: caption, title, paragraphs, signature block, page numbers.
#pragma once

#include "ops/pleadings/pdf_file.h"
#include "ops/pleadings/pleading.h"

namespace nightbox {

// Draws all pages of the pleading. Errors show when the file is closed.
void Typeset(const Pleading& pleading, PdfFile& pdf);

}  // namespace nightbox
