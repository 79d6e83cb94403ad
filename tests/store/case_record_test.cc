// Goal: the official record of a case holds every filing of it and no other, the same facts make
// the same record, and no byte of it can be changed unnoticed.
// Method: a journal with real documents on a simulated disk; cases opened, followed, returned and
// numbered twice; the zip written to a file and verified there, with one byte of it flipped.
#include "store/case_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/crc32c.h"
#include "evidence/checkpoint.h"
#include "evidence/record_verify.h"
#include "store/case_filings.h"
#include "store/opening.h"
#include "store/record.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kNumber[] = "24DN-CC00001";
constexpr char kOtherNumber[] = "24DN-CC00002";

class CaseRecordTest : public testing::Test {
 protected:
  CaseRecordTest()
      : signer_(
            CmsSigner::Load(pki_.receipt_signer().certificate, pki_.receipt_signer().key).value()),
        log_(LogSigner::Load(pki_.log_key(), "nightbox.example/A7").value()),
        root_pem_(ReadWholeFile(pki_.receipt_root())) {
    EXPECT_TRUE(fixture_.Init());
    JournalOptions options = fixture_.options();
    options.log_key = log_.verifier_key();
    journal_ = Journal::Open(options, fixture_.disk(), fixture_.clock(), fixture_.random(), signer_)
                   .value();
    segments_ = SegmentFiles::Open(fixture_.disk(), JournalPaths("/journal").documents,
                                   journal_->view()->ReadSegmentEnds().value(), {64 << 20, 8})
                    .value();
  }

  // Its document really stands in a segment.
  FilingState Receive(int number, CaseReference in_case) {
    ReceiveFiling draft = FilingDraft(number, std::move(in_case));
    Store(draft);
    return Commit(std::move(draft));
  }

  void Store(ReceiveFiling& draft) {
    Store(draft, std::stoi(draft.request_id.str().substr(13)) - 100000);
  }

  // The bytes of document `number`.
  void Store(ReceiveFiling& draft, int number) {
    const std::string text = TextOf(number);
    const Extent extent = segments_->Reserve(static_cast<std::uint32_t>(text.size())).value();
    ASSERT_TRUE(segments_->Write(extent, 0, text));
    ASSERT_TRUE(segments_->Sync(extent.segment));
    draft.inline_documents[0].sha256 = draft.header.documents[0].sha256;
    draft.inline_documents[0].extents = {
        {extent.segment, extent.offset, extent.size, Crc32c(text)}};
  }

  void Flip(const StoredExtent& extent) {
    const auto names = fixture_.disk().List("/journal/documents").value();
    ASSERT_EQ(names.size(), 1U);
    fixture_.disk().FlipByte("/journal/documents/" + names[0], extent.offset + 3);
  }

  FilingState Commit(Draft draft) {
    const auto outcome = CommitOne(*journal_, std::move(draft));
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().message);
    return outcome->filing->state;
  }

  FilingState Settle(const FilingState& filing, CourtRecord record) {
    Commit(StartDelivery{filing.filing_sequence, "one", fixture_.clock().Now()});
    SettleDelivery draft;
    draft.filing_sequence = filing.filing_sequence;
    draft.record = std::move(record);
    return Commit(draft);
  }

  FilingState Return(const FilingState& filing) {
    CourtRecord record = DocketedRecord(filing);
    record.state = CourtRecordState::kReturned;
    record.case_numbers.clear();
    record.docketed_at.reset();
    record.reason = "the signature is missing";
    record.raw_status = "RETURNED";
    return Settle(filing, record);
  }

  void Sign() {
    const auto view = journal_->view();
    const Draft kept[] = {
        KeepCheckpoint{view->published(), log_.Sign(view->published(), view->root()).value()}};
    ASSERT_TRUE(journal_->Commit(kept));
  }

  std::vector<std::uint64_t> Found(const std::string& number) {
    std::vector<std::uint64_t> sequences;
    const auto found =
        FindCaseFilings(*journal_->view(), journal_->identity(), CourtId("mo.cir.42.dent"), number);
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    for (const CaseFiling& filing : *found) sequences.push_back(filing.sequence);
    return sequences;
  }

  Result<std::unique_ptr<CaseRecord>> Gather(
      const std::string& number = kNumber,
      const std::string& court_name = "Circuit Court of Dent County") {
    return CaseRecord::Gather(
        journal_->view(), journal_->identity(), *segments_, signer_, root_pem_, SystemClock().Now(),
        {CourtId("mo.cir.42.dent"), court_name, "America/Chicago", number, custodian_, rules_},
        company_);
  }

  static std::string WholeOf(CaseRecord& record) {
    std::string zip;
    for (;;) {
      const auto piece = record.Next();
      EXPECT_TRUE(piece) << (piece ? "" : piece.error().message);
      if (!piece || piece->empty()) return zip;
      EXPECT_LE(piece->size(), CaseRecord::kPieceBytes);
      zip += *piece;
    }
  }

  RecordVerification Verify(const std::string& zip, bool with_root = true) {
    Trust trust;
    if (with_root) trust.roots_pem = root_pem_;
    return VerifyRecord(files_.Write("record.zip", zip), trust, SystemClock().Now());
  }

  // A case that was opened here, and what came after; one filing of another case, and a test.
  std::vector<std::uint64_t> FileACase() {
    std::vector<std::uint64_t> filings;
    const FilingState opener = Receive(1, ANewCase());
    filings.push_back(opener.filing_sequence);
    const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
    filings.push_back(follower.filing_sequence);
    Receive(3, ExistingCase{kOtherNumber});
    Settle(opener, DocketedRecord(opener, kNumber));
    Settle(follower, DocketedRecord(follower, kNumber));
    const FilingState later = Receive(4, ExistingCase{"24dn-cc00001 "});
    filings.push_back(later.filing_sequence);
    Return(later);
    ReceiveFiling test = FilingDraft(5, ExistingCase{kNumber});
    test.header.test = true;
    Store(test);
    Commit(std::move(test));
    filings.push_back(Receive(6, ExistingCase{kNumber}).filing_sequence);
    Sign();
    return filings;
  }

  TestPki pki_;
  const CmsSigner signer_;
  const LogSigner log_;
  const std::string root_pem_;
  TemporaryDirectory files_;
  CaseRecordCompany company_;
  std::optional<Stated<RecordsCustodian>> custodian_;
  const RecordRules* rules_ = nullptr;
  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<SegmentFiles> segments_;
};

TEST_F(CaseRecordTest, EveryFilingOfTheCaseIsFoundAndNoOther) {
  const auto filings = FileACase();
  EXPECT_EQ(Found(kNumber), filings);
  EXPECT_EQ(Found("24dn-cc00001"), filings);
  EXPECT_EQ(Found(kOtherNumber).size(), 1U);
  EXPECT_TRUE(Found("24DN-CC00003").empty());
  // The number is another one elsewhere.
  EXPECT_TRUE(
      FindCaseFilings(*journal_->view(), journal_->identity(), CourtId("mo.cir.42.iron"), kNumber)
          ->empty());
}

TEST_F(CaseRecordTest, AFilingThatFollowsSeveralCasesIsMarked) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
  CourtRecord record = DocketedRecord(opener, kNumber);
  record.case_numbers.push_back({kOtherNumber, "", false});
  Settle(opener, record);
  for (const char* number : {kNumber, kOtherNumber}) {
    const auto found =
        FindCaseFilings(*journal_->view(), journal_->identity(), CourtId("mo.cir.42.dent"), number);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_FALSE((*found)[0].perhaps);
    EXPECT_EQ((*found)[1].sequence, follower.filing_sequence);
    EXPECT_TRUE((*found)[1].perhaps);
  }
}

TEST_F(CaseRecordTest, WhatOperatorsSaidOfAFilingIsAmongItsEntries) {
  const FilingState filing = Receive(1, ExistingCase{kNumber});
  const FilingState other = Receive(2, ExistingCase{kOtherNumber});
  std::vector<std::uint64_t> expected;
  for (const FilingState& each : {filing, other}) {
    const std::uint64_t next = journal_->view()->published();
    // Begun, answered for, not delivered.
    if (each.filing_sequence == filing.filing_sequence) expected = {next, next + 1, next + 2};
    Commit(StartDelivery{each.filing_sequence, "one", fixture_.clock().Now()});
    Commit(ResolveDelivery{each.filing_sequence, "jane.roe", "the clerk has looked"});
  }
  expected.push_back(journal_->view()->published());
  ASSERT_TRUE(
      CommitOne(*journal_, RecordOperatorAct{"jane.roe",
                                             "filing.termination_proposed filing_id=" +
                                                 filing.filing_id.str() + " authority=an order",
                                             "lost"}));
  ASSERT_TRUE(CommitOne(*journal_, RecordOperatorAct{"jane.roe", "looked", "at nothing"}));
  const auto found =
      FindCaseFilings(*journal_->view(), journal_->identity(), CourtId("mo.cir.42.dent"), kNumber);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().entries, expected);
}

TEST_F(CaseRecordTest, TheBundleHoldsAllAndVerifies) {
  FileACase();
  const auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ((*record)->filings(), 4U);
  EXPECT_TRUE((*record)->complete());
  const std::string zip = WholeOf(**record);
  EXPECT_EQ(zip.size(), (*record)->size());
  const RecordVerification verified = Verify(zip);
  EXPECT_EQ(verified.verdict, Verdict::kVerified) << verified.reason;
  EXPECT_EQ(verified.filings, 4U);
  EXPECT_TRUE(verified.complete);
  EXPECT_EQ(Verify(zip, /*with_root=*/false).verdict, Verdict::kRootUnproven);
  for (int number : {1, 2, 4, 6}) EXPECT_THAT(zip, HasSubstr(TextOf(number)));
  EXPECT_THAT(zip, Not(HasSubstr(TextOf(3))));
  EXPECT_THAT(zip, Not(HasSubstr(TextOf(5))));
  EXPECT_THAT(zip, HasSubstr("the signature is missing"));
  EXPECT_THAT(zip, HasSubstr("inclusion.json"));
  EXPECT_THAT(zip, HasSubstr("held by the case system"));
  EXPECT_THAT(zip, HasSubstr("Doe (Plaintiff), as the filer stated"));
}

TEST_F(CaseRecordTest, ItNamesTheCustodianOfTheCourtsRecordsAsFarAsOneIsNamed) {
  FileACase();
  const auto nobody = Gather();
  ASSERT_TRUE(nobody) << nobody.error().message;
  EXPECT_THAT(WholeOf(**nobody), Not(HasSubstr("records_custodian")));
  custodian_ = Stated(RecordsCustodian{"Jane <Roe>", "circuit clerk", "", "COR 2"});
  const auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  const std::string zip = WholeOf(**record);
  EXPECT_THAT(zip, HasSubstr("\"name\": \"Jane <Roe>\",\n    \"office\": \"circuit clerk\",\n    "
                             "\"clause\": \"COR 2\",\n    \"confirmed\": false"));
  EXPECT_THAT(zip, HasSubstr("go to the custodian of records: Jane &lt;Roe&gt;, circuit clerk (COR "
                             "2; unconfirmed).</p>"));
  EXPECT_EQ(Verify(zip).verdict, Verdict::kVerified);
}

TEST_F(CaseRecordTest, TheSheetIsThatOfTheCourtSystemsOwnTables) {
  FileACase();
  const auto own = RecordRules::Parse(
      "sheet,number,id,element,known_from,effective_from,clause,source,confirmed\n"
      "backer_sheet,1,bond,Bond,filing,2010-01-01,R 3,order,yes\n"
      "docket_sheet,1,judge,The presiding magistrate,case_system,2010-01-01,R 3,order,yes\n",
      "e", "kind,part,words,effective_from,clause,source,confirmed\n", "k");
  ASSERT_TRUE(own) << own.error().message;
  rules_ = &*own;
  const auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  const std::string zip = WholeOf(**record);
  EXPECT_THAT(zip, HasSubstr("The presiding magistrate"));
  EXPECT_THAT(zip, Not(HasSubstr("COR 4.08")));
}

TEST_F(CaseRecordTest, ABackerSheetNamesTheDefendantsAndNoOffenseThatNobodyStated) {
  ReceiveFiling draft = FilingDraft(1, NewCase{"TR",
                                               "Traffic - speeding",
                                               "State v. Adams",
                                               {{"Adams", "Defendant"},
                                                {"Baker", "Counsel for Defendant"},
                                                {"Clark", "Victim of Defendant"},
                                                {"Davis", "Witness for Defendant"},
                                                {"Evans", "Co-Defendant"}}});
  draft.header.uniform_citation_number = "703480001";
  Store(draft);
  const FilingState opener = Commit(std::move(draft));
  Settle(opener, DocketedRecord(opener, "703480001"));
  const auto record = Gather("703480001");
  ASSERT_TRUE(record) << record.error().message;
  const std::string zip = WholeOf(**record);
  const std::string page = zip.substr(zip.find("<html"), zip.find("</html>") - zip.find("<html"));
  EXPECT_THAT(page, HasSubstr("Adams, as the filer stated"));
  EXPECT_THAT(page, HasSubstr("Evans, as the filer stated"));
  for (const char* other : {"Baker", "Clark", "Davis", "Traffic - speeding"})
    EXPECT_THAT(page, Not(HasSubstr(other))) << "the backer sheet has no element for it";

  const std::string canonical = "\"canonical\": \"703480001\"";
  EXPECT_THAT(zip, HasSubstr(canonical));
  RecordRules eight = RecordRules::BuiltIn();
  eight.numbers = {8, 8};
  rules_ = &eight;
  const auto other = Gather("703480001");
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_THAT(WholeOf(**other), Not(HasSubstr(canonical))) << "no number by these lengths";
}

TEST_F(CaseRecordTest, TheDocketSheetSaysWhoSignedAndNotWhomTheyRepresent) {
  ReceiveFiling draft = FilingDraft(1, ANewCase());
  draft.header.signer = "Barnaby Oxlipp";
  Store(draft);
  const FilingState opener = Commit(std::move(draft));
  Settle(opener, DocketedRecord(opener));
  const auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  const std::string zip = WholeOf(**record);
  EXPECT_THAT(zip, HasSubstr("Barnaby Oxlipp signed a filing, as the filer stated"));
  EXPECT_THAT(zip,
              HasSubstr("who is an attorney in the case, and for whom: held by the case system"));
}

// As long as that of a case with thousands of filings: a name that long stands for them.
TEST_F(CaseRecordTest, ALongRecordIsHandedOutInPieces) {
  FileACase();
  const auto record = Gather(kNumber, std::string(std::size_t{5} << 20, 'n'));
  ASSERT_TRUE(record) << record.error().message;
  const std::string zip = WholeOf(**record);
  EXPECT_EQ(zip.size(), (*record)->size());
  const RecordVerification verified = Verify(zip);
  EXPECT_EQ(verified.verdict, Verdict::kVerified) << verified.reason;
}

TEST_F(CaseRecordTest, ARecordThatNobodyCouldVerifyIsRefused) {
  FileACase();
  const auto record = Gather(kNumber, std::string(kRecordJsonMaxBytes, 'n'));
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().reason, "RECORD_TOO_LARGE");
}

TEST_F(CaseRecordTest, TheSameFactsMakeTheSameRecord) {
  FileACase();
  const auto one = Gather();
  const auto two = Gather();
  ASSERT_TRUE(one && two);
  EXPECT_EQ((*one)->sha256(), (*two)->sha256());
}

TEST_F(CaseRecordTest, AFlippedByteInAnyFileIsNoticed) {
  FileACase();
  auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  // The pieces are headers, files and the directory in turn; a small file is one piece.
  std::string zip;
  std::vector<std::pair<std::size_t, std::size_t>> pieces;
  for (std::string piece = (*record)->Next().value(); !piece.empty();
       piece = (*record)->Next().value()) {
    if (!piece.starts_with("PK")) pieces.emplace_back(zip.size(), piece.size());
    zip += piece;
  }
  ASSERT_GT(pieces.size(), 20U);
  for (const auto& [offset, size] : pieces) {
    for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      std::string changed = zip;
      changed[offset + at] = static_cast<char>(changed[offset + at] ^ 1);
      EXPECT_EQ(Verify(changed).verdict, Verdict::kRefused) << offset + at;
    }
  }
  EXPECT_EQ(Verify(zip.substr(0, zip.size() - 1)).verdict, Verdict::kRefused);
  EXPECT_EQ(Verify("").verdict, Verdict::kRefused);
}

// What a forger would write: a sound zip of other files.
struct NamedFile {
  std::string name;
  std::string bytes;
};

std::string ZipOf(const std::vector<NamedFile>& files) {
  std::vector<StoredZipEntry> entries;
  for (const NamedFile& file : files) {
    ZipCrc crc;
    crc.Update(file.bytes);
    entries.push_back({file.name, file.bytes.size(), crc.Value()});
  }
  const StoredZip zip = StoredZip::Plan(entries).value();
  std::string bytes;
  for (std::size_t i = 0; i < files.size(); ++i) bytes += zip.Header(i) + files[i].bytes;
  return bytes + zip.Directory();
}

TEST_F(CaseRecordTest, ASoundZipOfOtherFilesIsRefused) {
  FileACase();
  auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  std::vector<NamedFile> files;
  for (std::string piece = (*record)->Next().value(); !piece.empty();
       piece = (*record)->Next().value()) {
    if (piece.starts_with("PK\x03\x04")) {
      files.push_back({piece.substr(30), ""});
    } else if (!piece.starts_with("PK\x01\x02")) {
      files.back().bytes += piece;
    }
  }
  ASSERT_EQ(Verify(ZipOf(files)).verdict, Verdict::kVerified);
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::vector<NamedFile> changed = files;
    changed[i].bytes.back() = static_cast<char>(changed[i].bytes.back() ^ 1);
    EXPECT_EQ(Verify(ZipOf(changed)).verdict, Verdict::kRefused) << files[i].name;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(Verify(ZipOf(changed)).verdict, Verdict::kRefused) << "without " << files[i].name;
  }
  std::vector<NamedFile> more = files;
  more.push_back({"order.pdf", "one more"});
  EXPECT_EQ(Verify(ZipOf(more)).verdict, Verdict::kRefused);
  more.back() = files.back();
  EXPECT_EQ(Verify(ZipOf(more)).verdict, Verdict::kRefused);
}

TEST_F(CaseRecordTest, ADocumentThatIsDamagedIsNamedAsMissing) {
  ReceiveFiling draft = FilingDraft(1, ExistingCase{kNumber});
  Store(draft);
  draft.inline_documents[0].extents[0].crc32c ^= 1;
  Commit(std::move(draft));
  const auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_FALSE((*record)->complete());
  const std::string zip = WholeOf(**record);
  EXPECT_THAT(zip, HasSubstr("IT IS NOT COMPLETE"));
  const RecordVerification verified = Verify(zip);
  EXPECT_EQ(verified.verdict, Verdict::kVerified) << verified.reason;
  EXPECT_FALSE(verified.complete);
}

// What the reader does not tell, the index goes on calling whole, and a filer who sends the
// document again is told that it is there.
TEST_F(CaseRecordTest, DamageIsToldSoThatTheSameBytesMakeItWholeAgain) {
  const FilingState filing = Receive(1, ExistingCase{kNumber});
  const auto record = FindDocument(*journal_->view(), SystemName("acme"), Sha256(TextOf(1)));
  const StoredExtent extent = record::ReadExtent(record->value().extents(0));
  std::vector<QuarantineDocument> told;
  company_.on_damage = [&](QuarantineDocument damage) { told.push_back(std::move(damage)); };

  // Between its two readings: the record is not handed out, and the damage is told all the same.
  const auto sound = Gather();
  ASSERT_TRUE(sound) << sound.error().message;
  Flip(extent);
  Result<std::string> piece = std::string();
  do {
    piece = (*sound)->Next();
  } while (piece && !piece->empty());
  ASSERT_FALSE(piece);
  EXPECT_EQ(piece.error().code, ErrorCode::kDataLoss);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].extent, extent);

  const auto damaged = Gather();
  ASSERT_TRUE(damaged) << damaged.error().message;
  EXPECT_FALSE((*damaged)->complete());
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].system, SystemName("acme"));
  EXPECT_EQ(told[1].sha256, Sha256(TextOf(1)));
  EXPECT_EQ(told[1].extent, extent);
  EXPECT_THAT(told[1].what, HasSubstr("segment-"));

  told[1].found_at = fixture_.clock().Now();
  ASSERT_TRUE(CommitOne(*journal_, told[1])->sequence);
  ReceiveFiling again = FilingDraft(2, ExistingCase{kOtherNumber});
  again.header.documents[0].sha256 = Sha256(TextOf(1));
  Store(again, 1);
  Commit(std::move(again));
  const auto whole = Gather();
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_TRUE((*whole)->complete());
  EXPECT_THAT(WholeOf(**whole), HasSubstr(TextOf(1)));
  EXPECT_EQ(told.size(), 2U);
}

TEST_F(CaseRecordTest, BytesOfAnotherHashAreToldAsDamage) {
  ReceiveFiling draft = FilingDraft(1, ExistingCase{kNumber});
  Store(draft, 2);
  Commit(std::move(draft));
  std::size_t told = 0;
  company_.on_damage = [&](const QuarantineDocument&) { ++told; };
  const auto record = Gather();
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_FALSE((*record)->complete());
  EXPECT_EQ(told, 1U);
}

// At whichever step nobody waits any more: in either scan, before and between the documents.
TEST_F(CaseRecordTest, GatheringEndsWhenNobodyWaitsForIt) {
  FileACase();
  std::size_t asked = 0;
  company_.go_on = [&] {
    ++asked;
    return true;
  };
  ASSERT_TRUE(Gather());
  const std::size_t in_all = asked;
  ASSERT_GT(in_all, 20U);
  for (std::size_t end = 1; end <= in_all; ++end) {
    asked = 0;
    company_.go_on = [&] { return ++asked < end; };
    const auto record = Gather();
    ASSERT_FALSE(record) << end;
    EXPECT_EQ(record.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(asked, end) << "it was not left at once";
  }
}

// The index knows what they take: nothing is read to find out. These bytes are not there at all.
TEST_F(CaseRecordTest, DocumentsThatDoNotFitAreNotRead) {
  ReceiveFiling draft = FilingDraft(1, ExistingCase{kNumber});
  auto& stored = draft.inline_documents[0];
  stored.extents.clear();
  for (std::uint64_t i = 0; i < StoredZip::kBytesMax / Extent::kSizeMax + 1; ++i)
    stored.extents.push_back({1, i * Extent::kSizeMax, Extent::kSizeMax, 7});
  stored.size_bytes = static_cast<std::int64_t>(stored.extents.size()) * Extent::kSizeMax;
  draft.header.documents[0].size_bytes = stored.size_bytes;
  Commit(std::move(draft));
  const auto record = Gather();
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().reason, "RECORD_TOO_LARGE");
}

TEST_F(CaseRecordTest, ACaseWithoutFilingsIsAnErrorThatDoesNotRepeatTheNumber) {
  FileACase();
  const auto record = Gather("24DN-CC04711");
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(record.error().reason, "CASE_WITHOUT_FILINGS");
  EXPECT_THAT(record.error().message, Not(HasSubstr("04711")));
}

TEST_F(CaseRecordTest, ARecordOfAnotherRootIsRefused) {
  FileACase();
  auto record = Gather();
  ASSERT_TRUE(record);
  const auto path = files_.Write("record.zip", WholeOf(**record));
  Trust trust;
  trust.roots_pem = ReadWholeFile(pki_.forged_receipt_root());
  EXPECT_EQ(VerifyRecord(path, trust, SystemClock().Now()).verdict, Verdict::kRefused);
}

}  // namespace
}  // namespace nightbox
