// `nightbox receipt`: the receipt and the evidence package, as files.
#include "client/backoff.h"
#include "client/command_parts.h"
#include "client/commands.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t kReceiptBytesMax = 16'000'000;

// The receipt kept beside the outbox entry, if there is one.
ReceiptBytes LocalReceipt(const std::optional<EntrySummary>& entry) {
  ReceiptBytes receipt;
  if (!entry || !entry->outcome) return receipt;
  const auto json = ReadWholeFile(entry->directory / "receipt.json", kReceiptBytesMax);
  const auto p7s = ReadWholeFile(entry->directory / "receipt.json.p7s", kReceiptBytesMax);
  if (json && p7s) receipt = {*json, *p7s, ""};
  return receipt;
}

// The gateway's receipt, asked for again until it is there, with its evidence package if that is
// wanted, or until time is up. The last answer otherwise.
CallResult<ReceiptBytes> Fetch(const Surroundings& around, IntakeClient& client,
                               const KnownFiling& known, bool want_package, milliseconds timeout) {
  const BootTime give_up_at = around.clock.BootNow() + timeout;
  Backoff backoff({milliseconds(200), milliseconds(2'000)}, around.random);
  while (true) {
    CallResult<ReceiptBytes> receipt = client.GetReceipt(known.user, known.filing_id);
    if (receipt && (!want_package || !receipt->zip.empty())) return receipt;
    if (!receipt && receipt.error().again == Again::kFinal) return receipt;
    const milliseconds wait = backoff.Next(receipt ? std::nullopt : receipt.error().retry_after);
    if (around.clock.BootNow() + wait > give_up_at) return receipt;
    if (!around.stop.Wait(wait)) return CallFailure::Interrupted();
  }
}

// Made in a new file and renamed, so that nobody finds half a package.
Result<void> WriteFile(Output& out, const fs::path& path, std::string_view bytes,
                       const char* member) {
  NB_RETURN_IF_ERROR(FileOperations().ReplaceFile(fs::absolute(path), bytes));
  out.members()[member] = path.string();
  out.Say("Wrote " + path.string());
  return {};
}

Result<void> WriteAll(Output& out, const fs::path& directory, const ReceiptBytes& receipt) {
  NB_RETURN_IF_ERROR(FileOperations().MakeDirectories(directory));
  NB_RETURN_IF_ERROR(WriteFile(out, directory / "receipt.json", receipt.json, "receipt_path"));
  NB_RETURN_IF_ERROR(WriteFile(out, directory / "receipt.json.p7s", receipt.p7s, "signature_path"));
  if (receipt.zip.empty()) {
    out.Note("The gateway has not made the evidence package yet; ask again in a few seconds.");
    return {};
  }
  return WriteFile(out, directory / "evidence.zip", receipt.zip, "package_path");
}

ExitCode Show(const Surroundings& around, const ReceiptBytes& receipt) {
  around.out.members()["receipt_json"] = receipt.json;
  around.out.members()["receipt_p7s_base64"] = Base64Encode(receipt.p7s);
  around.out.Bytes(receipt.json);
  return around.out.Finish(ExitCode::kDone);
}

}  // namespace

ExitCode RunReceipt(const Surroundings& around, const std::string& id, const std::string& target,
                    milliseconds timeout) {
  Output& out = around.out;
  const Result<Outbox> outbox = OpenOutbox(around.settings);
  if (!outbox) return Fail(out, outbox.error());
  // A receipt that is here is shown without asking anybody: it must be at hand in an outage.
  const ReceiptBytes local = LocalReceipt(outbox->Find(id));
  if (target.empty() && !local.empty()) return Show(around, local);

  const auto client = OpenClient(around);
  if (!client) return Fail(out, client.error());
  const auto known = FindFiling(around, *outbox, **client, id);
  if (!known) return Fail(out, known.error());
  const bool want_package = target.ends_with(".zip");
  CallResult<ReceiptBytes> receipt = Fetch(around, **client, *known, want_package, timeout);
  if (!receipt && !local.empty() && !want_package && receipt.error().not_reached()) {
    out.Note("The gateway cannot be reached; this is the receipt kept here.");
    receipt = local;
  }
  if (!receipt) return Fail(out, receipt.error());
  if (!local.empty() && (local.json != receipt->json || local.p7s != receipt->p7s)) {
    return Fail(out, CallFailure::Contradiction(
                         "The gateway now shows another receipt than it gave; keep the one in " +
                         known->entry->directory.string() + "."));
  }
  out.members()["filing_id"] = known->filing_id.str();
  if (target.empty()) return Show(around, *receipt);
  if (want_package && receipt->zip.empty()) {
    out.Note("The gateway has not made the evidence package yet; the receipt itself stands.");
    out.members()["outcome"] = "not-yet";
    return out.Finish(ExitCode::kStillWaiting);
  }
  const Result<void> written = want_package ? WriteFile(out, target, receipt->zip, "package_path")
                                            : WriteAll(out, target, *receipt);
  if (!written) return Fail(out, written.error());
  return out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
