// The rules' data as compiled in: what a program knows without being told where files are.
#pragma once

#include <string_view>

namespace nightbox {

// The bytes of a file of rules/data by its name, for example "courts.csv". Empty: there is none.
std::string_view EmbeddedRulesData(std::string_view name);

}  // namespace nightbox
