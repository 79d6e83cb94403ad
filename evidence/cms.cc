#include "evidence/cms.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <climits>
#include <ctime>
#include <fstream>
#include <iterator>

#include "core/check.h"

namespace nightbox {
namespace {

constexpr std::size_t kPemMaxBytes = 256 * 1024;
constexpr std::size_t kCertificatesMax = 16;

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
  void operator()(STACK_OF(X509) * stack) const { OSSL_STACK_OF_X509_free(stack); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
  static void OSSL_STACK_OF_X509_free(STACK_OF(X509) * stack) {
    sk_X509_pop_free(stack, X509_free);
  }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;
using Certificates = Owned<STACK_OF(X509)>;

// Takes OpenSSL's innermost reason off this thread's queue. The reasons are fixed phrases.
std::string OpenSslReason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "no reason given" : reason;
}

Error Refused(const std::string& why) {
  ERR_clear_error();
  return Error{ErrorCode::kDataLoss, why};
}

Owned<BIO> ReadOnly(std::string_view bytes) {
  NB_CHECK(bytes.size() <= INT_MAX);
  return Owned<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string NameText(const X509_NAME* name) {
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  // Without ASN1_STRFLGS_ESC_MSB names in UTF-8 stay readable; control characters are escaped.
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

WallTime TimeOf(const ASN1_TIME* time) {
  std::tm fields{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &fields) != 1) return WallTime();
  return WallTime(std::chrono::seconds(timegm(&fields)));
}

CertificateInfo InfoOf(const X509* certificate) {
  CertificateInfo info;
  info.subject = NameText(X509_get_subject_name(certificate));
  info.issuer = NameText(X509_get_issuer_name(certificate));
  unsigned int size = 0;
  NB_CHECK(X509_digest(certificate, EVP_sha256(), info.fingerprint.bytes.data(), &size) == 1 &&
           size == info.fingerprint.bytes.size());
  info.not_before = TimeOf(X509_get0_notBefore(certificate));
  info.not_after = TimeOf(X509_get0_notAfter(certificate));
  return info;
}

Result<Certificates> ParseCertificates(std::string_view pem) {
  if (pem.size() > kPemMaxBytes) return Refused("certificates: more than 256 KiB of PEM");
  Certificates stack(sk_X509_new_null());
  const Owned<BIO> in = ReadOnly(pem);
  while (X509* certificate = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) {
    NB_CHECK(sk_X509_push(stack.get(), certificate) > 0);
    if (static_cast<std::size_t>(sk_X509_num(stack.get())) > kCertificatesMax) {
      return Refused("certificates: more than 16 in one file");
    }
  }
  // The end of the text is the one error that is none.
  const unsigned long code = ERR_peek_last_error();
  const bool at_end =
      ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return Refused("certificates: the PEM is damaged");
  if (sk_X509_num(stack.get()) == 0) return Refused("certificates: there is none in the PEM");
  return stack;
}

Result<std::string> ReadSmallFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(kPemMaxBytes + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || !in.eof() || bytes.empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 "cannot read " + path.string() + ": missing, empty or not a PEM file"};
  }
  return bytes;
}

// The one signed message of a .p7s file.
Result<Owned<CMS_ContentInfo>> ParseSignature(std::string_view p7s) {
  if (p7s.size() > kSignatureMaxBytes) return Refused("signature: larger than 64 KiB");
  const auto* at = reinterpret_cast<const unsigned char*>(p7s.data());
  const auto* end = at + p7s.size();
  Owned<CMS_ContentInfo> cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(p7s.size())));
  if (!cms || at != end) return Refused("signature: not a CMS message in DER");
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
    return Refused("signature: not CMS SignedData");
  }
  // An embedded content could differ from the file beside it.
  if (CMS_is_detached(cms.get()) != 1) return Refused("signature: carries a content of its own");
  if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms.get())) != 1) {
    return Refused("signature: must have exactly one signer");
  }
  return cms;
}

std::optional<WallTime> SigningTimeOf(CMS_ContentInfo* cms) {
  const CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
  const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  X509_ATTRIBUTE* attribute = at < 0 ? nullptr : CMS_signed_get_attr(signer, at);
  const ASN1_TYPE* value = attribute == nullptr ? nullptr : X509_ATTRIBUTE_get0_type(attribute, 0);
  if (value == nullptr) return std::nullopt;
  if (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) return std::nullopt;
  return TimeOf(value->value.asn1_string);
}

// Checks content and signature with these flags and tells who signed.
Result<CmsSignature> Check(CMS_ContentInfo* cms, std::string_view content, X509_STORE* store,
                           unsigned int flags, X509** signer_out) {
  const Owned<BIO> data = ReadOnly(content);
  if (CMS_verify(cms, nullptr, store, data.get(), nullptr, flags | CMS_BINARY) != 1) {
    return Refused("signature: does not verify: " + OpenSslReason());
  }
  STACK_OF(X509)* signers = CMS_get0_signers(cms);
  X509* signer = signers == nullptr ? nullptr : sk_X509_value(signers, 0);
  sk_X509_free(signers);
  if (signer == nullptr) return Refused("signature: does not carry its signer's certificate");
  *signer_out = signer;
  return CmsSignature{InfoOf(signer), std::nullopt, SigningTimeOf(cms)};
}

Owned<X509_STORE> StoreOf(const Certificates& roots, WallTime at) {
  Owned<X509_STORE> store(X509_STORE_new());
  for (int i = 0; i < sk_X509_num(roots.get()); ++i) {
    NB_CHECK(X509_STORE_add_cert(store.get(), sk_X509_value(roots.get(), i)) == 1);
  }
  X509_VERIFY_PARAM* param = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
  X509_VERIFY_PARAM_set_time(
      param, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  return store;
}

// The last certificate of the signer's chain, which Check has found to be good.
std::optional<CertificateInfo> RootOf(CMS_ContentInfo* cms, X509* signer, X509_STORE* store) {
  const Certificates carried(CMS_get1_certs(cms));
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store, signer, carried.get()) != 1 ||
      X509_verify_cert(context.get()) != 1) {
    return std::nullopt;
  }
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  return InfoOf(sk_X509_value(chain, sk_X509_num(chain) - 1));
}

}  // namespace

std::string FingerprintText(const Digest& fingerprint) {
  std::string text;
  for (const unsigned char byte : fingerprint.view()) {
    if (!text.empty()) text.push_back(':');
    text.push_back("0123456789ABCDEF"[byte >> 4]);
    text.push_back("0123456789ABCDEF"[byte & 15]);
  }
  return text;
}

std::optional<Digest> ParseFingerprint(std::string_view text) {
  std::string hex;
  for (const char c : text) {
    if (c != ':') hex += static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
  }
  return Digest::FromHex(hex);
}

Result<std::vector<CertificateInfo>> ReadCertificates(std::string_view pem) {
  NB_ASSIGN_OR_RETURN(const Certificates stack, ParseCertificates(pem));
  std::vector<CertificateInfo> infos;
  infos.reserve(static_cast<std::size_t>(sk_X509_num(stack.get())));
  for (int i = 0; i < sk_X509_num(stack.get()); ++i) {
    infos.push_back(InfoOf(sk_X509_value(stack.get(), i)));
  }
  return infos;
}

struct CmsSigner::Material {
  Owned<EVP_PKEY> key;
  Owned<X509> certificate;
  Certificates intermediates;  // May be empty, never null.
};

CmsSigner::CmsSigner(std::shared_ptr<const Material> material, CertificateInfo certificate)
    : material_(std::move(material)), certificate_(std::move(certificate)) {}

Result<CmsSigner> CmsSigner::Load(const std::filesystem::path& certificate_pem,
                                  const std::filesystem::path& key_pem) {
  const auto wrong = [](const std::filesystem::path& file, const char* why) {
    ERR_clear_error();
    return Error{ErrorCode::kFailedPrecondition, file.string() + ": " + why};
  };
  NB_ASSIGN_OR_RETURN(const std::string pem, ReadSmallFile(certificate_pem));
  auto stack = ParseCertificates(pem);
  if (!stack) return wrong(certificate_pem, "not a certificate in PEM");
  NB_ASSIGN_OR_RETURN(std::string key_text, ReadSmallFile(key_pem));

  auto material = std::make_shared<Material>();
  material->certificate.reset(sk_X509_shift(stack->get()));
  material->intermediates = std::move(*stack);
  // The empty passphrase callback keeps an encrypted key from asking on a terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  material->key.reset(
      PEM_read_bio_PrivateKey(ReadOnly(key_text).get(), nullptr, no_passphrase, nullptr));
  OPENSSL_cleanse(key_text.data(), key_text.size());
  if (!material->key) return wrong(key_pem, "not an unencrypted private key in PEM");
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(material->key.get(), group.data(), group.size(), nullptr) != 1 ||
      std::string_view(group.data()) != "prime256v1") {
    return wrong(key_pem, "not an ECDSA P-256 key");
  }
  if (X509_check_private_key(material->certificate.get(), material->key.get()) != 1) {
    return wrong(key_pem, "does not belong to the certificate");
  }
  CertificateInfo info = InfoOf(material->certificate.get());
  return CmsSigner(std::move(material), std::move(info));
}

Result<std::string> CmsSigner::Sign(std::string_view content, WallTime signing_time) const {
  constexpr unsigned int kFlags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL | CMS_NOSMIMECAP;
  const auto failed = [](const char* step) {
    return Error{ErrorCode::kInternal, std::string("signing: ") + step + ": " + OpenSslReason()};
  };
  const Owned<CMS_ContentInfo> cms(
      CMS_sign(nullptr, nullptr, material_->intermediates.get(), nullptr, kFlags));
  if (!cms) return failed("cannot begin");
  CMS_SignerInfo* signer = CMS_add1_signer(cms.get(), material_->certificate.get(),
                                           material_->key.get(), EVP_sha256(), kFlags | CMS_CADES);
  if (signer == nullptr) return failed("cannot add the signer");
  // Left alone, OpenSSL would read the machine's clock here.
  const Owned<ASN1_TIME> time(ASN1_TIME_set(
      nullptr, std::chrono::floor<std::chrono::seconds>(signing_time).time_since_epoch().count()));
  if (!time || CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
                                           ASN1_STRING_type(time.get()), time.get(), -1) != 1) {
    return failed("cannot add the time");
  }
  const Owned<BIO> data = ReadOnly(content);
  if (CMS_final(cms.get(), data.get(), nullptr, kFlags) != 1) return failed("cannot sign");
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(cms.get(), &der);
  if (size <= 0) return failed("cannot encode");
  std::string p7s(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return p7s;
}

Result<CmsSignature> VerifyCms(std::string_view content, std::string_view p7s,
                               std::string_view roots_pem, WallTime at) {
  NB_ASSIGN_OR_RETURN(const Certificates roots, ParseCertificates(roots_pem));
  NB_ASSIGN_OR_RETURN(const Owned<CMS_ContentInfo> cms, ParseSignature(p7s));
  const Owned<X509_STORE> store = StoreOf(roots, at);
  X509* signer = nullptr;
  // CMS_CADES: the signed attribute must name this certificate, so that it cannot be exchanged for
  // another one of the same key.
  NB_ASSIGN_OR_RETURN(CmsSignature signature,
                      Check(cms.get(), content, store.get(), CMS_CADES, &signer));
  signature.root = RootOf(cms.get(), signer, store.get());
  if (!signature.root) return Refused("signature: no chain to a trusted root");
  return signature;
}

Result<CmsSignature> VerifyCmsWithoutRoot(std::string_view content, std::string_view p7s) {
  NB_ASSIGN_OR_RETURN(const Owned<CMS_ContentInfo> cms, ParseSignature(p7s));
  X509* signer = nullptr;
  return Check(cms.get(), content, nullptr, CMS_NO_SIGNER_CERT_VERIFY, &signer);
}

}  // namespace nightbox
