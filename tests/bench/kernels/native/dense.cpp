// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

namespace {

// A tile of c at a time, in registers: Rows x Columns sums, which the compiler keeps in vector
// registers.
template <typename T, int Rows, int Columns>
void product_tile(int n, const T* a, const T* b, T* c) {
    T sums[Rows][Columns] = {};
    for (int k = 0; k < n; ++k) {
#pragma unroll
        for (int i = 0; i < Rows; ++i) {
            const T factor = a[size_t(i) * n + k];
#pragma omp simd
            for (int j = 0; j < Columns; ++j)
                sums[i][j] += factor * b[size_t(k) * n + j];
        }
    }
    for (int i = 0; i < Rows; ++i)
        for (int j = 0; j < Columns; ++j)
            c[size_t(i) * n + j] = sums[i][j];
}

template <typename Problem, typename T, int Rows, int Columns>
void run_product(bench::Session& session) {
    const Problem p(session.scale());
    Array<T> out(size_t(p.n) * p.n);
    auto launch = [&] {
        T* c = out.get();
        // Column by column of tiles, so that a strip of b stays in the cache.
#pragma omp parallel for collapse(2) schedule(static)
        for (int column = 0; column < p.n; column += Columns)
            for (int row = 0; row < p.n; row += Rows)
                product_tile<T, Rows, Columns>(p.n, &p.a[size_t(row) * p.n], &p.b[column],
                                               &c[size_t(row) * p.n + column]);
    };
    session.run(p, launch, out);
}

} // namespace

void run_sgemm16(bench::Session& session) {
    run_product<bench::Sgemm, float, 8, 32>(session);
}
