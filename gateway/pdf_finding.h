// What the examination of a PDF found.
#pragma once

namespace nightbox {

enum class PdfFinding {
  kGood,
  // Cannot be opened without a password: the only finding that refuses.
  kNeedsPassword,
  kDamaged,
  // Over the limit on time or memory.
  kTooComplex,
  // The checker could not be run.
  kNotChecked,
};

}  // namespace nightbox
