#include "evidence/package.h"

#include <zip.h>

#include <array>
#include <memory>
#include <set>

#include "evidence/package_files.h"
#include "evidence/receipt_page.h"

namespace nightbox {
namespace {

// 1 January 1980, 00:00: the first time a zip can say, and the same in every time zone.
constexpr zip_uint16_t kDosDate = (0 << 9) | (1 << 5) | 1;
constexpr zip_uint16_t kDosTime = 0;
constexpr zip_uint64_t kEntryMaxBytes = 4 * 1024 * 1024;
constexpr zip_uint32_t kFileMode = 0100644;
constexpr zip_uint32_t kScriptMode = 0100755;

struct Free {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Free>;
using Source = std::unique_ptr<zip_source_t, Free>;

Error CannotBuild(zip_t* archive) {
  return Error{ErrorCode::kInternal,
               std::string("evidence package: ") + zip_error_strerror(zip_get_error(archive))};
}

Error Refused(const char* why) {
  return Error{ErrorCode::kInvalidArgument, std::string("evidence package: ") + why};
}

// `bytes` must outlive the archive.
bool Add(zip_t* archive, const char* name, std::string_view bytes, zip_uint32_t mode) {
  zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  if (source == nullptr) return false;
  const zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  const auto at = static_cast<zip_uint64_t>(index);
  return zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, at, kDosTime, kDosDate, 0) == 0 &&
         zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, mode << 16) == 0;
}

Result<std::string> ReadBack(zip_source_t* source) {
  Error failed{ErrorCode::kInternal, "evidence package: cannot read what was written"};
  if (zip_source_open(source) != 0) return failed;
  std::string bytes;
  std::array<char, 16 * 1024> buffer;
  zip_int64_t got = 0;
  while ((got = zip_source_read(source, buffer.data(), buffer.size())) > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  zip_source_close(source);
  if (got < 0) return failed;
  return bytes;
}

Result<std::string> ReadEntry(zip_t* archive, zip_uint64_t index, zip_uint64_t size) {
  const std::unique_ptr<zip_file_t, Free> file(zip_fopen_index(archive, index, 0));
  if (!file) return Refused("an entry cannot be opened");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  zip_uint64_t filled = 0;
  while (filled < size) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + filled, size - filled);
    if (got <= 0) return Refused("an entry is damaged");
    filled += static_cast<zip_uint64_t>(got);
  }
  // Only at the end of the entry does libzip compare its CRC.
  char more = 0;
  if (zip_fread(file.get(), &more, 1) != 0) return Refused("an entry is damaged");
  return bytes;
}

// What the directory says of one entry, if it is one this reader takes.
Result<zip_stat_t> StatEntry(zip_t* archive, zip_uint64_t index) {
  constexpr zip_uint64_t kNeeded =
      ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  zip_stat_t stat;
  if (zip_stat_index(archive, index, 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded) {
    return Refused("an entry cannot be read");
  }
  if (stat.comp_method != ZIP_CM_STORE || stat.comp_size != stat.size) {
    return Refused("an entry is compressed; unpack it and verify the files");
  }
  if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
    return Refused("an entry is encrypted");
  }
  if (stat.size > kEntryMaxBytes) return Refused("an entry is larger than 4 MiB");
  return stat;
}

constexpr char kPageName[] = "receipt.html";

struct Part {
  const char* name;
  std::string PackageParts::*bytes;
};
constexpr std::array kParts = {Part{"receipt.json", &PackageParts::receipt_json},
                               Part{"receipt.json.p7s", &PackageParts::signature},
                               Part{"inclusion.json", &PackageParts::inclusion_json},
                               Part{"checkpoint.txt", &PackageParts::checkpoint},
                               Part{"root.pem", &PackageParts::root_pem}};

}  // namespace

Result<std::string> BuildPackage(const PackageParts& parts) {
  NB_ASSIGN_OR_RETURN(const std::string page, RenderReceiptPage(parts.receipt_json));
  const Source source(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, nullptr));
  if (!archive) return Error{ErrorCode::kInternal, "evidence package: cannot begin"};
  zip_source_keep(source.get());  // The archive gives up its own hold when it is closed.

  bool good = Add(archive.get(), kPageName, page, kFileMode);
  for (const Part& part : kParts) {
    good = good && Add(archive.get(), part.name, parts.*part.bytes, kFileMode);
  }
  good = good && Add(archive.get(), "VERIFY.txt", kVerifyText, kFileMode) &&
         Add(archive.get(), "verify.sh", kVerifyScript, kScriptMode);
  if (!good) return CannotBuild(archive.get());
  zip_t* written = archive.release();  // zip_close frees it, unless it fails.
  if (zip_close(written) != 0) {
    archive.reset(written);
    return CannotBuild(written);
  }
  return ReadBack(source.get());
}

Result<PackageParts> ReadPackage(std::string_view zip, std::optional<std::string>* page) {
  if (zip.size() > kPackageMaxBytes) return Refused("larger than 16 MB");
  const Source source(zip_source_buffer_create(zip.data(), zip.size(), 0, nullptr));
  const Archive archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr));
  if (!archive) return Refused("not a consistent zip file");
  zip_source_keep(source.get());  // The archive lets go of its own hold at its end.

  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count < 0 || static_cast<std::size_t>(count) > kPackageEntriesMax) {
    return Refused("more than 32 entries");
  }
  PackageParts parts;
  std::set<std::string, std::less<>> names;
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    NB_ASSIGN_OR_RETURN(const zip_stat_t stat, StatEntry(archive.get(), index));
    names.emplace(stat.name);  // ZIP_CHECKCONS has refused a name that occurs twice.
    if (page != nullptr && std::string_view(kPageName) == stat.name) {
      auto bytes = ReadEntry(archive.get(), index, stat.size);
      *page = bytes ? *std::move(bytes) : std::string();
    }
    for (const Part& part : kParts) {
      if (std::string_view(part.name) != stat.name) continue;
      NB_ASSIGN_OR_RETURN(parts.*part.bytes, ReadEntry(archive.get(), index, stat.size));
    }
  }
  for (const Part& part : kParts) {
    if (!names.contains(part.name)) return Refused("lacks a part");
  }
  return parts;
}

}  // namespace nightbox
