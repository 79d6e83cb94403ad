// Detached CMS signatures (receipt.json.p7s): made with ECDSA P-256 and SHA-256, carrying the CAdES
// signing-certificate-v2 attribute, and checked as stock `openssl cms -verify` checks them.
//
// What is signed is the exact bytes handed in. A signature is randomised: make it once, store it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"

namespace nightbox {

// What people compare and read of a certificate.
struct CertificateInfo {
  std::string subject;  // RFC 2253.
  std::string issuer;
  Digest fingerprint;  // SHA-256 of the DER, what `openssl x509 -fingerprint -sha256` prints.
  WallTime not_before;
  WallTime not_after;

  bool operator==(const CertificateInfo&) const = default;
};

// "AB:CD:…", as openssl prints it and courts publish it.
std::string FingerprintText(const Digest& fingerprint);
// The same back, in capitals or not, with colons or without.
std::optional<Digest> ParseFingerprint(std::string_view text);

// The certificates of a PEM text, in order: at least one, at most 16, at most 256 KiB of text.
Result<std::vector<CertificateInfo>> ReadCertificates(std::string_view pem);

// Signs receipts. Immutable after Load: every method may be called from several threads at once.
class CmsSigner {
 public:
  // The certificate file holds the signer's certificate first, then any intermediates, in PEM; the
  // key file holds its private key, unencrypted. Both are read and parsed here and never again.
  // kFailedPrecondition when they cannot be read, do not belong together or are not ECDSA P-256.
  static Result<CmsSigner> Load(const std::filesystem::path& certificate_pem,
                                const std::filesystem::path& key_pem);
  // Takes a certificate outside its validity too: a receipt is never refused for the clock. Whoever
  // starts the gateway looks at certificate().
  const CertificateInfo& certificate() const { return certificate_; }

  // The signature over `content` in DER, about 1.2 KB, in some 40 microseconds. signing_time goes
  // into the signed attributes.
  Result<std::string> Sign(std::string_view content, WallTime signing_time) const;

 private:
  struct Material;
  CmsSigner(std::shared_ptr<const Material> material, CertificateInfo certificate);

  std::shared_ptr<const Material> material_;
  CertificateInfo certificate_;
};

// A signature that fits its content.
struct CmsSignature {
  CertificateInfo signer;
  // The trusted root the chain ends in. Empty when no root was given.
  std::optional<CertificateInfo> root;
  // What the signer says; proved by nobody but the signer.
  std::optional<WallTime> signing_time;
};

inline constexpr std::size_t kSignatureMaxBytes = 64 * 1024;

// Checks the signature and the chain to one of the roots (PEM) as of `at`. Refusals are kDataLoss
// and say what does not fit: malformed, not detached, not exactly one signer, other content, no
// chain to a root, outside the certificates' validity.
Result<CmsSignature> VerifyCms(std::string_view content, std::string_view p7s,
                               std::string_view roots_pem, WallTime at);

// Checks that the signature fits the content and the certificate it carries, and nothing about who
// that is: anybody can make such a pair.
Result<CmsSignature> VerifyCmsWithoutRoot(std::string_view content, std::string_view p7s);

}  // namespace nightbox
