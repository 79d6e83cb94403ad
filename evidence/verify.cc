#include "evidence/verify.h"

#include <algorithm>

#include "core/sha256.h"
#include "evidence/checkpoint.h"
#include "evidence/inclusion.h"
#include "evidence/package.h"
#include "evidence/receipt_page.h"

namespace nightbox {
namespace {

Verification Refusal(std::string reason) {
  Verification verification;
  verification.reason = std::move(reason);
  return verification;
}

Error Refused(std::string why) { return Error{ErrorCode::kDataLoss, std::move(why)}; }

// The signature, and how far its chain can be followed.
Result<CmsSignature> CheckSignature(const ReceiptFiles& files, const Trust& trust, WallTime at,
                                    bool& proven) {
  proven = false;
  if (trust.roots_pem) {
    NB_ASSIGN_OR_RETURN(CmsSignature signature,
                        VerifyCms(files.receipt_json, files.signature, *trust.roots_pem, at));
    if (trust.root_fingerprint && signature.root->fingerprint != *trust.root_fingerprint) {
      return Refused("the root does not have the fingerprint you trust");
    }
    proven = true;
    return signature;
  }
  if (files.carried_root_pem) {
    NB_ASSIGN_OR_RETURN(CmsSignature signature, VerifyCms(files.receipt_json, files.signature,
                                                          *files.carried_root_pem, at));
    // The root the chain really ends in, not the first one of the file, is the one that counts.
    if (trust.root_fingerprint && signature.root->fingerprint != *trust.root_fingerprint) {
      return Refused("the root that came along does not have the fingerprint you trust");
    }
    proven = trust.root_fingerprint.has_value();
    return signature;
  }
  if (trust.root_fingerprint) {
    return Refused("a fingerprint alone is not enough: the root certificate is needed as well");
  }
  return VerifyCmsWithoutRoot(files.receipt_json, files.signature);
}

Result<void> CheckDocuments(const ReceiptFacts& facts, const std::vector<HeldDocument>& held) {
  for (const HeldDocument& document : held) {
    const auto& listed = facts.header.documents;
    if (std::none_of(listed.begin(), listed.end(), [&](const Document& candidate) {
          return candidate.sha256 == document.sha256;
        })) {
      return Refused(document.name + " is not a document of this receipt");
    }
  }
  return {};
}

// That the log named on the receipt has it where the receipt says.
Result<Checkpoint> CheckLog(const ReceiptFiles& files, const ReceiptFacts& facts) {
  NB_ASSIGN_OR_RETURN(const Inclusion inclusion, ParseInclusion(*files.inclusion_json));
  if (facts.log.key.empty()) return Refused("the receipt does not name the key of its log");
  NB_ASSIGN_OR_RETURN(Checkpoint checkpoint, VerifyCheckpoint(*files.checkpoint, facts.log.key));
  if (checkpoint.origin != facts.log.origin || inclusion.origin != facts.log.origin) {
    return Refused("the proof is of another log than the receipt's");
  }
  if (inclusion.tree_size != checkpoint.size || inclusion.root != checkpoint.root) {
    return Refused("the proof does not lead to this checkpoint");
  }
  if (inclusion.leaf_index != facts.log.leaf_index ||
      inclusion.leaf_data != Sha256(files.receipt_json)) {
    return Refused("the proof is for another receipt");
  }
  if (!InclusionHolds(inclusion))
    return Refused("the receipt is not in the log of this checkpoint");
  return checkpoint;
}

// The page is a view and proves nothing; an older version's is another one and no forgery, so it
// refuses nothing either.
void ComparePage(std::string_view receipt_json, const std::string& page, Verification& result) {
  const auto ours = RenderReceiptPage(receipt_json);
  if (ours && *ours == page) {
    result.checks.emplace_back("page: receipt.html is the one made of receipt.json");
  } else {
    result.remarks.emplace_back(
        "receipt.html is not the page this version makes of receipt.json: it was changed, or made "
        "by another version; what counts is receipt.json");
  }
}

}  // namespace

std::string_view ToWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::kVerified:
      return "verified";
    case Verdict::kRootUnproven:
      return "root-unproven";
    case Verdict::kRefused:
      break;
  }
  return "refused";
}

Verification VerifyReceiptFiles(const ReceiptFiles& files,
                                const std::vector<HeldDocument>& documents, const Trust& trust,
                                WallTime at) {
  Verification result;
  bool proven = false;
  const auto signature = CheckSignature(files, trust, at, proven);
  if (!signature) return Refusal(signature.error().message);
  result.checks.push_back("signature: good, by " + signature->signer.subject);
  if (proven) {
    result.checks.push_back("root: trusted, " + FingerprintText(signature->root->fingerprint));
  }

  auto facts = ParseReceipt(files.receipt_json);
  if (!facts) return Refusal(facts.error().message);
  if (const auto fit = CheckDocuments(*facts, documents); !fit) {
    return Refusal(fit.error().message);
  }
  for (const HeldDocument& document : documents) {
    result.checks.push_back("document: " + document.name + " is on the receipt");
  }

  if (files.inclusion_json.has_value() != files.checkpoint.has_value()) {
    return Refusal("an inclusion proof and a checkpoint belong together: one is missing");
  }
  if (files.inclusion_json) {
    const auto checkpoint = CheckLog(files, *facts);
    if (!checkpoint) return Refusal(checkpoint.error().message);
    result.in_log = true;
    result.checks.push_back("log: entry " + std::to_string(facts->log.leaf_index) + " of " +
                            std::to_string(checkpoint->size) + " in " + checkpoint->origin);
  }

  result.verdict = proven ? Verdict::kVerified : Verdict::kRootUnproven;
  result.facts = std::move(*facts);
  result.signer = signature->signer;
  result.root = signature->root;
  return result;
}

Verification VerifyPackage(std::string_view zip, const std::vector<HeldDocument>& documents,
                           const Trust& trust, WallTime at) {
  std::optional<std::string> page;
  auto parts = ReadPackage(zip, &page);
  if (!parts) return Refusal(parts.error().message);
  ReceiptFiles files;
  files.receipt_json = std::move(parts->receipt_json);
  files.signature = std::move(parts->signature);
  files.inclusion_json = std::move(parts->inclusion_json);
  files.checkpoint = std::move(parts->checkpoint);
  files.carried_root_pem = std::move(parts->root_pem);
  Verification result = VerifyReceiptFiles(files, documents, trust, at);
  if (result.verdict != Verdict::kRefused && page) ComparePage(files.receipt_json, *page, result);
  return result;
}

}  // namespace nightbox
