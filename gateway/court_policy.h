// What each court takes: limits, media types, case types, and whose receipt counts; and whom to ask
// and to call.
//
// Made of what the court system's directory states (rules/court_system.h). Values nobody has
// confirmed against the court's own text are marked so and shown as such; nothing here is law. A
// policy's version changes whenever any of its values does, and is recorded with
// every filing that was checked against it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "evidence/receipt.h"
#include "rules/court_contacts.h"
#include "rules/court_directory.h"
#include "rules/court_statement.h"

namespace nightbox {

// As media_types below lists them: "Application/PDF; version=1.7" is application/pdf.
std::string BareMediaType(std::string_view media_type);

// "UNDECIDED", "GATEWAY", "CASE_SYSTEM".
std::string_view ToString(ReceiptAuthority authority);
std::optional<ReceiptAuthority> ParseReceiptAuthority(std::string_view text);

// How sure a value of a policy is, and where it comes from.
struct ValueStanding {
  std::string name;
  Standing standing = Standing::kUnconfirmed;
  // Empty: none is given.
  std::string source = {};
  bool operator==(const ValueStanding&) const = default;
};

struct CourtPolicy {
  CourtId court;
  std::string court_name;
  std::int64_t document_size_max_bytes = 7 * kMegabyte;
  std::int64_t filing_size_max_bytes = 21 * kMegabyte;
  int documents_max = kDocumentsHardMax;
  // Lower case, without parameters.
  std::vector<std::string> media_types{"application/pdf"};
  // Empty: all.
  std::vector<std::string> case_types;
  // Names that the access directory gives to filers. Empty: all.
  std::vector<std::string> filer_classes;
  // kGateway only by a confirmed and cited order.
  ReceiptAuthority receipt_authority = ReceiptAuthority::kUndecided;
  // The order that decided the authority.
  std::string receipt_authority_citation;
  Standing receipt_authority_standing = Standing::kUnconfirmed;
  // GATEWAY is stated, and not by such an order: the authority is kUndecided.
  bool gateway_unconfirmed = false;
  std::string time_zone = "America/Chicago";
  // As the rule on unavailable electronic filing is cited: "Rule 103.06". Empty: none is known.
  std::string unavailability_rule;
  // What the court system states to people. Empty: it does not.
  std::optional<Stated<RecordsCustodian>> records_custodian;
  // Those for this court.
  std::vector<Stated<DutyContact>> duty_contacts;
  std::optional<Stated<FeePolicy>> fees;
  // The names of the values above that nobody has confirmed: "media_types", "duty_contact[ROLE]";
  // "enabled" is that the court takes filings here at all.
  std::vector<std::string> unconfirmed;
  // Of each value but the last three, by name.
  std::vector<ValueStanding> standings;
  // 16 hexadecimal digits over all values above.
  std::string version;

  bool operator==(const CourtPolicy&) const = default;
};

// The short hash over every value but the version itself.
std::string PolicyVersion(const CourtPolicy& policy);

struct CourtSettings {
  // The first is about all courts; later ones win.
  std::vector<CourtStatement> statements{DefaultCourtStatement()};
  // The ceiling above every filing_size_max_bytes.
  std::int64_t filing_hard_max_bytes = 500 * kMegabyte;
  // As in CourtPolicy, of all courts; custodian and fees of those that state none of their own.
  std::optional<Stated<std::string>> unavailability_rule = {};
  std::optional<Stated<RecordsCustodian>> records_custodian = {};
  std::vector<Stated<DutyContact>> duty_contacts = {};
  std::optional<Stated<FeePolicy>> fees = {};

  bool operator==(const CourtSettings&) const = default;
};

// A duty contact for everybody's eyes.
struct PublicContact {
  Stated<DutyContact> contact;
  // Of the courts that take filings, in the order of their ids. Empty: all of them.
  std::vector<CourtId> courts;
  bool operator==(const PublicContact&) const = default;
};

struct CourtChoice {
  CourtId id;
  std::string name;
  bool operator==(const CourtChoice&) const = default;
};

struct PolicyLookup {
  enum class Answer { kPolicy, kUnknown, kIsCircuit, kNotEnabled };

  Answer answer = Answer::kUnknown;
  // Set for kPolicy and kNotEnabled.
  std::shared_ptr<const CourtPolicy> policy;
  // The nearest courts (kUnknown, at most 3) or the circuit's courts (kIsCircuit).
  std::vector<CourtChoice> choices;
};

inline constexpr std::size_t kContradictionsMax = 20;

// All policies, fixed when made. Thread-safe.
class CourtPolicies {
 public:
  // `served`: ids and patterns of the courts that some case system takes filings for
  // (gateway/court_binding.h). A court no case system serves is never enabled: it could be
  // receipted and never delivered.
  CourtPolicies(std::shared_ptr<const CourtDirectory> directory, const CourtSettings& settings,
                const std::vector<std::string>& served);

  PolicyLookup Lookup(const CourtId& court) const;
  // As a denial in writing names the custodian of that court's records. Empty: nobody is named.
  std::string CustodianOf(const CourtId& court) const;
  const CourtDirectory& directory() const { return *directory_; }
  // The courts that take filings, ordered by id.
  std::vector<std::shared_ptr<const CourtPolicy>> Enabled() const;
  // The courts that would, did a case system serve them; ordered by id.
  std::vector<CourtId> EnabledAndNotServed() const;
  // In the court system's order; one that is for none of the courts that take filings is left out.
  const std::vector<PublicContact>& public_contacts() const { return public_contacts_; }
  // What cannot be meant, court by court: a reason not to start. At most kContradictionsMax.
  std::vector<std::string> Contradictions() const;

 private:
  struct Entry {
    std::shared_ptr<const CourtPolicy> policy;
    bool stated_enabled = false;
    bool enabled = false;  // And served.
  };

  std::vector<CourtChoice> Named(const std::vector<CourtId>& courts) const;
  bool IsOfSomeCourt(const std::string& pattern) const;
  void NotePublic(const Stated<DutyContact>& contact);

  std::shared_ptr<const CourtDirectory> directory_;
  std::vector<std::string> about_no_court_;  // "[[court]] PATTERN", "[[duty_contact]] ROLE for …".
  std::map<CourtId, Entry> destinations_;
  std::vector<PublicContact> public_contacts_;
};

}  // namespace nightbox
