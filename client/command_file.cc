// `nightbox file`: into the outbox first, then to the gateway.
#include <algorithm>

#include "client/command_parts.h"
#include "client/commands.h"
#include "client/file_steps.h"
#include "client/separate_filings.h"
#include "proto/filing_codec.h"
#include "rules/redaction.h"

namespace nightbox::client {
namespace {

constexpr std::size_t kStaffMaxBytes = 200;

Result<Prepared> Prepare(const Surroundings& around, Outbox& outbox, const FileOptions& options,
                         HeaderDraft draft) {
  const RequestId request_id =
      options.request_id.empty() ? NewRequestId(around.random) : RequestId(options.request_id);
  const Package package = NewPackage(around, request_id, draft.header);
  Result<OutboxEntry> entry = outbox.Prepare(package, draft.sources);
  if (entry) {
    Prepared prepared;
    prepared.entry = std::move(*entry);
    return prepared;
  }
  if (entry.error().code != ErrorCode::kAlreadyExists) return entry.error();
  return GoOnWithEarlier(outbox, package.request_id, package.registered_user, std::move(draft));
}

ExitCode FileOne(const Filing& filing, const FileOptions& options, HeaderDraft draft) {
  Output& out = filing.around.out;
  Result<Prepared> prepared = Prepare(filing.around, filing.outbox, options, std::move(draft));
  if (!prepared) return Fail(out, prepared.error());
  const RequestId request_id = prepared->request_id();
  if (prepared->entry) out.Note("In the outbox as " + request_id.str());
  ExitCode code = SendPrepared(filing, *prepared, options.timeout);
  if (code == ExitCode::kDone && options.wait_docketed) {
    code = WaitForCourt(filing, request_id, options.timeout);
  }
  return out.Finish(code);
}

// What the options ask for: the package as it is, or one filing for each.
Result<std::vector<HeaderDraft>> Separate(const FileOptions& options, HeaderDraft package) {
  if (options.one_per_person && !options.actions.empty()) {
    return Error{ErrorCode::kInvalidArgument, "give --one-per-person or --action, not both"};
  }
  if (!options.actions.empty()) return SeparateByAction(package, options.actions);
  if (options.one_per_person) return SeparateByPerson(package);
  return std::vector<HeaderDraft>{std::move(package)};
}

// Before anything is filed: the filer may want to do otherwise. What all filings of a package have
// in common is said once.
void Advise(Output& out, const std::vector<HeaderDraft>& drafts) {
  std::vector<std::string> advice;
  const auto add = [&](std::string each) {
    if (std::ranges::find(advice, each) == advice.end()) advice.push_back(std::move(each));
  };
  for (const HeaderDraft& draft : drafts) {
    for (std::string& each : AdviceToSeparate(draft.header)) add(std::move(each));
    for (const PersonalPlace& place : FindPersonalPlaces(draft.header)) add(Sentence(place));
  }
  boost::json::array told;
  for (const std::string& each : advice) {
    out.Note(each);
    told.emplace_back(each);
  }
  if (!told.empty()) out.members()["advice"] = std::move(told);
}

ExitCode CheckAll(const Surroundings& around, IntakeClient& client,
                  std::vector<HeaderDraft> drafts) {
  Output& out = around.out;
  if (drafts.size() == 1) return out.Finish(CheckOnly(around, client, std::move(drafts.front())));
  ExitCode worst = ExitCode::kDone;
  boost::json::array entries;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    out.Note("Filing " + std::to_string(i + 1) + " of " + std::to_string(drafts.size()) + ":");
    const boost::json::object common = std::exchange(out.members(), {});
    worst = MoreSerious(worst, CheckOnly(around, client, std::move(drafts[i])));
    entries.push_back(std::exchange(out.members(), common));
  }
  out.members()["entries"] = std::move(entries);
  out.members()["outcome"] = worst == ExitCode::kDone ? "acceptable" : "refused";
  return out.Finish(worst);
}

}  // namespace

ExitCode RunFile(const Surroundings& around, const FileOptions& options) {
  Output& out = around.out;
  if (around.settings.registered_user.empty()) {
    return FailUsage(out, "no registered user is given", "--user");
  }
  const std::string& staff = around.settings.staff;
  // The gateway would refuse it, and it could not be mended in the outbox.
  if (staff.size() > kStaffMaxBytes || !IsWellFormedText(staff)) {
    return FailUsage(out, "the staff's name has at most 200 bytes of UTF-8", "--staff");
  }
  if (!options.request_id.empty() && !IsValidRequestId(options.request_id)) {
    return FailUsage(out, "a request id is 16 to 64 of A-Z a-z 0-9 - _", "--request-id");
  }
  Result<HeaderDraft> draft = BuildHeader(options.header);
  if (!draft) return Fail(out, draft.error());
  const Result<void> there = CheckSources(draft->sources);
  if (!there) return Fail(out, there.error());
  Result<std::vector<HeaderDraft>> drafts = Separate(options, std::move(*draft));
  if (!drafts) return Fail(out, drafts.error());
  if (drafts->size() > 1 && options.request_id.size() > kGroupNameMax) {
    return FailUsage(out, "for several filings a request id is at most 61 long", "--request-id");
  }
  Advise(out, *drafts);
  const Result<std::string> root = ReadReceiptRoot(around.settings);
  if (!root) return Fail(out, root.error());
  const auto client = OpenClient(around);
  if (!client) return Fail(out, client.error());
  if (options.check_only) return CheckAll(around, **client, std::move(*drafts));
  Result<Outbox> outbox = OpenOutbox(around.settings);
  if (!outbox) return Fail(out, outbox.error());
  const Filing filing{around, *outbox, **client, *root, options.limit_rate};
  if (drafts->size() > 1) return FileSeparately(filing, options, std::move(*drafts));
  return FileOne(filing, options, std::move(drafts->front()));
}

}  // namespace nightbox::client
