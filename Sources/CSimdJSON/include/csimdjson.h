#ifndef DOCKET_CSIMDJSON_H
#define DOCKET_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parsed document as simdjson's tape (simdjson doc/tape.md), borrowed from the calling thread's parser:
/// valid until this thread parses again.
typedef struct csimdjson_tape {
    const uint64_t *_Nullable words;
    const uint8_t *_Nullable strings;
    size_t count;
} csimdjson_tape;

/// Parses `length` bytes with the calling thread's parser and fills `tape`; the bytes are copied, so they need no
/// padding. Answers 0, or simdjson's error code; then `tape` is empty.
int csimdjson_parse(const uint8_t *_Nonnull bytes, size_t length, csimdjson_tape *_Nonnull tape);

#ifdef __cplusplus
}
#endif

#endif
