#include "evidence/stored_zip.h"

#include <array>
#include <utility>

namespace nightbox {
namespace {

constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kMadeByUnix = (3 << 8) | kVersion;
constexpr std::uint16_t kUtf8Names = 1 << 11;
// 1 January 1980, 00:00: the first time a zip can say.
constexpr std::uint16_t kDosDate = (0 << 9) | (1 << 5) | 1;
constexpr std::uint32_t kFileMode = 0100644U << 16;
constexpr std::uint64_t kLocalBytes = 30;
constexpr std::uint64_t kCentralBytes = 46;
constexpr std::uint64_t kEndBytes = 22;

void Put16(std::string& out, std::uint16_t number) {
  out.push_back(static_cast<char>(number & 0xff));
  out.push_back(static_cast<char>(number >> 8));
}

void Put32(std::string& out, std::uint64_t number) {
  Put16(out, static_cast<std::uint16_t>(number & 0xffff));
  Put16(out, static_cast<std::uint16_t>((number >> 16) & 0xffff));
}

// What the local header and the directory say alike.
void PutCommon(std::string& out, const StoredZipEntry& entry) {
  Put16(out, kVersion);
  Put16(out, kUtf8Names);
  Put16(out, 0);  // Stored.
  Put16(out, 0);  // Midnight.
  Put16(out, kDosDate);
  Put32(out, entry.crc32);
  Put32(out, entry.size);
  Put32(out, entry.size);
  Put16(out, static_cast<std::uint16_t>(entry.name.size()));
  Put16(out, 0);  // No extra field.
}

constexpr std::array<std::uint32_t, 256> MakeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1) != 0 ? 0xedb88320U ^ (value >> 1) : value >> 1;
    }
    table[i] = value;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kCrcTable = MakeTable();

Error TooLarge() {
  return {ErrorCode::kFailedPrecondition,
          "the record is larger than one zip holds: 4 GB or 65,000 files", "RECORD_TOO_LARGE"};
}

}  // namespace

void ZipCrc::Update(std::string_view data) {
  for (const char c : data) {
    state_ = kCrcTable[(state_ ^ static_cast<unsigned char>(c)) & 0xff] ^ (state_ >> 8);
  }
}

Result<StoredZip> StoredZip::Plan(std::vector<StoredZipEntry> entries) {
  if (entries.size() > kEntriesMax) return TooLarge();
  StoredZip zip;
  std::uint64_t directory = kEndBytes;
  for (const StoredZipEntry& entry : entries) {
    if (entry.size > kBytesMax || entry.name.size() > 1000) return TooLarge();
    zip.offsets_.push_back(zip.size_);
    zip.size_ += kLocalBytes + entry.name.size() + entry.size;
    directory += kCentralBytes + entry.name.size();
    if (zip.size_ + directory > kBytesMax) return TooLarge();
  }
  zip.directory_offset_ = zip.size_;
  zip.size_ += directory;
  zip.entries_ = std::move(entries);
  return zip;
}

std::string StoredZip::Header(std::size_t index) const {
  const StoredZipEntry& entry = entries_[index];
  std::string out = "PK\x03\x04";
  PutCommon(out, entry);
  out += entry.name;
  return out;
}

std::string StoredZip::Directory() const {
  std::string out;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    out += "PK\x01\x02";
    Put16(out, kMadeByUnix);
    PutCommon(out, entries_[i]);
    Put16(out, 0);  // No comment.
    Put16(out, 0);  // First disk.
    Put16(out, 0);  // Bytes, not text.
    Put32(out, kFileMode);
    Put32(out, offsets_[i]);
    out += entries_[i].name;
  }
  const std::uint64_t directory = out.size();
  out += "PK\x05\x06";
  Put16(out, 0);
  Put16(out, 0);
  Put16(out, static_cast<std::uint16_t>(entries_.size()));
  Put16(out, static_cast<std::uint16_t>(entries_.size()));
  Put32(out, directory);
  Put32(out, directory_offset_);
  Put16(out, 0);  // No comment.
  return out;
}

}  // namespace nightbox
