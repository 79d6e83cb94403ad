#include "gateway/certificate_watch.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/log.h"
#include "evidence/cms.h"

namespace nightbox {
namespace {

constexpr Microseconds kDay = std::chrono::hours(24);

std::string Days(Microseconds duration) {
  const auto days = duration / kDay;
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

std::vector<CertificateInfo> Read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string pem{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto certificates = ReadCertificates(pem);
  return certificates ? std::move(*certificates) : std::vector<CertificateInfo>();
}

// The holder's own, which stands first.
void AddOwn(std::string name, const std::filesystem::path& file,
            std::vector<CertificateEnd>& ends) {
  const auto certificates = Read(file);
  if (!certificates.empty()) ends.push_back({std::move(name), certificates.front().not_after});
}

// Authorities, of which each vouches for others.
void AddAuthorities(std::string name, const std::filesystem::path& file,
                    std::vector<CertificateEnd>& ends) {
  const auto certificates = Read(file);
  const auto first = std::ranges::min_element(certificates, {}, &CertificateInfo::not_after);
  if (first != certificates.end()) ends.push_back({std::move(name), first->not_after});
}

}  // namespace

std::string RenewalWarning(WallTime ends, WallTime now) {
  if (ends < now) return "has run out";
  if (ends - now > kRenewBefore) return {};
  return "runs out in " + Days(ends - now);
}

std::string ReceiptKeyWarning(WallTime since, WallTime now) {
  if (now - since <= kReceiptKeyMax) return {};
  return "has signed receipts for " + Days(now - since) + ", and should for no more than " +
         Days(kReceiptKeyMax);
}

CertificateWatch::CertificateWatch(const GatewayConfig& config, BootTime now)
    : config_(config), read_at_(now), warned_at_(now) {
  AddOwn("intake.certificate", config.intake.certificate, ends_);
  AddAuthorities("intake.client_ca", config.intake.client_ca, ends_);
  AddOwn("receipts.certificate", config.receipts.certificate, ends_);
  AddOwn("http.certificate", config.http.certificate, ends_);
  if (config.monitoring) AddOwn("monitoring.certificate", config.monitoring->certificate, ends_);
  of_the_start_ = ends_.size();
  const auto signer = Read(config.receipts.certificate);
  if (!signer.empty()) receipt_key_since_ = signer.front().not_before;
  ReadCaseSystems();
}

std::optional<Microseconds> CertificateWatch::ReceiptKeyAge(WallTime now) const {
  return receipt_key_since_ ? std::optional(now - *receipt_key_since_) : std::nullopt;
}

void CertificateWatch::ReadCaseSystems() {
  ends_.resize(of_the_start_);
  for (const CaseSystemConfig& system : config_.case_systems) {
    const std::string name = "case_system." + system.name;
    AddOwn(name + ".certificate", system.certificate, ends_);
    AddAuthorities(name + ".ca", system.ca, ends_);
  }
}

void CertificateWatch::Look(WallTime now, BootTime boot) {
  if (boot - read_at_ >= std::chrono::hours(1)) {
    read_at_ = boot;
    ReadCaseSystems();
  }
  if (boot - warned_at_ < kDay) return;
  warned_at_ = boot;
  const auto warn = [](const std::string& name, const std::string& warning) {
    if (warning.empty()) return;
    Log(LogLevel::kWarning, "must be renewed", {{"what", name + ' ' + warning}});
  };
  for (const CertificateEnd& end : ends_) warn(end.certificate, RenewalWarning(end.ends, now));
  if (receipt_key_since_) warn("receipts.key", ReceiptKeyWarning(*receipt_key_since_, now));
}

}  // namespace nightbox
