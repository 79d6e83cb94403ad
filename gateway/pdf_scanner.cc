#include "gateway/pdf_scanner.h"

#include <optional>
#include <utility>

namespace nightbox {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

bool IsDelimiter(char c) {
  return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' ||
         c == '}' || c == '/' || c == '%';
}

bool IsRegular(char c) { return !IsBlank(c) && !IsDelimiter(c); }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "12", "-.5", "+3.": without exponents, as PDF has them.
std::optional<double> NumberOf(std::string_view text) {
  double value = 0;
  double unit = 1;
  bool negative = false;
  bool fraction = false;
  bool any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 0 && (c == '-' || c == '+')) {
      negative = c == '-';
    } else if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      value = value * 10 + (c - '0');
      if (fraction) unit *= 10;
    } else {
      return std::nullopt;
    }
  }
  if (!any) return std::nullopt;
  return (negative ? -value : value) / unit;
}

}  // namespace

char PdfScanner::Take() {
  const char c = rest_.front();
  rest_.remove_prefix(1);
  return c;
}

bool PdfScanner::Next() {
  operands_.clear();
  while (!Ended()) {
    const char c = rest_.front();
    if (IsRegular(c)) {
      if (!ReadRegular()) continue;
      if (word_ == "ID") SkipInlineImage();
      return true;
    }
    switch (Take()) {
      case '%':
        SkipComment();
        break;
      case '(':
        ReadLiteral();
        break;
      case '<':
        if (!Ended() && rest_.front() == '<') {
          Take();
          Add({});
        } else {
          ReadHex();
        }
        break;
      case '[':
        Add({PdfOperand::Kind::kArrayBegin});
        break;
      case ']':
        Add({PdfOperand::Kind::kArrayEnd});
        break;
      case '/':
        ReadName();
        break;
      default:
        break;  // Blanks, and what closes something that was never opened.
    }
  }
  return false;
}

void PdfScanner::Add(PdfOperand operand) {
  if (operands_.size() < kOperandsMax) operands_.push_back(std::move(operand));
}

void PdfScanner::SkipComment() {
  while (!Ended() && rest_.front() != '\n' && rest_.front() != '\r') Take();
}

// To the "EI" that stands by itself; its bytes may be anything.
void PdfScanner::SkipInlineImage() {
  for (std::size_t at = rest_.find("EI"); at != std::string_view::npos;
       at = rest_.find("EI", at + 1)) {
    const bool begins = at == 0 || IsBlank(rest_[at - 1]);
    const bool ends = at + 2 == rest_.size() || IsBlank(rest_[at + 2]);
    if (!begins || !ends) continue;
    rest_.remove_prefix(at + 2);
    return;
  }
  rest_ = {};
}

void PdfScanner::ReadLiteral() {
  PdfOperand operand{PdfOperand::Kind::kString};
  int depth = 1;
  while (!Ended()) {
    char c = Take();
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) break;
    if (c == '\\' && !Ended()) {
      c = Take();
      if (c >= '0' && c <= '7') {
        int code = c - '0';
        for (int i = 0; i < 2 && !Ended() && rest_.front() >= '0' && rest_.front() <= '7'; ++i) {
          code = code * 8 + (Take() - '0');
        }
        c = static_cast<char>(code);
      } else if (c == '\r' || c == '\n') {  // The line goes on.
        if (c == '\r' && !Ended() && rest_.front() == '\n') Take();
        continue;
      } else if (c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f') {
        c = ' ';
      }
    }
    operand.text += c;
  }
  Add(std::move(operand));
}

void PdfScanner::ReadHex() {
  PdfOperand operand{PdfOperand::Kind::kString};
  int high = -1;
  while (!Ended()) {
    const char c = Take();
    if (c == '>') break;
    const int value = HexValue(c);
    if (value < 0) continue;
    if (high < 0) {
      high = value;
    } else {
      operand.text += static_cast<char>(high * 16 + value);
      high = -1;
    }
  }
  if (high >= 0) operand.text += static_cast<char>(high * 16);
  Add(std::move(operand));
}

void PdfScanner::ReadName() {
  PdfOperand operand{PdfOperand::Kind::kName, 0, "/"};
  while (!Ended() && IsRegular(rest_.front())) {
    char c = Take();
    if (c == '#' && rest_.size() >= 2 && HexValue(rest_[0]) >= 0 && HexValue(rest_[1]) >= 0) {
      c = static_cast<char>(HexValue(rest_[0]) * 16 + HexValue(rest_[1]));
      rest_.remove_prefix(2);
    }
    operand.text += c;
  }
  Add(std::move(operand));
}

bool PdfScanner::ReadRegular() {
  std::size_t size = 1;
  while (size < rest_.size() && IsRegular(rest_[size])) ++size;
  const std::string_view token = rest_.substr(0, size);
  rest_.remove_prefix(size);
  if (const auto number = NumberOf(token)) {
    Add({PdfOperand::Kind::kNumber, *number});
    return false;
  }
  if (token == "true" || token == "false" || token == "null") {
    Add({});
    return false;
  }
  word_ = token;
  return true;
}

}  // namespace nightbox
