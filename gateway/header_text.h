// The texts of a filing's header: their bounds, and that they are text at all.
//
// The bounds keep a journal entry small and a receipt printable; they are far above what courts
// need, and each is said once, in header_text.cc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/filing.h"
#include "core/result.h"

namespace nightbox {

inline constexpr std::size_t kPartiesMax = 1000;
inline constexpr std::size_t kOnBehalfOfMax = 200;
inline constexpr std::size_t kServiceRequestsMax = 200;
inline constexpr std::size_t kMediaItemsMax = 100;
inline constexpr std::size_t kPaperCopiesMax = 1000;
// All texts of a header together.
inline constexpr std::size_t kHeaderTextMaxBytes = 512 * 1024;

// Valid UTF-8 without control characters, line separators or bidirectional overrides (which could
// make a receipt read other than it is); with `lines`, tabs and line ends are allowed.
bool IsPlainText(std::string_view text, bool lines);

// The problems of all texts and lists of the header, at most `max` of them. Pure.
std::vector<Error> HeaderTextProblems(const FilingHeader& header, std::size_t max);

}  // namespace nightbox
