// CertificateWatch: when what the gateway shows and trusts runs out, told while there is time to
// renew it.
//
// A certificate that has run out says so to nobody but those whom it locks out. Of files that are
// read once, at the start, the dates are those of the start: a new file that lies there unread
// helps nobody. A receipt signer's certificate lives for decades, its key must not: one that is
// older than kReceiptKeyMax alarms and goes on signing, since evidence must not stop for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "gateway/config.h"

namespace nightbox {

inline constexpr Microseconds kRenewBefore = std::chrono::hours(30 * 24);
inline constexpr Microseconds kReceiptKeyMax = std::chrono::hours(90 * 24);

// Of a certificate, or a file of them, that ends then: "runs out in 12 days", "has run out". Empty:
// there is time. Pure.
std::string RenewalWarning(WallTime ends, WallTime now);
// The same of the key that has signed receipts since then. Pure.
std::string ReceiptKeyWarning(WallTime since, WallTime now);

struct CertificateEnd {
  // As in the configuration: "intake.certificate"; of a case system "case_system.NAME.certificate".
  std::string certificate;
  // Of a file with several authorities: the first of them to end.
  WallTime ends;
};

// On the loop.
class CertificateWatch {
 public:
  // Reads the files; one that cannot be read is left out, as whoever uses it says so. The start has
  // warned already (gateway/start_files.h): the first warning comes a day later. `config` outlives
  // it.
  CertificateWatch(const GatewayConfig& config, BootTime now);

  // Cheap, but for once an hour, when the files of case systems are read again: they are used anew
  // at each connection. Once a day it logs what is due.
  void Look(WallTime now, BootTime boot);

  const std::vector<CertificateEnd>& ends() const { return ends_; }
  // For how long the receipts' key has signed. Empty: not known.
  std::optional<Microseconds> ReceiptKeyAge(WallTime now) const;

 private:
  void ReadCaseSystems();

  const GatewayConfig& config_;
  std::vector<CertificateEnd> ends_;
  std::size_t of_the_start_ = 0;  // So many of them are as they were at the start.
  std::optional<WallTime> receipt_key_since_;
  BootTime read_at_;
  BootTime warned_at_;
};

}  // namespace nightbox
