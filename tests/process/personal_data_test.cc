// Goal: what somebody filed is seen by that filer and by the court, and by nobody else, however
// the filing fares. Method: the real gateway and case system; filings full of words that occur
// nowhere else, through success, return, refusal, outage, restart and suspension; then every
// rendering that anybody else can see is searched for those words. Controls show that the search
// finds them where they belong. Every field that is shown is one that rules/access_renderings.h
// declares, so that the policy on public access has decided on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/clock.h"
#include "core/patience.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "rules/court_day.h"
#include "store/opening.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"
#include "tests/support/rendered_fields.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

namespace json = boost::json;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr char kCaseNumber[] = "24DN-CC77031";
constexpr char kClerksWords[] = "Pellworm";
constexpr char kSocialSecurityNumber[] = "078-05-1120";

// One for each place in which a filer writes something, so that a leak names its source.
const std::vector<std::string> kMarkers = {
    kCaseNumber,      "Marrakand",       "Quillfeather",        "Respondent-Zyx",
    "Wexcombe",       "thornapple",      "Dorrington",          "QF-88417-REF",
    "Oxlipp",         "Harrowgate",      "quill.example",       "AUTH-REF-55291",
    "Custodian-Ravn", "Videotape-Umbra", "703481234",           "typed-by-Ida",
    "Breach-of-Quux", kClerksWords,      kSocialSecurityNumber, "4111111111111111"};

constexpr char kDeclare[] = ": declare what the field shows in rules/data/access_renderings.csv";

std::set<std::string> MarkersIn(std::string_view text) {
  std::set<std::string> found;
  for (const std::string& marker : kMarkers) {
    if (text.find(marker) != std::string_view::npos) found.insert(marker);
  }
  return found;
}

std::string Document(std::string_view which) {
  return SmallPdf(std::string(kSocialSecurityNumber) + " Harrowgate " + std::string(which));
}

// Everything that a filer can write is written.
intake::v1::CreateFilingRequest FilingFullOfNames(const std::string& name,
                                                  const std::string& document) {
  auto request = FilingWith(RequestIdFor(name), kDent, kCaseNumber, {document});
  request.set_staff("typed-by-Ida");
  auto& header = *request.mutable_header();
  header.mutable_documents(0)->set_title("Motion anent Wexcombe");
  header.mutable_documents(0)->set_file_name("thornapple-lane.pdf");
  header.set_uniform_citation_number("703481234");
  header.mutable_signature()->set_signer("Barnaby Oxlipp");
  header.mutable_signature()->set_form("/s/ Barnaby Oxlipp");
  header.set_paper_original_custodian("Custodian-Ravn");
  header.mutable_fee()->set_authorization_reference("AUTH-REF-55291");
  header.add_on_behalf_of("Jessamyn Harrowgate");
  auto& service = *header.add_service_requests();
  service.set_name("Barnaby Oxlipp");
  service.set_method("e-service");
  service.set_address("oxlipp@quill.example");
  header.add_media_items("Videotape-Umbra");
  header.set_note_to_clerk("mind the Dorrington matter");
  header.set_filer_reference("QF-88417-REF");
  return request;
}

intake::v1::CreateFilingRequest NewCaseFullOfNames(const std::string& name,
                                                   const std::string& document) {
  auto request = FilingFullOfNames(name, document);
  auto& opened = *request.mutable_header()->mutable_new_case();
  opened.set_category("CC");
  opened.set_case_type("Breach-of-Quux");
  opened.set_title("Marrakand v. Quillfeather");
  auto& party = *opened.add_parties();
  party.set_name("Xylophilia Marrakand");
  party.set_role("Respondent-Zyx");
  return request;
}

// As of an answer in JSON, of every field that a message can have, set or not. A filing within
// another answer is a rendering of its own.
void CollectMessageFields(const google::protobuf::Descriptor& message, const std::string& path,
                          std::set<std::string>& fields) {
  for (int i = 0; i < message.field_count(); ++i) {
    const auto& field = *message.field(i);
    const std::string name = (path.empty() ? "" : path + ".") + field.name();
    fields.insert(name);
    const auto* nested = field.message_type();
    if (nested != nullptr && nested != intake::v1::Filing::descriptor() &&
        !nested->full_name().starts_with("google.")) {
      CollectMessageFields(*nested, name, fields);
    }
  }
}

// Label names, in Prometheus' format.
std::set<std::string> LabelsIn(const std::string& text) {
  std::set<std::string> labels;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    for (std::size_t at = line.find('{'); at != std::string::npos && at < line.find('}');) {
      const std::size_t equals = line.find('=', at);
      labels.insert(line.substr(at + 1, equals - at - 1));
      at = line.find(',', equals);
    }
  }
  return labels;
}

class PersonalDataTest : public testing::Test {
 protected:
  PersonalDataTest()
      : court_(gateway_.pki()),
        acme_(gateway_.pki().IssueClient("system", "acme")),
        operator_(gateway_.pki().IssueClient("operator", "jane.roe")) {
    gateway_.settings().case_system_port = court_.port();
    gateway_.settings().courts =
        "[[duty_contact]]\nrole = \"help desk\"\nphone = \"+1 573 555 0100\"\npublic = true\n";
    gateway_.settings().more = "[monitoring]\nlisten = \"127.0.0.1:0\"\n";
    gateway_.Start();
  }

  IntakeCaller As(const std::string& user) {
    return {gateway_.pki(), acme_, gateway_.port(), user};
  }

  CommandResult AskAsOperator(std::vector<std::string> words) {
    words.insert(words.end(),
                 {"--server", "127.0.0.1:" + std::to_string(gateway_.port()), "--tls-name",
                  "localhost", "--certificate", operator_.certificate.string(), "--key",
                  operator_.key.string(), "--ca", gateway_.pki().tls_root().string()});
    return gateway_.Ctl(std::move(words));
  }

  // Until the filing has come so far; answers it as its filer sees it.
  intake::v1::Filing WaitFor(const std::string& filing_id,
                             const std::function<bool(const intake::v1::Filing&)>& done) {
    const auto anna = As("user-anna");
    const auto deadline = SteadyNow() + seconds(30);
    while (SteadyNow() < deadline) {
      const auto filing = anna.Get(filing_id);
      if (filing.ok() && done(filing.response)) return filing.response;
    }
    ADD_FAILURE() << "the filing did not come so far";
    return {};
  }

  // What somebody other than filer and court sees. Nothing of what was filed may be in it.
  void ExpectNobody(const std::string& where, std::string_view shown) {
    EXPECT_THAT(MarkersIn(shown), IsEmpty()) << where;
    ++looked_at_;
  }

  // Of a rendering in JSON, every field must be declared, too.
  void ExpectDeclared(const std::string& rendering, const std::string& shown) {
    ExpectNobody(rendering, shown);
    std::set<std::string> fields;
    CollectFields(json::parse(shown), "", fields);
    EXPECT_FALSE(fields.empty()) << rendering;
    EXPECT_THAT(DeclaredFields(rendering), IsSupersetOf(fields)) << rendering << kDeclare;
  }

  void ExpectDeclared(const std::string& rendering, const CommandResult& said) {
    SCOPED_TRACE(said.output);
    ExpectDeclared(rendering, said.output);
  }

  void WalkPages() {
    for (const char* path : {"/", "/healthz", "/readyz", "/Marrakand", "/?case=24DN-CC77031"}) {
      const auto page = gateway_.Get(path);
      EXPECT_NE(page.status, 0) << path;
      ExpectNobody(path, page.body);
    }
    ExpectDeclared("status.json", gateway_.Get("/status.json").body);
    EXPECT_EQ(gateway_.Get("/metrics").status, 404) << "monitoring has a listener of its own";
    const std::string metrics = gateway_.Get("/metrics", gateway_.monitoring_port()).body;
    ExpectNobody("/metrics", metrics);
    EXPECT_THAT(DeclaredFields("metrics"), IsSupersetOf(LabelsIn(metrics))) << kDeclare;
  }

  void WalkLog(const std::string& rendering, const std::string& log) {
    ExpectNobody(rendering, log);
    std::istringstream lines(log);
    std::set<std::string> fields;
    for (std::string line; std::getline(lines, line);) {
      boost::system::error_code error;
      const json::value entry = json::parse(line, error);
      ASSERT_FALSE(error) << rendering << " has a line that is none of ours: " << line;
      CollectFields(entry, "", fields);
    }
    EXPECT_FALSE(fields.empty());
    EXPECT_THAT(DeclaredFields(rendering), IsSupersetOf(fields)) << rendering << kDeclare;
  }

  // Everybody but the filer: another user of the same system, and a user of another system.
  void WalkAsOthers(const std::string& filing_id) {
    const CertificateFiles zenith = gateway_.pki().IssueClient("system", "zenith");
    const std::array others = {As("user-bert"),
                               IntakeCaller(gateway_.pki(), zenith, gateway_.port(), "user-anna")};
    for (const IntakeCaller& other : others) {
      const auto got = other.Get(filing_id);
      EXPECT_EQ(got.reason(), "FILING_NOT_FOUND");
      ExpectRefusal("get", got);
      ExpectRefusal("receipt", other.GetReceipt(filing_id));
      ExpectRefusal("withdraw", other.Withdraw(filing_id));
      ExpectRefusal("watch", other.Watch(filing_id));
      ExpectNobody("list", other.List().response.SerializeAsString());
    }
  }

  // Errors are logged, counted and journaled: they never quote what was filed, not even to the
  // filer.
  template <class Response>
  void ExpectRefusal(const std::string& what, const Answer<Response>& answer) {
    EXPECT_FALSE(answer.ok()) << what;
    ExpectNobody(what, answer.status.error_message() + answer.status.error_details());
    for (const auto& [name, value] : answer.trailers) ExpectNobody(what + " " + name, value);
  }

  std::filesystem::path data() const { return gateway_.directory() / "data"; }

  // The keys of the ledger; its values, where the filings must be, are the control.
  void WalkKeys() {
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::OpenForReadOnly(
        {}, JournalPaths((data() / "journal-0001").string()).ledger, &opened);
    ASSERT_TRUE(status.ok()) << status.ToString();
    const std::unique_ptr<rocksdb::DB> ledger(opened);
    const std::unique_ptr<rocksdb::Iterator> entry(ledger->NewIterator({}));
    std::set<std::string> in_values;
    std::size_t keys = 0;
    for (entry->SeekToFirst(); entry->Valid(); entry->Next(), ++keys) {
      ExpectNobody("a key", entry->key().ToStringView());
      in_values.merge(MarkersIn(entry->value().ToStringView()));
    }
    EXPECT_GT(keys, 50U);
    EXPECT_THAT(in_values, IsSupersetOf({std::string(kCaseNumber), std::string("Marrakand"),
                                         std::string("Wexcombe"), std::string("Dorrington"),
                                         std::string("QF-88417-REF"), std::string(kClerksWords)}));
  }

  // Every name below the gateway's directory, and every file but those that hold the filings.
  void WalkFiles() {
    std::set<std::string> in_documents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(gateway_.directory())) {
      const std::string name = entry.path().string();
      ExpectNobody("a file's name", name);
      if (!entry.is_regular_file()) continue;
      const std::string extension = entry.path().extension();
      const bool documents = name.find("/documents/") != std::string::npos;
      const std::string bytes = ReadWholeFile(entry.path());
      if (documents) in_documents.merge(MarkersIn(bytes));
      const bool entries = name.find("/ledger/") != std::string::npos &&
                           (extension == ".sst" || extension == ".log");
      if (!documents && !entries) ExpectNobody(name, bytes);
    }
    EXPECT_THAT(in_documents, testing::Contains(kSocialSecurityNumber));
  }

  GatewayProcess gateway_;
  CaseSystemProcess court_;
  const CertificateFiles acme_;
  const CertificateFiles operator_;
  std::size_t looked_at_ = 0;
};

bool IsDocketed(const intake::v1::Filing& filing) {
  return filing.review() == intake::v1::Filing::REVIEW_DOCKETED;
}
bool IsReturned(const intake::v1::Filing& filing) {
  return filing.review() == intake::v1::Filing::REVIEW_RETURNED;
}

TEST(RenderedMessagesTest, EveryFieldThatOperatorsAndFilersAreToldIsDeclared) {
  std::set<const google::protobuf::Descriptor*> messages;
  for (const auto* file :
       {intake::v1::Filing::descriptor()->file(), operator_::v1::Status::descriptor()->file()}) {
    ASSERT_EQ(file->service_count(), 1);
    const auto& service = *file->service(0);
    for (int i = 0; i < service.method_count(); ++i)
      messages.insert(service.method(i)->output_type());
  }
  EXPECT_THAT(messages, IsSupersetOf({intake::v1::ValidateFilingResponse::descriptor(),
                                      intake::v1::FindMissingDocumentsResponse::descriptor(),
                                      intake::v1::WriteDocumentResponse::descriptor(),
                                      intake::v1::ListFilingsResponse::descriptor()}));
  for (const google::protobuf::Descriptor* message : messages) {
    std::set<std::string> fields;
    CollectMessageFields(*message, "", fields);
    EXPECT_THAT(DeclaredFields(message->full_name()), testing::ContainerEq(fields))
        << message->full_name() << kDeclare;
  }
}

TEST_F(PersonalDataTest, IsSeenByNobodyButFilerAndCourtWhateverBecomesOfTheFiling) {
  const auto create = [this](const intake::v1::CreateFilingRequest& request) {
    const auto filed = As("user-anna").Create(request);
    if (!filed.ok()) throw std::runtime_error(filed.status.error_message());
    return filed.response;
  };

  // A good day: one filing is docketed, and one opens a case.
  const auto docketed = create(FilingFullOfNames("docketed", Document("docketed")));
  const auto opened = create(NewCaseFullOfNames("opened", Document("opened")));
  WaitFor(docketed.filing_id(), IsDocketed);
  WaitFor(opened.filing_id(), IsDocketed);
  // The controls: the filer's receipt names what was filed, and so does the court's record.
  EXPECT_THAT(MarkersIn(docketed.receipt().receipt_json()),
              IsSupersetOf({std::string(kCaseNumber), std::string("Wexcombe")}));
  EXPECT_THAT(MarkersIn(ReadWholeFile(court_.database()) +
                        ReadWholeFile(court_.database().string() + "-wal")),
              IsSupersetOf({std::string("Marrakand"), std::string("Wexcombe")}));

  // A clerk returns one, in words of their own.
  court_.Control("return-next mo.cir.42.dent ask " + std::string(kClerksWords));
  ExpectDeclared("case-system control", court_.Control("status"));
  const auto returned = create(FilingFullOfNames("returned", Document("returned")));
  const auto as_returned = WaitFor(returned.filing_id(), IsReturned);
  EXPECT_THAT(as_returned.court_record().reason(), testing::HasSubstr(kClerksWords));

  // Refused, in the ways in which what was filed is read.
  const auto anna = As("user-anna");
  auto used = FilingFullOfNames("docketed", Document("docketed"));
  used.mutable_header()->set_note_to_clerk("another note on Dorrington");
  ExpectRefusal("request id used", anna.Create(used));
  auto circuit = FilingFullOfNames("circuit", Document("circuit"));
  circuit.mutable_header()->set_court_id("mo.cir.42");
  ExpectRefusal("circuit", anna.Create(circuit));
  auto unknown = FilingFullOfNames("unknown", Document("unknown"));
  unknown.mutable_header()->set_court_id("Marrakand");
  ExpectRefusal("unknown court", anna.Create(unknown));
  auto media = FilingFullOfNames("media", Document("media"));
  media.mutable_header()->mutable_documents(0)->set_media_type("application/x-Wexcombe");
  ExpectRefusal("media type", anna.Create(media));
  auto card = FilingFullOfNames("card", Document("card"));
  card.mutable_header()->mutable_fee()->set_authorization_reference("4111111111111111");
  ExpectRefusal("card number", anna.Create(card));
  auto control_character = FilingFullOfNames("control", Document("control"));
  control_character.mutable_header()->set_note_to_clerk("Dorrington\x01");
  ExpectRefusal("control character", anna.Create(control_character));
  auto missing = FilingFullOfNames("missing", Document("missing"));
  missing.clear_inline_documents();
  ExpectRefusal("missing document", anna.Create(missing));
  auto no_case = NewCaseFullOfNames("no-case", Document("no case"));
  no_case.mutable_header()->mutable_new_case()->clear_parties();
  no_case.mutable_header()->set_opened_by_filing_id("Quillfeather");
  ExpectRefusal("opened by nothing", anna.Create(no_case));
  // Documents that are not what they say, which the examiner reads; whatever is made of them.
  (void)anna.Create(FilingFullOfNames("garbage", "%PDF-1.4 Harrowgate " + std::string(999, '(')));
  ExpectRefusal("nobody's user",
                As("Harrowgate").Create(FilingFullOfNames("whose", Document("whose"))));
  // Stored before the filing, and named by its hash alone.
  ASSERT_TRUE(anna.FindMissing(missing).ok());
  ASSERT_TRUE(anna.Upload(Document("missing")).ok());
  create(missing);
  WalkAsOthers(docketed.filing_id());
  WalkPages();

  // The court goes away: one filing waits, one is held by an operator, and the gateway is killed.
  court_.Stop();
  const auto waiting = create(FilingFullOfNames("waiting", Document("waiting")));
  const auto held = create(NewCaseFullOfNames("held", Document("held")));
  ExpectDeclared("nightboxctl hold",
                 AskAsOperator({"hold", held.filing_id(), "--reason", "the court asks to wait"}));
  ExpectDeclared("nightboxctl status", AskAsOperator({"status"}));
  ExpectDeclared("nightboxctl backlog", AskAsOperator({"backlog"}));
  ExpectDeclared("nightboxctl filings", AskAsOperator({"filings"}));
  // One person's word, of which nothing comes; and what does not fit.
  ExpectDeclared("nightboxctl terminate",
                 AskAsOperator({"terminate", waiting.filing_id(), "--authority", "an order",
                                "--reason", "the court asks to wait"}));
  ExpectNobody("nightboxctl resolve",
               AskAsOperator({"resolve", waiting.filing_id(), "--not-delivered", "--reason",
                              "the court asks to wait"})
                   .output);
  WalkPages();
  gateway_.Kill();

  // Restarted, with the user suspended.
  gateway_.settings().directory += "[[user]]\nid = \"user-anna\"\nsuspended = true\n";
  gateway_.Start();
  ExpectRefusal("suspended", As("user-anna").Create(FilingFullOfNames("late", Document("late"))));
  court_.Start();
  ExpectDeclared("nightboxctl release",
                 AskAsOperator({"release", held.filing_id(), "--reason", "the court is back"}));
  const auto deadline = SteadyNow() + seconds(30);
  const std::string settled = "\"held\":0,\"pending\":0,\"uncertain\":0";
  std::string status;
  while (status.find(settled) == std::string::npos && SteadyNow() < deadline) {
    status = AskAsOperator({"status"}).output;
  }
  EXPECT_THAT(status, testing::HasSubstr(settled));
  WalkPages();
  // The court's own record of the case, taken by an operator: its bytes are the court's, and what
  // is said about it is no more than that.
  const TemporaryDirectory records;
  ExpectDeclared(
      "nightboxctl record export",
      AskAsOperator({"record", "export", "--court", kDent, "--case", kCaseNumber, "--reason",
                     "the court asks", "--output", (records.path() / "record.zip").string()}));
  ExpectDeclared("nightboxctl record verify",
                 gateway_.Ctl({"record", "verify", (records.path() / "record.zip").string(),
                               "--root", gateway_.pki().receipt_root().string()}));
  gateway_.Stop();
  court_.Stop();

  // What is left behind.
  WalkLog("log", gateway_.Log());
  WalkLog("case-system log",
          ReadWholeFile(court_.database().parent_path().parent_path() / "case_system.log"));
  WalkKeys();
  const std::string config = (gateway_.directory() / "gateway.toml").string();
  ExpectDeclared("nightboxctl journal verify",
                 gateway_.Ctl({"journal", "verify", "--config", config}));
  const std::string today = FormatDay(DayIn(SystemClock().Now(), "America/Chicago").value());
  ExpectDeclared("nightboxctl journal unavailability",
                 gateway_.Ctl({"journal", "unavailability", "--config", config, "--court", kDent,
                               "--due", today, "--user", "user-anna", "--court-system",
                               (gateway_.directory() / "court-system").string()}));
  ExpectDeclared("nightboxctl journal set-aside",
                 gateway_.Ctl({"journal", "set-aside", "--config", config, "--who", "jane.roe",
                               "--reason", "an exercise", "--even-if-sound"}));
  const auto report = gateway_.directory() / "salvage.json";
  const auto salvaged =
      gateway_.Ctl({"journal", "salvage", data() / "journal-0001", "--report", report.string()});
  ExpectDeclared("nightboxctl journal salvage", salvaged);
  ExpectDeclared("salvage report", ReadWholeFile(report));
  WalkFiles();
  EXPECT_GT(looked_at_, 100U) << "the walk must have been somewhere";
}

}  // namespace
}  // namespace nightbox
