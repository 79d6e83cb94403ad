#include "client/separate_filings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>

#include "rules/separate_files.h"

namespace nightbox::client {
namespace {

constexpr std::string_view kName = "{name}";
constexpr std::string_view kActionForm = "'CASE TYPE:N,N[:TITLE]'";

Error Wrong(std::string_view option, std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message), "", std::string(option)};
}

std::string WithName(std::string title, const std::string& name) {
  for (std::size_t at = title.find(kName); at != std::string::npos;
       at = title.find(kName, at + name.size())) {
    title.replace(at, kName.size(), name);
  }
  return title;
}

// The finding on people, if there is one. A case has defendants or children, never both.
Result<std::optional<SeparateFiles>> FindPeople(const FilingHeader& header) {
  std::optional<SeparateFiles> people;
  for (SeparateFiles& found : FindSeparateFiles(header)) {
    if (found.rule == SeparateFilesRule::kActions) {
      return Wrong("--one-per-person",
                   "the package begins a dissolution and a paternity action; say which documents "
                   "belong to which with --action " +
                       std::string(kActionForm));
    }
    if (found.named_together) {
      return Wrong("--party", "name each of the " + std::string(ToString(found.rule)) +
                                  " with a --party of their own");
    }
    people = std::move(found);
  }
  return people;
}

// The package as the filing of one of them: `others` are the names of the rest.
HeaderDraft FilingOf(const HeaderDraft& package, const std::vector<std::size_t>& people,
                     std::size_t person, const std::set<std::string>& others) {
  HeaderDraft draft = package;
  FilingHeader& header = draft.header;
  auto& opened = std::get<NewCase>(header.case_reference);
  opened.title = WithName(opened.title, opened.parties[person].name);
  std::vector<Party> parties;
  for (std::size_t i = 0; i < opened.parties.size(); ++i) {
    if (i == person || std::ranges::find(people, i) == people.end()) {
      parties.push_back(std::move(opened.parties[i]));
    }
  }
  opened.parties = std::move(parties);
  std::erase_if(header.on_behalf_of,
                [&](const std::string& name) { return others.contains(name); });
  std::erase_if(header.service_requests,
                [&](const ServiceRequest& request) { return others.contains(request.name); });
  return draft;
}

struct Action {
  std::string case_type;
  std::vector<std::size_t> documents;  // From 0.
  std::string title;
};

// "1,3" as indexes, ascending; nothing when it is no such list.
std::optional<std::vector<std::size_t>> ParseNumbers(std::string_view text, std::size_t documents) {
  std::set<std::size_t> numbers;
  while (true) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 1 || number > documents) return std::nullopt;
    if (!numbers.insert(number - 1).second) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) break;
    if (text.front() != ',') return std::nullopt;
    text.remove_prefix(1);
  }
  return std::vector<std::size_t>(numbers.begin(), numbers.end());
}

std::optional<Action> ParseAction(const std::string& text, std::size_t documents) {
  const std::size_t first = text.find(':');
  if (first == std::string::npos || first == 0) return std::nullopt;
  const std::size_t second = text.find(':', first + 1);
  const std::string numbers =
      text.substr(first + 1, second == std::string::npos ? std::string::npos : second - first - 1);
  auto indexes = ParseNumbers(numbers, documents);
  if (!indexes) return std::nullopt;
  return Action{text.substr(0, first), *std::move(indexes),
                second == std::string::npos ? "" : text.substr(second + 1)};
}

HeaderDraft FilingOf(const HeaderDraft& package, const Action& action) {
  HeaderDraft draft = package;
  auto& opened = std::get<NewCase>(draft.header.case_reference);
  opened.case_type = action.case_type;
  if (!action.title.empty()) opened.title = action.title;
  draft.header.documents.clear();
  draft.sources.clear();
  for (const std::size_t document : action.documents) {
    draft.header.documents.push_back(package.header.documents[document]);
    draft.sources.push_back(package.sources[document]);
  }
  return draft;
}

}  // namespace

Result<std::vector<HeaderDraft>> SeparateByPerson(const HeaderDraft& package) {
  NB_ASSIGN_OR_RETURN(const auto people, FindPeople(package.header));
  if (!people) return std::vector<HeaderDraft>{package};
  if (people->parties.size() > kSeparateFilingsMax) {
    return Wrong("--one-per-person", "at most 99 filings are made at once; make several groups");
  }
  if (!package.header.uniform_citation_number.empty()) {
    return Wrong("--uniform-citation", "a citation is one defendant's; file each by itself");
  }
  const auto& parties = std::get<NewCase>(package.header.case_reference).parties;
  std::set<std::string> names;
  for (const std::size_t person : people->parties) {
    if (!names.insert(parties[person].name).second) {
      return Wrong("--party", "two of the " + std::string(ToString(people->rule)) +
                                  " have one name; say which is which, for example with Jr.");
    }
  }
  std::vector<HeaderDraft> drafts;
  drafts.reserve(people->parties.size());
  for (const std::size_t person : people->parties) {
    std::set<std::string> others = names;
    others.erase(parties[person].name);
    drafts.push_back(FilingOf(package, people->parties, person, others));
  }
  return drafts;
}

Result<std::vector<HeaderDraft>> SeparateByAction(const HeaderDraft& package,
                                                  const std::vector<std::string>& actions) {
  constexpr std::string_view kOption = "--action";
  const auto* opened = std::get_if<NewCase>(&package.header.case_reference);
  if (opened == nullptr) return Wrong(kOption, "an action begins with a new case: give --new-case");
  if (!opened->case_type.empty()) {
    return Wrong("--case-type", "each --action names its case type; leave --case-type out");
  }
  if (actions.size() < 2 || actions.size() > kSeparateFilingsMax) {
    return Wrong(kOption, "give one --action for each of 2 to 99 filings");
  }
  const std::size_t documents = package.header.documents.size();
  std::vector<HeaderDraft> drafts;
  std::set<std::size_t> used;
  for (const std::string& text : actions) {
    const auto action = ParseAction(text, documents);
    if (!action) {
      return Wrong(kOption, "--action must be " + std::string(kActionForm) +
                                ", N being numbers of documents as they are given");
    }
    used.insert(action->documents.begin(), action->documents.end());
    drafts.push_back(FilingOf(package, *action));
    if (drafts.back().header.documents.front().role != DocumentRole::kLead) {
      return Wrong(kOption,
                   "the first document of an action must be a lead document; say so with "
                   "--document FILE:lead");
    }
  }
  if (used.size() != documents) {
    return Wrong(kOption, "every document must belong to an action");
  }
  return drafts;
}

void Relate(std::vector<HeaderDraft>& drafts, std::string_view group) {
  for (HeaderDraft& draft : drafts) {
    if (draft.header.related_group_id.empty()) draft.header.related_group_id = group;
  }
}

RequestId SeparateRequestId(std::string_view group, std::size_t index) {
  std::array<char, 24> number{};
  std::snprintf(number.data(), number.size(), "-%02zu", index + 1);
  return RequestId(std::string(group) + number.data());
}

std::vector<std::string> AdviceToSeparate(const FilingHeader& header) {
  std::vector<std::string> advice;
  for (const SeparateFiles& found : FindSeparateFiles(header)) {
    advice.push_back(Sentence(found));
    if (found.rule == SeparateFilesRule::kActions) {
      advice.push_back("  One filing for each: --action " + std::string(kActionForm) +
                       " for every action, without --case-type.");
    } else if (found.named_together) {
      advice.emplace_back("  One filing for each: a --party for each, and --one-per-person.");
    } else {
      advice.emplace_back("  One filing for each: --one-per-person.");
    }
  }
  return advice;
}

}  // namespace nightbox::client
