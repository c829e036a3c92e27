// The compression function of SHA-256 on LANES messages at once, a word of each in every vector. Included once for each
// width, with LANES, TARGET (the attribute that lets the compiler use the instructions) and NAME.
//
// State is word after word, each a vector; blocks are read where they lie. A block's words of four lanes that are
// LANES / 4 apart are loaded beside each other, so that the transposition stays within 128 bits.

#define GLUE2(a, b) a##b
#define GLUE(a, b) GLUE2(a, b)
#define VECTOR GLUE(NAME, _vector)
#define OCTETS GLUE(NAME, _octets)
#define INLINE static inline __attribute__((always_inline)) TARGET

typedef uint32_t VECTOR __attribute__((vector_size(4 * LANES)));
typedef uint8_t OCTETS __attribute__((vector_size(4 * LANES)));

#if LANES == 4
#define QUADS(f) f(0)
#elif LANES == 8
#define QUADS(f) f(0), f(4)
#else
#define QUADS(f) f(0), f(4), f(8), f(12)
#endif
#define LOW32(i) i, i + LANES, i + 1, i + LANES + 1
#define HIGH32(i) i + 2, i + LANES + 2, i + 3, i + LANES + 3
#define LOW64(i) i, i + 1, i + LANES, i + LANES + 1
#define HIGH64(i) i + 2, i + 3, i + LANES + 2, i + LANES + 3
#define SWAP(i) \
    4 * i + 3, 4 * i + 2, 4 * i + 1, 4 * i, 4 * i + 7, 4 * i + 6, 4 * i + 5, 4 * i + 4, 4 * i + 11, 4 * i + 10, \
        4 * i + 9, 4 * i + 8, 4 * i + 15, 4 * i + 14, 4 * i + 13, 4 * i + 12

INLINE VECTOR GLUE(NAME, _load)(const uint8_t *const *blocks, int lane, int offset) {
    quad one, two;
    memcpy(&one, blocks[lane] + offset, sizeof one);
#if LANES == 4
    VECTOR words = one;
#else
    memcpy(&two, blocks[lane + 4] + offset, sizeof two);
    octet low = __builtin_shufflevector(one, two, 0, 1, 2, 3, 4, 5, 6, 7);
#if LANES == 8
    VECTOR words = low;
#else
    memcpy(&one, blocks[lane + 8] + offset, sizeof one);
    memcpy(&two, blocks[lane + 12] + offset, sizeof two);
    octet high = __builtin_shufflevector(one, two, 0, 1, 2, 3, 4, 5, 6, 7);
    VECTOR words = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
#endif
    (void)two;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    OCTETS octets = (OCTETS)words;
    words = (VECTOR)__builtin_shufflevector(octets, octets, QUADS(SWAP));
#endif
    return words;
}

INLINE VECTOR GLUE(NAME, _rotate)(VECTOR x, int bits) { return x >> bits | x << (32 - bits); }

/// Lanes whose bit is set in `fresh` begin a message.
TARGET static void NAME(uint32_t *state, const uint8_t *const *blocks, uint32_t fresh) {
#define ROTATE GLUE(NAME, _rotate)
    VECTOR w[16];
    for (int i = 0; i < 4; i++) {
        VECTOR a = GLUE(NAME, _load)(blocks, 0, 16 * i), b = GLUE(NAME, _load)(blocks, 1, 16 * i);
        VECTOR c = GLUE(NAME, _load)(blocks, 2, 16 * i), d = GLUE(NAME, _load)(blocks, 3, 16 * i);
        VECTOR ab = __builtin_shufflevector(a, b, QUADS(LOW32)), cd = __builtin_shufflevector(c, d, QUADS(LOW32));
        w[4 * i] = __builtin_shufflevector(ab, cd, QUADS(LOW64));
        w[4 * i + 1] = __builtin_shufflevector(ab, cd, QUADS(HIGH64));
        ab = __builtin_shufflevector(a, b, QUADS(HIGH32));
        cd = __builtin_shufflevector(c, d, QUADS(HIGH32));
        w[4 * i + 2] = __builtin_shufflevector(ab, cd, QUADS(LOW64));
        w[4 * i + 3] = __builtin_shufflevector(ab, cd, QUADS(HIGH64));
    }
#if LANES == 4
    const VECTOR bits = {1, 2, 4, 8};
#elif LANES == 8
    const VECTOR bits = {1, 2, 4, 8, 16, 32, 64, 128};
#else
    const VECTOR bits = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
#endif
    VECTOR s[8];
    memcpy(s, state, sizeof s);
    // By a mask and not in memory: vectors that were just written word by word could not be loaded at once.
    const VECTOR begins = (VECTOR)((fresh & bits) != 0);
    for (int i = 0; i < 8; i++) s[i] = (begins & initial[i]) | (~begins & s[i]);
    VECTOR a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
#pragma clang loop unroll(full)
    for (int i = 0; i < 64; i++) {
        if (i >= 16) {
            VECTOR x = w[(i + 1) & 15], y = w[(i + 14) & 15];
            w[i & 15] += w[(i + 9) & 15] + (ROTATE(x, 7) ^ ROTATE(x, 18) ^ x >> 3)
                + (ROTATE(y, 17) ^ ROTATE(y, 19) ^ y >> 10);
        }
        VECTOR t = h + w[i & 15] + round_constants[i] + (g ^ (e & (f ^ g)))
            + (ROTATE(e, 6) ^ ROTATE(e, 11) ^ ROTATE(e, 25));
        VECTOR u = (((a ^ b) & (c ^ b)) ^ b) + (ROTATE(a, 2) ^ ROTATE(a, 13) ^ ROTATE(a, 22));
        h = g, g = f, f = e, e = d + t, d = c, c = b, b = a, a = t + u;
    }
    s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
    memcpy(state, s, sizeof s);
#undef ROTATE
}

#undef GLUE2
#undef GLUE
#undef VECTOR
#undef OCTETS
#undef INLINE
#undef QUADS
#undef LOW32
#undef HIGH32
#undef LOW64
#undef HIGH64
#undef SWAP
#undef LANES
#undef TARGET
#undef NAME
