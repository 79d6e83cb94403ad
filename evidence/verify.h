// The verdict on a receipt: what `nightbox verify` says, from files alone, offline.
//
// Trust comes from outside the files: a root, or a root's fingerprint, that the court published.
// Without one the best verdict is "consistent, root unproven", because a forged package that brings
// its own root is consistent too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "evidence/cms.h"
#include "evidence/receipt.h"

namespace nightbox {

// What somebody holds.
struct ReceiptFiles {
  std::string receipt_json;
  std::string signature;  // receipt.json.p7s
  // Both, or neither: the proof that the log has it.
  std::optional<std::string> inclusion_json;
  std::optional<std::string> checkpoint;
  // The root that came along. Proves nothing, but its fingerprint can be compared.
  std::optional<std::string> carried_root_pem;
};

// What the one who asks trusts.
struct Trust {
  std::optional<std::string> roots_pem;
  // SHA-256 of the root certificate; needs the root itself from carried_root_pem or roots_pem.
  std::optional<Digest> root_fingerprint;
};

// A file the holder says belongs to the receipt.
struct HeldDocument {
  std::string name;  // For messages only.
  Digest sha256;
};

enum class Verdict {
  kVerified,
  kRootUnproven,  // Consistent in itself; compare root->fingerprint, or signer's, with the court's.
  kRefused,
};
// "verified", "root-unproven", "refused".
std::string_view ToWord(Verdict verdict);

struct Verification {
  Verdict verdict = Verdict::kRefused;
  // Why it was refused. Empty otherwise.
  std::string reason;
  // Set unless refused.
  std::optional<ReceiptFacts> facts;
  std::optional<CertificateInfo> signer;
  std::optional<CertificateInfo> root;  // Empty: no root at hand that fits.
  // True only when the inclusion proof and the checkpoint's signature were given and hold.
  bool in_log = false;
  // One line for people per check that passed, in order.
  std::vector<std::string> checks;
  // What a person should know, though it refuses nothing: a package's page that is not the one this
  // version makes of the receipt.
  std::vector<std::string> remarks;
};

// Pure: the time of the certificates' validity is handed in. Checks the signature, the documents
// and the log proof; anything given that does not hold refuses the whole.
Verification VerifyReceiptFiles(const ReceiptFiles& files,
                                const std::vector<HeldDocument>& documents, const Trust& trust,
                                WallTime at);

// The same for an evidence package.
Verification VerifyPackage(std::string_view zip, const std::vector<HeldDocument>& documents,
                           const Trust& trust, WallTime at);

}  // namespace nightbox
