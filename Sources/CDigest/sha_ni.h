// The compression function of SHA-256 by the SHA instructions of x86 on two messages, whose rounds are interleaved: each
// waits for the one before it, so that one message alone leaves the unit idle half the time.
//
// State of a message is 8 words: F, E, B, A and H, G, D, C, as the instructions want them.

#define SHA_NI __attribute__((target("sha,sse4.1,ssse3")))

SHA_NI static inline __attribute__((always_inline)) void sha_ni_rounds(
    __m128i *abef, __m128i *cdgh, __m128i words, int i) {
    __m128i sum = _mm_add_epi32(words, _mm_load_si128((const __m128i *)(round_constants + 4 * i)));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/// The four words that follow sixteen.
SHA_NI static inline __attribute__((always_inline)) __m128i sha_ni_extend(
    __m128i a, __m128i b, __m128i c, __m128i d) {
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));
    return _mm_sha256msg2_epu32(sum, d);
}

SHA_NI static void compress_sha_ni(uint32_t *state, const uint8_t *const *blocks, uint32_t fresh) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
    __m128i *const states = (__m128i *)state;
    const __m128i abef = _mm_set_epi32(0x6a09e667, 0xbb67ae85 - 0x100000000, 0x510e527f, 0x9b05688c - 0x100000000);
    const __m128i cdgh = _mm_set_epi32(0x3c6ef372, 0xa54ff53a - 0x100000000, 0x1f83d9ab, 0x5be0cd19);
    for (int m = 0; m < 2; m++) {
        if (!(fresh >> m & 1)) continue;
        states[2 * m] = abef;
        states[2 * m + 1] = cdgh;
    }
    __m128i w[2][4];
    for (int m = 0; m < 2; m++)
        for (int i = 0; i < 4; i++)
            w[m][i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks[m] + 16 * i)), swap);
    __m128i abef0 = states[0], cdgh0 = states[1], abef1 = states[2], cdgh1 = states[3];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        if (i >= 4) {
            for (int m = 0; m < 2; m++)
                w[m][i & 3] = sha_ni_extend(w[m][i & 3], w[m][(i + 1) & 3], w[m][(i + 2) & 3], w[m][(i + 3) & 3]);
        }
        sha_ni_rounds(&abef0, &cdgh0, w[0][i & 3], i);
        sha_ni_rounds(&abef1, &cdgh1, w[1][i & 3], i);
    }
    states[0] = _mm_add_epi32(states[0], abef0);
    states[1] = _mm_add_epi32(states[1], cdgh0);
    states[2] = _mm_add_epi32(states[2], abef1);
    states[3] = _mm_add_epi32(states[3], cdgh1);
}

#undef SHA_NI
