#include "ops/bench_tool/measurement.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace nightbox::bench {

std::string ToJson(const Measurement& measurement) {
  // Three digits behind the point: more would only look exact.
  const double rounded = std::round(measurement.value * 1000) / 1000;
  return boost::json::serialize(boost::json::object{
      {"name", measurement.name}, {"value", rounded}, {"unit", measurement.unit}});
}

double Quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

}  // namespace nightbox::bench
