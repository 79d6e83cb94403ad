// nightbox-typeset: makes a PDF of the text of a pleading, for the demo and for trying things out.
//
// Prints the size of the file. Exit codes: 0 done, 1 the text is wrong or the file cannot be
// written, 2 wrong usage.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "core/random.h"
#include "ops/pleadings/pdf_file.h"
#include "ops/pleadings/pleading.h"
#include "ops/pleadings/scan.h"
#include "ops/pleadings/typesetter.h"

namespace nightbox {
namespace {

struct Options {
  std::filesystem::path text;
  std::filesystem::path output;
  std::vector<std::string> members;  // NAME=VALUE
  std::int64_t scan_to_bytes = 0;
  std::uint64_t seed = 1;
};

Result<Pleading> Read(const Options& options) {
  std::ifstream file(options.text, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{ErrorCode::kNotFound, "cannot be read"};
  }
  NB_ASSIGN_OR_RETURN(Pleading pleading, ParsePleading(text.str()));
  for (const std::string& member : options.members) {
    const std::size_t equals = member.find('=');
    if (equals == std::string::npos) {
      return Error{ErrorCode::kInvalidArgument, "--set wants NAME=VALUE"};
    }
    NB_RETURN_IF_ERROR(SetMember(pleading, member.substr(0, equals), member.substr(equals + 1)));
  }
  return pleading;
}

Result<std::int64_t> Make(const Options& options) {
  NB_ASSIGN_OR_RETURN(const Pleading pleading, Read(options));
  NB_ASSIGN_OR_RETURN(const auto pdf, PdfFile::Create(options.output, pleading.title.front()));
  Typeset(pleading, *pdf);
  SeededRandom random(options.seed);
  AddScannedPages(pleading, options.scan_to_bytes, random, *pdf);
  return pdf->Close();
}

int Main(int argc, char** argv) {
  CLI::App app("Makes a PDF of the text of a pleading.");
  Options options;
  app.add_option("TEXT", options.text, "The text; ops/pleadings/pleading.h says what it looks like")
      ->required();
  app.add_option("-o,--output", options.output, "The PDF; replaced if it is there")->required();
  app.add_option("--set", options.members, "NAME=VALUE: another court, case, title, …");
  app.add_option("--scan-to", options.scan_to_bytes,
                 "Add scanned pages until the file has that many bytes")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
  app.add_option("--seed", options.seed, "Another seed makes other scanned pages")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto size = Make(options);
  if (!size) {
    std::cerr << options.text.string() << ": " << size.error().message << "\n";
    return 1;
  }
  std::cout << *size << "\n";
  return 0;
}

}  // namespace
}  // namespace nightbox

int main(int argc, char** argv) { return nightbox::Main(argc, argv); }
