// What the examination of a PDF found, and how the examining process says so.
#pragma once

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

// Exit codes of nightbox-pdf-check. Not 1 or 2, which shells and loaders use.
inline constexpr int kPdfExitGood = 0;
inline constexpr int kPdfExitNeedsPassword = 10;
inline constexpr int kPdfExitDamaged = 11;
inline constexpr int kPdfExitTooComplex = 12;
inline constexpr int kPdfExitNotChecked = 13;

// Not a finding: this message brings the handle of the process that examines.
inline constexpr int kPdfHandleMessage = 100;

}  // namespace nightbox
