#include "rules/court_contacts.h"

namespace nightbox {

std::string CustodianWords(const RecordsCustodian& custodian) {
  std::string words;
  for (const std::string* part : {&custodian.name, &custodian.office, &custodian.contact}) {
    if (part->empty()) continue;
    if (!words.empty()) words += ", ";
    words += *part;
  }
  return words;
}

}  // namespace nightbox
