// What the examination of a PDF found, and how the examining process says so.
//
// C++17, as the examining process.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rules/personal_text.h"

namespace nightbox {

enum class PdfFinding {
  kGood,
  // Cannot be opened without a password: the only finding that refuses.
  kNeedsPassword,
  kDamaged,
  // Over the limit on time or memory, or the examiner fell over it.
  kTooComplex,
  // The examiner could not be run, or does not know this kind of PDF.
  kNotChecked,
};

struct PdfInspection {
  PdfFinding finding = PdfFinding::kNotChecked;
  // Of a good one. 0: not known.
  std::uint32_t pages = 0;
  // What its text seems to hold: for a warning, never for a decision. Empty where the text was not
  // looked at, or not in time.
  PersonalPages personal = {};
};

// How an examiner that was forked says what it found: one message of these bytes.
struct PdfVerdict {
  // As the exit codes below.
  unsigned char exit_code = 0;
  // In the machine's order: both ends are on it.
  unsigned char pages[4] = {};
};
static_assert(sizeof(PdfVerdict) == 5);

// What an examiner may say after its verdict, each time it knows more: of each PersonalKind the
// page, the higher byte first.
struct PdfTextVerdict {
  unsigned char pages[2 * kPersonalKinds] = {};
  // 1: it has looked at all that it looks at.
  unsigned char is_last = 0;
};
static_assert(sizeof(PdfTextVerdict) > sizeof(PdfVerdict));

// Exit codes of nightbox-pdf-check. Not 1 or 2, which shells and loaders use.
inline constexpr int kPdfExitGood = 0;
inline constexpr int kPdfExitNeedsPassword = 10;
inline constexpr int kPdfExitDamaged = 11;
inline constexpr int kPdfExitTooComplex = 12;
inline constexpr int kPdfExitNotChecked = 13;

// Not a finding: this message brings the handle of the process that examines.
inline constexpr int kPdfHandleMessage = 100;

}  // namespace nightbox
