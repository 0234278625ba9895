// OpenSSL 3, and what of it is a macro that Swift does not see.

// The same program, wherever it is built.
#define OPENSSL_NO_FILENAMES
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/ocsp.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static inline int apus_ctx_set_versions(SSL_CTX *ctx, int oldest, int newest) {
  return SSL_CTX_set_min_proto_version(ctx, oldest) == 1 &&
         SSL_CTX_set_max_proto_version(ctx, newest) == 1;
}

/// Records as they come and go: a write takes what fits, and its buffer may move; a read takes from the
/// socket what is there, several records at once.  An end without TLS's farewell is no fault that would
/// make the session useless: MQTT's own packets tell what is missing.
static inline void apus_ctx_set_modes(SSL_CTX *ctx, size_t read_buffer) {
  SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(
      ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_read_ahead(ctx, 1);
  SSL_CTX_set_default_read_buffer_len(ctx, read_buffer);
}

static inline int apus_ssl_set_server_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void apus_bio_retry(BIO *bio, int reading) {
  BIO_clear_retry_flags(bio);
  if (reading) BIO_set_retry_read(bio); else BIO_set_retry_write(bio);
}

static inline void apus_bio_no_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline int apus_names_count(const GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}

/// The bytes of a host name (kind 2) or address (kind 7); other kinds have none.
static inline int apus_names_at(
    const GENERAL_NAMES *names, int index, const unsigned char **bytes, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name->type != GEN_DNS && name->type != GEN_IPADD) return 0;
  const ASN1_STRING *string = name->type == GEN_DNS ? name->d.ia5 : name->d.iPAddress;
  *bytes = ASN1_STRING_get0_data(string);
  *length = ASN1_STRING_length(string);
  return name->type;
}

static inline void apus_names_free(GENERAL_NAMES *names) {
  sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
}

static inline long apus_bio_text(BIO *bio, char **text) { return BIO_get_mem_data(bio, text); }

/// `O=Example, CN=host`, with UTF-8 as it is.
static inline int apus_name_print(BIO *bio, const X509_NAME *name) {
  unsigned long style = XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ & ~ASN1_STRFLGS_ESC_MSB;
  return X509_NAME_print_ex(bio, name, 0, style);
}

static inline void apus_certificates_free(STACK_OF(X509) *chain) {
  sk_X509_pop_free(chain, X509_free);
}

/// The SHA-256 of a certificate's public key, with its algorithm (RFC 7469), in base64: 44 letters and NUL.
static inline int apus_pin(X509 *certificate, unsigned char text[45]) {
  unsigned char *key = NULL;
  unsigned char digest[32];
  int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
  if (length <= 0) return 0;
  int done = EVP_Digest(key, (size_t)length, digest, NULL, EVP_sha256(), NULL);
  OPENSSL_free(key);
  return done == 1 && EVP_EncodeBlock(text, digest, 32) == 44;
}

/// Judges the chain that the server has sent, as in a handshake: 1 when it passes.
static inline int apus_verify(SSL *ssl, SSL_verify_cb judge) {
  STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
  if (chain == NULL || sk_X509_num(chain) == 0) return 0;
  X509_STORE_CTX *store = X509_STORE_CTX_new();
  int passed = 0;
  if (store != NULL && X509_STORE_CTX_init(store, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)),
                                           sk_X509_value(chain, 0), chain) == 1) {
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(store);
    X509_STORE_CTX_set_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
    X509_STORE_CTX_set_default(store, "ssl_server");
    X509_VERIFY_PARAM_set1(param, SSL_get0_param(ssl));
    X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
    X509_STORE_CTX_set_verify_cb(store, judge);
    passed = X509_verify_cert(store) == 1;
  }
  X509_STORE_CTX_free(store);
  return passed;
}

static inline int apus_has_engine(const char *name) {
  ENGINE_load_dynamic();
  ENGINE *engine = ENGINE_by_id(name);
  ERR_clear_error();
  if (engine == NULL) return 0;
  ENGINE_free(engine);
  return 1;
}

/// A private key that an engine holds.  Without one `stage` tells how far it came: 0 there is no such engine,
/// 1 it does not start, 2 it gives no key.  Swift does not call what OpenSSL 3 deprecates.
static inline EVP_PKEY *apus_engine_key(
    const char *name, const char *key, const char *pin, int *stage) {
  *stage = 0;
  ENGINE_load_dynamic();
  ENGINE *engine = ENGINE_by_id(name);
  if (engine == NULL) return NULL;
  *stage = 1;
  // pkcs11 would tell standard error what it thinks of the key's name, the PIN in it too.
  ENGINE_ctrl_cmd(engine, "QUIET", 0, NULL, NULL, 1);
  EVP_PKEY *found = NULL;
  if (ENGINE_init(engine) == 1) {
    *stage = 2;
    if (pin == NULL || ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) == 1)
      found = ENGINE_load_private_key(engine, key, NULL, NULL);
    ENGINE_finish(engine);
  }
  ENGINE_free(engine);
  return found;
}

/// The group of the key exchange; NULL when there is none.
static inline const char *apus_ssl_group(SSL *ssl) {
  int group = SSL_get_negotiated_group(ssl);
  return group == NID_undef ? NULL : SSL_group_to_name(ssl, group);
}

static inline void apus_ssl_ask_status(SSL *ssl) {
  SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}

/// The length of the OCSP response that came with the handshake; -1 without one.
static inline long apus_ssl_status(SSL *ssl, const unsigned char **response) {
  return SSL_get_tlsext_status_ocsp_resp(ssl, response);
}

/// The certificate at a place of a chain, the server's own at 0; NULL beyond the end.
static inline X509 *apus_chain_at(const STACK_OF(X509) *chain, int place) {
  return chain != NULL && place < sk_X509_num(chain) ? sk_X509_value(chain, place) : NULL;
}

/// HKDF with SHA-256 (RFC 5869).
static inline int apus_hkdf(
    const unsigned char *secret, size_t secret_length, const unsigned char *salt, size_t salt_length,
    const unsigned char *info, size_t info_length, unsigned char *out, size_t out_length) {
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
  EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
  EVP_KDF_free(kdf);
  if (context == NULL) return 0;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, "SHA256", 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, secret_length),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_length),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_length),
      OSSL_PARAM_construct_end()};
  int done = EVP_KDF_derive(context, out, out_length, parameters);
  EVP_KDF_CTX_free(context);
  return done == 1;
}

/// HMAC-SHA-256 (RFC 2104); `mac` has 32 bytes.
static inline int apus_hmac(
    const unsigned char *key, size_t key_length, const unsigned char *bytes, size_t length,
    unsigned char mac[32]) {
  size_t made = 0;
  return EVP_Q_mac(
             NULL, "HMAC", NULL, "SHA256", NULL, key, key_length, bytes, length, mac, 32, &made) != NULL &&
         made == 32;
}
