// The low-level calls take no allocation and no look-up of a provider, which the newer ones do for each message: for
// entries of a few hundred bytes that costs more than hashing them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "cdigest.h"
#include <openssl/sha.h>

void cdigest_sha256(const void *first, size_t first_count, const void *second, size_t second_count, uint8_t out[32]) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, first, first_count);
    SHA256_Update(&context, second, second_count);
    SHA256_Final(out, &context);
}
