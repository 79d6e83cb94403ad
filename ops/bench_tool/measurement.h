// A measurement and its line of JSON: what every part of the bench hands on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nightbox::bench {

struct Measurement {
  std::string name;
  double value = 0;
  std::string unit;
};

// {"name":...,"value":...,"unit":...}, without a line's end.
std::string ToJson(const Measurement& measurement);

// The value that `share` (0 to 1) of the values do not exceed; 0 of none. Sorts them.
double Quantile(std::vector<double>& values, double share);

}  // namespace nightbox::bench
