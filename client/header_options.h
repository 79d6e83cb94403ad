// From what was typed to a filing header.
//
// Pure: whether the files exist and what they hold is for the outbox to find out, whether the
// filing is acceptable for the gateway.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/filing.h"
#include "core/result.h"

namespace nightbox::client {

// The options of `nightbox file` that say what is filed, as they were typed. Empty: not given.
struct HeaderOptions {
  std::string court;
  std::string case_number;
  std::string new_case_category;
  std::string case_type;
  std::string title;
  std::vector<std::string> parties;  // NAME:ROLE
  std::string opened_by;
  std::vector<std::string> documents;          // FILE[:lead|attachment[:TITLE]]
  std::vector<std::string> document_security;  // N:LEVEL, N counts from 1
  std::vector<std::string> media_types;        // N:TYPE
  std::string uniform_citation;
  std::string confidentiality;
  std::string signer;
  std::string signature_form;
  std::string paper_original_custodian;
  std::string fee;
  std::string fee_reference;
  std::vector<std::string> on_behalf_of;
  std::vector<std::string> service;  // NAME:METHOD[:ADDRESS]
  std::string emergency;
  std::string corrects;
  std::string related_group;
  std::vector<std::string> media_items;
  std::uint32_t paper_copies = 0;
  std::string note;
  std::string reference;
  bool test = false;
};

struct HeaderDraft {
  // Sizes, digests and most media types are still missing.
  FilingHeader header;
  // One per document.
  std::vector<std::filesystem::path> sources;
};

// kInvalidArgument says which option is wrong and what it should look like.
Result<HeaderDraft> BuildHeader(const HeaderOptions& options);

}  // namespace nightbox::client
