// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -arch=sm_80 -std=c++17
// A warp whose tile is several fragments high and wide, so that each fragment of A meets all of B,
// as in real products of matrices: f16 with accumulators of f32 and of f16, bf16, and mma.sync of
// tf32. Small whole numbers, which every format holds exactly, against the host's product; the
// accumulators hold a NaN and infinities, too.
#include "../common/check.h"

#include <cmath>
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>
#include <type_traits>
#include <vector>

using namespace nvcuda;

constexpr int kDepth = 48;

/// Of C an (16 * Down) x (16 * Across) tile, c += a * b, all by rows but b where LB says otherwise.
template <class T, class C, int Down, int Across, class LB>
__global__ void tile(const T* a, const T* b, C* c, int depth, int lda, int ldb, int ldc) {
    constexpr bool rows = std::is_same<LB, wmma::row_major>::value;
    wmma::fragment<wmma::accumulator, 16, 16, 16, C> fc[Down][Across];
    for (int i = 0; i < Down; ++i)
        for (int j = 0; j < Across; ++j)
            wmma::load_matrix_sync(fc[i][j], c + 16 * i * ldc + 16 * j, ldc, wmma::mem_row_major);
    for (int k = 0; k < depth; k += 16) {
        wmma::fragment<wmma::matrix_a, 16, 16, 16, T, wmma::row_major> fa[Down];
        wmma::fragment<wmma::matrix_b, 16, 16, 16, T, LB> fb[Across];
        for (int i = 0; i < Down; ++i)
            wmma::load_matrix_sync(fa[i], a + 16 * i * lda + k, lda);
        for (int j = 0; j < Across; ++j)
            wmma::load_matrix_sync(fb[j], rows ? b + k * ldb + 16 * j : b + 16 * j * ldb + k, ldb);
        for (int i = 0; i < Down; ++i)
            for (int j = 0; j < Across; ++j)
                wmma::mma_sync(fc[i][j], fa[i], fb[j], fc[i][j]);
    }
    for (int i = 0; i < Down; ++i)
        for (int j = 0; j < Across; ++j)
            wmma::store_matrix_sync(c + 16 * i * ldc + 16 * j, fc[i][j], ldc, wmma::mem_row_major);
}

/// 16 x (8 * Across) by m16n8k8 of tf32, with B by columns: each product's A is that of all.
template <int Across>
__global__ void row_of_tf32(const float* a, const float* b, float* c, int lda, int ldb, int ldc) {
    const int g = threadIdx.x / 4, t = threadIdx.x % 4;
    float d[Across][4] = {};
    for (int k = 0; k < kDepth; k += 8) {
        uint32_t x[4];
        for (int i = 0; i < 4; ++i)
            x[i] = __float_as_uint(a[(g + i % 2 * 8) * lda + k + t + i / 2 * 4]);
        for (int j = 0; j < Across; ++j) {
            const uint32_t y = __float_as_uint(b[(8 * j + g) * ldb + k + t]),
                           z = __float_as_uint(b[(8 * j + g) * ldb + k + t + 4]);
            asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
                "{%8,%9}, {%0,%1,%2,%3};"
                : "+f"(d[j][0]), "+f"(d[j][1]), "+f"(d[j][2]), "+f"(d[j][3])
                : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y), "r"(z));
        }
    }
    for (int j = 0; j < Across; ++j)
        for (int i = 0; i < 4; ++i)
            c[(g + i / 2 * 8) * ldc + 8 * j + 2 * t + i % 2] = d[j][i];
}

float value(int i) {
    return static_cast<float>((i * 7 + i / 13) % 9 - 4);
}

/// A and B as floats, c as it is before; rows of `a`, columns of `b`.
struct Matrices {
    int m, n;
    std::vector<float> a, b, c;
    Matrices(int m, int n) : m(m), n(n), a(m * kDepth), b(kDepth * n), c(m * n) {
        for (size_t i = 0; i < a.size(); ++i)
            a[i] = value(static_cast<int>(i));
        for (size_t i = 0; i < b.size(); ++i)
            b[i] = value(static_cast<int>(i) + 5);
        for (size_t i = 0; i < c.size(); ++i)
            c[i] = value(static_cast<int>(i) + 2);
        c[3] = NAN, c[17] = INFINITY, c[c.size() - 1] = -INFINITY;
    }
    double expected(int row, int column) const {
        double sum = c[row * n + column];
        for (int k = 0; k < kDepth; ++k)
            sum += static_cast<double>(a[row * kDepth + k]) * b[k * n + column];
        return sum;
    }
};

template <class T>
std::vector<T> converted(const std::vector<float>& from, int rows, int columns, bool turned,
                         int ld) {
    std::vector<T> to(static_cast<size_t>(turned ? columns : rows) * ld, T(99.0f));
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j)
            to[turned ? j * ld + i : i * ld + j] = T(from[i * columns + j]);
    return to;
}

template <class T>
T* upload(const std::vector<T>& values) {
    T* p = nullptr;
    CHECK(cudaMalloc(&p, values.size() * sizeof(T)));
    CHECK(cudaMemcpy(p, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice));
    return p;
}

template <class C>
void compare(const char* what, const Matrices& x, const C* device, int ld) {
    std::vector<C> c(static_cast<size_t>(x.m) * ld);
    CHECK(cudaMemcpy(c.data(), device, c.size() * sizeof(C), cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int i = 0; i < x.m; ++i)
        for (int j = 0; j < x.n; ++j) {
            const double is = static_cast<double>(static_cast<float>(c[i * ld + j])),
                         want = x.expected(i, j);
            wrong += !(is == want || (std::isnan(is) && std::isnan(want)));
        }
    EXPECT(wrong == 0, "%s: %d", what, wrong);
}

/// `more`: lines are longer than the matrix by that.
template <class T, class C, int Down, int Across, class LB>
void check(const char* what, int more) {
    const Matrices x(16 * Down, 16 * Across);
    const bool turned = !std::is_same<LB, wmma::row_major>::value;
    const int lda = kDepth + more, ldb = (turned ? kDepth : x.n) + more, ldc = x.n + more;
    T* a = upload(converted<T>(x.a, x.m, kDepth, false, lda));
    T* b = upload(converted<T>(x.b, kDepth, x.n, turned, ldb));
    C* c = upload(converted<C>(x.c, x.m, x.n, false, ldc));
    tile<T, C, Down, Across, LB><<<1, 32>>>(a, b, c, kDepth, lda, ldb, ldc);
    CHECK(cudaDeviceSynchronize());
    compare(what, x, c, ldc);
    CHECK(cudaFree(a));
    CHECK(cudaFree(b));
    CHECK(cudaFree(c));
}

void check_tf32() {
    constexpr int across = 3;
    Matrices x(16, 8 * across);
    for (float& c : x.c)
        c = 0;
    const int lda = kDepth + 1, ldb = kDepth + 3, ldc = x.n + 5;
    float* a = upload(converted<float>(x.a, x.m, kDepth, false, lda));
    float* b = upload(converted<float>(x.b, kDepth, x.n, true, ldb));
    float* c = upload(converted<float>(x.c, x.m, x.n, false, ldc));
    row_of_tf32<across><<<1, 32>>>(a, b, c, lda, ldb, ldc);
    CHECK(cudaDeviceSynchronize());
    compare("tf32", x, c, ldc);
}

int main() {
    check<__half, float, 1, 1, wmma::row_major>("f16, one tile", 8);
    check<__half, float, 2, 1, wmma::col_major>("f16, columns", 16);
    check<__half, __half, 2, 1, wmma::row_major>("f16 accumulators", 8);
    check<__nv_bfloat16, float, 1, 2, wmma::row_major>("bf16", 8);
    // More fragments than a translator had better keep.
    check<__half, float, 2, 9, wmma::row_major>("f16, many", 8);
    check_tf32();
    return finish();
}
