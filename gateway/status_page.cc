#include "gateway/status_page.h"

#include <ctemplate/template.h>

#include <algorithm>
#include <string_view>

#include "core/check.h"
#include "gateway/status_look.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

constexpr std::string_view kPage = R"({{%AUTOESCAPE context="HTML"}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Filing status: gateway {{GATEWAY}}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 70rem; padding: 0 1rem; color: #111; background: #fff; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .5rem 0; }
th, td { border-bottom: 1px solid #767676; padding: .4rem .6rem; text-align: left; vertical-align: top; }
.good { color: #005a1e; } .delayed { color: #7a4100; } .bad { color: #a00000; } .unknown { color: #4a4a4a; }
.good, .delayed, .bad, .unknown { font-weight: 600; white-space: nowrap; }
.with { font-weight: 400; white-space: normal; }
</style>
</head>
<body>
<main>
<h1>Filing status</h1>
<p>Gateway {{GATEWAY}}, as of {{#AS_OF}}<time datetime="{{UTC}}">{{LOCAL}}</time>{{/AS_OF}}{{AS_OF_NOT_SHOWN}}. {{READY_NOT_SHOWN}}{{#NOT_READY}}<strong class="bad">■ Not taking filings: {{WHY}}.</strong>{{/NOT_READY}}{{#READY}}<strong class="good">● Taking filings.</strong>{{/READY}}</p>
<p>Filings are received and receipted whether or not a court's case system can be reached. Where delivery is delayed they are kept, in order, and delivered by themselves. A receipt says when the gateway received a filing; whether that is filing is the court's decision. In an emergency matter also go to the clerk.</p>
<table>
<caption>Courts served by this gateway</caption>
<thead><tr><th scope="col">Court</th><th scope="col">Accepting filings</th><th scope="col">Delivering to the court's case system</th><th scope="col">Since</th><th scope="col">Last checked</th></tr></thead>
<tbody>
{{#COURT}}<tr><th scope="row">{{NAME}}</th><td class="{{ACCEPTING_STYLE}}"><span aria-hidden="true">{{ACCEPTING_SHAPE}}</span> {{ACCEPTING}}</td><td class="{{DELIVERING_STYLE}}"><span aria-hidden="true">{{DELIVERING_SHAPE}}</span> {{DELIVERING}}{{#SHARED}} <span class="with">(with {{WITH}})</span>{{/SHARED}}</td><td>{{#SINCE}}<time datetime="{{UTC}}">{{LOCAL}}</time>{{/SINCE}}{{SINCE_NOT_SHOWN}}</td><td>{{#CHECKED}}<time datetime="{{UTC}}">{{LOCAL}}</time>{{/CHECKED}}{{CHECKED_NOT_SHOWN}}</td></tr>
{{/COURT}}</tbody>
</table>
{{#CIRCUITS}}<table>
<caption>Circuits: groups of courts, by whether filings are delivered to their county courts' case systems</caption>
<thead><tr><th scope="col">Circuit</th><th scope="col">State</th><th scope="col">Of which courts</th></tr></thead>
<tbody>
{{#CIRCUIT}}<tr><th scope="row">{{NAME}}</th><td class="{{STATE_STYLE}}"><span aria-hidden="true">{{STATE_SHAPE}}</span> {{STATE}}</td><td>{{COVERS}}</td></tr>
{{/CIRCUIT}}</tbody>
</table>
{{/CIRCUITS}}{{#CONTACTS}}<table>
<caption>Whom to call</caption>
<thead><tr><th scope="col">Who</th><th scope="col">For</th><th scope="col">Telephone</th><th scope="col">E-mail</th><th scope="col">When</th></tr></thead>
<tbody>
{{#CONTACT}}<tr><th scope="row">{{ROLE}}{{#NAMED}}, {{NAME}}{{/NAMED}}{{#UNCONFIRMED}} (unconfirmed){{/UNCONFIRMED}}</th><td>{{COURTS}}</td><td>{{PHONE}}</td><td>{{EMAIL}}</td><td>{{HOURS}}</td></tr>
{{/CONTACT}}</tbody>
</table>
{{/CONTACTS}}<p>Limited: filings whose documents are stored already are taken; new uploads wait. Unknown: not heard of lately. Reload the page for the present state. The same as <a href="/status.json">JSON</a>.</p>
</main>
</body>
</html>
)";

// "2024-07-01 23:41:07 -05:00": local, to the second, with what it differs from UTC.
std::string Local(WallTime time, const std::string& zone) {
  const auto local = FormatLocalOffset(time, zone);
  std::string text = local ? *local : FormatUtc(time);
  const std::size_t dot = text.find('.');
  const std::size_t offset = text.find_first_of("+-Z", dot);
  if (dot == std::string::npos || offset == std::string::npos) return text;
  return text.substr(0, 10) + ' ' + text.substr(11, dot - 11) + ' ' + text.substr(offset);
}

// One dictionary of the page, filled with what may be shown. Fields go by their paths in
// status.json.
class Part {
 public:
  Part(ctemplate::TemplateDictionary& dictionary, const StatusSnapshot& snapshot)
      : dictionary_(dictionary), snapshot_(snapshot) {}

  // "Not shown (COR 2.04)". Empty: it is shown.
  std::string WhyNot(std::string_view field) const {
    const auto denied = snapshot_.not_shown.find(field);
    if (denied == snapshot_.not_shown.end()) return {};
    return "Not shown (" + denied->second.clause + ")";
  }

  void Set(const std::string& name, std::string_view field, const std::string& value) {
    const std::string why_not = WhyNot(field);
    dictionary_.SetValue(name, why_not.empty() ? value : why_not);
  }

  void Set(const std::string& name, std::string_view field, const Look& look) {
    const bool shown = WhyNot(field).empty();
    Set(name, field, std::string(look.word));
    dictionary_.SetValue(name + "_SHAPE", std::string(shown ? look.shape : "◇"));
    dictionary_.SetValue(name + "_STYLE", std::string(shown ? look.style : "unknown"));
  }

  void Set(const std::string& section, std::string_view field,
           const std::optional<WallTime>& time) {
    const std::string why_not = WhyNot(field);
    dictionary_.SetValue(section + "_NOT_SHOWN", why_not);
    if (!time || !why_not.empty()) return;
    ctemplate::TemplateDictionary* added = dictionary_.AddSectionDictionary(section);
    added->SetValue("UTC", FormatUtc(*time));
    added->SetValue("LOCAL", Local(*time, snapshot_.time_zone));
  }

 private:
  ctemplate::TemplateDictionary& dictionary_;
  const StatusSnapshot& snapshot_;
};

void SetReadiness(ctemplate::TemplateDictionary& page, const StatusSnapshot& snapshot,
                  const std::string& why_not_ready) {
  const Part part(page, snapshot);
  if (const std::string why_not = part.WhyNot("ready"); !why_not.empty()) {
    page.SetValue("READY_NOT_SHOWN", "Whether it takes filings: " + why_not + ".");
  } else if (why_not_ready.empty()) {
    page.ShowSection("READY");
  } else {
    Part(*page.AddSectionDictionary("NOT_READY"), snapshot).Set("WHY", "not_ready", why_not_ready);
  }
}

// Beside a state that is not the court's own: whose it is.
void AddWhose(ctemplate::TemplateDictionary& row, const CourtStatus& shown,
              const StatusSnapshot& snapshot) {
  if (shown.state_of == shown.court || snapshot.not_shown.contains("courts.state_of") ||
      snapshot.not_shown.contains("courts.delivering")) {
    return;
  }
  const bool named = !shown.state_of_name.empty() && !snapshot.not_shown.contains("courts.name");
  row.AddSectionDictionary("SHARED")->SetValue("WITH",
                                               named ? shown.state_of_name : shown.state_of.str());
}

void AddCircuits(ctemplate::TemplateDictionary& page, const StatusSnapshot& snapshot,
                 WallTime now) {
  if (snapshot.circuits.empty()) return;
  ctemplate::TemplateDictionary* part = page.AddSectionDictionary("CIRCUITS");
  for (const CircuitGroup& circuit : snapshot.circuits) {
    Part row(*part->AddSectionDictionary("CIRCUIT"), snapshot);
    row.Set("NAME", "circuits.name", circuit.name);
    row.Set("STATE", "circuits.state", LookOf(Shown(circuit, snapshot, now)));
    row.Set("COVERS", "circuits.covers", circuit.covers);
  }
}

// "all courts", or the courts' names.
std::string CourtsOf(const PublicContact& contact, const StatusSnapshot& snapshot) {
  if (contact.courts.empty()) return "all courts";
  std::string names;
  for (const CourtId& id : contact.courts) {
    const auto court = std::ranges::find(snapshot.courts, id, &CourtStatus::court);
    if (!names.empty()) names += ", ";
    const bool named =
        court != snapshot.courts.end() && !snapshot.not_shown.contains("courts.name");
    names += named ? court->name : id.str();
  }
  return names;
}

void AddContacts(ctemplate::TemplateDictionary& page, const StatusSnapshot& snapshot) {
  if (snapshot.contacts.empty()) return;
  ctemplate::TemplateDictionary* part = page.AddSectionDictionary("CONTACTS");
  for (const PublicContact& each : snapshot.contacts) {
    const DutyContact& contact = each.contact.value;
    ctemplate::TemplateDictionary* dictionary = part->AddSectionDictionary("CONTACT");
    Part row(*dictionary, snapshot);
    row.Set("ROLE", "contacts.role", contact.role);
    if (!contact.name.empty()) {
      Part(*dictionary->AddSectionDictionary("NAMED"), snapshot)
          .Set("NAME", "contacts.name", contact.name);
    }
    if (!each.contact.confirmed()) dictionary->ShowSection("UNCONFIRMED");
    row.Set("COURTS", "contacts.courts", CourtsOf(each, snapshot));
    row.Set("PHONE", "contacts.phone", contact.phone);
    row.Set("EMAIL", "contacts.email", contact.email);
    row.Set("HOURS", "contacts.hours", contact.hours);
  }
}

}  // namespace

CourtStatus Shown(const CourtStatus& status, const StatusSnapshot& snapshot, WallTime now) {
  CourtStatus shown = status;
  const bool stale = now - snapshot.made_at > snapshot.snapshot_holds;
  if (stale) shown.accepting = Accepting::kUnknown;
  if (!stale && !snapshot.not_ready.empty()) shown.accepting = Accepting::kNo;
  const bool checked = status.last_checked && now - *status.last_checked <= snapshot.checks_hold;
  if (stale || !checked) {
    // Since when it is unknown is worth saying; since when it was anything else is old news.
    if (stale || shown.delivering != Delivering::kUnknown) shown.since.reset();
    shown.delivering = Delivering::kUnknown;
  }
  return shown;
}

CircuitState Shown(const CircuitGroup& circuit, const StatusSnapshot& snapshot, WallTime now) {
  std::size_t delivering = 0;
  std::size_t delayed = 0;
  for (const CourtStatus& status : snapshot.courts) {
    if (std::ranges::find(circuit.courts, status.court) == circuit.courts.end()) continue;
    const Delivering shown = Shown(status, snapshot, now).delivering;
    delivering += shown == Delivering::kYes ? 1 : 0;
    delayed += shown == Delivering::kDelayed ? 1 : 0;
  }
  return CircuitStateOf(delivering, delayed, circuit.courts.size() - delivering - delayed);
}

std::string WhyNotReady(const StatusSnapshot& snapshot, WallTime now) {
  if (!snapshot.not_ready.empty()) return snapshot.not_ready;
  if (now - snapshot.made_at > snapshot.snapshot_holds) return "the gateway's state is not known";
  return {};
}

std::string RenderStatusHtml(const StatusSnapshot& snapshot, WallTime now) {
  static const bool cached = ctemplate::StringToTemplateCache(
      "nightbox status", kPage.data(), kPage.size(), ctemplate::DO_NOT_STRIP);
  NB_CHECK(cached);
  ctemplate::TemplateDictionary page("status");
  Part whole(page, snapshot);
  whole.Set("GATEWAY", "gateway", snapshot.gateway);
  whole.Set("AS_OF", "as_of", std::optional(snapshot.made_at));
  SetReadiness(page, snapshot, WhyNotReady(snapshot, now));
  for (const CourtStatus& status : snapshot.courts) {
    const CourtStatus shown = Shown(status, snapshot, now);
    ctemplate::TemplateDictionary* dictionary = page.AddSectionDictionary("COURT");
    Part row(*dictionary, snapshot);
    row.Set("NAME", "courts.name", shown.name);
    row.Set("ACCEPTING", "courts.accepting", LookOf(shown.accepting));
    row.Set("DELIVERING", "courts.delivering", LookOf(shown.delivering));
    row.Set("SINCE", "courts.since", shown.since);
    row.Set("CHECKED", "courts.last_checked", shown.last_checked);
    AddWhose(*dictionary, shown, snapshot);
  }
  AddCircuits(page, snapshot, now);
  AddContacts(page, snapshot);
  std::string html;
  NB_CHECK(ctemplate::ExpandTemplate("nightbox status", ctemplate::DO_NOT_STRIP, &page, &html));
  return html;
}

HttpHandler StatusRoutes(std::function<StatusSnapshot()> snapshot,
                         std::function<std::string()> metrics, const Clock& clock) {
  return [snapshot = std::move(snapshot), metrics = std::move(metrics),
          &clock](const HttpRequest& request) -> HttpResponse {
    constexpr const char* kText = "text/plain; charset=utf-8";
    if (request.path == "/") {
      return {200, "text/html; charset=utf-8", RenderStatusHtml(snapshot(), clock.Now())};
    }
    if (request.path == "/status.json") {
      return {200, "application/json", RenderStatusJson(snapshot(), clock.Now())};
    }
    // Alive: the loop answers. Ready: filings are taken.
    if (request.path == "/healthz") return {200, kText, "ok\n"};
    if (request.path == "/readyz") {
      const StatusSnapshot now = snapshot();
      const std::string why = WhyNotReady(now, clock.Now());
      if (why.empty()) return {200, kText, "ready\n"};
      // The code is for the machine in front, which must know where filings are taken.
      const bool shown = !now.not_shown.contains("not_ready");
      return {503, kText, shown ? "not ready: " + why + '\n' : "not ready\n"};
    }
    if (request.path == "/metrics" && metrics) {
      return {200, "text/plain; version=0.0.4; charset=utf-8", metrics()};
    }
    return {404, kText, "There is nothing here. The status page is at /\n"};
  };
}

}  // namespace nightbox
