// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

void run_saxpy(bench::Session& session) {
    const bench::Saxpy p(session.scale());
    Array<float> out(p.y);
    auto launch = [&] {
        const float* x = p.x.data();
        float* y = out.get();
#pragma omp parallel for simd schedule(static)
        for (int i = 0; i < p.n; ++i)
            y[i] = p.a * x[i] + y[i];
    };
    session.run(p, launch, out);
}

void run_triad(bench::Session& session) {
    const bench::Triad p(session.scale());
    Array<float> out(p.n);
    auto launch = [&] {
        const float *b = p.b.data(), *c = p.c.data();
        float* a = out.get();
#pragma omp parallel for simd schedule(static)
        for (int i = 0; i < p.n; ++i)
            a[i] = b[i] + p.s * c[i];
    };
    session.run(p, launch, out);
}

namespace {

constexpr int block = 16; // a cache line of floats

// 16 x 16 elements, in registers.
void transpose_block(int n, const float* in, float* out) {
    float16 rows[block];
    for (int y = 0; y < block; ++y)
        rows[y] = load<float16>(in + size_t(y) * n);
    transpose(rows);
    for (int y = 0; y < block; ++y)
        store(out + size_t(y) * n, rows[y]);
}

void run_transpose(bench::Session& session) {
    const bench::Transpose p(session.scale());
    Array<float> result(p.in.size());
    auto launch = [&] {
        const size_t n = p.n;
        float* out = result.get();
#pragma omp parallel for schedule(static)
        for (size_t y = 0; y < n; y += block)
            for (size_t x = 0; x < n; x += block)
                transpose_block(p.n, &p.in[y * n + x], &out[x * n + y]);
    };
    session.run(p, launch, result);
}

} // namespace

void run_transpose_naive(bench::Session& session) {
    run_transpose(session);
}

void run_transpose_tiled(bench::Session& session) {
    run_transpose(session);
}
