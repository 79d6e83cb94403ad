// CaseSheet: what the filings of a case tell of the elements of its sheet (COR 4.03).
//
// Says whose word each is. Nightbox's own times are those of receipt; a time of filing is printed
// only where the court's case system told one. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/record.h"
#include "rules/separate_files.h"
#include "store/filing_state.h"

namespace nightbox {

class CaseSheet {
 public:
  // Whose court, zone and case number are printed. By `roles`, which outlive this, it knows who is
  // a defendant.
  CaseSheet(const RecordFacts& facts, const std::vector<SeparateFilesWord>& roles);

  // In the order of the ledger. `perhaps`: it may belong to another case, and tells nothing of this
  // one but that it was received.
  void Add(const FilingSnapshot& filing, bool perhaps);
  // Sets the sheet and its rows.
  void Fill(const RecordRules& rules, RecordFacts& facts) const;

 private:
  std::string Local(WallTime time) const;

  void AddSigner(const FilingHeader& header);

  const std::string zone_;
  const std::vector<SeparateFilesWord>& roles_;
  RecordCase case_;
  SheetFacts known_;
  bool opened_here_ = false;
};

}  // namespace nightbox
