#include "gateway/status_page.h"

#include <ctemplate/template.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <mutex>
#include <string_view>

#include "core/check.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

namespace json = boost::json;

// How a state looks: a word, a shape, and a class for the colour.
struct Look {
  std::string_view word;
  std::string_view shape;
  std::string_view style;
};

Look LookOf(Accepting accepting) {
  switch (accepting) {
    case Accepting::kYes:
      return {"Yes", "●", "good"};
    case Accepting::kStoredOnly:
      return {"Limited", "▲", "delayed"};
    case Accepting::kNo:
      return {"No", "■", "bad"};
    case Accepting::kUnknown:
      return {"Unknown", "◇", "unknown"};
  }
  CheckFailed("known Accepting", __FILE__, __LINE__);
}

Look LookOf(Delivering delivering) {
  switch (delivering) {
    case Delivering::kYes:
      return {"Yes", "●", "good"};
    case Delivering::kDelayed:
      return {"Delayed", "▲", "delayed"};
    case Delivering::kUnknown:
      return {"Unknown", "◇", "unknown"};
  }
  CheckFailed("known Delivering", __FILE__, __LINE__);
}

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
</style>
</head>
<body>
<main>
<h1>Filing status</h1>
<p>Gateway {{GATEWAY}}, as of <time datetime="{{NOW_UTC}}">{{NOW}}</time>. {{#NOT_READY}}<strong class="bad">■ Not taking filings: {{WHY}}.</strong>{{/NOT_READY}}{{#READY}}<strong class="good">● Taking filings.</strong>{{/READY}}</p>
<p>Filings are received and receipted whether or not a court's case system can be reached. Where delivery is delayed they are kept, in order, and delivered by themselves. A receipt says when the gateway received a filing; whether that is filing is the court's decision. In an emergency matter also go to the clerk.</p>
<table>
<caption>Courts served by this gateway</caption>
<thead><tr><th scope="col">Court</th><th scope="col">Accepting filings</th><th scope="col">Delivering to the court's case system</th><th scope="col">Since</th><th scope="col">Last checked</th></tr></thead>
<tbody>
{{#COURT}}<tr><th scope="row">{{NAME}}</th><td class="{{ACCEPTING_STYLE}}"><span aria-hidden="true">{{ACCEPTING_SHAPE}}</span> {{ACCEPTING}}</td><td class="{{DELIVERING_STYLE}}"><span aria-hidden="true">{{DELIVERING_SHAPE}}</span> {{DELIVERING}}</td><td>{{#SINCE}}<time datetime="{{UTC}}">{{LOCAL}}</time>{{/SINCE}}</td><td>{{#CHECKED}}<time datetime="{{UTC}}">{{LOCAL}}</time>{{/CHECKED}}</td></tr>
{{/COURT}}</tbody>
</table>
<p>Limited: filings whose documents are stored already are taken; new uploads wait. Unknown: not heard of lately. Reload the page for the present state. The same as <a href="/status.json">JSON</a>.</p>
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

void AddTime(ctemplate::TemplateDictionary& row, const char* section,
             const std::optional<WallTime>& time, const std::string& zone) {
  if (!time) return;
  ctemplate::TemplateDictionary* added = row.AddSectionDictionary(section);
  added->SetValue("UTC", FormatUtc(*time));
  added->SetValue("LOCAL", Local(*time, zone));
}

void Set(ctemplate::TemplateDictionary& row, const std::string& prefix, const Look& look) {
  row.SetValue(prefix, std::string(look.word));
  row.SetValue(prefix + "_SHAPE", std::string(look.shape));
  row.SetValue(prefix + "_STYLE", std::string(look.style));
}

json::value TimeValue(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return json::value(FormatUtc(*time));
}

json::string JsonText(std::string_view text) { return json::string(text.data(), text.size()); }

std::string Lower(std::string_view word) {
  std::string lower(word);
  if (!lower.empty()) lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
  return lower;
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
  page.SetValue("GATEWAY", snapshot.gateway);
  page.SetValue("NOW_UTC", FormatUtc(snapshot.made_at));
  page.SetValue("NOW", Local(snapshot.made_at, snapshot.time_zone));
  const std::string why = WhyNotReady(snapshot, now);
  if (why.empty()) {
    page.ShowSection("READY");
  } else {
    page.AddSectionDictionary("NOT_READY")->SetValue("WHY", why);
  }
  for (const CourtStatus& status : snapshot.courts) {
    const CourtStatus shown = Shown(status, snapshot, now);
    ctemplate::TemplateDictionary* row = page.AddSectionDictionary("COURT");
    row->SetValue("NAME", shown.name);
    Set(*row, "ACCEPTING", LookOf(shown.accepting));
    Set(*row, "DELIVERING", LookOf(shown.delivering));
    AddTime(*row, "SINCE", shown.since, snapshot.time_zone);
    AddTime(*row, "CHECKED", shown.last_checked, snapshot.time_zone);
  }
  std::string html;
  NB_CHECK(ctemplate::ExpandTemplate("nightbox status", ctemplate::DO_NOT_STRIP, &page, &html));
  return html;
}

std::string RenderStatusJson(const StatusSnapshot& snapshot, WallTime now) {
  json::array courts;
  for (const CourtStatus& status : snapshot.courts) {
    const CourtStatus shown = Shown(status, snapshot, now);
    courts.push_back(json::object{{"court_id", JsonText(shown.court.str())},
                                  {"name", JsonText(shown.name)},
                                  {"accepting", JsonText(Lower(LookOf(shown.accepting).word))},
                                  {"delivering", JsonText(Lower(LookOf(shown.delivering).word))},
                                  {"since", TimeValue(shown.since)},
                                  {"last_checked", TimeValue(shown.last_checked)}});
  }
  const std::string why = WhyNotReady(snapshot, now);
  json::object page{{"format", "nightbox-status-v1"},
                    {"gateway", JsonText(snapshot.gateway)},
                    {"as_of", JsonText(FormatUtc(snapshot.made_at))},
                    {"ready", why.empty()},
                    {"not_ready", JsonText(why)},
                    {"courts", std::move(courts)}};
  return json::serialize(page) + '\n';
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
      const std::string why = WhyNotReady(snapshot(), clock.Now());
      return why.empty() ? HttpResponse{200, kText, "ready\n"}
                         : HttpResponse{503, kText, "not ready: " + why + '\n'};
    }
    if (request.path == "/metrics") {
      return {200, "text/plain; version=0.0.4; charset=utf-8", metrics()};
    }
    return {404, kText, "There is nothing here. The status page is at /\n"};
  };
}

}  // namespace nightbox
