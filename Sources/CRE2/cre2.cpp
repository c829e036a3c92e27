#include "cre2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <new>

struct cre2_pattern {
    RE2 re;
    cre2_pattern(re2::StringPiece text, const RE2::Options &options) : re(text, options) {}
};

static void report(const char *message, size_t length, char *error, size_t error_size) {
    if (error_size == 0) return;
    const size_t count = std::min(length, error_size - 1);
    std::memcpy(error, message, count);
    error[count] = 0;
}

extern "C" cre2_pattern *cre2_compile(
    const char *text, size_t length, long max_mem, char *error, size_t error_size) {
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_never_capture(true);
        options.set_max_mem(max_mem);
        cre2_pattern *pattern = new cre2_pattern(re2::StringPiece(text, length), options);
        if (pattern->re.ok()) return pattern;
        report(pattern->re.error().data(), pattern->re.error().size(), error, error_size);
        delete pattern;
    } catch (const std::bad_alloc &) {
        report("out of memory", 13, error, error_size);
    }
    return nullptr;
}

extern "C" bool cre2_matches(const cre2_pattern *pattern, const char *text, size_t length) {
    return pattern->re.Match(re2::StringPiece(text, length), 0, length, RE2::UNANCHORED, nullptr, 0);
}

extern "C" int cre2_size(const cre2_pattern *pattern) { return pattern->re.ProgramSize(); }

extern "C" void cre2_free(cre2_pattern *pattern) { delete pattern; }
