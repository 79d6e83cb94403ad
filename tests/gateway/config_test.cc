// Goal: what the configuration file says is what happens, and what it cannot mean is said with its
// line before anything starts.
// Method: the shipped sample, changed line by line; files in a temporary directory for the checks
// that look at files.
#include "gateway/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <regex>
#include <sstream>

namespace nightbox {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Sample() { return ReadText(NIGHTBOX_SOURCE_DIR "/ops/nightbox-gateway.sample.toml"); }

// The sample with every occurrence of `from` replaced.
std::string SampleWith(const std::string& from, const std::string& to) {
  std::string text = Sample();
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::vector<ConfigFinding> FindingsWith(const std::string& from, const std::string& to) {
  return ParseConfig(SampleWith(from, to), "/etc/nightbox").findings;
}

std::string AllText(const std::vector<ConfigFinding>& findings) {
  std::string all;
  for (const ConfigFinding& finding : findings) all += finding.Text() + "\n";
  return all;
}

TEST(ConfigTest, TheSampleIsUsable) {
  const ParsedConfig parsed = ParseConfig(Sample(), "/etc/nightbox");
  EXPECT_THAT(parsed.findings, IsEmpty()) << AllText(parsed.findings);
  EXPECT_EQ(parsed.config.name, "A7");
  EXPECT_EQ(parsed.config.intake.certificate, "/etc/nightbox/tls/intake.crt");
  EXPECT_EQ(parsed.config.data_directory, "/var/lib/nightbox");
  ASSERT_THAT(parsed.config.case_systems, SizeIs(1));
  EXPECT_THAT(parsed.config.case_systems[0].endpoints, SizeIs(2));
  EXPECT_THAT(parsed.config.ServedCourts(), Contains("mo.cir.*"));
  EXPECT_EQ(parsed.config.court_system, "/etc/nightbox/court-system");
  EXPECT_EQ(parsed.config.profile, Profile::kProduction);
}

TEST(ConfigTest, TheSampleShowsEveryKeyAndNoOther) {
  // Keys in the sample, also those commented out as "# key = value".
  std::set<std::string> shown;
  std::string section;
  std::istringstream lines(Sample());
  const std::regex heading(R"(\[\[?([a-z_]+)\]\]?)");
  const std::regex key(R"((?:# )?([a-z_]+) = .*)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, heading)) section = match[1];
    if (std::regex_match(line, match, key)) shown.insert(section + "." + match[1].str());
  }
  EXPECT_EQ(shown, ConfigKeys());
}

TEST(ConfigTest, TheSampleShowsTheDefaults) {
  // What the sample prints as a bound is what an absent key means: compare with a file that says
  // only what is required.
  const GatewayConfig full = ParseConfig(Sample(), "/").config;
  const GatewayConfig bare;
  EXPECT_EQ(full.capacity.queue_filings_max, bare.capacity.queue_filings_max);
  EXPECT_EQ(full.capacity.queue_bytes_max, bare.capacity.queue_bytes_max);
  EXPECT_EQ(full.capacity.uploads_max, bare.capacity.uploads_max);
  EXPECT_EQ(full.capacity.upload_lease, bare.capacity.upload_lease);
  EXPECT_EQ(full.capacity.disk_reserve_uploads_bytes, bare.capacity.disk_reserve_uploads_bytes);
  EXPECT_EQ(full.capacity.disk_reserve_filings_bytes, bare.capacity.disk_reserve_filings_bytes);
  EXPECT_EQ(full.capacity.unused_upload_bytes_per_system_max,
            bare.capacity.unused_upload_bytes_per_system_max);
  EXPECT_EQ(full.replay.probe_max, bare.replay.probe_max);
  EXPECT_EQ(full.replay.filing_max, bare.replay.filing_max);
  EXPECT_EQ(full.pdf_check.memory_bytes, bare.pdf_check.memory_bytes);
  EXPECT_EQ(full.intake.connections_per_address_max, bare.intake.connections_per_address_max);
}

TEST(ConfigTest, AnUnknownKeyIsAnErrorWithItsLine) {
  const auto findings = FindingsWith("queue_filings_max = 20000", "queue_filing_max = 20000");
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].key, "capacity.queue_filing_max");
  std::istringstream lines(SampleWith("queue_filings_max = 20000", "queue_filing_max = 20000"));
  std::string line;
  for (int i = 0; i < findings[0].line; ++i) std::getline(lines, line);
  EXPECT_EQ(line, "queue_filing_max = 20000");
}

TEST(ConfigTest, AnUnknownSectionIsAnError) {
  EXPECT_THAT(AllText(FindingsWith("[pdf_check]", "[pdfcheck]")),
              HasSubstr("pdfcheck: there is no such key"));
}

TEST(ConfigTest, WhatIsNotTomlIsSaidWithItsLine) {
  const auto findings = FindingsWith("[capacity]", "[capacity");
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_GT(findings[0].line, 1);
  EXPECT_THAT(findings[0].message, HasSubstr("not TOML"));
}

TEST(ConfigTest, EveryMistakeIsNamedAtOnce) {
  std::string text = SampleWith("uploads_max = 64", "uploads_max = 0");
  text.replace(text.find("name = \"A7\""), 11, "name = 'a b'");
  const auto findings = ParseConfig(text, "/").findings;
  EXPECT_THAT(AllText(findings), HasSubstr("capacity.uploads_max"));
  EXPECT_THAT(AllText(findings), HasSubstr("gateway.name"));
}

TEST(ConfigTest, ValuesOutOfRangeAndOfTheWrongKindAreRefused) {
  const std::pair<const char*, const char*> wrong[] = {
      {"listen = [\"127.0.0.1:8443\", \"[::1]:8443\"]", "listen = [\"localhost:8443\"]"},
      {"listen = [\"127.0.0.1:8443\", \"[::1]:8443\"]", "listen = []"},
      {"listen = [\"127.0.0.1:8443\", \"[::1]:8443\"]", "listen = \"127.0.0.1:8443\""},
      {"listen = \"127.0.0.1:8080\"", "listen = \"0.0.0.0:8080\""},
      {"listen = \"127.0.0.1:9464\"", "listen = \"0.0.0.0:9464\""},
      {"# key = \"tls/monitoring.key\"", "key = \"tls/monitoring.key\""},
      {"profile = \"production\"", ""},
      {"profile = \"production\"", "profile = \"test\""},
      {"court_system = \"court-system\"", ""},
      {"disk_reserve_filings_bytes = 2000000000", "disk_reserve_filings_bytes = 5000000000"},
      {"courts = [\"mo.sup\", \"mo.app.*\", \"mo.cir.*\"]", "courts = []"},
      {"case-system-1.example:9443", "case-system-1.example"},
      {"probe_max_ms = 300000", "probe_max_ms = 100"},
      {"# certificate = \"tls/http.crt\"", "certificate = \"tls/http.crt\""},
      {"name = \"statewide\"", "# no name"},
      {"ca = \"tls/case-system-ca.crt\"", "# no authority"},
      {"log_key = \"receipts/log.key\"", ""},
  };
  for (const auto& [from, to] : wrong) {
    EXPECT_THAT(FindingsWith(from, to), testing::Not(IsEmpty())) << to;
  }
}

TEST(ConfigTest, WhatCountsFilingsIsServedWhereThePublicIsNot) {
  GatewayConfig config;
  EXPECT_TRUE(config.MetricsOnHttp());
  config.http.listen = {"192.0.2.1", 443};
  EXPECT_FALSE(config.MetricsOnHttp());
  config.monitoring = HttpConfig{};
  EXPECT_FALSE(config.MetricsOnHttp());
  config.http.listen = {"127.0.0.1", 8080};
  EXPECT_FALSE(config.MetricsOnHttp());
}

TEST(ConfigTest, AddressesAreNumbersWithAPort) {
  EXPECT_EQ(ParseListenAddress("127.0.0.1:0")->Text(), "127.0.0.1:0");
  EXPECT_EQ(ParseListenAddress("[::1]:8443")->Text(), "[::1]:8443");
  EXPECT_TRUE(ParseListenAddress("[::1]:8443")->IsLoopback());
  EXPECT_FALSE(ParseListenAddress("0.0.0.0:1")->IsLoopback());
  for (const char* wrong : {"", ":80", "::1:80", "[127.0.0.1]:80", "localhost:80", "127.0.0.1",
                            "127.0.0.1:65536", "127.0.0.1:80x", "127.0.0.1:"}) {
    EXPECT_FALSE(ParseListenAddress(wrong)) << wrong;
  }
}

// A directory with everything the sample names.
class ConfigFilesTest : public testing::Test {
 protected:
  ConfigFilesTest() : root_(testing::TempDir() + "nightbox-config-" + std::to_string(getpid())) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "data");
    fs::create_directories(root_ / "court-system");
    Write("nightbox.toml", SampleHere());
    const GatewayConfig config = ParseConfig(SampleHere(), root_).config;
    for (const fs::path& file :
         {config.intake.certificate, config.intake.key, config.intake.client_ca,
          config.receipts.certificate, config.receipts.key, config.receipts.root,
          config.receipts.log_key, config.access.directory, config.access.deny_list,
          config.case_systems[0].ca, config.case_systems[0].certificate,
          config.case_systems[0].key}) {
      fs::create_directories(file.parent_path());
      std::ofstream(file) << "x";
      ::chmod(file.c_str(), 0600);
    }
  }
  ~ConfigFilesTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  static std::string SampleHere() { return SampleWith("/var/lib/nightbox", "data"); }
  void Write(const fs::path& name, const std::string& text) { std::ofstream(root_ / name) << text; }

  fs::path root_;
};

TEST_F(ConfigFilesTest, LoadsWhenAllIsThere) {
  const auto loaded = LoadConfig(root_ / "nightbox.toml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->data_directory, root_ / "data");
}

TEST_F(ConfigFilesTest, AKeyOthersCanReadIsRefused) {
  ::chmod((root_ / "receipts/receipt.key").c_str(), 0640);
  EXPECT_THAT(AllText(CheckConfig(root_ / "nightbox.toml")), HasSubstr("receipts.key"));
  EXPECT_FALSE(LoadConfig(root_ / "nightbox.toml"));
  // Certificates may be read by anybody.
  ::chmod((root_ / "receipts/receipt.key").c_str(), 0600);
  ::chmod((root_ / "receipts/receipt.crt").c_str(), 0644);
  EXPECT_THAT(CheckConfig(root_ / "nightbox.toml"), IsEmpty());
}

TEST_F(ConfigFilesTest, AKeyInTheDataDirectoryIsRefusedAlsoBehindALink) {
  fs::rename(root_ / "receipts/receipt.key", root_ / "data/receipt.key");
  fs::create_symlink(root_ / "data/receipt.key", root_ / "receipts/receipt.key");
  EXPECT_THAT(AllText(CheckConfig(root_ / "nightbox.toml")),
              HasSubstr("must not lie in the data directory"));
}

TEST_F(ConfigFilesTest, MissingFilesAreNamed) {
  fs::remove(root_ / "deny-list.toml");
  fs::remove_all(root_ / "data");
  const std::string text = AllText(CheckConfig(root_ / "nightbox.toml"));
  EXPECT_THAT(text, HasSubstr("access.deny_list"));
  EXPECT_THAT(text, HasSubstr("gateway.data_directory"));
  EXPECT_THAT(AllText(CheckConfig(root_ / "absent.toml")), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace nightbox
