// CaseRecord: the official record of one case as one zip, gathered from a view and handed out from
// front to back (docs/formats/official-record.md).
//
// Gather() finds the filings, reads every document once to know that it is what its receipt says,
// and signs record.json. Next() reads them again as their turn comes: at most one extent (4 MiB) is
// held besides what is small. Blocks on the disk; the document pool's, one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "evidence/cms.h"
#include "evidence/record.h"
#include "evidence/stored_zip.h"
#include "rules/separate_files.h"
#include "store/case_filings.h"
#include "store/draft.h"
#include "store/extent_reader.h"
#include "store/group.h"
#include "store/segment_file.h"
#include "store/view.h"

namespace nightbox {

struct CaseRecordRequest {
  CourtId court;
  // For people; printed.
  std::string court_name;
  std::string time_zone;
  std::string case_number;
  // Of the court's records; printed. Empty: nobody is named.
  std::optional<Stated<RecordsCustodian>> records_custodian = {};
  // What decides on the sheet; outlives the call. Null: as compiled in.
  const RecordRules* rules = nullptr;
  // Who is a defendant; the same.
  const std::vector<SeparateFilesWord>* separate_files = nullptr;
};

// What the maker of a record is asked, and told, on the thread that works on it.
struct CaseRecordCompany {
  // Asked at every row that is scanned and for every piece that is read: gathering may take
  // minutes. Once it says no, Gather() ends with kCancelled.
  std::function<bool()> go_on = [] { return true; };
  // A stored document is not what was stored: for a QuarantineDocument, to which only the time is
  // to be added. Told by Gather() and by Next(); of one document perhaps more than once.
  std::function<void(QuarantineDocument)> on_damage = [](const QuarantineDocument&) {};
};

class CaseRecord {
 public:
  // Everything but the request and the company outlives it. kNotFound, reason CASE_WITHOUT_FILINGS,
  // when this journal holds no filing of the case; RECORD_TOO_LARGE when it does not fit one zip,
  // or its record.json would be larger than anybody verifies (kRecordJsonMaxBytes). A document
  // whose bytes are damaged or gone is named as missing, in the record itself.
  static Result<std::unique_ptr<CaseRecord>> Gather(std::shared_ptr<const View> view,
                                                    const LedgerIdentity& identity,
                                                    SegmentFiles& segments, const CmsSigner& signer,
                                                    const std::string& root_pem, WallTime now,
                                                    const CaseRecordRequest& request,
                                                    CaseRecordCompany company = {});

  const Digest& sha256() const { return sha256_; }  // Of record.json.
  std::size_t filings() const { return facts_.filings.size(); }
  bool complete() const { return facts_.complete(); }
  std::uint64_t size() const { return zip_->size(); }

  // Whoever hands the zip out over gRPC sends one piece a message, whose bound is 4 MiB.
  static constexpr std::size_t kPieceBytes = 1 << 20;

  // The next bytes of the zip, at most kPieceBytes; empty at its end. kDataLoss when a document is
  // no longer what it was when it was gathered.
  Result<std::string> Next();

 private:
  // One file, and where its bytes come from.
  struct Part {
    std::string name;
    std::uint64_t bytes = 0;
    Digest sha256;
    std::uint32_t crc32 = 0;
    // Small: made again when its turn comes, or kept here.
    std::function<Result<std::string>()> make;
    // A document's; `make` is empty then.
    std::vector<StoredExtent> extents;
    SystemName system;
  };

  CaseRecord(std::shared_ptr<const View> view, const LedgerIdentity& identity,
             SegmentFiles& segments, CaseRecordCompany company)
      : view_(std::move(view)),
        identity_(identity),
        segments_(segments),
        company_(std::move(company)) {}

  // Before the first document is read: whether all of them fit.
  Result<void> CheckRoom(const std::vector<CaseFiling>& filings) const;
  // The document's CRC, as a zip has it; kDataLoss, with the damage told, when it is not `sha256`.
  Result<std::uint32_t> ReadThrough(const SystemName& system, const Digest& sha256,
                                    const std::vector<StoredExtent>& extents);
  Result<void> AddFilings(const CaseRecordRequest& request, WallTime now);
  Result<void> AddFiling(const FilingSnapshot& filing, RecordFiling& row);
  Result<void> AddEntries(const std::vector<std::uint64_t>& entries, RecordFiling& row);
  Result<void> AddDocument(const FilingSnapshot& filing, std::size_t index, RecordFiling& row);
  void AddSmall(const std::string& name, std::function<Result<std::string>()> make,
                const std::string& bytes);
  void AddKept(const std::string& name, const std::string& bytes);
  Result<std::string> MakeInclusion(std::uint64_t sequence, const Digest& leaf_data) const;
  std::string PieceOfHeld() const;
  Result<void> Seal(const CmsSigner& signer, const std::string& root_pem, WallTime now);

  const std::shared_ptr<const View> view_;
  const LedgerIdentity& identity_;
  SegmentFiles& segments_;
  const CaseRecordCompany company_;
  RecordFacts facts_;
  Digest sha256_;
  // The checkpoint all inclusion proofs lead to. Empty: there is none yet.
  std::string checkpoint_;
  std::uint64_t checkpoint_size_ = 0;
  std::vector<Part> parts_;
  std::optional<StoredZip> zip_;

  // Where Next() stands.
  std::size_t part_ = 0;
  bool in_part_ = false;
  std::uint64_t offset_ = 0;
  ZipCrc crc_;
  // A small file, or the directory, while it is handed out.
  std::string held_;
  std::unique_ptr<ExtentReader> reader_;
};

}  // namespace nightbox
