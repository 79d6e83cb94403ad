#include "rules/court_system_reader.h"

#include <algorithm>
#include <concepts>

#include "rules/court_time.h"

namespace nightbox::court_system {
namespace {

constexpr std::size_t kListMax = 500;
constexpr std::int64_t kFilingCeilingMaxBytes = 1'000'000 * kMegabyte;

// ---- Values as people read them ----

std::string Words(bool value) { return value ? "true" : "false"; }
std::string Words(const std::string& value) { return value; }
std::string Words(std::integral auto value) { return std::to_string(value); }
std::string Words(const std::vector<std::string>& values) {
  std::string words;
  for (const std::string& value : values) words += (words.empty() ? "" : ", ") + value;
  return words.empty() ? "all" : words;
}
std::string Words(const ReceiptDecision& value) {
  return value.citation.empty() ? value.authority : value.authority + ", " + value.citation;
}
std::string Words(const RecordsCustodian& value) {
  return Words(std::vector{value.name, value.office, value.contact, value.clause});
}
std::string Words(const DutyContact& value) {
  std::string words =
      Words(std::vector{value.role, value.name, value.phone, value.email, value.hours});
  if (!value.courts.empty()) words += ", for " + Words(value.courts);
  if (value.is_public) words += ", public";
  return words;
}
std::string Words(const FeePolicy& value) {
  return Words(std::vector{value.collected_by, value.policy, value.schedule});
}

bool IsFilerClass(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool IsMediaType(const std::string& name) {
  const std::size_t slash = name.find('/');
  return slash != std::string::npos && slash > 0 && slash + 1 < name.size() &&
         name.find_first_of(" ;,") == std::string::npos;
}

// ---- Reading ----

bool ReadText(TomlTable& t, std::string_view key, std::string& out) {
  std::string text;
  if (!t.Read(key, text)) return false;
  if (text.size() > kCourtSystemTextMax) {
    t.Add(key, "is longer than " + std::to_string(kCourtSystemTextMax) + " bytes");
    return false;
  }
  out = std::move(text);
  return true;
}

bool ReadList(TomlTable& t, std::string_view key, std::vector<std::string>& out) {
  std::vector<std::string> list;
  if (!t.Read(key, list)) return false;
  if (list.size() > kListMax ||
      std::ranges::any_of(list, [](const std::string& s) { return s.empty() || s.size() > 128; })) {
    t.Add(key, "must be at most 500 texts of 1 to 128 bytes");
    return false;
  }
  std::vector<std::string> sorted = list;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    t.Add(key, "names something twice");
    return false;
  }
  out = std::move(list);
  return true;
}

std::optional<CourtDay> ReadDay(TomlTable& t, std::string_view key) {
  std::string text;
  if (!ReadText(t, key, text) || text.empty()) return std::nullopt;
  const auto day = ParseDay(text);
  if (!day) t.Add(key, "must be a day as in \"2024-07-01\"");
  return day;
}

// The keys beside a value that say how far it is to be trusted.
Provenance ReadProvenance(TomlTable& t) {
  Provenance from{.line = t.Line("")};
  std::string word;
  if (ReadText(t, "standing", word)) {
    if (const auto standing = ParseStanding(word)) {
      from.standing = *standing;
    } else {
      t.Add("standing", "must be \"confirmed\", \"unconfirmed\" or \"recalled\"");
    }
  }
  ReadText(t, "source", from.source);
  from.effective_from = ReadDay(t, "effective_from");
  ReadText(t, "ask", from.ask);
  if (from.standing == Standing::kConfirmed && from.source.empty()) {
    t.Add("standing", "\"confirmed\" needs the source that confirms it");
  }
  return from;
}

// A value by itself, or as a table: value, standing, source, effective_from, ask.
template <class T, class ReadValue>
bool ReadStated(TomlTable& t, std::string_view key, std::optional<Stated<T>>& out,
                const ReadValue& read) {
  T value{};
  if (!t.HoldsTable(key)) {
    if (!read(t, key, value)) return false;
    out = Stated<T>(std::move(value), Provenance{.line = t.Line(key)});
    return true;
  }
  bool there = false;
  t.Section(key, [&](TomlTable& section) {
    Provenance from = ReadProvenance(section);
    there = read(section, "value", value);
    if (!there) section.Add("value", "is required");
    if (there) out = Stated<T>(std::move(value), std::move(from));
  });
  return there;
}

class Reader {
 public:
  Reader(CourtSystem& system, std::string file) : system_(system), file_(std::move(file)) {}

  void ReadAll(TomlTable& file) {
    file.Section("court_system", [this](TomlTable& t) { ReadName(t); });
    file.Section("courts", [this](TomlTable& t) { ReadAllCourts(t); });
    file.Sections("court", [this](TomlTable& t) { ReadCourt(t); });
    file.Section("records_custodian", [this](TomlTable& t) {
      Keep("records_custodian", ReadCustodian(t), system_.records_custodian);
    });
    file.Sections("duty_contact", [this](TomlTable& t) { ReadContact(t); });
    file.Section("fees", [this](TomlTable& t) { Keep("fees", ReadFees(t), system_.fees); });
    file.Section("rules", [this](TomlTable& t) { ReadRules(t); });
    file.Finish();
  }

 private:
  template <class T>
  void Note(const std::string& key, const Stated<T>& stated) {
    if (stated.confirmed()) return;
    const Provenance& from = stated.from;
    system_.unconfirmed.push_back({from.line > 0 ? file_ : "the program", from.line, key,
                                   Words(stated.value), from.standing, from.source,
                                   from.ask.empty() ? std::string(QuestionAbout(key)) : from.ask});
  }

  void ReadName(TomlTable& t) {
    ReadText(t, "name", system_.name);
    if (system_.name.empty()) t.Add("name", "is required: what people call the court system");
  }

  void ReadStatement(TomlTable& t, CourtStatement& c) {
    const auto whole_number = [](std::int64_t max) {
      return [max](TomlTable& s, std::string_view key, auto& out) {
        std::int64_t number = 0;
        if (!s.Read(key, number, 1, max)) return false;
        out = static_cast<std::remove_reference_t<decltype(out)>>(number);
        return true;
      };
    };
    ReadStated(t, "enabled", c.enabled,
               [](TomlTable& s, std::string_view key, bool& out) { return s.Read(key, out); });
    ReadStated(t, "document_size_max_bytes", c.document_size_max_bytes,
               whole_number(kDocumentHardMaxBytes));
    ReadStated(t, "filing_size_max_bytes", c.filing_size_max_bytes,
               whole_number(system_.filing_hard_max_bytes));
    ReadStated(t, "documents_max", c.documents_max, whole_number(kDocumentsHardMax));
    ReadStated(t, "media_types", c.media_types, ReadList);
    if (c.media_types &&
        (c.media_types->value.empty() || !std::ranges::all_of(c.media_types->value, IsMediaType))) {
      t.Add("media_types", "needs at least one type, each as in application/pdf");
    }
    ReadStated(t, "case_types", c.case_types, ReadList);
    ReadStated(t, "filer_classes", c.filer_classes, ReadList);
    if (c.filer_classes && !std::ranges::all_of(c.filer_classes->value, IsFilerClass)) {
      t.Add("filer_classes", "must be names of a-z, 0-9 and -");
    }
    ReadAuthority(t, c);
    ReadStated(t, "time_zone", c.time_zone, ReadText);
    if (c.time_zone && !IsKnownZone(c.time_zone->value)) {
      t.Add("time_zone", "is no IANA time zone");
    }
  }

  static void ReadAuthority(TomlTable& t, CourtStatement& c) {
    const auto decision = [](TomlTable& s, std::string_view key, ReceiptDecision& out) {
      return ReadText(s, key, out.authority);
    };
    const bool there = ReadStated(t, "receipt_authority", c.receipt_authority, decision);
    const std::string_view uncited = "needs receipt_authority_citation: the order that decided it";
    std::string citation;
    const bool cited = ReadText(t, "receipt_authority_citation", citation) && !citation.empty();
    if (!there) {
      if (cited) t.Add("receipt_authority_citation", "needs the receipt_authority it is about");
      return;
    }
    ReceiptDecision& decided = c.receipt_authority->value;
    decided.citation = citation;
    if (decided.authority == "GATEWAY") {
      if (!cited) t.Add("receipt_authority", "GATEWAY " + std::string(uncited));
    } else if (decided.authority == "CASE_SYSTEM") {
      if (!cited && c.receipt_authority->confirmed())
        t.Add("receipt_authority", "a confirmed CASE_SYSTEM " + std::string(uncited));
    } else if (decided.authority != "UNDECIDED") {
      t.Add("receipt_authority", "must be UNDECIDED, GATEWAY or CASE_SYSTEM");
    }
  }

  void NoteStatement(const std::string& name, const CourtStatement& c) {
    const auto note = [&](std::string_view key, const auto& stated) {
      if (stated) Note(name + '.' + std::string(key), *stated);
    };
    note("enabled", c.enabled);
    note("document_size_max_bytes", c.document_size_max_bytes);
    note("filing_size_max_bytes", c.filing_size_max_bytes);
    note("documents_max", c.documents_max);
    note("media_types", c.media_types);
    note("case_types", c.case_types);
    note("filer_classes", c.filer_classes);
    note("receipt_authority", c.receipt_authority);
    note("time_zone", c.time_zone);
    note("records_custodian", c.records_custodian);
    note("fees", c.fees);
  }

  // Read before [[court]], whose limits it bounds.
  void ReadAllCourts(TomlTable& t) {
    t.Read("filing_hard_max_bytes", system_.filing_hard_max_bytes, 1, kFilingCeilingMaxBytes);
    CourtStatement all = DefaultCourtStatement();
    ReadStatement(t, all);
    NoteStatement("courts", all);
    system_.statements.push_back(std::move(all));
  }

  void ReadCourt(TomlTable& t) {
    CourtStatement c{.id = {}, .line = t.Line("")};
    ReadText(t, "id", c.id);
    if (c.id.empty()) t.Add("id", "is required: a court id, or a pattern with *");
    ReadStatement(t, c);
    t.Section("records_custodian",
              [&](TomlTable& section) { c.records_custodian = ReadCustodian(section); });
    t.Section("fees", [&](TomlTable& section) { c.fees = ReadFees(section); });
    if (!t.present()) return;
    if (system_.statements.size() > kCourtStatementsMax) {
      if (system_.statements.size() == kCourtStatementsMax + 1) {
        t.Add("id", "is one [[court]] too many: at most " + std::to_string(kCourtStatementsMax));
      }
    } else {
      NoteStatement("court[" + c.id + ']', c);
    }
    system_.statements.push_back(std::move(c));
  }

  // Of the court system, or of one clerk's office (COR 2.08).
  static std::optional<Stated<RecordsCustodian>> ReadCustodian(TomlTable& t) {
    RecordsCustodian custodian;
    ReadText(t, "name", custodian.name);
    ReadText(t, "office", custodian.office);
    ReadText(t, "contact", custodian.contact);
    ReadText(t, "clause", custodian.clause);
    Provenance from = ReadProvenance(t);
    if (!t.present()) return std::nullopt;
    if (custodian.office.empty()) t.Add("office", "is required");
    return Stated(std::move(custodian), std::move(from));
  }

  void ReadContact(TomlTable& t) {
    DutyContact contact;
    ReadText(t, "role", contact.role);
    ReadText(t, "name", contact.name);
    ReadText(t, "phone", contact.phone);
    ReadText(t, "email", contact.email);
    ReadText(t, "hours", contact.hours);
    ReadList(t, "courts", contact.courts);
    t.Read("public", contact.is_public);
    Provenance from = ReadProvenance(t);
    if (!t.present()) return NoteAbsent("duty_contact");
    if (contact.role.empty()) t.Add("role", "is required");
    if (contact.phone.empty() && contact.email.empty()) {
      t.Add("phone", "a duty contact needs a phone or an email");
    }
    if (system_.duty_contacts.size() == kDutyContactsMax) {
      t.Add("role", "is one duty contact too many: at most " + std::to_string(kDutyContactsMax));
      return;
    }
    system_.duty_contacts.emplace_back(std::move(contact), std::move(from));
    Note("duty_contact[" + system_.duty_contacts.back().value.role + ']',
         system_.duty_contacts.back());
  }

  static std::optional<Stated<FeePolicy>> ReadFees(TomlTable& t) {
    FeePolicy fees;
    ReadText(t, "collected_by", fees.collected_by);
    ReadText(t, "policy", fees.policy);
    ReadText(t, "schedule", fees.schedule);
    Provenance from = ReadProvenance(t);
    if (!t.present()) return std::nullopt;
    if (fees.policy.empty()) t.Add("policy", "is required");
    return Stated(std::move(fees), std::move(from));
  }

  // What the court system states of itself, or does not.
  template <class T>
  void Keep(const std::string& key, std::optional<Stated<T>> stated,
            std::optional<Stated<T>>& out) {
    if (!stated) return NoteAbsent(key);
    out = *std::move(stated);
    Note(key, *out);
  }

  void ReadRule(TomlTable& t, std::string_view key, std::string_view by_default,
                Stated<std::string>& out) {
    std::optional<Stated<std::string>> stated;
    ReadStated(t, key, stated, ReadText);
    out = stated ? *std::move(stated)
                 : Stated<std::string>(std::string(by_default),
                                       {.source = "the program's default, which no court has "
                                                  "confirmed"});
    Note("rules." + std::string(key), out);
  }

  void ReadRules(TomlTable& t) {
    RuleVersions& rules = system_.rules;
    ReadRule(t, "unavailability", kMissouriUnavailability, rules.unavailability);
    ReadRule(t, "civil_periods", "44.01", rules.civil_periods);
    ReadRule(t, "criminal_periods", "20.01", rules.criminal_periods);
    ReadRule(t, "statutory_periods", "1.040", rules.statutory_periods);
    ReadRule(t, "public_access", "mo.cor.2", rules.public_access);
  }

  // What nobody has stated at all is not confirmed, either.
  void NoteAbsent(const std::string& key) {
    system_.unconfirmed.push_back({file_, 0, key, "", Standing::kUnconfirmed, "it is not stated",
                                   std::string(QuestionAbout(key))});
  }

  CourtSystem& system_;
  const std::string file_;
};

std::optional<Acceptance> ReadAcceptanceTable(TomlTable& file) {
  std::optional<Acceptance> acceptance;
  file.Section("acceptance", [&](TomlTable& t) {
    Acceptance read;
    for (const auto& [key, out] :
         {std::pair("person", &read.person), std::pair("office", &read.office)}) {
      ReadText(t, key, *out);
      if (out->empty()) t.Add(key, "is required: who answers for the values");
    }
    const auto date = ReadDay(t, "date");
    if (!date) t.Add("date", "is required: the day of the acceptance");
    std::string hex;
    ReadText(t, "values_sha256", hex);
    const auto values = Digest::FromHex(hex);
    if (!values) {
      t.Add("values_sha256", "is required: the digest that nightbox-gateway --check prints");
    }
    ReadText(t, "remark", read.remark);
    if (!t.present() || !date || !values) return;
    read.date = *date;
    read.values = *values;
    acceptance = std::move(read);
  });
  file.Finish();
  return acceptance;
}

}  // namespace

void ReadSystem(std::string_view toml, const std::string& file, CourtSystem& system,
                std::vector<TomlFinding>& findings) {
  std::set<std::string> keys;
  if (const auto table = ParseToml(toml, findings)) {
    TomlTable root(&*table, "", findings, keys);
    Reader(system, file).ReadAll(root);
  }
}

std::optional<Acceptance> ReadAcceptance(std::string_view toml,
                                         std::vector<TomlFinding>& findings) {
  std::set<std::string> keys;
  const auto table = ParseToml(toml, findings);
  if (!table) return std::nullopt;
  TomlTable root(&*table, "", findings, keys);
  return ReadAcceptanceTable(root);
}

std::set<std::string> Keys() {
  CourtSystem system;
  std::vector<TomlFinding> nobody_reads_these;
  std::set<std::string> keys;
  TomlTable nothing(nullptr, "", nobody_reads_these, keys);
  Reader(system, "").ReadAll(nothing);
  (void)ReadAcceptanceTable(nothing);
  return keys;
}

}  // namespace nightbox::court_system
