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

void run_sgemm32(bench::Session& session) {
    run_product<bench::Sgemm, float, 8, 32>(session);
}

void run_sgemm64(bench::Session& session) {
    run_product<bench::Sgemm, float, 8, 32>(session);
}

void run_sgemm128(bench::Session& session) {
    run_product<bench::Sgemm, float, 8, 32>(session);
}

void run_dgemm(bench::Session& session) {
    run_product<bench::Dgemm, double, 8, 16>(session);
}

namespace {

// sum + the products of four bytes in each lane.
int16 dot4(int16 sum, int a, int16 b) {
#ifdef __AVX512VNNI__
    // Unsigned times signed: the bytes of `a` are 128 larger here, which correction() takes back.
    return int16(_mm512_dpbusd_epi32(__m512i(sum), _mm512_set1_epi32(a ^ 0x80808080), __m512i(b)));
#else
    for (int i = 0; i < 32; i += 8)
        sum += (a << (24 - i) >> 24) * ((b << (24 - i)) >> 24);
    return sum;
#endif
}

// What dot4 adds too much for these bytes.
int16 correction(int16 sum, int16 b) {
#ifdef __AVX512VNNI__
    return int16(_mm512_dpbusd_epi32(__m512i(sum), _mm512_set1_epi32(0x80808080), __m512i(b)));
#else
    return sum;
#endif
}

// 8 rows and 32 columns of c; `b` holds 32 columns word by word.
void igemm_tile(int n, int words, const int* a, const int* b, int* c) {
    int16 sums[8][2] = {}, wrong[2] = {};
    for (int k = 0; k < words; ++k) {
        const int16 left = load<int16>(b + 32 * k), right = load<int16>(b + 32 * k + 16);
        wrong[0] = correction(wrong[0], left);
        wrong[1] = correction(wrong[1], right);
#pragma unroll
        for (int i = 0; i < 8; ++i) {
            sums[i][0] = dot4(sums[i][0], a[i * words + k], left);
            sums[i][1] = dot4(sums[i][1], a[i * words + k], right);
        }
    }
    for (int i = 0; i < 8; ++i) {
        store(c + size_t(i) * n, sums[i][0] - wrong[0]);
        store(c + size_t(i) * n + 16, sums[i][1] - wrong[1]);
    }
}

// 32 columns of b word by word, then all rows.
template <typename Word>
void run_integers(bench::Session& session, Word word_of_b) {
    const bench::Igemm p(session.scale());
    Array<int> out(size_t(p.n) * p.n);
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int column = 0; column < p.n; column += 32) {
            std::vector<int> strip(size_t{32} * p.words);
            for (int k = 0; k < p.words; ++k)
                for (int j = 0; j < 32; ++j)
                    strip[32 * k + j] = word_of_b(p, k, column + j);
            for (int row = 0; row < p.n; row += 8)
                igemm_tile(p.n, p.words, &p.a[size_t(row) * p.words], strip.data(),
                           out.get() + size_t(row) * p.n + column);
        }
    };
    session.run(p, launch, out);
}

} // namespace

void run_igemm(bench::Session& session) {
    run_integers(session, [](const bench::Igemm& p, int k, int column) {
        return p.b[size_t(k) * p.n + column];
    });
}

void run_igemm_columns(bench::Session& session) {
    run_integers(session, [](const bench::Igemm& p, int k, int column) {
        return p.b[size_t(column) * p.words + k];
    });
}
