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
