// The version that every program says of itself.
#pragma once

#include <string_view>

namespace nightbox {

// Of the project's CMakeLists.txt, for example "0.1.0".
std::string_view Version();

}  // namespace nightbox
