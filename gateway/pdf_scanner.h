// PdfScanner: the operators of a PDF's page contents, one after the other, with their operands.
//
// ToUnicode maps have the same syntax. Whatever the bytes are, it ends, and takes no more than they
// are long; what it cannot make sense of it skips. libqpdf has such a parser; making an object of
// every number it takes three times as long as all else that is done to look for text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nightbox {

struct PdfOperand {
  enum class Kind { kNumber, kName, kString, kArrayBegin, kArrayEnd, kOther };

  Kind kind = Kind::kOther;
  double number = 0;
  // Of a name, with its slash; of a string, its bytes.
  std::string text = {};

  bool is_number() const { return kind == Kind::kNumber; }
  bool is_name() const { return kind == Kind::kName; }
  bool is_string() const { return kind == Kind::kString; }
};

class PdfScanner {
 public:
  // More of one operator's operands are dropped.
  static constexpr std::size_t kOperandsMax = 20'000;

  // The bytes outlive it.
  explicit PdfScanner(std::string_view bytes) : rest_(bytes) {}

  // False at the end.
  bool Next();
  const std::string& word() const { return word_; }
  const std::vector<PdfOperand>& operands() const { return operands_; }

 private:
  bool Ended() const { return rest_.empty(); }
  char Take();
  void SkipComment();
  void SkipInlineImage();
  void Add(PdfOperand operand);
  void ReadLiteral();
  void ReadHex();
  void ReadName();
  // A number or an operator. True: it was an operator.
  bool ReadRegular();

  std::string_view rest_;
  std::string word_;
  std::vector<PdfOperand> operands_;
};

}  // namespace nightbox
