// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What BLAS has not: sums of matrices, diagonal matrices, packing, and batches of small systems, by
// their residuals and LAPACK's QR.
#include "functions3.h"

namespace blas_test {
namespace {

#define ACC_EXTENSIONS(T, L, l)                                                                    \
    cublasStatus_t geam(cublasHandle_t h, char ta, char tb, int m, int n, const T* alpha,          \
                        const T* a, int lda, const T* beta, const T* b, int ldb, T* c, int ldc) {  \
        return cublas##L##geam(h, op(ta), op(tb), m, n, api(alpha), api(a), lda, api(beta),        \
                               api(b), ldb, api(c), ldc);                                          \
    }                                                                                              \
    cublasStatus_t dgmm(cublasHandle_t h, char s, int m, int n, const T* a, int lda, const T* x,   \
                        int ix, T* c, int ldc) {                                                   \
        return cublas##L##dgmm(h, side(s), m, n, api(a), lda, api(x), ix, api(c), ldc);            \
    }                                                                                              \
    cublasStatus_t tpttr(cublasHandle_t h, char u, int n, const T* ap, T* a, int lda) {            \
        return cublas##L##tpttr(h, fill(u), n, api(ap), api(a), lda);                              \
    }                                                                                              \
    cublasStatus_t trttp(cublasHandle_t h, char u, int n, const T* a, int lda, T* ap) {            \
        return cublas##L##trttp(h, fill(u), n, api(a), lda, api(ap));                              \
    }                                                                                              \
    cublasStatus_t getrf(cublasHandle_t h, int n, T** a, int lda, int* p, int* info, int batch) {  \
        return cublas##L##getrfBatched(h, n, reinterpret_cast<ApiType<T>::type**>(a), lda, p,      \
                                       info, batch);                                               \
    }                                                                                              \
    cublasStatus_t getri(cublasHandle_t h, int n, T** a, int lda, const int* p, T** c, int ldc,    \
                         int* info, int batch) {                                                   \
        return cublas##L##getriBatched(h, n, reinterpret_cast<ApiType<T>::type**>(a), lda, p,      \
                                       reinterpret_cast<ApiType<T>::type**>(c), ldc, info, batch); \
    }                                                                                              \
    cublasStatus_t getrs(cublasHandle_t h, char t, int n, int sides, T** a, int lda, const int* p, \
                         T** b, int ldb, int* info, int batch) {                                   \
        return cublas##L##getrsBatched(h, op(t), n, sides,                                         \
                                       reinterpret_cast<ApiType<T>::type**>(a), lda, p,            \
                                       reinterpret_cast<ApiType<T>::type**>(b), ldb, info, batch); \
    }                                                                                              \
    cublasStatus_t matinv(cublasHandle_t h, int n, T** a, int lda, T** c, int ldc, int* info,      \
                          int batch) {                                                             \
        return cublas##L##matinvBatched(h, n, reinterpret_cast<ApiType<T>::type**>(a), lda,        \
                                        reinterpret_cast<ApiType<T>::type**>(c), ldc, info,        \
                                        batch);                                                    \
    }                                                                                              \
    cublasStatus_t geqrf(cublasHandle_t h, int m, int n, T** a, int lda, T** tau, int* info,       \
                         int batch) {                                                              \
        return cublas##L##geqrfBatched(h, m, n, reinterpret_cast<ApiType<T>::type**>(a), lda,      \
                                       reinterpret_cast<ApiType<T>::type**>(tau), info, batch);    \
    }                                                                                              \
    cublasStatus_t gels(cublasHandle_t h, int m, int n, int sides, T** a, int lda, T** c, int ldc, \
                        int* info, int* each, int batch) {                                         \
        return cublas##L##gelsBatched(                                                             \
            h, CUBLAS_OP_N, m, n, sides, reinterpret_cast<ApiType<T>::type**>(a), lda,             \
            reinterpret_cast<ApiType<T>::type**>(c), ldc, info, each, batch);                      \
    }                                                                                              \
    cublasStatus_t trsm_batched(cublasHandle_t h, char s, char u, char t, char d, int m, int n,    \
                                const T* alpha, T** a, int lda, T** b, int ldb, int batch) {       \
        return cublas##L##trsmBatched(h, side(s), fill(u), op(t), diag(d), m, n, api(alpha),       \
                                      reinterpret_cast<ApiType<T>::type**>(a), lda,                \
                                      reinterpret_cast<ApiType<T>::type**>(b), ldb, batch);        \
    }
ACC_EXTENSIONS(float, S, s)
ACC_EXTENSIONS(double, D, d)
ACC_EXTENSIONS(CF, C, c)
ACC_EXTENSIONS(CD, Z, z)

#define ACC_LAPACK(T, l)                                                                           \
    extern "C" void l##geqrf_(const int*, const int*, T*, const int*, T*, T*, const int*, int*);   \
    void ref_geqrf(int m, int n, T* a, int lda, T* tau, T* work, int size, int* info) {            \
        l##geqrf_(&m, &n, a, &lda, tau, work, &size, info);                                        \
    }
ACC_LAPACK(float, s)
ACC_LAPACK(double, d)
ACC_LAPACK(CF, c)
ACC_LAPACK(CD, z)

template <class T>
class Extensions : public Blas {};
using Types = testing::Types<float, double, CF, CD>;
TYPED_TEST_SUITE(Extensions, Types);

template <class T>
T conj(T value) {
    if constexpr (is_complex<T>)
        return std::conj(value);
    else
        return value;
}

TYPED_TEST(Extensions, SumsOfMatrices) {
    using T = TypeParam;
    Values values(1);
    for (int m : {0, 1, 5, 20})
        for (int n : {1, 7, 33})
            for (char ta : {'N', 'T', 'C'})
                for (char tb : {'N', 'T', 'C'}) {
                    const Matrix<T> a(values, ta == 'N' ? m : n, ta == 'N' ? n : m, 1),
                        b(values, tb == 'N' ? m : n, tb == 'N' ? n : m, 0);
                    Matrix<T> c(values, m, n, 2);
                    const T alpha = values.one<T>(), beta = values.one<T>();
                    Device<T> da(a.values), db(b.values), dc(c.values);
                    ACC_OK(geam(this->handle_, ta, tb, m, n, &alpha, da.data(), a.ld, &beta,
                                db.data(), b.ld, dc.data(), c.ld));
                    const auto at = [](const Matrix<T>& x, char t, int i, int j) {
                        const T value = x.values[size_t(t == 'N' ? i + j * x.ld : j + i * x.ld)];
                        return t == 'C' ? conj(value) : value;
                    };
                    for (int j = 0; j < n; ++j)
                        for (int i = 0; i < m; ++i)
                            c.values[size_t(i + j * c.ld)] = alpha * at(a, ta, i, j) +
                                                             beta * at(b, tb, i, j);
                    expect_near(dc.values(), c.values, bound<T>(4), "geam");
                }
}

TYPED_TEST(Extensions, SumsReadOnlyWhatTheyNeed) {
    using T = TypeParam;
    const T one(1), none(0);
    const std::vector<T> nan(9, T(std::numeric_limits<Real<T>>::quiet_NaN())), ones(9, T(1));
    Device<T> bad(nan), good(ones), c(nan);
    ACC_OK(geam(this->handle_, 'N', 'N', 3, 3, &one, good.data(), 3, &none, bad.data(), 3, c.data(),
                3));
    expect_near(c.values(), ones, 0, "beta 0");
    // In place as it is; not turned.
    ACC_OK(
        geam(this->handle_, 'N', 'T', 3, 3, &one, c.data(), 3, &one, good.data(), 3, c.data(), 3));
    expect_near(c.values(), std::vector<T>(9, T(2)), 0, "in place");
    EXPECT_EQ(
        geam(this->handle_, 'T', 'N', 3, 3, &one, c.data(), 3, &one, good.data(), 3, c.data(), 3),
        CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(geam(this->handle_, 'N', 'N', 3, 3, &one, good.data(), 2, &one, good.data(), 3,
                   c.data(), 3),
              CUBLAS_STATUS_INVALID_VALUE);
}

TYPED_TEST(Extensions, DiagonalsAndPacking) {
    using T = TypeParam;
    Values values(2);
    for (auto [m, n] : {std::pair{1, 1}, {5, 7}, {20, 3}})
        for (char s : {'L', 'R'})
            for (int ix : {1, 2, -1}) {
                const Matrix<T> a(values, m, n, 1);
                Matrix<T> c(values, m, n, 0);
                const int order = s == 'L' ? m : n;
                const auto x = values.many<T>(span(order, ix));
                Device<T> da(a.values), dx(x), dc(c.values);
                ACC_OK(
                    dgmm(this->handle_, s, m, n, da.data(), a.ld, dx.data(), ix, dc.data(), c.ld));
                for (int j = 0; j < n; ++j)
                    for (int i = 0; i < m; ++i) {
                        const int k = s == 'L' ? i : j;
                        c.values[size_t(i + j * c.ld)] = a.values[size_t(i + j * a.ld)] *
                                                         x[size_t(ix < 0 ? order - 1 - k : k * ix)];
                    }
                expect_near(dc.values(), c.values, bound<T>(2), "dgmm");
            }
    for (int n : {1, 2, 9})
        for (char u : {'L', 'U'}) {
            const Matrix<T> a(values, n, n, 1);
            const Matrix<T> empty(values, n, n, 1);
            Device<T> da(a.values), back(empty.values),
                packed(std::vector<T>(size_t(n * (n + 1) / 2), T(0)));
            ACC_OK(trttp(this->handle_, u, n, da.data(), a.ld, packed.data()));
            ACC_OK(tpttr(this->handle_, u, n, packed.data(), back.data(), a.ld));
            auto wanted = empty.values;
            std::vector<T> in_order;
            for (int j = 0; j < n; ++j)
                for (int i = u == 'L' ? j : 0; i < (u == 'L' ? n : j + 1); ++i) {
                    in_order.push_back(a.values[size_t(i + j * a.ld)]);
                    wanted[size_t(i + j * a.ld)] = in_order.back();
                }
            expect_near(packed.values(), in_order, 0, "trttp");
            expect_near(back.values(), wanted, 0, "tpttr");
        }
}

/// A batch of three matrices, one after the other, and their addresses.
template <class T>
struct Batch {
    std::vector<T> values;
    Device<T> device;
    size_t size;
    Device<T*> addresses;

    Batch(const std::vector<T>& v)
        : values(v), device(v), size(v.size() / 3),
          addresses({device.data(), device.data() + size, device.data() + 2 * size}) {}
};

TYPED_TEST(Extensions, LuSolvesAndInverts) {
    using T = TypeParam;
    Values values(3);
    for (int n : {1, 2, 5, 16, 40}) {
        const int lda = n + 1;
        const size_t size = size_t(lda * n);
        Batch<T> a(values.many<T>(3 * size)), c(values.many<T>(3 * size));
        Device<int> pivots(std::vector<int>(size_t(3 * n), 0)), info(std::vector<int>(3, 7));
        ACC_OK(getrf(this->handle_, n, a.addresses.data(), lda, pivots.data(), info.data(), 3));
        ASSERT_EQ(info.values(), std::vector<int>(3, 0));
        // A X = B for each operation.
        for (char t : {'N', 'T', 'C'}) {
            Batch<T> b(values.many<T>(3 * size));
            int host = 7;
            ACC_OK(getrs(this->handle_, t, n, n, a.addresses.data(), lda, pivots.data(),
                         b.addresses.data(), lda, &host, 3));
            ASSERT_EQ(host, 0);
            const auto x = b.device.values();
            for (size_t z = 0; z < 3; ++z)
                for (int j = 0; j < n; ++j)
                    for (int i = 0; i < n; ++i) {
                        CD sum = 0;
                        double all = 1;
                        for (int k = 0; k < n; ++k) {
                            const T entry =
                                a.values[z * size + size_t(t == 'N' ? i + k * lda : k + i * lda)];
                            const CD term = CD(t == 'C' ? conj(entry) : entry) *
                                            CD(x[z * size + size_t(k + j * lda)]);
                            sum += term;
                            all += std::abs(term);
                        }
                        ASSERT_LE(std::abs(sum - CD(b.values[z * size + size_t(i + j * lda)])),
                                  bound<T>(8 * n) * all * 4)
                            << n << t;
                    }
        }
        ACC_OK(getri(this->handle_, n, a.addresses.data(), lda, pivots.data(), c.addresses.data(),
                     lda, info.data(), 3));
        ASSERT_EQ(info.values(), std::vector<int>(3, 0));
        std::vector<std::vector<T>> inverses = {c.device.values()};
        if (n <= 32) {
            Batch<T> again(a.values), other(values.many<T>(3 * size));
            ACC_OK(matinv(this->handle_, n, again.addresses.data(), lda, other.addresses.data(),
                          lda, info.data(), 3));
            ASSERT_EQ(info.values(), std::vector<int>(3, 0));
            inverses.push_back(other.device.values());
        }
        for (const auto& inverse : inverses)
            for (size_t z = 0; z < 3; ++z)
                for (int j = 0; j < n; ++j)
                    for (int i = 0; i < n; ++i) {
                        CD sum = 0;
                        double all = 1;
                        for (int k = 0; k < n; ++k) {
                            const CD term = CD(a.values[z * size + size_t(i + k * lda)]) *
                                            CD(inverse[z * size + size_t(k + j * lda)]);
                            sum += term;
                            all += std::abs(term);
                        }
                        ASSERT_LE(std::abs(sum - CD(i == j)), bound<T>(8 * n) * all * 4) << n;
                    }
    }
}

TYPED_TEST(Extensions, SingularMatricesAreReported) {
    using T = TypeParam;
    // The second column is twice the first; the identity; all zeros.
    Batch<T> a({T(1), T(2), T(2), T(4), T(1), T(0), T(0), T(1), T(0), T(0), T(0), T(0)});
    Batch<T> copy(a.values), c(a.values);
    Device<int> pivots(std::vector<int>(6, 0)), info(std::vector<int>(3, 7));
    ACC_OK(getrf(this->handle_, 2, a.addresses.data(), 2, pivots.data(), info.data(), 3));
    EXPECT_EQ(info.values(), (std::vector<int>{2, 0, 1}));
    EXPECT_EQ(pivots.values()[0], 2); // the larger one
    ACC_OK(
        matinv(this->handle_, 2, copy.addresses.data(), 2, c.addresses.data(), 2, info.data(), 3));
    EXPECT_EQ(info.values(), (std::vector<int>{2, 0, 1}));
    // Without pivots rows stay.
    Batch<T> plain({T(1), T(2), T(2), T(5), T(1), T(0), T(0), T(1), T(2), T(0), T(0), T(2)});
    ACC_OK(getrf(this->handle_, 2, plain.addresses.data(), 2, nullptr, info.data(), 3));
    EXPECT_EQ(info.values(), (std::vector<int>{0, 0, 0}));
    EXPECT_EQ(plain.device.values()[1], T(2));
    EXPECT_EQ(plain.device.values()[3], T(1));
}

TYPED_TEST(Extensions, QrIsLapacks) {
    using T = TypeParam;
    Values values(4);
    for (auto [m, n] : {std::pair{1, 1}, {5, 3}, {3, 5}, {20, 20}, {70, 9}}) {
        const int lda = m + 1, least = std::min(m, n);
        const size_t size = size_t(lda * n);
        Batch<T> a(values.many<T>(3 * size)), tau(std::vector<T>(size_t(3 * least), T(0)));
        int info = 7;
        ACC_OK(geqrf(this->handle_, m, n, a.addresses.data(), lda, tau.addresses.data(), &info, 3));
        ASSERT_EQ(info, 0);
        auto wanted = a.values;
        std::vector<T> wanted_tau(size_t(3 * least)), work(size_t(64 * (n + 1)));
        for (size_t z = 0; z < 3; ++z)
            ref_geqrf(m, n, wanted.data() + z * size, lda, wanted_tau.data() + z * size_t(least),
                      work.data(), int(work.size()), &info);
        expect_near(a.device.values(), wanted, bound<T>(16 * m), "R and v");
        expect_near(tau.device.values(), wanted_tau, bound<T>(16 * m), "tau");
    }
}

TYPED_TEST(Extensions, LeastSquares) {
    using T = TypeParam;
    Values values(5);
    for (auto [m, n] : {std::pair{1, 1}, {4, 4}, {9, 5}, {70, 6}}) {
        const int sides = 3;
        const size_t size = size_t(m * n), right = size_t(m * sides);
        Batch<T> a(values.many<T>(3 * size)), c(values.many<T>(3 * right));
        Device<int> each(std::vector<int>(3, 7));
        int info = 7;
        ACC_OK(gels(this->handle_, m, n, sides, a.addresses.data(), m, c.addresses.data(), m, &info,
                    each.data(), 3));
        ASSERT_EQ(info, 0);
        ASSERT_EQ(each.values(), std::vector<int>(3, 0));
        const auto x = c.device.values();
        // What is left is orthogonal to A's columns.
        for (size_t z = 0; z < 3; ++z)
            for (int j = 0; j < sides; ++j) {
                std::vector<CD> rest;
                double all = 1;
                for (int i = 0; i < m; ++i) {
                    CD sum = -CD(c.values[z * right + size_t(i + j * m)]);
                    for (int k = 0; k < n; ++k) {
                        const CD term = CD(a.values[z * size + size_t(i + k * m)]) *
                                        CD(x[z * right + size_t(k + j * m)]);
                        sum += term;
                        all += std::abs(term);
                    }
                    rest.push_back(sum);
                }
                for (int k = 0; k < n; ++k) {
                    CD product = 0;
                    for (int i = 0; i < m; ++i)
                        product += std::conj(CD(a.values[z * size + size_t(i + k * m)])) *
                                   rest[size_t(i)];
                    ASSERT_LE(std::abs(product), bound<T>(8 * m) * all * 4) << m << " " << n;
                }
            }
    }
}

TYPED_TEST(Extensions, BatchesOfTriangularSystems) {
    using T = TypeParam;
    Values values(6);
    for (auto [m, n] : {std::pair{3, 2}, {40, 5}, {5, 40}})
        for (char s : {'L', 'R'})
            for (char u : {'L', 'U'})
                for (char t : {'N', 'C'}) {
                    const int order = s == 'L' ? m : n;
                    std::vector<T> start = values.many<T>(size_t(3 * order * order));
                    for (size_t i = 0; i < start.size(); ++i) {
                        const int at = int(i) % (order * order);
                        start[i] = at % order == at / order
                                       ? start[i] + T(2)
                                       : start[i] * T(Real<T>(1) / Real<T>(order));
                    }
                    Batch<T> a(start), b(values.many<T>(size_t(3 * m * n)));
                    const T alpha = values.one<T>();
                    ACC_OK(trsm_batched(this->handle_, s, u, t, 'N', m, n, &alpha,
                                        a.addresses.data(), order, b.addresses.data(), m, 3));
                    auto wanted = b.values;
                    for (int z = 0; z < 3; ++z)
                        ref_trsm(s, u, t, 'N', m, n, alpha, a.values.data() + z * order * order,
                                 order, wanted.data() + z * m * n, m);
                    expect_near(b.device.values(), wanted, 4 * bound<T>(2 * order + 4), "trsm");
                }
}

TEST_F(Blas, BadArgumentsOfBatches) {
    Device<float*> none(std::vector<float*>(1, nullptr));
    float** p = none.data();
    int info = 0;
    Device<int> each({0});
    const auto invalid = CUBLAS_STATUS_INVALID_VALUE;
    EXPECT_EQ(cublasSgetrfBatched(handle_, -1, p, 1, nullptr, each.data(), 1), invalid);
    EXPECT_EQ(cublasSgetrfBatched(handle_, 2, p, 1, nullptr, each.data(), 1), invalid);
    EXPECT_EQ(cublasSgetrfBatched(handle_, 2, p, 2, nullptr, each.data(), -1), invalid);
    EXPECT_EQ(cublasSgetriBatched(handle_, 2, p, 2, nullptr, p, 1, each.data(), 1), invalid);
    EXPECT_EQ(cublasSmatinvBatched(handle_, 33, p, 33, p, 33, each.data(), 1), invalid);
    EXPECT_EQ(cublasSgetrsBatched(handle_, CUBLAS_OP_N, 2, 1, p, 2, nullptr, p, 1, &info, 1),
              invalid);
    EXPECT_EQ(info, -8);
    EXPECT_EQ(cublasSgeqrfBatched(handle_, 2, 2, p, 1, p, &info, 1), invalid);
    EXPECT_EQ(info, -4);
    EXPECT_EQ(cublasSgelsBatched(handle_, CUBLAS_OP_N, 2, 2, 1, p, 2, p, 1, &info, nullptr, 1),
              invalid);
    EXPECT_EQ(info, -8);
    EXPECT_EQ(cublasSgelsBatched(handle_, CUBLAS_OP_T, 2, 2, 1, p, 2, p, 2, &info, nullptr, 1),
              CUBLAS_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(cublasStrttp(handle_, CUBLAS_FILL_MODE_FULL, 1, nullptr, 1, nullptr), invalid);
    EXPECT_EQ(cublasSdgmm(handle_, cublasSideMode_t(3), 1, 1, nullptr, 1, nullptr, 1, nullptr, 1),
              invalid);
}

} // namespace
} // namespace blas_test
