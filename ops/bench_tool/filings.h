// Filings without end, no two alike: each in a case of its own, with one document of its own.
#pragma once

#include <cstdint>
#include <string>

#include "core/random.h"
#include "nightbox/intake/v1/intake.pb.h"

namespace nightbox::bench {

struct FilingShape {
  std::string court;
  std::size_t document_bytes = 100'000;
  // What the document says it is. It is a sound PDF whatever this says.
  std::string media_type = "application/pdf";
};

// One client's. One thread at a time.
class Filings {
 public:
  Filings(FilingShape shape, Random& random);

  // Makes the next one: a new request_id, a new case, new document bytes.
  void Next();

  const std::string& request_id() const { return request_id_; }
  const filing::v1::FilingHeader& header() const { return header_; }
  const std::string& document() const { return document_; }

 private:
  Random& random_;
  std::string request_id_;
  filing::v1::FilingHeader header_;
  std::string document_;
  std::size_t mark_ = 0;  // Where the bytes are in which documents differ.
};

// A sound PDF of one page, with exactly so many bytes (1,000 at least); 32 hexadecimal digits from
// `mark` on may be changed and it stays one.
std::string MakePdf(std::size_t bytes, std::string_view filling, std::size_t& mark);

}  // namespace nightbox::bench
