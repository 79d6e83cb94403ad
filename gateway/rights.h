// Rights: whether a submitting system may act for a registered user.
#pragma once

namespace nightbox {

enum class Rights {
  kAllowed,
  // The first three end a call even before the look-up of a repeat.
  kSystemDenied,
  kUserSuspended,
  kCertificateDenied,
  // These do not: a later change of the directory never takes a receipt away.
  kSystemUnknown,
  kUserNotAllowed,
};

}  // namespace nightbox
