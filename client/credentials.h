// Credentials: whether a certificate, its key and the gateway's root can be used at all.
//
// Looked at before anything is kept or sent, because gRPC says of a key that does not fit only that
// it knows no address to go to, and says so again at every try.
#pragma once

#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace nightbox::client {

// Until when the first certificate of `certificate_pem` holds. kInvalidArgument, with the setting
// as its field ("certificate", "key" or "ca"): what is no PEM of its kind, a key that is encrypted
// or belongs to another certificate. Nothing of a key's content is in a message. Whether a
// certificate is in date is not judged here: for that the gateway's clock counts.
Result<WallTime> CheckCredentials(std::string_view certificate_pem, std::string_view key_pem,
                                  std::string_view ca_pem);

}  // namespace nightbox::client
