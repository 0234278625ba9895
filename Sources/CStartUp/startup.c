// What libraries would do before main, at a cost that each `apus pub` would pay, done here for less or later.

#include "CStartUp.h"

#include <pthread.h>

static int count;
static char **words;

// The C library hands the words to every function that runs before main.
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  words = argv;
}

char **apus_words(void) { return words; }

// Swift's own pair comes with a function that reads /proc/self/maps before main to find the words.  With these
// here it is not linked.

char **_swift_stdlib_getUnsafeArgvArgc(int *length) {
  *length = count;
  return words;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc) {
  count = argc;
  words = argv;
}

// OpenSSL asks the processor what it can do, first before main and then whenever the library is set up.  In a
// virtual machine each question goes to the host: 50 microseconds that who needs no TLS does not pay.  (Linked
// with --wrap; the wrapper is unused otherwise.)

extern void __real_OPENSSL_cpuid_setup(void) __attribute__((weak));

void __wrap_OPENSSL_cpuid_setup(void) {
  if (words) __real_OPENSSL_cpuid_setup();
}

// OpenSSL learns the texts of its errors with the first of them, and the names of all ciphers with the first
// algorithm that it looks for: a seventh of a short run over TLS.

extern int __real_ossl_err_load_crypto_strings(void) __attribute__((weak));
extern void __real_openssl_add_all_ciphers_int(void) __attribute__((weak));

int __wrap_ossl_err_load_crypto_strings(void) { return 1; }
void __wrap_openssl_add_all_ciphers_int(void) {}

static void load_error_texts(void) { __real_ossl_err_load_crypto_strings(); }

void apus_load_error_texts(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (__real_ossl_err_load_crypto_strings) pthread_once(&once, load_error_texts);
}

void apus_add_ciphers(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (__real_openssl_add_all_ciphers_int) pthread_once(&once, __real_openssl_add_all_ciphers_int);
}
