// Separate filings: from one package to one filing for each defendant, child or action (COR 4.05),
// because only its filer may divide a filing; the gateway never does.
//
// All of them name one group, so that the court can relate the files. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "client/header_options.h"
#include "core/filing.h"
#include "core/ids.h"
#include "core/result.h"

namespace nightbox::client {

inline constexpr std::size_t kSeparateFilingsMax = 99;
// Room for "-99" within the 64 that a request id may have.
inline constexpr std::size_t kGroupNameMax = 61;

// One filing for each defendant or child that COR 4.05 gives a file, in the order of the parties;
// the package as it is when there is at most one. Each has all documents, and every party,
// represented party and service request but those of the other defendants or children. "{name}" in
// the title stands for whose file it is.
//
// kInvalidArgument when the people cannot be told apart, or what was given belongs to one of them.
Result<std::vector<HeaderDraft>> SeparateByPerson(const HeaderDraft& package);

// One filing for each action, given as "CASE TYPE:N,N[:TITLE]": the numbers are those of its
// documents, counting from 1, and one document may belong to several actions.
//
// kInvalidArgument says what is wrong with the list.
Result<std::vector<HeaderDraft>> SeparateByAction(const HeaderDraft& package,
                                                  const std::vector<std::string>& actions);

// Names the group in every header that names none.
void Relate(std::vector<HeaderDraft>& drafts, std::string_view group);

// "GROUP-01" for the first: the same command makes the same ids again.
RequestId SeparateRequestId(std::string_view group, std::size_t index);

// What to tell a filer whose package should be several filings, and what to do about it; empty when
// it should not.
std::vector<std::string> AdviceToSeparate(const FilingHeader& header);

}  // namespace nightbox::client
