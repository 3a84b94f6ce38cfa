// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

namespace {

void softmax_row(int n, const float* in, float* out) {
    const float largest = largest_of(in, n);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; ++i) {
        const float e = simd_exp(in[i] - largest);
        out[i] = e;
        sum += e;
    }
    const float scale = 1.0f / sum;
#pragma omp simd
    for (int i = 0; i < n; ++i)
        out[i] *= scale;
}

} // namespace

void run_softmax(bench::Session& session) {
    const bench::Softmax p(session.scale());
    Array<float> out(p.in.size());
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int row = 0; row < p.rows; ++row)
            softmax_row(p.columns, &p.in[size_t(row) * p.columns],
                        out.get() + size_t(row) * p.columns);
    };
    session.run(p, launch, out);
}

namespace {

void layernorm_row(const bench::Layernorm& p, const float* in, float* out) {
    const int n = p.columns;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; ++i)
        sum += in[i];
    const float mean = sum / n;
    sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; ++i)
        sum += (in[i] - mean) * (in[i] - mean);
    const float scale = 1.0f / std::sqrt(sum / n + p.epsilon);
    const float *gamma = p.gamma.data(), *beta = p.beta.data();
#pragma omp simd
    for (int i = 0; i < n; ++i)
        out[i] = (in[i] - mean) * scale * gamma[i] + beta[i];
}

} // namespace

void run_layernorm(bench::Session& session) {
    const bench::Layernorm p(session.scale());
    Array<float> out(p.in.size());
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int row = 0; row < p.rows; ++row)
            layernorm_row(p, &p.in[size_t(row) * p.columns], out.get() + size_t(row) * p.columns);
    };
    session.run(p, launch, out);
}
