// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

void run_reduction(bench::Session& session) {
    const bench::Reduction p(session.scale());
    Array<float> out(1);
    auto launch = [&] {
        const float* in = p.in.data();
        float sum = 0;
#pragma omp parallel for simd reduction(+ : sum) schedule(static)
        for (int i = 0; i < p.n; ++i)
            sum += in[i];
        out.get()[0] = sum;
    };
    session.run(p, launch, out);
}

namespace {

// Inclusive sums of 16 lanes.
int16 sums_of(int16 v) {
    const int16 zero{};
    v += __builtin_shufflevector(zero, v, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
                                 30);
    v += __builtin_shufflevector(zero, v, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                                 29);
    v += __builtin_shufflevector(zero, v, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                                 27);
    v += __builtin_shufflevector(zero, v, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    return v;
}

// Exclusive sums from `start` on.
void scan_part(const int* in, int* out, int n, int start) {
    int16 sum = start - int16{};
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        const int16 v = load<int16>(in + i);
        const int16 sums = sums_of(v) + sum;
        store(out + i, sums - v);
        sum = __builtin_shufflevector(sums, sums, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
                                      15, 15, 15, 15);
    }
    int rest = sum[0];
    for (; i < n; ++i) {
        out[i] = rest;
        rest += in[i];
    }
}

int sum_of(const int* in, int n) {
    int sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; ++i)
        sum += in[i];
    return sum;
}

} // namespace

// Parts that stay in the cache between the sum of all their elements and their scan.
void run_scan(bench::Session& session) {
    const bench::Scan p(session.scale());
    Array<int> out(p.n);
    const int size = 1 << 16, parts = (p.n + size - 1) / size;
    std::vector<int> starts(parts + 1);
    auto length = [&](int part) { return std::min(size, p.n - part * size); };
    auto launch = [&] {
        const int* in = p.in.data();
#pragma omp parallel
        {
#pragma omp for schedule(static)
            for (int part = 0; part < parts; ++part)
                starts[part + 1] = sum_of(in + part * size, length(part));
#pragma omp single
            for (int part = 0; part < parts; ++part)
                starts[part + 1] += starts[part];
#pragma omp for schedule(static)
            for (int part = 0; part < parts; ++part)
                scan_part(in + part * size, out.get() + part * size, length(part), starts[part]);
        }
    };
    session.run(p, launch, out);
}

// Each thread counts in four tables, so that equal neighbours do not wait for each other.
void run_histogram(bench::Session& session) {
    const bench::Histogram p(session.scale());
    Array<uint32_t> bins(256);
    auto launch = [&] {
        std::memset(bins.get(), 0, 256 * sizeof(uint32_t));
#pragma omp parallel
        {
            uint32_t part[4][256] = {};
#pragma omp for schedule(static)
            for (int i = 0; i < p.words; ++i) {
                const uint32_t word = p.in[i];
                ++part[0][word & 255];
                ++part[1][word >> 8 & 255];
                ++part[2][word >> 16 & 255];
                ++part[3][word >> 24];
            }
#pragma omp critical
            for (int i = 0; i < 256; ++i)
                bins.get()[i] += part[0][i] + part[1][i] + part[2][i] + part[3][i];
        }
    };
    session.run(p, launch, bins);
}
