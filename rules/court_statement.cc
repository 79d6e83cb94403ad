#include "rules/court_statement.h"

namespace nightbox {

CourtStatement DefaultCourtStatement() {
  const Provenance likely{.standing = Standing::kRecalled,
                          .source = "the program's default, which no court has confirmed"};
  CourtStatement all;
  all.enabled = {true, likely};
  all.document_size_max_bytes = {7 * kMegabyte, likely};
  all.filing_size_max_bytes = {21 * kMegabyte, likely};
  all.documents_max = {kDocumentsHardMax, likely};
  all.media_types = {{"application/pdf"}, likely};
  all.case_types = {{}, likely};
  all.filer_classes = {{}, likely};
  all.receipt_authority = {ReceiptDecision{}, likely};
  all.time_zone = {"America/Chicago", likely};
  return all;
}

}  // namespace nightbox
