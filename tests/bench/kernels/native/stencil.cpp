// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

void run_stencil2d(bench::Session& session) {
    const bench::Stencil2d p(session.scale());
    Array<float> result(p.in.size());
    auto launch = [&] {
        const int n = p.n;
        const float* in = p.in.data();
        float* out = result.get();
#pragma omp parallel for schedule(static)
        for (int y = 0; y < n; ++y) {
            const float* row = in + size_t(y) * n;
            float* to = out + size_t(y) * n;
            if (y == 0 || y == n - 1) {
                std::memcpy(to, row, n * sizeof(float));
                continue;
            }
            to[0] = row[0];
#pragma omp simd
            for (int x = 1; x < n - 1; ++x)
                to[x] = row[x] +
                        p.rate * (row[x - 1] + row[x + 1] + row[x - n] + row[x + n] - 4 * row[x]);
            to[n - 1] = row[n - 1];
        }
    };
    session.run(p, launch, result);
}

void run_stencil3d(bench::Session& session) {
    const bench::Stencil3d p(session.scale());
    Array<float> result(p.in);
    auto launch = [&] {
        const int n = p.n, plane = n * n;
        const float* in = p.in.data();
        float* out = result.get();
#pragma omp parallel for schedule(static)
        for (int z = 1; z < n - 1; ++z) {
            for (int y = 1; y < n - 1; ++y) {
                const float* c = in + z * plane + y * n;
                float* to = out + z * plane + y * n;
#pragma omp simd
                for (int x = 1; x < n - 1; ++x)
                    to[x] = c[x] + p.rate * (c[x - 1] + c[x + 1] + c[x - n] + c[x + n] +
                                             c[x - plane] + c[x + plane] - 6.0f * c[x]);
            }
        }
    };
    session.run(p, launch, result);
}

namespace {

// 64 pixels of a row, of four output channels at once.
void convolve(const bench::Conv3x3& p, int channel, int y, int x, float* out) {
    constexpr int channels = 4, pixels = 64;
    const int width = p.size + 2;
    float sums[channels][pixels] = {};
    for (int c = 0; c < p.in_channels; ++c) {
        for (int tap = 0; tap < 9; ++tap) {
            const float* image = &p.in[(size_t(c) * width + y + tap / 3) * width + x + tap % 3];
#pragma unroll
            for (int k = 0; k < channels; ++k) {
                const float weight = p.weights[((channel + k) * p.in_channels + c) * 9 + tap];
#pragma omp simd
                for (int i = 0; i < pixels; ++i)
                    sums[k][i] += image[i] * weight;
            }
        }
    }
    const int rest = std::min(pixels, p.size - x);
    for (int k = 0; k < channels; ++k)
        std::memcpy(out + (size_t(channel + k) * p.size + y) * p.size + x, sums[k],
                    rest * sizeof(float));
}

} // namespace

void run_conv3x3(bench::Session& session) {
    bench::Conv3x3 p(session.scale());
    Array<float> out(size_t(p.out_channels) * p.size * p.size);
    p.in.resize(p.in.size() + 64); // the last pixels' neighbours
    auto launch = [&] {
#pragma omp parallel for collapse(2) schedule(static)
        for (int y = 0; y < p.size; ++y)
            for (int channel = 0; channel < p.out_channels; channel += 4)
                for (int x = 0; x < p.size; x += 64)
                    convolve(p, channel, y, x, out.get());
    };
    session.run(p, launch, out);
}
