#pragma once

#include <stddef.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled RE2 pattern.
typedef struct cre2_pattern cre2_pattern;

/// Compiles a pattern within `max_mem` bytes. On failure returns NULL and writes a message of at most
/// `error_size - 1` bytes and its NUL to `error`.
cre2_pattern *cre2_compile(const char *text, size_t length, long max_mem, char *error, size_t error_size);

/// Whether the pattern matches anywhere in the text. Safe on any thread.
bool cre2_matches(const cre2_pattern *pattern, const char *text, size_t length);

/// The number of instructions the pattern compiled to.
int cre2_size(const cre2_pattern *pattern);

void cre2_free(cre2_pattern *pattern);

#ifdef __cplusplus
}
#endif
