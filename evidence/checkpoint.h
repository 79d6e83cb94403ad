// Checkpoints: what the log says of itself, signed (C2SP tlog-checkpoint in a signed note,
// Ed25519).
//
// A checkpoint is text that a person can read and `openssl pkeyutl -rawin` can check; see
// docs/formats/receipt.md. Sign only what is published, never a smaller or different tree: that is
// the caller's promise, these are pure functions over one key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

struct evp_pkey_st;

namespace nightbox {

struct Checkpoint {
  // Names the log, for example "nightbox/A7/3f1c9c1e". No white space and no '+'.
  std::string origin;
  std::uint64_t size = 0;
  Digest root;

  bool operator==(const Checkpoint&) const = default;
};

// The signed lines, without the empty line and the signatures.
std::string CheckpointBody(const Checkpoint& checkpoint);

// Signs checkpoints of one log. Immutable: may be used from several threads at once.
class LogSigner {
 public:
  // kFailedPrecondition when the file is no Ed25519 private key in PEM; kInvalidArgument for an
  // origin that cannot be a key name.
  static Result<LogSigner> Load(const std::filesystem::path& key_pem, std::string_view origin);

  // NAME+KEYID+BASE64(0x01 || public key): what a verifier is configured with.
  const std::string& verifier_key() const { return verifier_key_; }
  const std::string& origin() const { return origin_; }

  // The whole note. Ed25519 is deterministic: equal trees, equal bytes.
  Result<std::string> Sign(std::uint64_t size, const Digest& root) const;

 private:
  LogSigner(std::shared_ptr<evp_pkey_st> key, std::string origin, std::string_view public_key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string origin_;
  std::string verifier_key_;
  std::string key_id_;  // Four bytes.
};

inline constexpr std::size_t kCheckpointMaxBytes = 16 * 1024;

// What the note says, whoever signed it. kInvalidArgument for anything that is not a checkpoint;
// extension lines and other signatures are allowed.
Result<Checkpoint> ParseCheckpoint(std::string_view note);

// What the note says, if the key signed it; kDataLoss otherwise. verifier_key as LogSigner writes
// it; its name must be the note's origin.
Result<Checkpoint> VerifyCheckpoint(std::string_view note, std::string_view verifier_key);

}  // namespace nightbox
