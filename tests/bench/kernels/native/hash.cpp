// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sixteen messages at once.
#include "../sha256.h"
#include "native.h"

namespace {

constexpr uint32_t rounds[64] = {SHA256_ROUNDS};
constexpr uint32_t start[8] = {SHA256_START};

template <int N>
uint16 rotate(uint16 x) {
    return x >> N | x << (32 - N);
}

void add_block(uint16 state[8], uint16 w[16]) {
    uint16 a = state[0], b = state[1], c = state[2], d = state[3];
    uint16 e = state[4], f = state[5], g = state[6], h = state[7];
#pragma unroll
    for (int i = 0; i < 64; ++i) {
        if (i >= 16) {
            const uint16 w1 = w[(i + 1) % 16], w14 = w[(i + 14) % 16];
            w[i % 16] += (rotate<7>(w1) ^ rotate<18>(w1) ^ w1 >> 3) + w[(i + 9) % 16] +
                         (rotate<17>(w14) ^ rotate<19>(w14) ^ w14 >> 10);
        }
        const uint16 t1 = h + (rotate<6>(e) ^ rotate<11>(e) ^ rotate<25>(e)) +
                          ((e & f) ^ (~e & g)) + rounds[i] + w[i % 16];
        const uint16 t2 = (rotate<2>(a) ^ rotate<13>(a) ^ rotate<22>(a)) +
                          ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

uint16 swap_bytes(uint16 x) {
    x = rotate<16>(x);
    return (x & 0x00ff00ff) << 8 | (x >> 8 & 0x00ff00ff);
}

// Messages first to first + count - 1, at most sixteen.
void hash(const bench::Sha256& p, int first, int count, uint32_t* out) {
    uint16 state[8], w[16];
    for (int i = 0; i < 8; ++i)
        state[i] = start[i] - uint16{};
    for (int block = 0; block < p.words; block += 16) {
        for (int lane = 0; lane < 16; ++lane)
            w[lane] = load<uint16>(&p.in[size_t(first + lane % count) * p.words + block]);
        transpose(w);
        for (uint16& words : w)
            words = swap_bytes(words);
        add_block(state, w);
    }
    for (uint16& words : w)
        words = uint16{};
    w[0] += 0x80000000;
    w[15] += static_cast<uint32_t>(p.words) * 32;
    add_block(state, w);
    for (int lane = 0; lane < count; ++lane)
        for (int i = 0; i < 8; ++i)
            out[8 * (first + lane) + i] = state[i][lane];
}

} // namespace

void run_sha256(bench::Session& session) {
    const bench::Sha256 p(session.scale());
    Array<uint32_t> out(size_t{8} * p.messages);
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < p.messages; i += 16)
            hash(p, i, std::min(16, p.messages - i), out.get());
    };
    session.run(p, launch, out);
}
