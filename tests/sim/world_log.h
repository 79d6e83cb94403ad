// The program's log, kept instead of printed: a hundred worlds have a lot to say, and only the last
// words of one that failed are of use. Linking this replaces core's Log().
#pragma once

#include <string>
#include <vector>

namespace nightbox {

// What was logged last, at most 40 lines, oldest first; forgets it.
std::vector<std::string> TakeLog();

}  // namespace nightbox
