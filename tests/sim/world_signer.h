// Receipts that come out the same at every run of a seed.
//
// A signature by ECDSA is random in its bytes and in its length, and with the length every later
// sector of the journal moves: a power cut would tear other things in each run. So chance in
// OpenSSL comes from the seed here, and certificate and key are made from one, valid for ever.
#pragma once

#include <cstdint>

#include "evidence/cms.h"

namespace nightbox {

// From here on OpenSSL draws its chance from this seed, in the whole process.
void SeedOpenSsl(std::uint64_t seed);

// One key and certificate for all worlds. Made at the first call, which seeds OpenSSL.
const CmsSigner& WorldSigner();

}  // namespace nightbox
