#include "client/receipt_check.h"

#include "core/fingerprint.h"
#include "evidence/cms.h"
#include "evidence/receipt.h"

namespace nightbox::client {
namespace {

Error Mismatch(std::string_view what) {
  return Error{ErrorCode::kDataLoss,
               "The gateway's receipt is not for what was sent: " + std::string(what) + "."};
}

Result<void> CheckContent(const Package& package, const FilingState& filing,
                          const ReceiptFacts& facts) {
  if (facts.request_id != package.request_id || filing.request_id != package.request_id) {
    return Mismatch("it names another request id");
  }
  if (facts.filing_id != filing.filing_id || facts.filing_id.empty()) {
    return Mismatch("it names another filing id than the answer");
  }
  if (facts.registered_user != package.registered_user) {
    return Mismatch("it names another registered user");
  }
  const FilingHeader& sent = package.header;
  if (facts.header.court != sent.court) return Mismatch("it names another court");
  if (facts.header.test != sent.test) return Mismatch("it differs in being a test");
  if (facts.header.documents.size() != sent.documents.size()) {
    return Mismatch("it lists another number of documents");
  }
  for (std::size_t i = 0; i < sent.documents.size(); ++i) {
    const Document& receipted = facts.header.documents[i];
    if (receipted.sha256 != sent.documents[i].sha256 ||
        receipted.size_bytes != sent.documents[i].size_bytes) {
      return Mismatch("document " + std::to_string(i + 1) + " has another SHA-256 or size");
    }
  }
  // Everything else that counts as content.
  if (facts.fingerprint != FilingFingerprint(package.registered_user, sent)) {
    return Mismatch("its content fingerprint differs");
  }
  return {};
}

}  // namespace

Result<ReceiptVerdict> CheckReceipt(const Package& package, const FilingState& filing,
                                    std::string_view root_pem, WallTime now) {
  if (filing.receipt.empty()) return Mismatch("the answer has no receipt");
  const Result<ReceiptFacts> facts = ParseReceipt(filing.receipt.json);
  if (!facts) return Mismatch("it cannot be read (" + facts.error().message + ")");
  NB_RETURN_IF_ERROR(CheckContent(package, filing, *facts));

  const Result<CmsSignature> signature =
      root_pem.empty() ? VerifyCmsWithoutRoot(filing.receipt.json, filing.receipt.p7s)
                       : VerifyCms(filing.receipt.json, filing.receipt.p7s, root_pem, now);
  if (!signature) return signature.error().In("The gateway's receipt does not verify");

  ReceiptVerdict verdict;
  verdict.root_proven = signature->root.has_value();
  verdict.fingerprint = FingerprintText(verdict.root_proven ? signature->root->fingerprint
                                                            : signature->signer.fingerprint);
  verdict.sentence = ReceiptSentence(*facts);
  verdict.notice = ReceiptNotice(*facts);
  return verdict;
}

}  // namespace nightbox::client
