// What the text of a PDF seems to hold, for the redaction warning (rules/redaction.h).
//
// Runs in the process that examines PDFs, after what it found is told: nothing here changes whether
// a document is accepted. It walks the text operators of the pages, of the forms they draw and of
// their annotations, and the values of form fields; it does not look at images, so a scanned page
// says nothing. Bounded in pages, bytes and processor time; what lies beyond is not looked at.
//
// C++17, as all that includes qpdf.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <qpdf/QPDF.hh>

#include "rules/personal_text.h"

namespace nightbox {

struct PdfTextLimits {
  std::size_t pages = 500;
  // Decoded page contents, forms and maps together, and of one stream.
  std::size_t bytes = 24 * 1024 * 1024;
  std::size_t stream_bytes = 4 * 1024 * 1024;
  // Of the process, from the call on.
  std::chrono::milliseconds cpu_time{400};
};

// A page that cannot be read says what it said until then, and takes nothing from the others.
// `tell` is called whenever a page adds to what is known: whoever is ended in the middle has told
// that. Throws what qpdf throws when there is no telling which pages there are, and what `tell`
// throws.
PersonalPages FindPersonalPages(QPDF& pdf, const PdfTextLimits& limits,
                                const std::function<void(const PersonalPages&)>& tell = {});

}  // namespace nightbox
