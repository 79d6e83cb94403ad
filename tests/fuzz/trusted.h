// What the seeds of checkpoint, cms and package were signed with: a root nobody trusts, made once
// for them and thrown away with its keys. Certificates, no secrets.
#pragma once

namespace nightbox {

// Within the certificates' validity.
inline constexpr char kTrustedAt[] = "2026-12-01T12:00:00.000000Z";
inline constexpr char kTrustedReceiptSha256[] =
    "8d2b80dbe63e9c6d204fc52c1783ae7db02a4163b59656632287d3461d52aa3d";
inline constexpr char kTrustedSignerSha256[] =
    "a9b19cd87b7ccfe453e7d5d1bfd51943945a0626e16ec9a32043a6664be7c977";
inline constexpr char kTrustedCheckpointBodySha256[] =
    "6900cb59a2571734e5daba1dcfa1a7e31b4d23dae4c59f6e364ca988a5ef02ff";
inline constexpr char kTrustedLogKey[] =
    "nightbox/A7/testlog+cc742713+AS9ZJY4O0OM1FilxaT6jUIbuMoNg8/OtkrQWbWpKyxiS";
inline constexpr char kTrustedRootPem[] = R"(-----BEGIN CERTIFICATE-----
MIIBrDCCAVKgAwIBAgIIE5D6D5YTcyEwCgYIKoZIzj0EAwIwOTEgMB4GA1UECgwX
TmlnaHRib3ggdGhyb3ctYXdheSBQS0kxFTATBgNVBAMMDFJlY2VpcHQgcm9vdDAg
Fw0yNjExMjAwNzA2MDJaGA8yMDU2MTExNDA3MDYwMlowOTEgMB4GA1UECgwXTmln
aHRib3ggdGhyb3ctYXdheSBQS0kxFTATBgNVBAMMDFJlY2VpcHQgcm9vdDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABAsC2i62HrsfnYfy0eY9cVKtnFGA6n3gXjLo
cFcRN+anqbKICr69eQxl9ipnzW2ww1saHJvFIv8RCW0vm1X1FFyjQjBAMA8GA1Ud
EwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBQlEiyQ5tsKa/Qd
5lFN2Zbe39TD1TAKBggqhkjOPQQDAgNIADBFAiBKxzc8d4reaN3UBW4V+tWlgmjB
fQjjENClOrf2Y07pFAIhAK+NIPzUiqXSDncicgCGKsk5Unl636Zn7+0MOa9NxlfH
-----END CERTIFICATE-----
)";

}  // namespace nightbox
