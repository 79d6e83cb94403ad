#include "evidence/checkpoint.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <vector>

#include "core/check.h"
#include "core/sha256.h"

namespace nightbox {
namespace {

constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // An em dash and a space.
constexpr std::size_t kPublicKeySize = 32;
constexpr std::size_t kSignatureSize = 64;
constexpr std::size_t kKeyIdSize = 4;
constexpr std::size_t kSignaturesMax = 16;
constexpr char kEd25519 = '\x01';

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};

Error Malformed(const char* what) {
  return Error{ErrorCode::kInvalidArgument, std::string("checkpoint: ") + what};
}

Error Unproven(const char* what) {
  return Error{ErrorCode::kDataLoss, std::string("checkpoint: ") + what};
}

bool IsKeyName(std::string_view name) {
  if (name.empty() || name.size() > 255) return false;
  for (const char c : name) {
    if (c <= ' ' || c == '+' || c == '\x7f') return false;  // Bytes above 127 compare below ' '.
  }
  return true;
}

std::string KeyId(std::string_view name, std::string_view public_key) {
  std::string text(name);
  text += '\n';
  text += kEd25519;
  text += public_key;
  return std::string(Sha256(text).view().substr(0, kKeyIdSize));
}

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

struct NoteSignature {
  std::string_view name;
  std::string bytes;  // Key id and signature.
};

struct Note {
  std::string_view body;  // With its final LF.
  std::vector<NoteSignature> signatures;
};

Result<Note> ParseNote(std::string_view note) {
  if (note.size() > kCheckpointMaxBytes) return Malformed("larger than 16 KiB");
  for (const char c : note) {
    if (c >= 0 && c < ' ' && c != '\n') return Malformed("has a control character");
  }
  // The signatures follow the last empty line.
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos || note.back() != '\n') return Malformed("not a signed note");
  Note parsed;
  parsed.body = note.substr(0, split + 1);
  std::string_view rest = note.substr(split + 2);
  while (!rest.empty()) {
    std::string_view line = TakeLine(rest);
    if (!line.starts_with(kSignatureMark)) return Malformed("has a bad signature line");
    line.remove_prefix(kSignatureMark.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return Malformed("has a bad signature line");
    auto bytes = Base64Decode(line.substr(space + 1));
    if (!bytes || bytes->size() <= kKeyIdSize || !IsKeyName(line.substr(0, space))) {
      return Malformed("has a bad signature line");
    }
    parsed.signatures.push_back({line.substr(0, space), std::move(*bytes)});
    if (parsed.signatures.size() > kSignaturesMax) return Malformed("has too many signatures");
  }
  if (parsed.signatures.empty()) return Malformed("has no signature");
  return parsed;
}

Result<Checkpoint> ParseBody(std::string_view body) {
  Checkpoint checkpoint;
  checkpoint.origin = TakeLine(body);
  if (!IsKeyName(checkpoint.origin)) return Malformed("has no usable origin");
  const std::string size(TakeLine(body));
  const char* begin = size.c_str();
  // Spelled as we would spell it: no sign, no leading zero, nothing behind.
  const auto parsed = std::from_chars(begin, begin + size.size(), checkpoint.size);
  if (parsed.ec != std::errc() || std::to_string(checkpoint.size) != size) {
    return Malformed("has a bad tree size");
  }
  const auto raw = Base64Decode(TakeLine(body));
  const auto root = raw ? Digest::FromBytes(*raw) : std::nullopt;
  if (!root) return Malformed("has a bad root hash");
  checkpoint.root = *root;
  while (!body.empty()) {
    if (TakeLine(body).empty()) return Malformed("has an empty extension line");
  }
  return checkpoint;
}

struct VerifierKey {
  std::string name;
  std::string key_id;
  std::string public_key;
};

std::optional<VerifierKey> ParseVerifierKey(std::string_view text) {
  if (text.size() > 512) return std::nullopt;
  const std::size_t first = text.find('+');
  const std::size_t second = text.find('+', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  VerifierKey key;
  key.name = text.substr(0, first);
  const auto id = HexDecode(text.substr(first + 1, second - first - 1));
  const auto raw = Base64Decode(text.substr(second + 1));
  if (!id || !raw || raw->size() != 1 + kPublicKeySize || raw->front() != kEd25519) {
    return std::nullopt;
  }
  key.key_id = *id;
  key.public_key = raw->substr(1);
  if (!IsKeyName(key.name) || key.key_id != KeyId(key.name, key.public_key)) return std::nullopt;
  return key;
}

bool SignatureFits(std::string_view body, std::string_view signature, std::string_view public_key) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  const std::unique_ptr<EVP_PKEY, Free> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(public_key), public_key.size()));
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const bool fits =
      key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(body),
                       body.size()) == 1;
  ERR_clear_error();
  return fits;
}

}  // namespace

std::string CheckpointBody(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         Base64Encode(checkpoint.root.view()) + "\n";
}

LogSigner::LogSigner(std::shared_ptr<evp_pkey_st> key, std::string origin,
                     std::string_view public_key)
    : key_(std::move(key)), origin_(std::move(origin)), key_id_(KeyId(origin_, public_key)) {
  verifier_key_ =
      origin_ + "+" + HexEncode(key_id_) + "+" + Base64Encode(kEd25519 + std::string(public_key));
}

Result<LogSigner> LogSigner::Load(const std::filesystem::path& key_pem, std::string_view origin) {
  if (!IsKeyName(origin)) {
    return Error{ErrorCode::kInvalidArgument,
                 "log origin: 1 to 255 printable ASCII characters without white space or '+'"};
  }
  const std::unique_ptr<BIO, Free> file(BIO_new_file(key_pem.c_str(), "rb"));
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  std::shared_ptr<EVP_PKEY> key(
      file ? PEM_read_bio_PrivateKey(file.get(), nullptr, no_passphrase, nullptr) : nullptr,
      Free());
  std::string public_key(kPublicKeySize, '\0');
  std::size_t size = public_key.size();
  const bool usable =
      key && EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519 &&
      EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(public_key.data()),
                                  &size) == 1 &&
      size == kPublicKeySize;
  ERR_clear_error();
  if (!usable) {
    return Error{ErrorCode::kFailedPrecondition,
                 key_pem.string() + ": not an unencrypted Ed25519 private key in PEM"};
  }
  return LogSigner(std::move(key), std::string(origin), public_key);
}

Result<std::string> LogSigner::Sign(std::uint64_t size, const Digest& root) const {
  const std::string body = CheckpointBody({origin_, size, root});
  std::array<unsigned char, kSignatureSize> signature{};
  std::size_t written = signature.size();
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &written,
                     reinterpret_cast<const unsigned char*>(body.data()), body.size()) != 1) {
    ERR_clear_error();
    return Error{ErrorCode::kInternal, "checkpoint: cannot sign"};
  }
  const std::string_view raw(reinterpret_cast<const char*>(signature.data()), written);
  return body + "\n" + std::string(kSignatureMark) + origin_ + " " +
         Base64Encode(key_id_ + std::string(raw)) + "\n";
}

Result<Checkpoint> ParseCheckpoint(std::string_view note) {
  NB_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  return ParseBody(parsed.body);
}

Result<Checkpoint> VerifyCheckpoint(std::string_view note, std::string_view verifier_key) {
  NB_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  NB_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseBody(parsed.body));
  const auto key = ParseVerifierKey(verifier_key);
  if (!key) return Unproven("the log's key is not a C2SP Ed25519 verifier key");
  if (key->name != checkpoint.origin) return Unproven("is of another log than the key");
  for (const NoteSignature& signature : parsed.signatures) {
    if (signature.name != key->name || !signature.bytes.starts_with(key->key_id)) continue;
    const std::string_view bytes = std::string_view(signature.bytes).substr(kKeyIdSize);
    if (bytes.size() == kSignatureSize && SignatureFits(parsed.body, bytes, key->public_key)) {
      return checkpoint;
    }
    return Unproven("the log's signature does not fit");
  }
  return Unproven("is not signed by the log's key");
}

}  // namespace nightbox
