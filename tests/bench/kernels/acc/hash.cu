// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SHA-256 (FIPS 180-4), a thread for each message.

#include "../sha256.h"
#include "device.h"

namespace {

__constant__ unsigned rounds[64] = {SHA256_ROUNDS};

__device__ unsigned rotate(unsigned x, int n) {
    return x >> n | x << (32 - n);
}

// Adds a block of 16 words, in the order of a little-endian machine, to the state.
__device__ void add_block(unsigned state[8], const unsigned words[16]) {
    unsigned w[16];
    for (int i = 0; i < 16; ++i)
        w[i] = __byte_perm(words[i], 0, 0x0123);
    unsigned a = state[0], b = state[1], c = state[2], d = state[3];
    unsigned e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; ++i) {
        if (i >= 16) {
            unsigned w1 = w[(i + 1) % 16], w14 = w[(i + 14) % 16];
            w[i % 16] += (rotate(w1, 7) ^ rotate(w1, 18) ^ w1 >> 3) + w[(i + 9) % 16] +
                         (rotate(w14, 17) ^ rotate(w14, 19) ^ w14 >> 10);
        }
        unsigned t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) +
                      rounds[i] + w[i % 16];
        unsigned t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                      ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

__global__ void sha256(int messages, int words, const unsigned* in, unsigned* out) {
    int message = blockIdx.x * blockDim.x + threadIdx.x;
    if (message >= messages) return;
    unsigned state[8] = {SHA256_START};
    for (int i = 0; i < words; i += 16)
        add_block(state, in + message * words + i);
    unsigned end[16] = {0x80};
    end[15] = __byte_perm(words * 32, 0, 0x0123);
    add_block(state, end);
    for (int i = 0; i < 8; ++i)
        out[message * 8 + i] = state[i];
}

} // namespace

void run_sha256(bench::Session& session) {
    const bench::Sha256 p(session.scale());
    Buffer<uint32_t> in(p.in), out(size_t{8} * p.messages);
    session.run(
        p,
        [&] {
            sha256<<<divide_up(p.messages, 128), 128>>>(p.messages, p.words, in.get(), out.get());
        },
        out);
}
