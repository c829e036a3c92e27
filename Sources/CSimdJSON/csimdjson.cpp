#include "csimdjson.h"

#include <new>
#include <simdjson.h>

namespace {

// simdjson must accept every document that Docket does: Docket allows 64 levels and checks that itself.
constexpr size_t depth_max = 128;
// A thread's parser keeps about nine times this many bytes between documents; a larger one is let go.
constexpr size_t kept_capacity_max = 4 << 20;

thread_local simdjson::dom::parser parser;

}  // namespace

extern "C" int csimdjson_parse(const uint8_t *bytes, size_t length, csimdjson_tape *tape) {
    *tape = {nullptr, nullptr, 0};
    if (parser.capacity() > kept_capacity_max && length <= kept_capacity_max) {
        parser = simdjson::dom::parser();
    }
    if (parser.max_depth() != depth_max) {
        if (auto error = parser.allocate(length < 4096 ? 4096 : length, depth_max)) { return error; }
    }
    if (auto error = parser.parse(bytes, length, true).error()) { return error; }
    const uint64_t *words = parser.doc.tape.get();
    // The first word is the root: its payload is the index of the word after the last.
    tape->words = words;
    tape->strings = parser.doc.string_buf.get();
    tape->count = static_cast<size_t>(words[0] & 0x00FFFFFFFFFFFFFFull);
    return 0;
}
