// The verdict on the record of a case: the signature, every file, every receipt and its place in
// the log, from the zip alone and offline.
//
// Reads the zip from its file, a piece at a time. Trust comes from outside, as in
// evidence/verify.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "evidence/verify.h"

namespace nightbox {

struct RecordVerification {
  Verdict verdict = Verdict::kRefused;
  // Why it was refused; names the file. Empty otherwise.
  std::string reason;
  // As record.json says it. Set unless refused.
  std::string statement;
  std::uint64_t filings = 0;
  std::uint64_t files = 0;
  // False: the record says of itself that documents are missing.
  bool complete = false;
  std::optional<CertificateInfo> signer;
  std::optional<CertificateInfo> root;  // Empty: no root at hand that fits.
  // One line for people per check that passed, in order.
  std::vector<std::string> checks;
};

inline constexpr std::size_t kRecordJsonMaxBytes = 64 * 1024 * 1024;

// Blocks on the disk. Anything that does not hold refuses the whole: another byte in any file, a
// file too many, too few or twice, a receipt that its signature or the log does not bear out, and a
// document that is not on its receipt.
RecordVerification VerifyRecord(const std::filesystem::path& zip, const Trust& trust, WallTime at);

}  // namespace nightbox
