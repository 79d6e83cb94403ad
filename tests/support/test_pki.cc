#include "tests/support/test_pki.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>

#include "core/check.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

constexpr int kDaysPerYear = 365;

struct Lifetime {
  int from_days;
  int to_days;
};

Lifetime LifetimeFor(Validity validity, int days) {
  switch (validity) {
    case Validity::kNow:
      return {-1, days};
    case Validity::kExpired:
      return {-30, -1};
    case Validity::kNotYet:
      return {1, days};
  }
  return {};
}

void WriteKey(const std::filesystem::path& path, EVP_PKEY* key) {
  FILE* file = std::fopen(path.c_str(), "wbx");
  NB_CHECK(file != nullptr && fchmod(fileno(file), 0600) == 0);
  NB_CHECK(PEM_write_PKCS8PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  NB_CHECK(std::fclose(file) == 0);
}

void WriteCertificate(const std::filesystem::path& path, X509* certificate) {
  FILE* file = std::fopen(path.c_str(), "wbx");
  NB_CHECK(file != nullptr && PEM_write_X509(file, certificate) == 1 && std::fclose(file) == 0);
}

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  NB_CHECK(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// A certificate with everything but its extensions and signature.
Certificate Blank(EVP_PKEY* key, const std::string& common_name, Lifetime lifetime) {
  Certificate certificate(X509_new());
  NB_CHECK(X509_set_version(certificate.get(), 2) == 1);
  std::uint64_t serial = 0;
  NB_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto add = [&](const char* field, const std::string& text) {
    NB_CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                        reinterpret_cast<const unsigned char*>(text.data()),
                                        static_cast<int>(text.size()), -1, 0) == 1);
  };
  add("O", "Nightbox throw-away PKI");
  add("CN", common_name);
  NB_CHECK(X509_time_adj_ex(X509_getm_notBefore(certificate.get()), lifetime.from_days, 0,
                            nullptr) != nullptr);
  NB_CHECK(X509_time_adj_ex(X509_getm_notAfter(certificate.get()), lifetime.to_days, 0, nullptr) !=
           nullptr);
  NB_CHECK(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

}  // namespace

// A root: signs what its tests ask for.
class TestPki::Authority {
 public:
  explicit Authority(const std::string& name) : key_(EVP_EC_gen("P-256")) {
    certificate_ = Blank(key_.get(), name, {-2, 30 * kDaysPerYear});
    X509* root = certificate_.get();
    X509_set_issuer_name(root, X509_get_subject_name(root));
    AddExtension(root, root, NID_basic_constraints, "critical,CA:TRUE");
    AddExtension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
    AddExtension(root, root, NID_subject_key_identifier, "hash");
    NB_CHECK(X509_sign(root, key_.get(), EVP_sha256()) > 0);
  }

  void WriteRoot(const std::filesystem::path& path) const {
    WriteCertificate(path, certificate_.get());
  }

  CertificateFiles Issue(const std::filesystem::path& stem, const std::string& common_name,
                         const char* extended_usage, const std::string& alternative_names,
                         Lifetime lifetime) const {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate leaf = Blank(key.get(), common_name, lifetime);
    X509* issuer = certificate_.get();
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
    AddExtension(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    AddExtension(leaf.get(), issuer, NID_key_usage, "critical,digitalSignature");
    AddExtension(leaf.get(), issuer, NID_ext_key_usage, extended_usage);
    if (!alternative_names.empty()) {
      AddExtension(leaf.get(), issuer, NID_subject_alt_name, alternative_names.c_str());
    }
    AddExtension(leaf.get(), issuer, NID_subject_key_identifier, "hash");
    AddExtension(leaf.get(), issuer, NID_authority_key_identifier, "keyid:always");
    NB_CHECK(X509_sign(leaf.get(), key_.get(), EVP_sha256()) > 0);
    const CertificateFiles files = {stem.string() + ".pem", stem.string() + ".key"};
    WriteCertificate(files.certificate, leaf.get());
    WriteKey(files.key, key.get());
    return files;
  }

  CertificateFiles IssueReceiptSigner(const std::filesystem::path& stem, Validity validity) const {
    return Issue(stem, "Nightbox receipts of gateway A7",
                 "emailProtection,1.3.6.1.5.5.7.3.36",  // documentSigning, RFC 9336
                 "", LifetimeFor(validity, 25 * kDaysPerYear));
  }

  CertificateFiles IssueTls(const std::filesystem::path& stem, std::string_view kind,
                            std::string_view name, bool server, Validity validity) const {
    const std::string uri = "urn:nightbox:" + std::string(kind) + ":" + std::string(name);
    return Issue(stem, std::string(name), server ? "serverAuth,clientAuth" : "clientAuth",
                 (server ? "DNS:localhost,IP:127.0.0.1,IP:::1,URI:" : "URI:") + uri,
                 LifetimeFor(validity, kDaysPerYear));
  }

 private:
  Key key_;
  Certificate certificate_;
};

struct TestPki::Files {
  TemporaryDirectory directory;
  Authority receipts{"Receipt root"};
  Authority forged_receipts{"Receipt root"};
  Authority tls{"TLS root"};
  Authority stranger{"TLS root"};
  CertificateFiles signer;
  CertificateFiles forged_signer;
  int issued = 0;

  std::filesystem::path NextStem(std::string_view what) {
    return directory.path() / (std::string(what) + "-" + std::to_string(++issued));
  }
};

TestPki::TestPki() : files_(std::make_unique<Files>()) {
  files_->receipts.WriteRoot(receipt_root());
  files_->forged_receipts.WriteRoot(forged_receipt_root());
  files_->tls.WriteRoot(tls_root());
  files_->signer = IssueReceiptSigner(Validity::kNow);
  files_->forged_signer =
      files_->forged_receipts.IssueReceiptSigner(files_->NextStem("forged"), Validity::kNow);

  const Key log(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  WriteKey(log_key(), log.get());
  FILE* file = std::fopen(log_public_key().c_str(), "wbx");
  NB_CHECK(file != nullptr && PEM_write_PUBKEY(file, log.get()) == 1 && std::fclose(file) == 0);
}

TestPki::~TestPki() = default;

const std::filesystem::path& TestPki::directory() const { return files_->directory.path(); }

std::filesystem::path TestPki::receipt_root() const { return directory() / "receipt-root.pem"; }
std::filesystem::path TestPki::tls_root() const { return directory() / "tls-root.pem"; }
std::filesystem::path TestPki::log_key() const { return directory() / "log.key"; }
std::filesystem::path TestPki::log_public_key() const { return directory() / "log.pub"; }
std::filesystem::path TestPki::forged_receipt_root() const {
  return directory() / "forged-receipt-root.pem";
}

CertificateFiles TestPki::receipt_signer() const { return files_->signer; }
CertificateFiles TestPki::forged_receipt_signer() const { return files_->forged_signer; }

CertificateFiles TestPki::IssueReceiptSigner(Validity validity) {
  return files_->receipts.IssueReceiptSigner(files_->NextStem("receipt"), validity);
}

CertificateFiles TestPki::IssueServer(std::string_view name, Validity validity) {
  return files_->tls.IssueTls(files_->NextStem("server"), "gateway", name, true, validity);
}

CertificateFiles TestPki::IssueClient(std::string_view kind, std::string_view name,
                                      Validity validity) {
  return files_->tls.IssueTls(files_->NextStem(kind), kind, name, false, validity);
}

CertificateFiles TestPki::IssueStranger(std::string_view kind, std::string_view name) {
  return files_->stranger.IssueTls(files_->NextStem("stranger"), kind, name, false, Validity::kNow);
}

}  // namespace nightbox
