// Goal: personal information in the text of a PDF is found with its page, however the PDF sets it,
// as far as its fonts can be read; and whatever becomes of the looking, the finding stays.
// Method: PDFs made by hand, one way of setting text each, and pleadings set with Pango and Cairo;
// the real examiner process.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "gateway/pdf_check.h"
#include "tests/gateway/test_pdf.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

// What is looked for is there, however busy the machine.
constexpr PdfCheckLimits kPatient{.text_time = std::chrono::seconds(30)};

PdfInspection Inspect(const std::string& bytes, const PdfCheckLimits& limits = kPatient) {
  PdfChecker checker(NIGHTBOX_PDF_CHECK, testing::TempDir(), limits);
  return checker.Check(static_cast<std::int64_t>(bytes.size()), [&](int fd) -> Result<void> {
    EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return {};
  });
}

// "S1 B2": which kinds on which pages.
std::string Found(const std::string& bytes, const PdfCheckLimits& limits = kPatient) {
  const PdfInspection inspection = Inspect(bytes, limits);
  EXPECT_EQ(inspection.finding, PdfFinding::kGood);
  std::string text;
  for (std::size_t i = 0; i < kPersonalKinds; ++i) {
    const auto page = inspection.personal.first_page[i];
    if (page != 0)
      text += (text.empty() ? "" : " ") + std::string(1, "SCB"[i]) + std::to_string(page);
  }
  return text;
}

std::string Line(const std::string& text) { return "BT /F 12 Tf 72 700 Td (" + text + ") Tj ET "; }

TEST(PdfTextTest, KindsAndTheirFirstPages) {
  EXPECT_EQ(Found(MakeTextPdf({Line("Motion"), Line("SSN 123-45-6789"),
                               Line("DOB 1/5/1980, 123-45-6780, 4111 1111 1111 1111")})),
            "S2 C3 B3");
  EXPECT_EQ(Found(MakeTextPdf({Line("Case No. 24SL-CC01234, tel. 573-555-0100, 703480001")})), "");
  EXPECT_EQ(Found(MakePdf(2)), "");
}

TEST(PdfTextTest, ANumberInPiecesIsReadAsOne) {
  for (const char* contents :
       {// Kerned; moved to where the former piece ended; a piece a text object; both ways to break
        // a line of code.
        "BT /F 12 Tf 72 700 Td [(12) 20 (3-) -30 (45-67) 15 (89)] TJ ET",
        "BT /F 10 Tf 72 700 Td (123-) Tj 20.01 0 Td (45-6789) Tj ET",
        "BT /F 10 Tf 1 0 0 1 72 700 Tm (123) Tj ET BT /F 10 Tf 1 0 0 1 88.7 700 Tm (-45-6789) Tj "
        "ET",
        "q .5 0 0 -.5 0 792 cm BT /F 12 Tf 1 0 0 -1 72 90 Tm (123-45) Tj ET Q q .5 0 0 -.5 0 792 "
        "cm "
        "BT /F 12 Tf 1 0 0 -1 109.4 90 Tm (-6789) Tj ET Q",
        "BT /F 12 Tf 0 1 -1 0 300 100 Tm (123-45-) Tj (6789) Tj ET",
        "BT /F 12 Tf 2 Tc 72 700 Td (123-45-) Tj <36373839> Tj ET",
        "BT /F 12 Tf 14 TL 72 700 Td (Here is) Tj (123-45-6789) ' ET",
        "BT /F 12 Tf 14 TL 72 700 Td (Here is) Tj 0 0 (123-45-6789) \" T* ET",
        "/X Do BT /F 12 Tf 72 700 Td (123\\05545-6789) Tj ET"}) {
    EXPECT_EQ(Found(MakeTextPdf({contents})), "S1") << contents;
  }
}

TEST(PdfTextTest, WhatStandsApartIsNotReadAsOne) {
  for (const char* contents : {// Columns, lines, a wide gap within one array.
                               "BT /F 10 Tf 72 700 Td (123-) Tj 90 0 Td (45-6789) Tj ET",
                               "BT /F 10 Tf 72 700 Td (123-45-) Tj 0 -12 Td (6789) Tj ET",
                               "BT /F 10 Tf 72 700 Td [(123-45) -2000 (-6789)] TJ ET",
                               "BT /F 10 Tf 12 TL 72 700 Td (123-45) Tj (-6789) ' ET"}) {
    EXPECT_EQ(Found(MakeTextPdf({contents})), "") << contents;
  }
}

TEST(PdfTextTest, BlanksThatAreGapsAreRead) {
  EXPECT_EQ(
      Found(MakeTextPdf({"BT /F 10 Tf 72 700 Td [(Date) -278 (of) -278 (birth:) -278 (May) -278 "
                         "(5,) -278 (1980)] TJ ET"})),
      "B1");
  EXPECT_EQ(
      Found(MakeTextPdf({"BT /F 10 Tf 72 700 Td (Date of birth) Tj 200 0 Td (1/5/1980) Tj ET"})),
      "B1");
  EXPECT_EQ(
      Found(MakeTextPdf({"BT /F 10 Tf 72 700 Td (Date of birth) Tj 0 -14 Td (1/5/1980) Tj ET"})),
      "B1");
}

TEST(PdfTextTest, FormsDrawnAndFieldsFilledInAreRead) {
  EXPECT_EQ(Found(MakeTextPdf({"/X Do"}, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
                              Line("123-45-6789"))),
            "S1");
  EXPECT_EQ(Found(MakeFieldPdf("Date of birth", "01/05/1980")), "B1");
  EXPECT_EQ(Found(MakeFieldPdf("Hearing date", "01/05/1980")), "");
}

TEST(PdfTextTest, SimpleFontsAreReadByTheirEncodings) {
  // a, b, … stand for the digits and the hyphen.
  const std::string differences =
      "<< /Type /Font /Subtype /Type1 /BaseFont /Some /FirstChar 97 /LastChar 107 /Widths [500 500 "
      "500 500 500 500 500 500 500 500 300] /Encoding << /Type /Encoding /Differences [97 /zero "
      "/one "
      "/two /three /four /five /six /seven /eight /nine /hyphen] >> >>";
  EXPECT_EQ(Found(MakeTextPdf({Line("bcdkefkghij")}, differences)), "S1");
  const std::string unknown =
      "<< /Type /Font /Subtype /Type3 /BaseFont /Some /Encoding << /Type /Encoding /Differences "
      "[48 "
      "/a0 /a1 /a2 /a3 /a4 /a5 /a6 /a7 /a8 /a9] >> >>";
  EXPECT_EQ(Found(MakeTextPdf({Line("123-45-6789")}, unknown)), "");
}

// Digits are codes 0x13 to 0x1C, the hyphen 0x10, as in many embedded TrueType fonts.
constexpr char kComposite[] =
    "BT /F 12 Tf 72 700 Td <001400150016> Tj [<0010> 5 <00170018>] TJ <001000190 01A001B001C> Tj "
    "ET";
constexpr char kToUnicode[] =
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    "1 beginbfchar <0010> <002D> endbfchar\n"
    "2 beginbfrange <0013> <0017> <0030> <0018> <001C> [<0035> <0036> <0037> <0038> <0039>] "
    "endbfrange endcmap end end";

TEST(PdfTextTest, CompositeFontsAreReadByTheirToUnicodeMapAndNotWithoutIt) {
  EXPECT_EQ(Found(MakeCompositePdf(kComposite, kToUnicode)), "S1");
  EXPECT_EQ(Found(MakeCompositePdf(kComposite, "")), "");
  EXPECT_EQ(Found(MakeCompositePdf(kComposite, "1 beginbfrange <0000> <FFFFFFFF> <00")), "");
}

TEST(PdfTextTest, ALoopOfFormsAndUnclosedStatesEnd) {
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep += "q 2 0 0 2 0 0 cm ";
  EXPECT_EQ(Found(MakeTextPdf({deep + Line("123-45-6789")})), "S1");
  EXPECT_EQ(Found(MakeTextPdf({"/X Do " + Line("123-45-6789")},
                              "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
                              "/X Do /X Do /X Do")),
            "S1");
}

TEST(PdfTextTest, WhateverBecomesOfTheTextTheFindingStays) {
  const std::string pdf = MakeTextPdf({Line("123-45-6789")});
  // No time for the text.
  const PdfInspection late = Inspect(pdf, {.text_time = std::chrono::milliseconds(0)});
  EXPECT_EQ(late.finding, PdfFinding::kGood);
  EXPECT_FALSE(late.personal.any());
  // More pages than are looked at, and contents larger than are decoded.
  std::vector<std::string> many(501, Line("Motion"));
  many.back() = Line("123-45-6789");
  EXPECT_EQ(Found(MakeTextPdf(many)), "");
  EXPECT_EQ(
      Found(MakeTextPdf({std::string(5 << 20, ' ') + Line("123-45-6789"), Line("DOB 1/5/80")})),
      "B2");
  // A damaged one is looked at as far as it can be read.
  const PdfInspection damaged = Inspect(pdf.substr(0, pdf.rfind("xref")));
  EXPECT_EQ(damaged.finding, PdfFinding::kDamaged);
  EXPECT_EQ(damaged.personal.first_page[0], 1);
  // One that needs a password is not.
  EXPECT_FALSE(Inspect(MakeEncryptedPdf("secret", "owner")).personal.any());
}

TEST(PdfTextTest, APageThatCannotBeReadTakesNothingFromTheOthers) {
  const std::vector<std::string> pages = {Line("SSN 123-45-6789"), Line("Motion"),
                                          Line("DOB 1/5/1980")};
  using FirstPages = decltype(PersonalPages::first_page);
  EXPECT_EQ(FindBesideUnreadable(pages, 1).first_page, (FirstPages{1, 0, 3}));
  EXPECT_EQ(FindBesideUnreadable(pages, 0).first_page, (FirstPages{0, 0, 3}));
}

TEST(PdfTextTest, WhatWasFoundBeforeTheTimeWasOverIsTold) {
  // A form that draws itself twelve times, and so on: longer than its processor time allows.
  std::string draws;
  for (int i = 0; i < 12; ++i) draws += "/X Do ";
  const std::string pdf =
      MakeTextPdf({Line("123-45-6789"), draws, Line("DOB 1/5/1980")},
                  "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", draws);
  // The examiner's own bound, and ours, which is nearer.
  EXPECT_EQ(Found(pdf), "S1");
  EXPECT_EQ(Found(pdf, {.text_time = std::chrono::milliseconds(300)}), "S1");
}

// ---- As people's programs set it ----

class Pleading {
 public:
  // Sets a pleading with Pango and Cairo, whose fonts are embedded in part.
  std::string Set(const std::string& paragraph) {
    directory_.Write(
        "pleading.txt",
        "court: IN THE CIRCUIT COURT OF DENT COUNTY, MISSOURI\nparty: Ann Doe, "
        "Petitioner\ncase: 24DN-DR00017\ntitle: Petition\nsigned: /s/ S. Oakapple, Mo. "
        "Bar No. 12345, 573-555-0100\n\n1. Petitioner states:\n\n" +
            paragraph + "\n");
    const auto path = directory_.path() / "pleading.pdf";
    const auto made = RunCommand(
        {NIGHTBOX_TYPESET, (directory_.path() / "pleading.txt").string(), "-o", path.string()});
    EXPECT_EQ(made.exit_code, 0) << made.output;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
  }

 private:
  TemporaryDirectory directory_;
};

TEST(PdfTextTest, PleadingsSetByPangoAreReadAndTheirOwnNumbersSayNothing) {
  Pleading pleading;
  EXPECT_EQ(Found(pleading.Set("2. The case was numbered 23DN-CC01234, the docket ED106200, the "
                               "citation 703480001; the hearing was on January 5, 2024.")),
            "");
  EXPECT_EQ(Found(pleading.Set("2. Respondent's social security number is 123-45-6789.")), "S1");
  EXPECT_EQ(Found(pleading.Set("2. The child was born on March 3, 2015, in Salem; the fee was paid "
                               "with card 4111 1111 1111 1111.")),
            "C1 B1");
  EXPECT_EQ(Found(pleading.Set("2. Respondent – 123\xE2\x80\x91"
                               "45\xE2\x80\x91"
                               "6789 – answers “so”.")),
            "S1");
}

}  // namespace
}  // namespace nightbox
