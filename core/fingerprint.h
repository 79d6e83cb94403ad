// The identity of a filing: which content it has, and under which key it is delivered.
//
// Both are specified in docs/formats/fingerprint.md and pinned by golden tests: they are compared
// across gateways and years, so they never change; a new kind of content gets a new version line.
#pragma once

#include "core/bytes.h"
#include "core/filing.h"
#include "core/ids.h"

namespace nightbox {

// SHA-256 over the length-prefixed encoding of header, registered user and document digests. Staff,
// client times and possibly_received_by are not content.
Digest FilingFingerprint(const UserId& registered_user, const FilingHeader& header);

// SHA-256("nightbox-delivery-v1" 0 system 0 request_id): what the case system knows the filing by,
// for ever.
Digest DeliveryKey(const SystemName& system, const RequestId& request_id);

}  // namespace nightbox
