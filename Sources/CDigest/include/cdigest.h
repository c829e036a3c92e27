#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 of two buffers, one after the other, into 32 bytes. Either may be empty. Uses the processor's SHA
/// instructions where it has them.
void cdigest_sha256(const void *first, size_t first_count, const void *second, size_t second_count, uint8_t out[32]);

/// A message among many.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} cdigest_message;

/// The ways to hash many messages at once.
typedef enum {
    /// The fastest that this processor has.
    cdigest_best,
    /// libcrypto, one message after another.
    cdigest_one,
    /// Vectors of 128 bits, which every compiler makes: NEON, SSE2 or four words.
    cdigest_lanes4,
    /// AVX2.
    cdigest_lanes8,
    /// AVX-512F and BW.
    cdigest_lanes16,
    /// The SHA instructions of x86, two messages interleaved.
    cdigest_sha_ni,
} cdigest_way;

/// Returns whether this processor has what a way needs.
int cdigest_has(cdigest_way way);

/// SHA-256 of each message after a prefix of one byte, or after none if `prefix` is negative: 32 bytes a message into
/// `out`. The processor must have what `way` needs.
void cdigest_sha256_many(
    cdigest_way way, int prefix, const cdigest_message *messages, size_t count, uint8_t *out);

/// SHA-256 of each 64 of the bytes at `pairs` after a prefix of one byte: 32 bytes a pair into `out`, which may begin
/// where `pairs` does.
void cdigest_sha256_pairs(cdigest_way way, uint8_t prefix, const uint8_t *pairs, size_t count, uint8_t *out);

#endif
