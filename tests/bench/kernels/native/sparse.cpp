// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

namespace {

void run_spmv(bench::Session& session) {
    const bench::Spmv p(session.scale());
    Array<float> y(p.rows);
    auto launch = [&] {
        const int *starts = p.starts.data(), *columns = p.columns.data();
        const float *values = p.values.data(), *x = p.x.data();
#pragma omp parallel for schedule(static)
        for (int row = 0; row < p.rows; ++row) {
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (int i = starts[row]; i < starts[row + 1]; ++i)
                sum += values[i] * x[columns[i]];
            y.get()[row] = sum;
        }
    };
    session.run(p, launch, y);
}

} // namespace

void run_spmv_scalar(bench::Session& session) {
    run_spmv(session);
}

void run_spmv_warp(bench::Session& session) {
    run_spmv(session);
}

void run_bfs(bench::Session& session) {
    const bench::Bfs p(session.scale());
    Array<int> out(p.vertices);
    auto launch = [&] {
        int* distances = out.get();
#pragma omp parallel for schedule(static)
        for (int v = 0; v < p.vertices; ++v)
            distances[v] = -1;
        distances[0] = 0;
        bool changed = true;
        for (int level = 0; changed; ++level) {
            changed = false;
            // Threads may find the same vertex at once; they write the same value.
#pragma omp parallel for schedule(dynamic, 4096) reduction(|| : changed)
            for (int v = 0; v < p.vertices; ++v) {
                if (__atomic_load_n(&distances[v], __ATOMIC_RELAXED) != level) continue;
                for (int i = p.starts[v]; i < p.starts[v + 1]; ++i) {
                    const int to = p.edges[i];
                    if (__atomic_load_n(&distances[to], __ATOMIC_RELAXED) >= 0) continue;
                    __atomic_store_n(&distances[to], level + 1, __ATOMIC_RELAXED);
                    changed = true;
                }
            }
        }
    };
    session.run(p, launch, out);
}
