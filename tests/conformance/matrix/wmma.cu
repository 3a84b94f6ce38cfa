// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -arch=sm_80 -std=c++17
// nvcuda::wmma, every shape and type: products of small integers, which each format holds exactly,
// against the host's, with matrices by rows and by columns in global and shared memory.
#include "../common/check.h"

#include <cstdint>
#include <cstring>
#include <mma.h>
#include <type_traits>
#include <vector>

using namespace nvcuda;

/// What of memory an element is.
template <class T>
struct Memory {
    typedef T type;
};
template <>
struct Memory<wmma::precision::tf32> {
    typedef float type;
};

/// Loads from global memory or, to see another state space, from shared memory.
template <int M, int N, int K, class T, class C, class D, class LA, class LB>
__global__ void product(const typename Memory<T>::type* a, const typename Memory<T>::type* b,
                        const C* c, D* d, int lda, int ldb, int ldc, int ldd,
                        wmma::layout_t layout_c, wmma::layout_t layout_d, int elements_a,
                        int elements_b) {
    __shared__ alignas(128) typename Memory<T>::type shared[2048];
    for (int i = threadIdx.x; i < elements_a; i += 32)
        shared[i] = a[i];
    for (int i = threadIdx.x; i < elements_b; i += 32)
        shared[1024 + i] = b[i];
    __syncthreads();
    wmma::fragment<wmma::matrix_a, M, N, K, T, LA> fa, fa2;
    wmma::fragment<wmma::matrix_b, M, N, K, T, LB> fb, fb2;
    wmma::fragment<wmma::accumulator, M, N, K, C> fc;
    wmma::fragment<wmma::accumulator, M, N, K, D> fd;
    wmma::load_matrix_sync(fa, a, lda);
    wmma::load_matrix_sync(fb, b, ldb);
    wmma::load_matrix_sync(fa2, shared, lda);
    wmma::load_matrix_sync(fb2, shared + 1024, ldb);
    wmma::load_matrix_sync(fc, c, ldc, layout_c);
    // The same from both: one of them times 1.
    for (int i = 0; i < fa.num_elements; ++i)
        if (!(fa.x[i] == fa2.x[i])) fa.x[i] = T(77);
    for (int i = 0; i < fb.num_elements; ++i)
        if (!(fb.x[i] == fb2.x[i])) fb.x[i] = T(77);
    wmma::mma_sync(fd, fa, fb, fc);
    for (int i = 0; i < fd.num_elements; ++i)
        fd.x[i] = fd.x[i] + D(1);
    wmma::store_matrix_sync(d, fd, ldd, layout_d);
}

template <int M, int N, int K, class C, class D, class LA, class LB>
__global__ void product_tf32(const float* a, const float* b, const C* c, D* d, int lda, int ldb,
                             int ldc, int ldd, wmma::layout_t layout_c, wmma::layout_t layout_d,
                             int, int) {
    typedef wmma::precision::tf32 T;
    wmma::fragment<wmma::matrix_a, M, N, K, T, LA> fa;
    wmma::fragment<wmma::matrix_b, M, N, K, T, LB> fb;
    wmma::fragment<wmma::accumulator, M, N, K, C> fc;
    wmma::load_matrix_sync(fa, a, lda);
    wmma::load_matrix_sync(fb, b, ldb);
    for (int i = 0; i < fa.num_elements; ++i) // what is lost in rounding to 10 bits
        fa.x[i] = wmma::__float_to_tf32(fa.x[i] * (1 + 0x1p-12f));
    for (int i = 0; i < fb.num_elements; ++i)
        fb.x[i] = wmma::__float_to_tf32(fb.x[i]);
    wmma::load_matrix_sync(fc, c, ldc, layout_c);
    wmma::mma_sync(fc, fa, fb, fc);
    for (int i = 0; i < fc.num_elements; ++i)
        fc.x[i] = fc.x[i] + D(1);
    wmma::store_matrix_sync(d, fc, ldd, layout_d);
}

template <class T>
double number(T x) {
    return double(float(x));
}
template <>
double number(double x) {
    return x;
}
template <>
double number(int x) {
    return x;
}

/// Lines of a matrix in memory have some elements more than they need, of which none may be
/// touched.
struct Layout {
    int rows, columns, more;
    bool by_rows;
    int line() const { return (by_rows ? columns : rows) + more; }
    int size() const { return line() * (by_rows ? rows : columns); }
    int at(int row, int column) const {
        return by_rows ? row * line() + column : column * line() + row;
    }
};

template <class T>
std::vector<T> filled(const Layout& l, unsigned seed, int low, int count) {
    std::vector<T> v(size_t(l.size()), T(99));
    for (int r = 0; r < l.rows; ++r)
        for (int c = 0; c < l.columns; ++c) {
            seed = seed * 1664525 + 1013904223;
            v[size_t(l.at(r, c))] = T(float(low + int(seed >> 16) % count));
        }
    return v;
}

template <class T>
struct Device {
    T* p = nullptr;
    size_t n;
    explicit Device(const std::vector<T>& v) : n(v.size()) {
        CHECK(cudaMalloc(&p, n * sizeof(T)));
        CHECK(cudaMemcpy(p, v.data(), n * sizeof(T), cudaMemcpyHostToDevice));
    }
    std::vector<T> get() const {
        std::vector<T> v(n);
        CHECK(cudaMemcpy(v.data(), p, n * sizeof(T), cudaMemcpyDeviceToHost));
        return v;
    }
    ~Device() { cudaFree(p); }
};

template <int M, int N, int K, class T, class C, class D, bool RowsA, bool RowsB>
void compare_order(bool rows_c, bool rows_d) {
    typedef typename Memory<T>::type Stored;
    typedef std::conditional_t<RowsA, wmma::row_major, wmma::col_major> LA;
    typedef std::conditional_t<RowsB, wmma::row_major, wmma::col_major> LB;
    const int more = int(16 / sizeof(Stored));
    const Layout la{M, K, more, RowsA}, lb{K, N, more, RowsB}, lc{M, N, 16, rows_c},
        ld{M, N, 16, rows_d};
    const int low = std::is_same<T, unsigned char>::value ? 0 : -4;
    const auto a = filled<Stored>(la, 1, low, 9), b = filled<Stored>(lb, 2, low, 9);
    const auto c = filled<C>(lc, 3, -20, 41);
    const auto start = filled<D>(ld, 4, 1, 1);
    Device<Stored> da(a), db(b);
    Device<C> dc(c);
    Device<D> dd(start);
    const auto lay = [](bool rows) { return rows ? wmma::mem_row_major : wmma::mem_col_major; };
    if constexpr (std::is_same<T, wmma::precision::tf32>::value)
        product_tf32<M, N, K, C, D, LA, LB><<<1, 32>>>(da.p, db.p, dc.p, dd.p, la.line(), lb.line(),
                                                       lc.line(), ld.line(), lay(rows_c),
                                                       lay(rows_d), la.size(), lb.size());
    else
        product<M, N, K, T, C, D, LA, LB><<<1, 32>>>(da.p, db.p, dc.p, dd.p, la.line(), lb.line(),
                                                     lc.line(), ld.line(), lay(rows_c), lay(rows_d),
                                                     la.size(), lb.size());
    CHECK(cudaDeviceSynchronize());
    const auto d = dd.get();
    std::vector<bool> inside(d.size());
    for (int i = 0; i < M; ++i)
        for (int j = 0; j < N; ++j) {
            double want = number(c[size_t(lc.at(i, j))]) + 1;
            for (int k = 0; k < K; ++k)
                want += number(a[size_t(la.at(i, k))]) * number(b[size_t(lb.at(k, j))]);
            inside[size_t(ld.at(i, j))] = true;
            EXPECT(number(d[size_t(ld.at(i, j))]) == want);
        }
    for (size_t i = 0; i < d.size(); ++i)
        if (!inside[i]) EXPECT(number(d[i]) == 99);
}

template <int M, int N, int K, class T, class C, class D>
void compare() {
    for (int i = 0; i < 4; ++i) {
        compare_order<M, N, K, T, C, D, true, false>(i & 1, i & 2);
        compare_order<M, N, K, T, C, D, true, true>(i & 1, i & 2);
        compare_order<M, N, K, T, C, D, false, false>(i & 1, i & 2);
        compare_order<M, N, K, T, C, D, false, true>(i & 1, i & 2);
    }
}
template <class T, class C, class D>
void compare_shapes() {
    compare<16, 16, 16, T, C, D>();
    compare<32, 8, 16, T, C, D>();
    compare<8, 32, 16, T, C, D>();
}

/// fill_fragment, numbers of elements, and where each element of an accumulator goes: each thread
/// stores its number and the element's.
template <class Fragment, class T>
__global__ void places(T* d, int line, wmma::layout_t layout) {
    Fragment f;
    wmma::fill_fragment(f, T(0));
    for (int i = 0; i < f.num_elements; ++i)
        f.x[i] = f.x[i] + T(int(threadIdx.x) * 8 + i);
    wmma::store_matrix_sync(d, f, line, layout);
}
template <int M, int N, int K, class T>
void every_place_once() {
    typedef wmma::fragment<wmma::accumulator, M, N, K, T> F;
    EXPECT(F::num_elements * 32 == M * N);
    for (int rows = 0; rows < 2; ++rows) {
        Device<T> d(std::vector<T>(M * N, T(0)));
        places<F, T>
            <<<1, 32>>>(d.p, rows ? N : M, rows ? wmma::mem_row_major : wmma::mem_col_major);
        CHECK(cudaDeviceSynchronize());
        std::vector<int> seen(256);
        for (T x : d.get())
            ++seen[size_t(number(x))];
        for (int i = 0; i < 256; ++i)
            EXPECT(seen[size_t(i)] == (i % 8 < F::num_elements));
    }
}

// ---- elements of less than a byte
template <int Bits>
int packed(const std::vector<unsigned>& v, int i, bool sign) {
    const int per = 32 / Bits;
    unsigned x = v[size_t(i / per)] >> (i % per * Bits) & ((1u << Bits) - 1);
    return sign && x >> (Bits - 1) ? int(x) - (1 << Bits) : int(x);
}
std::vector<unsigned> random_words(int n, unsigned seed) {
    std::vector<unsigned> v;
    for (int i = 0; i < n; ++i) {
        seed = seed * 1664525 + 1013904223;
        v.push_back(seed ^ seed >> 15);
    }
    return v;
}

template <class T>
__global__ void product4(const unsigned* a, const unsigned* b, const int* c, int* d, bool satf) {
    namespace w = wmma;
    w::fragment<w::matrix_a, 8, 8, 32, T, w::row_major> fa;
    w::fragment<w::matrix_b, 8, 8, 32, T, w::col_major> fb;
    w::fragment<w::accumulator, 8, 8, 32, int> fc;
    w::load_matrix_sync(fa, a, 64);
    w::load_matrix_sync(fb, b, 32);
    w::load_matrix_sync(fc, c, 8, w::mem_row_major);
    w::mma_sync(fc, fa, fb, fc, satf);
    w::store_matrix_sync(d, fc, 8, w::mem_col_major);
}
template <class T>
void compare4(bool sign) {
    const auto a = random_words(8 * 8, 7), b = random_words(8 * 4, 8);
    std::vector<int> c(64);
    for (int i = 0; i < 64; ++i)
        c[size_t(i)] = i % 3 == 0 ? INT32_MAX - 40 : i % 3 == 1 ? INT32_MIN + 50 : i * 1000;
    for (int satf = 0; satf < 2; ++satf) {
        Device<unsigned> da(a), db(b);
        Device<int> dc(c), dd(std::vector<int>(64));
        product4<T><<<1, 32>>>(da.p, db.p, dc.p, dd.p, satf);
        CHECK(cudaDeviceSynchronize());
        const auto d = dd.get();
        for (int i = 0; i < 8; ++i)
            for (int j = 0; j < 8; ++j) {
                long long want = c[size_t(8 * i + j)];
                for (int k = 0; k < 32; ++k)
                    want += packed<4>(a, 64 * i + k, sign) * packed<4>(b, 32 * j + k, sign);
                if (satf) want = want > INT32_MAX ? INT32_MAX : want < INT32_MIN ? INT32_MIN : want;
                EXPECT(d[size_t(8 * j + i)] == int(unsigned(want)));
            }
    }
}

__global__ void product1(const unsigned* a, const unsigned* b, int* d, bool is_and) {
    namespace w = wmma;
    typedef w::experimental::precision::b1 T;
    w::fragment<w::matrix_a, 8, 8, 128, T, w::row_major> fa;
    w::fragment<w::matrix_b, 8, 8, 128, T, w::col_major> fb;
    w::fragment<w::accumulator, 8, 8, 128, int> fc;
    w::load_matrix_sync(fa, a, 256);
    w::load_matrix_sync(fb, b, 128);
    w::fill_fragment(fc, 5);
    if (is_and)
        w::bmma_sync(fc, fa, fb, fc, w::experimental::bmmaBitOpAND);
    else
        w::bmma_sync(fc, fa, fb, fc);
    w::store_matrix_sync(d, fc, 8, w::mem_row_major);
}
void compare1() {
    const auto a = random_words(8 * 8, 9), b = random_words(8 * 4, 10);
    for (int is_and = 0; is_and < 2; ++is_and) {
        Device<unsigned> da(a), db(b);
        Device<int> dd(std::vector<int>(64));
        product1<<<1, 32>>>(da.p, db.p, dd.p, is_and);
        CHECK(cudaDeviceSynchronize());
        const auto d = dd.get();
        for (int i = 0; i < 8; ++i)
            for (int j = 0; j < 8; ++j) {
                int want = 5;
                for (int k = 0; k < 128; ++k) {
                    const int x = packed<1>(a, 256 * i + k, false),
                              y = packed<1>(b, 128 * j + k, false);
                    want += is_and ? x & y : x ^ y;
                }
                EXPECT(d[size_t(8 * i + j)] == want);
            }
    }
}

/// Saturation of bytes' sums.
__global__ void saturate(int* d, bool satf) {
    wmma::fragment<wmma::matrix_a, 16, 16, 16, signed char, wmma::row_major> fa;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, signed char, wmma::col_major> fb;
    wmma::fragment<wmma::accumulator, 16, 16, 16, int> fc;
    wmma::fill_fragment(fa, (signed char)100);
    wmma::fill_fragment(fb, (signed char)100);
    wmma::fill_fragment(fc, INT32_MAX - 159999);
    wmma::mma_sync(fc, fa, fb, fc, satf);
    wmma::store_matrix_sync(d, fc, 16, wmma::mem_row_major);
}

int main() {
    compare_shapes<__half, __half, __half>();
    compare_shapes<__half, __half, float>();
    compare_shapes<__half, float, __half>();
    compare_shapes<__half, float, float>();
    compare_shapes<__nv_bfloat16, float, float>();
    compare<16, 16, 8, wmma::precision::tf32, float, float>();
    compare_shapes<signed char, int, int>();
    compare_shapes<unsigned char, int, int>();
    compare<8, 8, 4, double, double, double>();
    every_place_once<16, 16, 16, float>();
    every_place_once<32, 8, 16, float>();
    every_place_once<8, 32, 16, __half>();
    every_place_once<16, 16, 16, int>();
    every_place_once<16, 16, 8, float>();
    every_place_once<8, 8, 4, double>();
    compare4<wmma::experimental::precision::s4>(true);
    compare4<wmma::experimental::precision::u4>(false);
    compare1();
    for (int satf = 0; satf < 2; ++satf) {
        Device<int> d(std::vector<int>(256));
        saturate<<<1, 32>>>(d.p, satf);
        CHECK(cudaDeviceSynchronize());
        for (int x : d.get())
            EXPECT(x == (satf ? INT32_MAX : INT32_MIN));
    }
    return finish();
}
