// Identity: who is at the other end of a connection, by its certificate's SAN URI and nothing else.
//
// urn:nightbox:{system|operator|clerk|publisher|gateway}:NAME, exactly one. The common name and the
// serial number are never looked at, so that a renewed certificate is the same caller.
#pragma once

#include <grpcpp/security/auth_context.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace nightbox {

enum class CallerKind { kSystem, kOperator, kClerk, kPublisher, kGateway };

// "system", "operator", …
std::string_view ToString(CallerKind kind);

struct Caller {
  CallerKind kind = CallerKind::kSystem;
  // 1 to 64 of A-Z a-z 0-9 - . _
  std::string name;
  bool operator==(const Caller&) const = default;
};

// The one Nightbox name among a certificate's URIs. URIs of other schemes are passed over; two
// Nightbox URIs, or a malformed one, name nobody. Pure.
Result<Caller> CallerOf(const std::vector<std::string>& uris);

// The caller of a gRPC call. kUnauthenticated when the connection has no verified certificate.
Result<Caller> CallerOf(const grpc::AuthContext& context);

// The caller when it is of this kind; kPermissionDenied otherwise.
Result<Caller> CallerOfKind(const grpc::AuthContext& context, CallerKind kind);

// SHA-256 of the certificate's DER, as the deny list writes it; nothing without a certificate.
std::optional<Digest> CertificateFingerprint(const grpc::AuthContext& context);
// The same of a PEM text.
std::optional<Digest> CertificateFingerprint(std::string_view pem);

}  // namespace nightbox
