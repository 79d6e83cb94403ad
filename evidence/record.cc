#include "evidence/record.h"

#include <algorithm>
#include <array>

#include "evidence/json_writer.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

constexpr std::array kNotHeld = {
    "what was filed on paper, over the counter or through other systems and gateways",
    "what the court itself issued: orders, judgments, notices, warrants, docket entries",
    "everything on the sheet that says: held by the case system",
};

constexpr std::array kHowToVerify = {
    "openssl x509 -in root.pem -noout -fingerprint -sha256",
    "openssl cms -verify -binary -inform DER -in record.json.p7s -content record.json -CAfile "
    "root.pem -purpose any -out /dev/null",
    "sha256sum SHA256SUMS",
    "sha256sum -c SHA256SUMS",
};

std::string Meaning(const RecordFacts& facts) {
  return "These are all filings in this case that the log of this gateway holds in its entries 0 "
         "to " +
         std::to_string(facts.published == 0 ? 0 : facts.published - 1) +
         ", with everything the log says of them. Test filings are not among them.";
}

std::string Statement(const RecordFacts& facts) {
  std::string text = "This is what Nightbox gateway " + facts.gateway +
                     " holds of the official record of one case (Court Operating Rule 4.03): " +
                     std::to_string(facts.filings.size()) +
                     (facts.filings.size() == 1 ? " filing" : " filings") +
                     ". Times are those of receipt by the gateway unless the case system is named.";
  if (!facts.complete()) text += " IT IS NOT COMPLETE: the bytes of documents are missing.";
  return text;
}

std::string Local(const RecordFacts& facts, WallTime time) {
  const auto words = FormatLocal(time, facts.time_zone);
  return words ? *words : FormatUtc(time);
}

void Write(JsonWriter& json, const char* name, const std::optional<WallTime>& time) {
  if (time) json.Text(name, FormatUtc(*time));
}

void WriteCourt(JsonWriter& json, const CourtRecord& court) {
  json.BeginObject("case_system");
  json.Text("meaning", "as the court's case system told it");
  json.TextIfStated("court_filing_id", court.court_filing_id);
  json.TextIfStated("status", court.raw_status);
  json.TextIfStated("reason", court.reason);
  Write(json, "filed_at", court.filed_at);
  Write(json, "recorded_at", court.recorded_at);
  Write(json, "reviewed_at", court.reviewed_at);
  Write(json, "docketed_at", court.docketed_at);
  json.BeginArray("case_numbers");
  for (const CaseNumber& number : court.case_numbers) json.Text(number.number);
  json.EndArray();
  json.EndObject();
}

void WriteDocument(JsonWriter& json, const RecordDocument& each) {
  json.BeginObject();
  json.Text("title", each.document.title);
  json.Text("name", each.document.file_name);
  json.Text("type", each.document.media_type);
  json.Number("bytes", each.document.size_bytes);
  json.Text("sha256", each.document.sha256.Hex());
  json.TextIfStated("file", each.file);
  json.TextIfStated("missing", each.missing);
  json.EndObject();
}

void WriteFiling(JsonWriter& json, const RecordFacts& facts, const RecordFiling& filing) {
  json.BeginObject();
  json.Number("sequence", filing.sequence);
  json.Text("filing_id", filing.filing_id.str());
  json.BeginObject("received_at");
  json.Text("meaning", "received by the gateway at");
  json.Text("utc", FormatUtc(filing.received_at));
  json.Text("words", Local(facts, filing.received_at));
  json.EndObject();
  json.Text("state", filing.state);
  json.TextIfStated("remark", filing.remark);
  json.TextIfStated("corrects_filing_id", filing.corrects.str());
  if (filing.court) WriteCourt(json, *filing.court);
  json.Text("receipt", filing.folder + "/receipt.json");
  json.BeginArray("documents");
  for (const RecordDocument& each : filing.documents) WriteDocument(json, each);
  json.EndArray();
  json.BeginArray("entries");
  for (const RecordEvent& event : filing.events) {
    json.BeginObject();
    json.Number("sequence", event.sequence);
    json.Text("type", event.type);
    json.Text("committed_at", FormatUtc(event.committed_at));
    json.TextIfStated("reason", event.reason);
    json.Text("file", event.file);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteCustodian(JsonWriter& json, const Stated<RecordsCustodian>& custodian) {
  json.BeginObject("records_custodian");
  json.Text("meaning", "answers requests for the court's records, also for what is not held here");
  json.TextIfStated("name", custodian.value.name);
  json.Text("office", custodian.value.office);
  json.TextIfStated("contact", custodian.value.contact);
  json.TextIfStated("clause", custodian.value.clause);
  json.Bool("confirmed", custodian.confirmed());
  json.EndObject();
}

void WriteSheet(JsonWriter& json, const RecordFacts& facts) {
  json.BeginObject("sheet");
  json.Text("kind", ToString(facts.sheet.sheet));
  json.Text("title", Title(facts.sheet.sheet));
  json.Text("clause", facts.sheet.clause);
  json.Text("why", facts.sheet.why);
  json.BeginArray("rows");
  for (const SheetRow& row : facts.rows) {
    json.BeginObject();
    json.Number("number", static_cast<std::uint64_t>(row.number));
    json.Text("id", row.id);
    json.Text("element", row.element);
    json.BeginArray("values");
    for (const std::string& value : row.values) json.Text(value);
    json.EndArray();
    json.Text("clause", row.clause);
    json.Bool("confirmed", row.confirmed);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

// Text of others in a page of ours: nothing of it is markup, and nothing of it is invisible.
std::string Html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

// "COR 2; unconfirmed" in brackets, or nothing.
std::string Remark(const Stated<RecordsCustodian>& custodian) {
  std::string remark = custodian.value.clause;
  if (!custodian.confirmed()) remark += remark.empty() ? "unconfirmed" : "; unconfirmed";
  return remark.empty() ? "" : " (" + remark + ')';
}

void PageCustodian(std::string& page, const Stated<RecordsCustodian>& custodian) {
  page +=
      "<p>Requests for the court's records, also for what Nightbox does not hold, go to the "
      "custodian of records: " +
      Html(CustodianWords(custodian.value)) + Html(Remark(custodian)) + ".</p>\n";
}

void PageFiling(std::string& page, const RecordFacts& facts, const RecordFiling& filing) {
  page += "<section>\n<h3>" + Html(filing.folder) + ": filing " + Html(filing.filing_id.str()) +
          "</h3>\n<p>Received by the gateway on <time datetime=\"" + FormatUtc(filing.received_at) +
          "\">" + Html(Local(facts, filing.received_at)) + "</time>. State: " + Html(filing.state) +
          ".";
  if (!filing.remark.empty()) page += ' ' + Html(filing.remark);
  if (!filing.corrects.empty()) page += " Corrects filing " + Html(filing.corrects.str()) + '.';
  page += "</p>\n<ul>\n";
  for (const RecordDocument& each : filing.documents) {
    page +=
        "<li>" + Html(each.document.title.empty() ? each.document.file_name : each.document.title);
    if (each.file.empty()) {
      page += ": <strong>missing</strong>, " + Html(each.missing);
    } else {
      page += ": <a href=\"" + Html(each.file) + "\">" + Html(each.file) + "</a>";
    }
    page += ", SHA-256 <code>" + each.document.sha256.Hex() + "</code></li>\n";
  }
  page += "</ul>\n<ol>\n";
  for (const RecordEvent& event : filing.events) {
    page += "<li>" + FormatUtc(event.committed_at) + " " + Html(event.type) +
            (event.reason.empty() ? "" : ": " + Html(event.reason)) + " (entry " +
            std::to_string(event.sequence) + ")</li>\n";
  }
  page += "</ol>\n</section>\n";
}

}  // namespace

bool RecordFacts::complete() const {
  return std::ranges::all_of(filings, [](const RecordFiling& filing) {
    return std::ranges::all_of(filing.documents,
                               [](const RecordDocument& each) { return !each.file.empty(); });
  });
}

std::string RenderRecord(const RecordFacts& facts) {
  JsonWriter json;
  json.BeginObject();
  json.Text("statement", Statement(facts));
  json.Text("format", kRecordFormat);
  json.Text("type", "official.record");
  json.Text("gateway", facts.gateway);
  json.BeginObject("court");
  json.Text("id", facts.court.str());
  json.Text("name", facts.court_name);
  json.Text("time_zone", facts.time_zone);
  json.EndObject();
  json.BeginObject("case");
  json.Text("number", facts.case_number);
  json.TextIfStated("canonical", facts.canonical_case_number);
  json.EndObject();
  json.BeginObject("completeness");
  json.Bool("complete", facts.complete());
  json.Text("meaning", Meaning(facts));
  json.BeginArray("not_held");
  for (const char* each : kNotHeld) json.Text(each);
  json.EndArray();
  json.EndObject();
  if (facts.records_custodian) WriteCustodian(json, *facts.records_custodian);
  json.BeginObject("log");
  json.Text("origin", facts.origin);
  json.Text("log_id", facts.log_id);
  json.Number("from", std::uint64_t{0});
  json.Number("size", facts.published);
  json.Text("root", facts.root.Hex());
  json.EndObject();
  WriteSheet(json, facts);
  json.BeginArray("filings");
  for (const RecordFiling& filing : facts.filings) WriteFiling(json, facts, filing);
  json.EndArray();
  json.BeginArray("files");
  for (const RecordFile& file : facts.files) {
    json.BeginObject();
    json.Text("name", file.name);
    json.Number("bytes", file.bytes);
    json.Text("sha256", file.sha256.Hex());
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("how_to_verify");
  for (const char* each : kHowToVerify) json.Text(each);
  json.EndArray();
  json.EndObject();
  return json.Finish();
}

std::string RenderRecordPage(const RecordFacts& facts) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Official "
      "record</title>\n<style>body{font:11pt serif;max-width:50em;margin:2em auto}"
      "table{border-collapse:collapse}td,th{border:1px solid;padding:.2em .5em;text-align:left;"
      "vertical-align:top}code{word-break:break-all}</style>\n</head>\n<body>\n<h1>Official "
      "record</h1>\n";
  page +=
      "<p>" + Html(Statement(facts)) + "</p>\n<p>" + Html(facts.court_name) + ", case " +
      Html(facts.canonical_case_number.empty() ? facts.case_number : facts.canonical_case_number) +
      ".</p>\n<p>" + Html(Meaning(facts)) + " Nightbox does not hold:</p>\n<ul>\n";
  for (const char* each : kNotHeld) page += "<li>" + Html(each) + "</li>\n";
  page += "</ul>\n";
  if (facts.records_custodian) PageCustodian(page, *facts.records_custodian);
  page += "<h2>" + Html(Title(facts.sheet.sheet)) + "</h2>\n<p>" + Html(facts.sheet.why) + " (" +
          Html(facts.sheet.clause) + ")</p>\n";
  if (!facts.rows.empty()) {
    page += "<table>\n<tr><th></th><th>Element</th><th>What is known here</th></tr>\n";
    std::string_view unconfirmed;
    for (const SheetRow& row : facts.rows) {
      page += "<tr><td>" + std::to_string(row.number) + "</td><td>" + Html(row.element) +
              (row.confirmed ? "" : " *") + "</td><td>";
      for (std::size_t i = 0; i < row.values.size(); ++i) {
        page += (i == 0 ? "" : "<br>") + Html(row.values[i]);
      }
      page += "</td></tr>\n";
      if (!row.confirmed) unconfirmed = row.clause;
    }
    page += "</table>\n";
    if (!unconfirmed.empty()) {
      page +=
          "<p>* That the sheet has this element (" + Html(unconfirmed) + ") is unconfirmed.</p>\n";
    }
  }
  page += "<h2>Filings</h2>\n";
  for (const RecordFiling& filing : facts.filings) PageFiling(page, facts, filing);
  page +=
      "<p>This page is a view. What counts is record.json with its signature; VERIFY.txt says "
      "how to check it.</p>\n</body>\n</html>\n";
  return page;
}

std::string RecordVerifyText() {
  std::string text =
      "How to check this record with tools of any Linux system\n\n"
      "1. Compare the root's fingerprint with the one the court publishes. A forged record brings "
      "a root of its own.\n2. The signature is over record.json.\n3. record.json names every other "
      "file with its SHA-256, SHA256SUMS among them: compare that one by eye.\n4. SHA256SUMS "
      "checks the rest.\n5. Each folder of filings/ holds a receipt, checked alike, with its place "
      "in the log.\n\n";
  for (const char* each : kHowToVerify) text += std::string(each) + '\n';
  text += "\nOr all of it: nightboxctl record verify RECORD.zip --root ROOT.pem\n";
  return text;
}

std::string RenderRecordSums(const std::vector<RecordFile>& files) {
  std::string text;
  for (const RecordFile& file : files) text += file.sha256.Hex() + "  " + file.name + '\n';
  return text;
}

}  // namespace nightbox
