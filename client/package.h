// Package: one filing as it is kept in the outbox, before and while it is sent.
//
// It is written once, before the first try, and never changed: a repeat must have the same content,
// or the gateway would rightly refuse it (R3). package.json is its form on disk, described in
// docs/nightbox-command.md; the documents' bytes lie beside it.
#pragma once

#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/filing.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/result.h"

namespace nightbox::client {

struct Package {
  RequestId request_id;
  // HOST:PORT of the gateway it was meant for. A repeat may go elsewhere; the filer decides.
  std::string server;
  UserId registered_user;
  // Staff who worked the client. May be empty; not part of the content.
  std::string staff;
  // When the filer authorised submission, by this machine's clock.
  WallTime authorized_at{};
  FilingHeader header;

  bool operator==(const Package&) const = default;
};

// The text of package.json: one JSON object, indented by nothing, with a final newline.
std::string PackageToJson(const Package& package);

// kDataLoss when it is not what PackageToJson of this or an earlier version writes; the message
// names the member, never its value.
Result<Package> PackageFromJson(std::string_view text);

// A UUID, version 4.
RequestId NewRequestId(Random& random);

// 16 to 64 of [A-Za-z0-9-_], as the gateway wants it. What passes is also a safe directory name.
bool IsValidRequestId(std::string_view text);

}  // namespace nightbox::client
