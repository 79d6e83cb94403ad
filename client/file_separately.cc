// Filing several packages that belong together: all into the outbox at once, each sent by its own.
#include <algorithm>

#include "client/command_parts.h"
#include "client/file_steps.h"
#include "client/separate_filings.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// All of them, made now, or made by an earlier run of the same command.
Result<std::vector<Prepared>> PrepareAll(const Filing& filing, const std::string& base,
                                         std::vector<HeaderDraft> drafts) {
  std::vector<Package> packages;
  std::vector<std::vector<std::filesystem::path>> sources;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    packages.push_back(NewPackage(filing.around, SeparateRequestId(base, i), drafts[i].header));
    sources.push_back(drafts[i].sources);
  }
  std::vector<Prepared> all;
  Result<std::vector<OutboxEntry>> entries = filing.outbox.PrepareTogether(packages, sources);
  if (entries) {
    for (OutboxEntry& each : *entries) all.emplace_back().entry = std::move(each);
    return all;
  }
  if (entries.error().code != ErrorCode::kAlreadyExists) return entries.error();
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    NB_ASSIGN_OR_RETURN(Prepared earlier,
                        GoOnWithEarlier(filing.outbox, packages[i].request_id,
                                        packages[i].registered_user, std::move(drafts[i])));
    all.push_back(std::move(earlier));
  }
  return all;
}

// One filing's part of the command: its own members, and what it came to.
struct Part {
  RequestId request_id;
  ExitCode code = ExitCode::kDone;
  json::object members;
};

class Together {
 public:
  Together(const Filing& filing, milliseconds timeout)
      : filing_(filing), give_up_at_(filing.around.clock.BootNow() + timeout) {}

  // Does something for one of them, its members in the place of the command's.
  template <class Act>
  void Do(Part& part, Act act) {
    json::object& members = filing_.around.out.members();
    std::swap(members, part.members);
    part.code = act(Left());
    members["exit_code"] = static_cast<int>(part.code);
    std::swap(members, part.members);
  }

 private:
  milliseconds Left() const {
    const auto left =
        std::chrono::duration_cast<milliseconds>(give_up_at_ - filing_.around.clock.BootNow());
    return std::max(left, milliseconds(0));
  }

  const Filing& filing_;
  const BootTime give_up_at_;
};

ExitCode Report(Output& out, std::vector<Part>& parts, bool interrupted) {
  ExitCode worst = interrupted ? ExitCode::kInterrupted : ExitCode::kDone;
  json::array entries;
  std::size_t well = 0;
  for (Part& each : parts) {
    worst = MoreSerious(worst, each.code);
    if (each.code == ExitCode::kDone) ++well;
    entries.push_back(std::move(each.members));
  }
  out.members()["entries"] = std::move(entries);
  out.members()["outcome"] = worst == ExitCode::kDone ? "received" : "incomplete";
  out.Say(std::to_string(well) + " of " + std::to_string(parts.size()) +
          (worst == ExitCode::kDone ? " filings received." : " filings went well; see above."));
  return out.Finish(worst);
}

}  // namespace

ExitCode FileSeparately(const Filing& filing, const FileOptions& options,
                        std::vector<HeaderDraft> drafts) {
  Output& out = filing.around.out;
  const std::string base =
      options.request_id.empty() ? NewRequestId(filing.around.random).str() : options.request_id;
  Relate(drafts, base);
  const std::string group = drafts.front().header.related_group_id;
  Result<std::vector<Prepared>> prepared = PrepareAll(filing, base, std::move(drafts));
  if (!prepared) return Fail(out, prepared.error());
  const std::string count = std::to_string(prepared->size());
  out.Note(count + " filings are in the outbox, related as " + group);
  out.members()["related_group_id"] = group;

  Together together(filing, options.timeout);
  std::vector<Part> parts(prepared->size());
  bool interrupted = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].request_id = (*prepared)[i].request_id();
    parts[i].members["request_id"] = parts[i].request_id.str();
    if (filing.around.stop.raised()) {
      interrupted = true;
      parts[i].code = ExitCode::kInterrupted;
      parts[i].members["outcome"] = "interrupted";
      continue;
    }
    out.Note("Filing " + std::to_string(i + 1) + " of " + count + ", " + parts[i].request_id.str() +
             ":");
    together.Do(parts[i],
                [&](milliseconds left) { return SendPrepared(filing, (*prepared)[i], left); });
  }
  for (Part& each : parts) {
    if (each.code != ExitCode::kDone || !options.wait_docketed) continue;
    out.Note(each.request_id.str() + ":");
    together.Do(each,
                [&](milliseconds left) { return WaitForCourt(filing, each.request_id, left); });
  }
  return Report(out, parts, interrupted);
}

}  // namespace nightbox::client
