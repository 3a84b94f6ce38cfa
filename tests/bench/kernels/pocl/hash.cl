// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel of ../acc/hash.cu. The folder of sha256.h is an include folder.

#include "sha256.h"

constant uint rounds[64] = {SHA256_ROUNDS};

uint rotate_right(uint x, uint n) {
    return rotate(x, 32 - n);
}

uint swap_bytes(uint x) {
    return as_uint(as_uchar4(x).wzyx);
}

void add_block(uint state[8], const uint words[16]) {
    uint w[16];
    for (int i = 0; i < 16; ++i)
        w[i] = swap_bytes(words[i]);
    uint a = state[0], b = state[1], c = state[2], d = state[3];
    uint e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; ++i) {
        if (i >= 16) {
            uint w1 = w[(i + 1) % 16], w14 = w[(i + 14) % 16];
            w[i % 16] += (rotate_right(w1, 7) ^ rotate_right(w1, 18) ^ w1 >> 3) + w[(i + 9) % 16] +
                         (rotate_right(w14, 17) ^ rotate_right(w14, 19) ^ w14 >> 10);
        }
        uint t1 = h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                  ((e & f) ^ (~e & g)) + rounds[i] + w[i % 16];
        uint t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
                  ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

kernel void sha256(int messages, int words, global const uint* in, global uint* out) {
    int message = get_global_id(0);
    if (message >= messages) return;
    uint state[8] = {SHA256_START};
    for (int i = 0; i < words; i += 16) {
        uint block[16];
        for (int j = 0; j < 16; ++j)
            block[j] = in[message * words + i + j];
        add_block(state, block);
    }
    uint end[16] = {0x80};
    end[15] = swap_bytes(words * 32);
    add_block(state, end);
    for (int i = 0; i < 8; ++i)
        out[message * 8 + i] = state[i];
}
