#include "tests/sim/world_documents.h"

#include <utility>

#include "core/sha256.h"

namespace nightbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kRidesAlongMax = 2'000;
constexpr std::size_t kUploadedMax = 14'000;

// Every line is another one: bytes in the wrong place are not the same by chance.
std::string Text(const std::string& name, std::size_t size) {
  std::string text = "%PDF-1.7 " + name + "\n";
  for (int line = 0; text.size() < size; ++line) {
    text += std::to_string(line) + " of " + name + " says what a pleading says\n";
  }
  text.resize(size);
  return text;
}

}  // namespace

WorldDocuments::WorldDocuments(WorldStage& stage) : stage_(stage) {
  stage_.gateway.document_news.asked = [this](const Draft& draft) { Asked(draft); };
  stage_.gateway.document_news.answered =
      [this](const Draft& draft, const Result<Outcome>& outcome) { Answered(draft, outcome); };
}

std::vector<std::string> WorldDocuments::Choose(int number, FilingHeader& header) {
  Random& random = stage_.random;
  const Document like = header.documents.at(0);
  header.documents.clear();
  std::vector<std::string> chosen;
  const std::uint64_t count = random.OneIn(4) ? 2 + random.Below(2) : 1;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!filed_.empty() && random.OneIn(4)) {
      stage_.tally.Count("documents filed before");
      chosen.push_back(filed_[random.Below(filed_.size())]);
    } else {
      const bool small = random.OneIn(2);
      const std::uint64_t size = small
                                     ? 60 + random.Below(kRidesAlongMax - 60)
                                     : kRidesAlongMax + random.Below(kUploadedMax - kRidesAlongMax);
      chosen.push_back(
          Text("document " + std::to_string(i) + " of filing " + std::to_string(number), size));
      filed_.push_back(chosen.back());
    }
    Document document = like;
    if (i > 0) document.role = DocumentRole::kAttachment;
    document.size_bytes = static_cast<std::int64_t>(chosen.back().size());
    document.sha256 = Sha256(chosen.back());
    texts_[document.sha256] = chosen.back();
    header.documents.push_back(std::move(document));
  }
  return chosen;
}

bool WorldDocuments::StoreAlong(const std::vector<std::string>& texts, ReceiveFiling& draft) {
  std::vector<std::string> along;
  for (const std::string& text : texts) {
    if (text.size() <= kRidesAlongMax) along.push_back(text);
  }
  auto stored = stage_.gateway.documents().StoreAlong(along);
  if (!stored) {
    (void)WhyNotStored(stored.error());
    return false;
  }
  stage_.tally.Count("documents that rode along", stored->size());
  draft.inline_documents = *std::move(stored);
  return true;
}

const std::string* WorldDocuments::FirstMissing(const SystemName& system,
                                                const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (text.size() <= kRidesAlongMax) continue;
    const auto stored = stage_.gateway.documents().Query(system, Sha256(text));
    if (!stored || !stored->complete) return &text;
  }
  return nullptr;
}

// ---- Uploads ----

void WorldDocuments::Send(const SystemName& system, const std::string& text,
                          std::function<void(bool complete)> then) {
  const Key key{system, Sha256(text)};
  const auto stored = stage_.gateway.documents().Query(key.first, key.second);
  if (!stored && IsDark()) return;
  if (!stored) return stage_.judge.Fail("an upload cannot be asked about");
  if (const auto known = committed_.find(key);
      known != committed_.end() && stored->bytes < known->second) {
    return stage_.judge.Fail("of an upload " + std::to_string(known->second) +
                             " bytes were committed, and " + std::to_string(stored->bytes) +
                             " are left");
  }
  if (const auto cut = cut_by_.find(key); cut != cut_by_.end()) {
    if (stored->bytes > 0 && !stored->complete) stage_.tally.Count(cut->second);
    cut_by_.erase(cut);
  }
  stage_.tally.Count("uploads begun");
  under_way_.insert(key);
  SimStream stream = StreamOf(key, text, stored->bytes);
  const std::int64_t left = static_cast<std::int64_t>(text.size()) - stored->bytes;
  if (left > SimDocuments::kExtentBytesMax) {
    on_stream(stream.pause * (1 + left / static_cast<std::int64_t>(stream.piece_bytes)));
  }
  const auto size = static_cast<std::int64_t>(text.size());
  stage_.gateway.documents().Write(std::move(stream), [this, key, size, then = std::move(then)](
                                                          const Result<std::int64_t>& committed) {
    Ended(key, size, committed);
    then(committed && *committed == size);
  });
}

SimStream WorldDocuments::StreamOf(const Key& key, const std::string& text,
                                   std::int64_t committed) {
  Random& random = stage_.random;
  SimStream stream{key.first, key.second, text, 1'000 + random.Below(6'000),
                   stage_.Between(milliseconds(20), seconds(3))};
  if (random.OneIn(6)) stream.pieces_max = 1 + random.Below(4);
  const std::size_t left = text.size() - static_cast<std::size_t>(committed);
  if (left > 0 && random.OneIn(15)) {
    // One byte is wrong: it must never become part of what has this name.
    char& byte = stream.bytes[text.size() - 1 - random.Below(left)];
    byte = static_cast<char>(byte ^ 0x20);
    garbled_.insert(key);
  }
  return stream;
}

void WorldDocuments::Ended(const Key& key, std::int64_t size,
                           const Result<std::int64_t>& committed) {
  if (const auto one = under_way_.find(key); one != under_way_.end()) under_way_.erase(one);
  stage_.trace.Note("an upload ends: " +
                    (committed ? std::to_string(*committed) + " of " + std::to_string(size)
                               : committed.error().message));
  if (!committed) {
    if (committed.error().reason == "DIGEST_MISMATCH" && !garbled_.contains(key)) {
      return stage_.judge.Fail("an upload was refused whose bytes were right");
    }
    return CutBy(key, WhyNotStored(committed.error()));
  }
  if (*committed == size) {
    stage_.tally.Count("uploads completed");
  } else {
    stage_.tally.Count("uploads the filer broke off");
    CutBy(key, "resumed after the filer broke off");
  }
}

void WorldDocuments::CutBy(const Key& key, std::string_view what) {
  if (what.empty()) {
    cut_by_.erase(key);
  } else {
    cut_by_[key] = what;
  }
}

std::string_view WorldDocuments::WhyNotStored(const Error& why) {
  if (IsDark()) return "resumed after a power cut";
  if (why.reason == "DISK_FULL") {
    stage_.tally.Count("disk full for a document");
    return "resumed after a full disk";
  }
  if (why.reason == "DISK_ERROR" && why.message.starts_with("sync documents/segment")) {
    stage_.tally.Count("sync of a segment failed");
    return "resumed after a failed sync";
  }
  if (why.reason == "OUTCOME_UNKNOWN") return "resumed after the gateway stopped";
  if (why.reason == "UPLOAD_OVERTAKEN") {
    stage_.tally.Count("uploads overtaken by another");
  } else if (why.reason == "DIGEST_MISMATCH") {
    stage_.tally.Count("uploads of wrong bytes, refused");
  } else if (why.reason != "QUEUE_FULL" && why.reason != "TOO_MANY_UPLOADS" &&
             why.reason != "OFFSET_MISMATCH") {
    stage_.judge.Fail("a document could not be stored: " + why.message);
  }
  return {};
}

void WorldDocuments::GatewayDied(std::string_view how) {
  for (const Key& key : under_way_) cut_by_[key] = how;
  under_way_.clear();
}

void WorldDocuments::SendForNothing(const SystemName& system) {
  if (!stage_.gateway.open()) return;
  const std::string text =
      Text("draft " + std::to_string(++for_nothing_), 100 + stage_.random.Below(kUploadedMax));
  stage_.tally.Count("uploads for nothing");
  Send(system, text, [](bool) {});
}

std::vector<WorldDocuments::Key> WorldDocuments::Damaged() {
  std::vector<Key> damaged;
  for (const Key& key : stage_.judge.model().quarantined()) {
    const auto stored = stage_.gateway.documents().Query(key.first, key.second);
    if (!stored || !stored->complete) damaged.push_back(key);
  }
  return damaged;
}

std::size_t WorldDocuments::SendDamagedAgain() {
  if (!stage_.gateway.open()) return 0;
  const std::vector<Key> damaged = Damaged();
  for (const Key& key : damaged) {
    if (under_way_.contains(key)) continue;
    stage_.tally.Count("damaged documents sent again");
    Send(key.first, texts_.at(key.second), [](bool) {});
  }
  return damaged.size();
}

// ---- What the committer is asked ----

void WorldDocuments::Asked(const Draft& draft) {
  if (const auto* drop = std::get_if<DropDocument>(&draft)) {
    committed_.erase({drop->system, drop->sha256});
  } else if (const auto* damage = std::get_if<QuarantineDocument>(&draft)) {
    committed_.erase({damage->system, damage->sha256});
  }
}

void WorldDocuments::Answered(const Draft& draft, const Result<Outcome>& outcome) {
  Asked(draft);  // What was committed before it in the same group is let go as well.
  if (!outcome) return;
  if (const auto* extent = std::get_if<StoreExtent>(&draft)) {
    committed_[{extent->system, extent->sha256}] = outcome->stored_bytes;
  } else if (const auto* drop = std::get_if<DropDocument>(&draft)) {
    if (drop->if_lease_over_at && !outcome->freed.empty()) {
      stage_.tally.Count("uploads collected");
    }
  } else if (const auto* forget = std::get_if<ForgetFreed>(&draft)) {
    stage_.tally.Count("extents given back", forget->punched.size());
  } else if (std::holds_alternative<NoteSwept>(draft)) {
    stage_.tally.Count("segments swept");
  }
}

}  // namespace nightbox
