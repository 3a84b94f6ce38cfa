// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

namespace {

// Real and imaginary parts of one transform.
struct Points {
    alignas(64) float re[bench::Fft::size], im[bench::Fft::size];
};

// One butterfly of radix 4: what stands 256 apart, to what stands `stride` apart. Roots: the first,
// second, third power.
inline void butterfly(const Points& from, Points& to, int i, int o, int stride, const float* w) {
    const float ar = from.re[i], br = from.re[i + 256], cr = from.re[i + 512],
                dr = from.re[i + 768];
    const float ai = from.im[i], bi = from.im[i + 256], ci = from.im[i + 512],
                di = from.im[i + 768];
    const float sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci;
    const float ur = br + dr, ui = bi + di, vr = bi - di, vi = dr - br; // v: times -i
    to.re[o] = sr + ur, to.im[o] = si + ui;
    const float xr = tr + vr, xi = ti + vi, yr = sr - ur, yi = si - ui, zr = tr - vr, zi = ti - vi;
    to.re[o + stride] = w[0] * xr - w[1] * xi, to.im[o + stride] = w[0] * xi + w[1] * xr;
    to.re[o + 2 * stride] = w[2] * yr - w[3] * yi, to.im[o + 2 * stride] = w[2] * yi + w[3] * yr;
    to.re[o + 3 * stride] = w[4] * zr - w[5] * zi, to.im[o + 3 * stride] = w[4] * zi + w[5] * zr;
}

// The three roots of each butterfly of the first step and of all later ones, by p: w[stage][6 * p].
using Roots = std::vector<std::vector<float>>;

// With a stride of at least 4, neighbours share their roots.
template <int Stride>
void step(const Points& from, Points& to, const std::vector<float>& roots) {
    for (int p = 0; p < 256 / Stride; ++p) {
        const float* w = &roots[6 * p];
        const float of_p[6] = {w[0], w[1], w[2], w[3], w[4], w[5]};
#pragma omp simd
        for (int q = 0; q < Stride; ++q)
            butterfly(from, to, q + Stride * p, q + 4 * Stride * p, Stride, of_p);
    }
}

// With a stride of 1, each has its own, and results are interleaved.
void first_step(const Points& from, Points& to, const std::vector<float>& roots) {
    const float* w = roots.data(); // six arrays of 256
#pragma omp simd
    for (int p = 0; p < 256; ++p) {
        const float of_p[6] = {w[p], w[p + 256], w[p + 512], w[p + 768], w[p + 1024], w[p + 1280]};
        butterfly(from, to, p, 4 * p, 1, of_p);
    }
}

Roots roots_of(const bench::Fft& p) {
    Roots roots;
    for (int stride = 1; stride < p.size; stride *= 4) {
        std::vector<float> of_step(1536);
        for (int i = 0; i < 256 / stride; ++i)
            for (int k = 0; k < 6; ++k)
                of_step[stride == 1 ? 256 * k + i : 6 * i + k] =
                    p.roots[2 * (k / 2 + 1) * i * stride + k % 2];
        roots.push_back(of_step);
    }
    return roots;
}

void transform(const Roots& roots, const float* in, float* out) {
    Points a, b;
#pragma omp simd
    for (int i = 0; i < bench::Fft::size; ++i)
        a.re[i] = in[2 * i], a.im[i] = in[2 * i + 1];
    first_step(a, b, roots[0]);
    step<4>(b, a, roots[1]);
    step<16>(a, b, roots[2]);
    step<64>(b, a, roots[3]);
    step<256>(a, b, roots[4]);
#pragma omp simd
    for (int i = 0; i < bench::Fft::size; ++i)
        out[2 * i] = b.re[i], out[2 * i + 1] = b.im[i];
}

} // namespace

void run_fft(bench::Session& session) {
    const bench::Fft p(session.scale());
    const Roots roots = roots_of(p);
    Array<float> out(p.in.size());
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < p.batch; ++i)
            transform(roots, &p.in[size_t{2} * p.size * i], out.get() + size_t{2} * p.size * i);
    };
    session.run(p, launch, out);
}

namespace {

// A step of the network within vectors: lanes `Distance` apart are compared. `up`: lanes of which
// the smaller goes down.
template <int Distance>
uint16 exchange(uint16 v, int16 up) {
    const uint16 other = __builtin_shufflevector(
        v, v, 0 ^ Distance, 1 ^ Distance, 2 ^ Distance, 3 ^ Distance, 4 ^ Distance, 5 ^ Distance,
        6 ^ Distance, 7 ^ Distance, 8 ^ Distance, 9 ^ Distance, 10 ^ Distance, 11 ^ Distance,
        12 ^ Distance, 13 ^ Distance, 14 ^ Distance, 15 ^ Distance);
    const int16 low = (lanes & Distance) == 0; // lanes that get the smaller one where it goes up
    return (low == up) ? __builtin_elementwise_min(v, other) : __builtin_elementwise_max(v, other);
}

// The steps with distances below 16 of a run, on 16 keys whose first is number i.
uint16 exchange_all(uint16 v, int run, int i) {
    const int16 up = ((lanes + i) & run) == 0;
    if (run > 8) v = exchange<8>(v, up);
    if (run > 4) v = exchange<4>(v, up);
    if (run > 2) v = exchange<2>(v, up);
    return exchange<1>(v, up);
}

void sort(uint32_t* keys) {
    constexpr int size = bench::Bitonic::size;
    for (int i = 0; i < size; i += 16) {
        uint16 v = load<uint16>(keys + i);
        for (int run = 2; run <= 16; run *= 2)
            v = exchange_all(v, run, i);
        store(keys + i, v);
    }
    for (int run = 32; run <= size; run *= 2) {
        for (int distance = run / 2; distance >= 16; distance /= 2) {
            for (int i = 0; i < size; i += 16) {
                if (i & distance) continue;
                const uint16 a = load<uint16>(keys + i), b = load<uint16>(keys + i + distance);
                const uint16 low = __builtin_elementwise_min(a, b),
                             high = __builtin_elementwise_max(a, b);
                const bool up = (i & run) == 0;
                store(keys + i, up ? low : high);
                store(keys + i + distance, up ? high : low);
            }
        }
        for (int i = 0; i < size; i += 16)
            store(keys + i, exchange_all(load<uint16>(keys + i), run, i));
    }
}

} // namespace

void run_bitonic(bench::Session& session) {
    const bench::Bitonic p(session.scale());
    Array<uint32_t> out(p.in.size());
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < p.parts; ++i) {
            uint32_t* part = out.get() + size_t(p.size) * i;
            std::memcpy(part, &p.in[size_t(p.size) * i], p.size * sizeof(uint32_t));
            sort(part);
        }
    };
    session.run(p, launch, out);
}

namespace {

// Along anti-diagonals; `b` backwards, so that a diagonal's letters are neighbours.
int align(const bench::Alignment& p, const int8_t* a, const int8_t* b) {
    constexpr int size = bench::Alignment::size;
    int scores[3][size + 1] = {};
    int8_t backwards[size];
    for (int i = 0; i < size; ++i)
        backwards[i] = b[size - 1 - i];
    int *now = scores[2], *last = scores[1], *before = scores[0];
    int highest = 0;
    for (int diagonal = 0; diagonal < 2 * size - 1; ++diagonal) {
        const int begin = std::max(0, diagonal - size + 1), end = std::min(size, diagonal + 1);
        const int8_t* letters = backwards + (size - 1 - diagonal);
#pragma omp simd reduction(max : highest)
        for (int i = begin; i < end; ++i) {
            int value = before[i] + (a[i] == letters[i] ? p.match : p.mismatch);
            const int gapped = std::max(last[i], last[i + 1]) + p.gap;
            value = std::max(std::max(value, gapped), 0);
            now[i + 1] = value;
            highest = std::max(highest, value);
        }
        int* oldest = before;
        before = last, last = now, now = oldest;
    }
    return highest;
}

} // namespace

void run_alignment(bench::Session& session) {
    const bench::Alignment p(session.scale());
    Array<int> best(p.pairs);
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < p.pairs; ++i)
            best.get()[i] = align(p, &p.a[size_t(p.size) * i], &p.b[size_t(p.size) * i]);
    };
    session.run(p, launch, best);
}
