// Many messages at once: each lane hashes a message, and takes the next as soon as it is done with one.
#include "cdigest.h"
#include <string.h>

#define LANES_MAX 16
#define READY 8
#define BLOCK 64
#define DIGEST 32

typedef uint32_t quad __attribute__((vector_size(16)));
typedef uint32_t octet __attribute__((vector_size(32)));

static const uint32_t initial[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define LANES 4
#define TARGET
#define NAME compress4
#include "lanes.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define LANES 8
#define TARGET __attribute__((target("avx2")))
#define NAME compress8
#include "lanes.h"

#define LANES 16
#define TARGET __attribute__((target("avx512f,avx512bw")))
#define NAME compress16
#include "lanes.h"

#include "sha_ni.h"
#endif

/// How lanes are compressed, and where their words are: word `i` of lane `l` at `places[i] * word_step + l * lane_step`.
typedef struct {
    size_t lanes;
    void (*compress)(uint32_t *state, const uint8_t *const *blocks, uint32_t fresh);
    size_t word_step, lane_step;
    uint8_t places[8];
} engine;

static const engine engines[] = {
    [cdigest_lanes4] = {4, compress4, 4, 1, {0, 1, 2, 3, 4, 5, 6, 7}},
#if defined(__x86_64__)
    [cdigest_lanes8] = {8, compress8, 8, 1, {0, 1, 2, 3, 4, 5, 6, 7}},
    [cdigest_lanes16] = {16, compress16, 16, 1, {0, 1, 2, 3, 4, 5, 6, 7}},
    [cdigest_sha_ni] = {2, compress_sha_ni, 1, 8, {3, 2, 7, 6, 1, 0, 5, 4}},
#endif
};

int cdigest_has(cdigest_way way) {
    switch (way) {
    case cdigest_best:
    case cdigest_one:
    case cdigest_lanes4: return 1;
#if defined(__x86_64__)
    case cdigest_lanes8: return __builtin_cpu_supports("avx2");
    case cdigest_lanes16: return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    case cdigest_sha_ni: {
        unsigned a, b, c, d;
        return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
    }
#endif
    default: return 0;
    }
}

/// libcrypto has the SHA instructions of other processors, which are faster than four lanes.
static cdigest_way choose(void) {
    static cdigest_way chosen;
    cdigest_way way = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
    if (way != cdigest_best) return way;
    if (cdigest_has(cdigest_lanes16)) way = cdigest_lanes16;
    else if (cdigest_has(cdigest_sha_ni)) way = cdigest_sha_ni;
    else if (cdigest_has(cdigest_lanes8)) way = cdigest_lanes8;
    else way = cdigest_one;
    __atomic_store_n(&chosen, way, __ATOMIC_RELAXED);
    return way;
}

static void store32(uint8_t *at, uint32_t word) {
    word = __builtin_bswap32(word);
    memcpy(at, &word, sizeof word);
}

/// The bits of a message's length, at the end of its last block.
static void store_length(uint8_t *end, uint64_t count) {
    store32(end - 8, (uint32_t)(count >> 29));
    store32(end - 4, (uint32_t)(count << 3));
}

/// A message on its way through a lane: runs of blocks, the first with the prefix and the last with the padding in
/// buffers, those between where the message lies.
typedef struct {
    size_t message;
    /// The blocks left of this run.
    size_t left;
    const uint8_t *body;
    size_t body_blocks, tail_blocks;
    uint8_t head[BLOCK], tail[2 * BLOCK];
} lane;

/// Turns to the next run of blocks; returns its start, null after the last.
static const uint8_t *next_run(lane *lane) {
    if (lane->body_blocks > 0) {
        lane->left = lane->body_blocks;
        lane->body_blocks = 0;
        return lane->body;
    }
    lane->left = lane->tail_blocks;
    lane->tail_blocks = 0;
    return lane->left > 0 ? lane->tail : 0;
}

static const uint8_t *start(lane *lane, size_t number, cdigest_message message, int prefix) {
    const size_t extra = prefix >= 0;
    const size_t total = message.count + extra, blocks = total / BLOCK, rest = total % BLOCK;
    lane->message = number;
    lane->tail_blocks = rest < BLOCK - 8 ? 1 : 2;
    const size_t tail_count = lane->tail_blocks * BLOCK;
    const int has_head = extra && blocks > 0;
    lane->body = message.bytes + (has_head ? BLOCK - 1 : 0);
    lane->body_blocks = blocks - has_head;
    uint8_t *tail = lane->tail;
    size_t at = 0;
    if (extra && blocks == 0) tail[at++] = (uint8_t)prefix;
    if (rest > at) memcpy(tail + at, message.bytes + message.count - (rest - at), rest - at);
    tail[rest] = 0x80;
    memset(tail + rest + 1, 0, tail_count - rest - 1);
    store_length(tail + tail_count, total);
    if (!has_head) return next_run(lane);
    lane->head[0] = (uint8_t)prefix;
    memcpy(lane->head + 1, message.bytes, BLOCK - 1);
    lane->left = 1;
    return lane->head;
}

static void store_digest(const engine *engine, const uint32_t *state, size_t lane, uint8_t *out) {
    const uint32_t *words = state + lane * engine->lane_step;
    for (size_t i = 0; i < 8; i++) store32(out + 4 * i, words[engine->places[i] * engine->word_step]);
}

/// Messages made ready some compressions before a lane takes them: what was just written byte by byte could not be loaded
/// into vectors at once, and their bytes are on the way from memory.
typedef struct {
    lane lanes[LANES_MAX + READY];
    const uint8_t *starts[LANES_MAX + READY];
    /// The lanes that are ready, in a ring.
    uint8_t ring[READY];
    size_t first, count;
} ready;

static void make_ready(
    ready *ready, uint8_t which, size_t number, cdigest_message message, int prefix) {
    for (size_t i = 0; i < message.count; i += BLOCK) __builtin_prefetch(message.bytes + i);
    ready->starts[which] = start(&ready->lanes[which], number, message, prefix);
    ready->ring[(ready->first + ready->count++) % READY] = which;
}

static void many(
    const engine *engine, int prefix, const cdigest_message *messages, size_t count, uint8_t *out) {
    static const uint8_t idle[BLOCK];
    uint32_t state[8 * LANES_MAX] __attribute__((aligned(64)));
    const uint8_t *blocks[LANES_MAX];
    /// The number of the message's lane; none where `blocks` is idle.
    uint8_t taken[LANES_MAX];
    size_t left[LANES_MAX];
    ready ready;
    const size_t width = engine->lanes;
    size_t next = 0, busy = 0;
    uint32_t fresh = 0;
    ready.first = ready.count = 0;
    memset(state, 0, sizeof state);
    for (size_t l = 0; l < width; l++) {
        blocks[l] = idle;
        left[l] = 1;
        taken[l] = (uint8_t)l;
        if (next == count) continue;
        blocks[l] = start(&ready.lanes[l], next, messages[next], prefix);
        left[l] = ready.lanes[l].left;
        next++, busy++;
        fresh |= 1u << l;
    }
    for (size_t i = 0; i < READY && next < count; i++, next++)
        make_ready(&ready, (uint8_t)(width + i), next, messages[next], prefix);
    while (busy > 0) {
        engine->compress(state, blocks, fresh);
        fresh = 0;
        for (size_t l = 0; l < width; l++) {
            blocks[l] += BLOCK;
            if (__builtin_expect(--left[l] != 0, 1)) continue;
            lane *done = &ready.lanes[taken[l]];
            if (blocks[l] == idle + BLOCK) {
                blocks[l] = idle;
                left[l] = 1;
                continue;
            }
            if ((blocks[l] = next_run(done))) {
                left[l] = done->left;
                continue;
            }
            store_digest(engine, state, l, out + DIGEST * done->message);
            if (ready.count == 0) {
                blocks[l] = idle;
                left[l] = 1;
                busy--;
                continue;
            }
            const uint8_t freed = taken[l], which = ready.ring[ready.first];
            ready.first = (ready.first + 1) % READY;
            ready.count--;
            taken[l] = which;
            blocks[l] = ready.starts[which];
            left[l] = ready.lanes[which].left;
            fresh |= 1u << l;
            if (next < count) {
                make_ready(&ready, freed, next, messages[next], prefix);
                next++;
            }
        }
    }
}

static void pairs(const engine *engine, uint8_t prefix, const uint8_t *bytes, size_t count, uint8_t *out) {
    uint32_t state[8 * LANES_MAX] __attribute__((aligned(64)));
    uint8_t heads[LANES_MAX][BLOCK], tails[LANES_MAX][BLOCK];
    const uint8_t *blocks[LANES_MAX], *ends[LANES_MAX];
    const size_t width = engine->lanes;
    memset(heads, 0, sizeof heads);
    memset(tails, 0, sizeof tails);
    for (size_t l = 0; l < width; l++) {
        blocks[l] = heads[l];
        ends[l] = tails[l];
        heads[l][0] = prefix;
        tails[l][1] = 0x80;
        store_length(tails[l] + BLOCK, BLOCK + 1);
    }
    for (size_t first = 0; first < count; first += width) {
        const size_t used = count - first < width ? count - first : width;
        for (size_t l = 0; l < used; l++) {
            const uint8_t *pair = bytes + (first + l) * BLOCK;
            memcpy(heads[l] + 1, pair, BLOCK - 1);
            tails[l][0] = pair[BLOCK - 1];
        }
        engine->compress(state, blocks, ~0u);
        engine->compress(state, ends, 0);
        for (size_t l = 0; l < used; l++) store_digest(engine, state, l, out + DIGEST * (first + l));
    }
}

void cdigest_sha256_many(
    cdigest_way way, int prefix, const cdigest_message *messages, size_t count, uint8_t *out) {
    if (way == cdigest_best) way = count < 3 ? cdigest_one : choose();
    if (way != cdigest_one) return many(&engines[way], prefix, messages, count, out);
    const uint8_t first = (uint8_t)prefix;
    for (size_t i = 0; i < count; i++)
        cdigest_sha256(&first, prefix >= 0, messages[i].bytes, messages[i].count, out + DIGEST * i);
}

void cdigest_sha256_pairs(cdigest_way way, uint8_t prefix, const uint8_t *bytes, size_t count, uint8_t *out) {
    if (way == cdigest_best) way = count < 3 ? cdigest_one : choose();
    if (way != cdigest_one) return pairs(&engines[way], prefix, bytes, count, out);
    for (size_t i = 0; i < count; i++) {
        uint8_t digest[DIGEST];
        cdigest_sha256(&prefix, 1, bytes + BLOCK * i, BLOCK, digest);
        memcpy(out + DIGEST * i, digest, DIGEST);
    }
}
