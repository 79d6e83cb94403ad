// A filing to put into an outbox: every member of the header set, two documents on disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "client/package.h"

namespace nightbox::client {

inline constexpr std::string_view kSampleRequestId = "6f0c2c1e-5a58-4d5f-9d7a-0123456789ab";

inline WallTime SampleTime() { return FromMicros(1'719'895'267'123'456); }

inline void WriteTextFile(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Something a PDF reader would open as far as its first line.
inline std::string SamplePdf(std::size_t size, char fill = 'x') {
  std::string bytes = "%PDF-1.7\n";
  bytes.resize(std::max(size, bytes.size()), fill);
  return bytes;
}

// The package without what Outbox::Prepare fills in.
inline Package SampleFiling(std::string_view request_id = kSampleRequestId) {
  Package package;
  package.request_id = RequestId(std::string(request_id));
  package.server = "localhost:8443";
  package.registered_user = UserId("mobar-12345");
  package.staff = "paralegal-7";
  package.authorized_at = SampleTime();
  FilingHeader& header = package.header;
  header.court = CourtId("mo.cir.42.dent");
  header.case_reference =
      NewCase{"CC", "Breach of contract", "Smith v. Jones", {{"Ann Smith", "Plaintiff"}}};
  header.documents.resize(2);
  header.documents[0].title = "Petition";
  header.documents[0].role = DocumentRole::kLead;
  header.documents[0].file_name = "petition.pdf";
  header.documents[1].title = "Exhibit \"A\" – ü";
  header.documents[1].role = DocumentRole::kAttachment;
  header.documents[1].file_name = "exhibit.pdf";
  header.documents[1].confidentiality = Confidentiality::kConfidential;
  header.uniform_citation_number = "100000001";
  header.confidentiality = Confidentiality::kPublic;
  header.signer = "mobar-12345";
  header.signature_form = "/s/";
  header.paper_original_custodian = "Firm";
  header.fee_state = FeeState::kWaiverRequested;
  header.fee_authorization_reference = "";
  header.on_behalf_of = {"Ann Smith"};
  header.service_requests = {{"Bob Jones", "sheriff", "1 Main Street"}};
  header.emergency_class = EmergencyClass::kProtectionOrder;
  header.corrects_filing_id = FilingId("aaaaaaaaaaaaaaaaaaaaaaaaaa");
  header.related_group_id = "group-1";
  header.media_items = {"One USB drive"};
  header.paper_copies = 2;
  header.note_to_clerk = "Please hurry";
  header.filer_reference = "2024/17";
  header.test = true;
  return package;
}

// Two documents in `directory`, in the order of SamplePackage.
inline std::vector<std::filesystem::path> SampleSources(const std::filesystem::path& directory) {
  WriteTextFile(directory / "petition.pdf", SamplePdf(3000));
  WriteTextFile(directory / "exhibit.pdf", SamplePdf(70'000, 'y'));
  return {directory / "petition.pdf", directory / "exhibit.pdf"};
}

}  // namespace nightbox::client
