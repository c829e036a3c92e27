#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 of two buffers, one after the other, into 32 bytes. Either may be empty. Uses the processor's SHA
/// instructions where it has them.
void cdigest_sha256(const void *first, size_t first_count, const void *second, size_t second_count, uint8_t out[32]);

#endif
