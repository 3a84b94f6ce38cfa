// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

namespace {

using Half = _Float16;
constexpr int size = bench::Attention::size;

// A head's keys and values in float; keys by component, so that a vector holds one component of 16
// keys.
struct Head {
    int stride; // of a component: the length, to whole groups of 64 keys
    std::vector<float> keys, values;
};

Head convert(const bench::Attention& p, int head) {
    const Half* k = reinterpret_cast<const Half*>(p.k.data()) + size_t(head) * p.length * size;
    const Half* v = reinterpret_cast<const Half*>(p.v.data()) + size_t(head) * p.length * size;
    const int stride = (p.length + 63) / 64 * 64;
    Head result{stride, std::vector<float>(size_t(size) * stride),
                std::vector<float>(size_t(size) * p.length)};
    for (int j = 0; j < p.length; ++j)
        for (int i = 0; i < size; ++i)
            result.keys[size_t(i) * stride + j] = k[j * size + i];
#pragma omp simd
    for (int i = 0; i < size * p.length; ++i)
        result.values[i] = v[i];
    return result;
}

constexpr int together = 4; // queries

// Scores of the queries against all keys: 64 keys at a time, in registers.
void scores_of(const bench::Attention& p, const Head& head, const Half* q,
               float scores[together][512]) {
    for (int first = 0; first < p.length; first += 64) {
        float sums[together][64] = {};
        for (int i = 0; i < size; ++i) {
            const float* keys = &head.keys[size_t(i) * head.stride + first];
#pragma unroll
            for (int k = 0; k < together; ++k) {
                const float factor = static_cast<float>(q[k * size + i]) * p.factor;
#pragma omp simd
                for (int j = 0; j < 64; ++j)
                    sums[k][j] += factor * keys[j];
            }
        }
        for (int k = 0; k < together; ++k)
            std::memcpy(scores[k] + first, sums[k], sizeof sums[k]);
    }
}

// e^(score - largest) for each; returns their sum.
float softmax(float* scores, int n) {
    const float largest = largest_of(scores, n);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int j = 0; j < n; ++j) {
        scores[j] = simd_exp(scores[j] - largest);
        sum += scores[j];
    }
    return sum;
}

void attend(const bench::Attention& p, const Head& head, const Half* q, Half* out) {
    float scores[together][512], sums[together];
    scores_of(p, head, q, scores);
    for (int k = 0; k < together; ++k)
        sums[k] = softmax(scores[k], p.length);
    float result[together][size] = {};
    for (int j = 0; j < p.length; ++j) {
#pragma unroll
        for (int k = 0; k < together; ++k)
#pragma omp simd
            for (int i = 0; i < size; ++i)
                result[k][i] += scores[k][j] * head.values[size_t(j) * size + i];
    }
    for (int k = 0; k < together; ++k)
        for (int i = 0; i < size; ++i)
            out[k * size + i] = static_cast<Half>(result[k][i] / sums[k]);
}

} // namespace

void run_attention(bench::Session& session) {
    const bench::Attention p(session.scale());
    Array<bench::Half> result(p.q.size());
    std::vector<Head> heads(p.heads);
    auto launch = [&] {
        const Half* q = reinterpret_cast<const Half*>(p.q.data());
        Half* out = reinterpret_cast<Half*>(result.get());
#pragma omp parallel
        {
#pragma omp for schedule(static)
            for (int h = 0; h < p.heads; ++h)
                heads[h] = convert(p, h);
#pragma omp for collapse(2) schedule(static)
            for (int h = 0; h < p.heads; ++h) {
                for (int i = 0; i < p.length; i += together) {
                    const size_t row = (size_t(h) * p.length + i) * size;
                    attend(p, heads[h], q + row, out + row);
                }
            }
        }
    };
    session.run(p, launch, result);
}
