// ShownFields: what the policy on public access takes out of what this product shows, at the moment
// at which it is shown.
//
// Asked by every edge before anything leaves, so that a version that takes effect while a program
// runs holds from its first midnight on, in the court system's zone. A case costs nothing: a field
// that is allowed although nothing is known of the case is allowed of every case (rules/access.h),
// so which fields can be denied at all is found out once, for every version, when this is made.
// With no such field, which is the rule, the answer is one look-up. That is all that is kept:
// nothing grows with cases, calls or days. Immutable; any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "rules/access.h"
#include "rules/access_renderings.h"

namespace nightbox {

struct DeniedField {
  // By what, for whoever is shown the rest, and whether that is confirmed. Of what is answered as
  // if it were not there it is the clause by which everything is denied that no other allows.
  std::string clause;
  // What a person who asked for it is given in writing (AccessDecision::written_denial).
  std::string in_writing;

  bool operator==(const DeniedField&) const = default;
};

// By the path with which the rendering declares the field. A field inside one that is denied is
// gone with it, and not named.
using DeniedFields = std::map<std::string, DeniedField, std::less<>>;

// "case_numbers.party (COR 2.04(b)), reason (COR 2.04(b))".
std::string InWords(const DeniedFields& denied);

class ShownFields {
 public:
  // `policies` and `categories` outlive this. `zone` is known to the time zone database.
  // `custodian`: of the court system's records; empty: none is named.
  ShownFields(const AccessPolicies& policies, const std::vector<RenderedField>& renderings,
              std::string zone, std::string custodian,
              const std::vector<AccessCategory>& categories = AccessCategories());

  // What of a declared rendering is not shown at `now`. `facts` says what is known of the case
  // shown, and is called only where the answer hangs on it; empty: nothing is known, or the
  // rendering is about no case. `custodian`: of the records of the court concerned (COR 2.08);
  // empty: the court system's.
  DeniedFields Denied(std::string_view rendering, WallTime now,
                      const std::function<CaseFacts()>& facts = {},
                      const std::string& custodian = {}) const;

  // What this court system's categories say of a case.
  const std::vector<AccessCategory>& categories() const { return categories_; }

 private:
  struct Version {
    // Midnight of its first day.
    WallTime from;
    const AccessPolicy* policy;
    // Of every declared rendering the fields that this version denies of some case.
    std::map<std::string, std::vector<RenderedField>, std::less<>> deniable;
  };

  AccessDecision Decide(const AccessPolicy& policy, const RenderedField& field,
                        const CaseFacts& facts, const std::string& custodian, CourtDay today) const;
  const Version& At(WallTime now) const;

  const std::string zone_;
  const std::string custodian_;
  const std::vector<AccessCategory>& categories_;
  std::vector<Version> versions_;
};

}  // namespace nightbox
