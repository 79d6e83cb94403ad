#include "gateway/identity.h"

#include <grpc/grpc_security_constants.h>

#include <algorithm>

#include "core/check.h"
#include "core/sha256.h"
#include "gateway/error_catalogue.h"

namespace nightbox {
namespace {

constexpr std::string_view kScheme = "urn:nightbox:";
constexpr std::size_t kNameMax = 64;

Error NotNamed(std::string message) {
  return Catalogued("CERTIFICATE_NOT_NAMED", std::move(message));
}

std::optional<CallerKind> ParseKind(std::string_view text) {
  for (const auto kind : {CallerKind::kSystem, CallerKind::kOperator, CallerKind::kClerk,
                          CallerKind::kPublisher, CallerKind::kGateway}) {
    if (text == ToString(kind)) return kind;
  }
  return std::nullopt;
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

std::vector<std::string> Values(const grpc::AuthContext& context, const char* property) {
  std::vector<std::string> values;
  for (const grpc::string_ref& value : context.FindPropertyValues(property)) {
    values.emplace_back(value.data(), value.size());
  }
  return values;
}

}  // namespace

std::string_view ToString(CallerKind kind) {
  switch (kind) {
    case CallerKind::kSystem:
      return "system";
    case CallerKind::kOperator:
      return "operator";
    case CallerKind::kClerk:
      return "clerk";
    case CallerKind::kPublisher:
      return "publisher";
    case CallerKind::kGateway:
      return "gateway";
  }
  CheckFailed("known CallerKind", __FILE__, __LINE__);
}

Result<Caller> CallerOf(const std::vector<std::string>& uris) {
  std::optional<Caller> caller;
  for (const std::string_view uri : uris) {
    if (!uri.starts_with(kScheme)) continue;
    if (caller) return NotNamed("the client certificate has more than one Nightbox name");
    const std::string_view rest = uri.substr(kScheme.size());
    const std::size_t colon = rest.find(':');
    const auto kind = ParseKind(rest.substr(0, colon));
    if (colon == std::string_view::npos || !kind || !IsName(rest.substr(colon + 1))) {
      return NotNamed("the client certificate's Nightbox name is malformed");
    }
    caller = Caller{*kind, std::string(rest.substr(colon + 1))};
  }
  if (!caller) return NotNamed("the client certificate has no Nightbox name");
  return *std::move(caller);
}

Result<Caller> CallerOf(const grpc::AuthContext& context) {
  if (!context.IsPeerAuthenticated()) return NotNamed("the connection has no client certificate");
  return CallerOf(Values(context, GRPC_PEER_URI_PROPERTY_NAME));
}

Result<Caller> CallerOfKind(const grpc::AuthContext& context, CallerKind kind) {
  NB_ASSIGN_OR_RETURN(Caller caller, CallerOf(context));
  if (caller.kind != kind) {
    return Catalogued("CERTIFICATE_KIND_NOT_ALLOWED",
                      "a certificate of kind " + std::string(ToString(caller.kind)) +
                          " may not make this call; it takes " + std::string(ToString(kind)));
  }
  return caller;
}

std::optional<Digest> CertificateFingerprint(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const std::size_t begin = pem.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = pem.find(kEnd, begin);
  if (end == std::string_view::npos) return std::nullopt;
  std::string base64(pem.substr(begin + kBegin.size(), end - begin - kBegin.size()));
  std::erase_if(base64, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  const auto der = Base64Decode(base64);
  if (!der) return std::nullopt;
  return Sha256(*der);
}

std::optional<Digest> CertificateFingerprint(const grpc::AuthContext& context) {
  const std::vector<std::string> pem = Values(context, GRPC_X509_PEM_CERT_PROPERTY_NAME);
  return pem.empty() ? std::nullopt : CertificateFingerprint(std::string_view(pem.front()));
}

}  // namespace nightbox
