#include "rules/observations.h"

#include <algorithm>

namespace nightbox {
namespace {

// In order, clipped to the window, empty ones gone. Spans that touch become one only where
// `touching_is_one`: between two possible failures a good observation may stand at that instant.
TimeSpans Merged(TimeSpans spans, TimeSpan window, bool touching_is_one) {
  std::sort(spans.begin(), spans.end(),
            [](const TimeSpan& a, const TimeSpan& b) { return a.from < b.from; });
  TimeSpans merged;
  for (const TimeSpan& each : spans) {
    const TimeSpan clipped{std::max(each.from, window.from), std::min(each.to, window.to)};
    if (clipped.to < clipped.from) continue;
    const bool joins = !merged.empty() && (touching_is_one ? clipped.from <= merged.back().to
                                                           : clipped.from < merged.back().to);
    if (joins) {
      merged.back().to = std::max(merged.back().to, clipped.to);
    } else {
      merged.push_back(clipped);
    }
  }
  return merged;
}

TimeSpans Announced(const std::vector<AnnouncedMaintenance>& maintenance) {
  TimeSpans spans;
  for (const AnnouncedMaintenance& notice : maintenance) {
    if (notice.published_at <= notice.from) spans.push_back({notice.from, notice.to});
  }
  return spans;
}

}  // namespace

TimeSpans SurelyUnavailable(const Observations& seen, TimeSpan window, bool skip_announced) {
  TimeSpans spans;
  spans.reserve(seen.unavailable.size());
  for (const UnavailableInterval& each : seen.unavailable) {
    spans.push_back({each.first_bad, each.last_bad});
  }
  spans = Merged(std::move(spans), window, /*touching_is_one=*/true);
  return skip_announced ? Difference(std::move(spans), Announced(seen.maintenance)) : spans;
}

TimeSpans PossiblyUnavailable(const Observations& seen, TimeSpan window, bool skip_announced) {
  TimeSpans spans;
  for (const UnavailableInterval& each : seen.unavailable) {
    spans.push_back({each.last_good.value_or(window.from), each.first_good.value_or(window.to)});
  }
  for (const UnknownGap& gap : seen.gaps) spans.push_back({gap.from, gap.to});
  if (seen.observed_from) spans.push_back({window.from, *seen.observed_from});
  if (seen.observed_until) spans.push_back({*seen.observed_until, window.to});
  spans = Merged(std::move(spans), window, /*touching_is_one=*/false);
  std::erase_if(spans, [](const TimeSpan& span) { return span.to <= span.from; });
  return skip_announced ? Difference(std::move(spans), Announced(seen.maintenance)) : spans;
}

bool SurelyUnavailableAt(const Observations& seen, TimeSpan when) {
  return std::any_of(seen.unavailable.begin(), seen.unavailable.end(),
                     [&](const UnavailableInterval& each) {
                       return each.first_bad <= when.from && when.to <= each.last_bad;
                     });
}

bool PossiblyUnavailableAt(const Observations& seen, TimeSpan when) {
  if (seen.observed_from && when.from < *seen.observed_from) return true;
  if (seen.observed_until && when.to > *seen.observed_until) return true;
  const bool in_gap = std::any_of(seen.gaps.begin(), seen.gaps.end(), [&](const UnknownGap& gap) {
    return gap.from < when.to && when.from < gap.to;
  });
  return in_gap || std::any_of(seen.unavailable.begin(), seen.unavailable.end(),
                               [&](const UnavailableInterval& each) {
                                 return (!each.last_good || *each.last_good < when.to) &&
                                        (!each.first_good || when.from < *each.first_good);
                               });
}

TimeSpans Difference(TimeSpans spans, const TimeSpans& removed) {
  for (const TimeSpan& out : removed) {
    if (out.to <= out.from) continue;
    TimeSpans left;
    for (const TimeSpan& each : spans) {
      if (each.to <= out.from || each.from >= out.to) {
        left.push_back(each);
        continue;
      }
      if (each.from < out.from) left.push_back({each.from, out.from});
      if (each.to > out.to) left.push_back({out.to, each.to});
    }
    spans = std::move(left);
  }
  return spans;
}

Microseconds TotalLength(const TimeSpans& spans) {
  Microseconds total{0};
  for (const TimeSpan& each : spans) total += each.length();
  return total;
}

Microseconds LongestRun(const TimeSpans& spans) {
  Microseconds longest{0};
  for (const TimeSpan& each : spans) longest = std::max(longest, each.length());
  return longest;
}

Microseconds FullSpan(const TimeSpans& spans) {
  return spans.empty() ? Microseconds{0} : spans.back().to - spans.front().from;
}

}  // namespace nightbox
