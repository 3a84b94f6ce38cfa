// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 3 against OpenBLAS: small sizes and some of several tiles, every option, gaps between
// columns. ACC_BLAS_TEST=all makes the small sizes every one up to 20.
#include "functions3.h"

#include <cstdlib>

namespace blas_test {
namespace {

template <class T>
class Level3 : public Blas {};
template <class T>
class Hermitian : public Blas {};
using Types = testing::Types<float, double, CF, CD>;
using ComplexTypes = testing::Types<CF, CD>;
TYPED_TEST_SUITE(Level3, Types);
TYPED_TEST_SUITE(Hermitian, ComplexTypes);

std::vector<int> sizes() {
    if (std::getenv("ACC_BLAS_TEST") == nullptr) return {0, 1, 2, 5, 16, 17};
    std::vector<int> all;
    for (int i = 0; i <= 20; ++i)
        all.push_back(i);
    return all;
}

/// Pairs of sizes: all small ones, and a few that take several tiles or strips.
template <class Test>
void for_pairs(Test test) {
    for (int m : sizes())
        for (int n : sizes())
            test(m, n);
    for (auto [m, n] : {std::pair{64, 64}, {65, 33}, {130, 70}, {40, 150}})
        test(m, n);
}

/// Alpha and beta: ordinary, zero, one.
template <class T>
std::vector<std::pair<T, T>> factors(Values& values) {
    return {{values.one<T>(), values.one<T>()}, {T(1), T(0)}, {T(0), values.one<T>()}};
}

template <class T>
std::vector<T> with_nan(std::vector<T> values) {
    for (T& value : values)
        value = T(std::numeric_limits<Real<T>>::quiet_NaN());
    return values;
}

std::string text(const std::string& name, const std::string& options, int m, int n, int k = 0) {
    return name + " " + options + " " + std::to_string(m) + " " + std::to_string(n) + " " +
           std::to_string(k);
}

/// Only what a half of C holds is compared, and the rest must be as it was: both at once, by
/// comparing everything.
TYPED_TEST(Level3, GeneralProducts) {
    using T = TypeParam;
    Values values(1);
    int turn = 0;
    for_pairs([&](int m, int n) {
        for (int k : {0, 1, 7, 16, 33})
            for (char ta : {'N', 'T', 'C'})
                for (char tb : {'N', 'T', 'C'}) {
                    if (m > 20 && (++turn % 3 != 0)) continue;
                    const Matrix<T> a(values, ta == 'N' ? m : k, ta == 'N' ? k : m, 1),
                        b(values, tb == 'N' ? k : n, tb == 'N' ? n : k, 0);
                    Matrix<T> c(values, m, n, 2);
                    const auto all = factors<T>(values);
                    const auto [alpha, beta] = all[size_t(++turn) % all.size()];
                    Device<T> da(a.values), db(b.values), dc(c.values);
                    ACC_OK(gemm(this->handle_, ta, tb, m, n, k, &alpha, da.data(), a.ld, db.data(),
                                b.ld, &beta, dc.data(), c.ld));
                    ref_gemm(ta, tb, m, n, k, alpha, a.data(), a.ld, b.data(), b.ld, beta, c.data(),
                             c.ld);
                    expect_near(dc.values(), c.values, bound<T>(2 * k + 4),
                                text("gemm", {ta, tb}, m, n, k));
                }
    });
}

TYPED_TEST(Level3, WhatIsNotNeededIsNotRead) {
    using T = TypeParam;
    Values values(2);
    for (int n : {3, 40}) {
        const Matrix<T> a(values, n, n, 0), b(values, n, n, 0);
        Matrix<T> c(values, n, n, 0);
        const T one(1), none(0);
        const auto nan = with_nan(c.values);
        Device<T> da(a.values), db(b.values), dnan(nan), dc(nan);
        // beta = 0: C is not read.
        ACC_OK(gemm(this->handle_, 'N', 'N', n, n, n, &one, da.data(), n, db.data(), n, &none,
                    dc.data(), n));
        ref_gemm('N', 'N', n, n, n, one, a.data(), n, b.data(), n, none, c.data(), n);
        expect_near(dc.values(), c.values, bound<T>(2 * n), "beta 0");
        // alpha = 0: A and B are not.
        ACC_OK(gemm(this->handle_, 'N', 'N', n, n, n, &none, dnan.data(), n, dnan.data(), n, &one,
                    dc.data(), n));
        expect_near(dc.values(), c.values, bound<T>(2 * n), "alpha 0");
        Device<T> dnone({none}), done({one});
        ACC_OK(cublasSetPointerMode(this->handle_, CUBLAS_POINTER_MODE_DEVICE));
        ACC_OK(gemm(this->handle_, 'N', 'N', n, n, n, dnone.data(), dnan.data(), n, dnan.data(), n,
                    done.data(), dc.data(), n));
        expect_near(dc.values(), c.values, bound<T>(2 * n), "alpha 0 on the device");
        ACC_OK(cublasSetPointerMode(this->handle_, CUBLAS_POINTER_MODE_HOST));
        // Triangular systems and products with alpha = 0.
        ACC_OK(trsm(this->handle_, 'L', 'L', 'N', 'N', n, n, &none, dnan.data(), n, dc.data(), n));
        expect_near(dc.values(), std::vector<T>(c.values.size(), none), 0, "trsm alpha 0");
    }
}

TYPED_TEST(Level3, NotANumberAndInfinityGoThrough) {
    using T = TypeParam;
    const Real<T> infinity = std::numeric_limits<Real<T>>::infinity();
    for (int n : {2, 40}) {
        std::vector<T> a(size_t(n * n), T(1)), c(size_t(n * n), T(0));
        a[0] = T(infinity);
        a[1] = T(std::numeric_limits<Real<T>>::quiet_NaN());
        Device<T> da(a), db(std::vector<T>(size_t(n * n), T(1))), dc(c);
        const T one(1), none(0);
        ACC_OK(gemm(this->handle_, 'N', 'N', n, n, n, &one, da.data(), n, db.data(), n, &none,
                    dc.data(), n));
        const auto got = dc.values();
        // (A complex infinity times one has a NaN in it.)
        EXPECT_TRUE(is_complex<T> ? !std::isfinite(std::real(got[0]))
                                  : std::isinf(std::real(got[0])));
        EXPECT_TRUE(std::isnan(std::real(got[1])));
        if (n > 2) EXPECT_EQ(got[2], T(Real<T>(n)));
    }
}

TYPED_TEST(Level3, SymmetricProducts) {
    using T = TypeParam;
    Values values(3);
    for_pairs([&](int m, int n) {
        for (char s : {'L', 'R'})
            for (char u : {'L', 'U'}) {
                const int order = s == 'L' ? m : n;
                const Matrix<T> a(values, order, order, 1), b(values, m, n, 0);
                Matrix<T> c(values, m, n, 1);
                const T alpha = values.one<T>(), beta = values.one<T>();
                Device<T> da(a.values), db(b.values), dc(c.values);
                ACC_OK(symm(this->handle_, s, u, m, n, &alpha, da.data(), a.ld, db.data(), b.ld,
                            &beta, dc.data(), c.ld));
                ref_symm(s, u, m, n, alpha, a.data(), a.ld, b.data(), b.ld, beta, c.data(), c.ld);
                expect_near(dc.values(), c.values, bound<T>(2 * order + 4),
                            text("symm", {s, u}, m, n));
            }
    });
}

TYPED_TEST(Level3, UpdatesOfSymmetricMatrices) {
    using T = TypeParam;
    Values values(4);
    for_pairs([&](int n, int k) {
        for (char u : {'L', 'U'})
            for (char t : {'N', 'T'}) {
                const Matrix<T> a(values, t == 'N' ? n : k, t == 'N' ? k : n, 1),
                    b(values, t == 'N' ? n : k, t == 'N' ? k : n, 0);
                Matrix<T> c(values, n, n, 1);
                const T alpha = values.one<T>(), beta = values.one<T>();
                Device<T> da(a.values), db(b.values), dc(c.values);
                ACC_OK(syrk(this->handle_, u, t, n, k, &alpha, da.data(), a.ld, &beta, dc.data(),
                            c.ld));
                ref_syrk(u, t, n, k, alpha, a.data(), a.ld, beta, c.data(), c.ld);
                expect_near(dc.values(), c.values, bound<T>(2 * k + 4), text("syrk", {u, t}, n, k));
                ACC_OK(syr2k(this->handle_, u, t, n, k, &alpha, da.data(), a.ld, db.data(), b.ld,
                             &beta, dc.data(), c.ld));
                ref_syr2k(u, t, n, k, alpha, a.data(), a.ld, b.data(), b.ld, beta, c.data(), c.ld);
                expect_near(dc.values(), c.values, bound<T>(4 * k + 8),
                            text("syr2k", {u, t}, n, k));
            }
    });
}

TYPED_TEST(Level3, TriangularSystemsAndProducts) {
    using T = TypeParam;
    Values values(5);
    for_pairs([&](int m, int n) {
        for (char s : {'L', 'R'})
            for (char u : {'L', 'U'})
                for (char t : {'N', 'T', 'C'})
                    for (char d : {'N', 'U'}) {
                        const int order = s == 'L' ? m : n;
                        Matrix<T> a(values, order, order, 1), b(values, m, n, 2);
                        // Small next to a diagonal of ones and twos, so that solutions stay small.
                        for (int j = 0; j < order; ++j)
                            for (int i = 0; i < order; ++i) {
                                T& entry = a.values[size_t(i + j * a.ld)];
                                entry = i == j ? entry + T(2)
                                               : entry * T(Real<T>(1) / Real<T>(order));
                            }
                        const T alpha = values.one<T>();
                        Device<T> da(a.values), db(b.values), dc(b.values);
                        ACC_OK(trmm(this->handle_, s, u, t, d, m, n, &alpha, da.data(), a.ld,
                                    db.data(), b.ld, dc.data(), b.ld));
                        Matrix<T> product = b;
                        ref_trmm(s, u, t, d, m, n, alpha, a.data(), a.ld, product.data(), b.ld);
                        expect_near(dc.values(), product.values, bound<T>(2 * order + 4),
                                    text("trmm", {s, u, t, d}, m, n));
                        Device<T> in_place(b.values);
                        ACC_OK(trmm(this->handle_, s, u, t, d, m, n, &alpha, da.data(), a.ld,
                                    in_place.data(), b.ld, in_place.data(), b.ld));
                        expect_near(in_place.values(), product.values, bound<T>(2 * order + 4),
                                    text("trmm in place", {s, u, t, d}, m, n));
                        ACC_OK(trsm(this->handle_, s, u, t, d, m, n, &alpha, da.data(), a.ld,
                                    db.data(), b.ld));
                        ref_trsm(s, u, t, d, m, n, alpha, a.data(), a.ld, b.data(), b.ld);
                        expect_near(db.values(), b.values, 4 * bound<T>(2 * order + 4),
                                    text("trsm", {s, u, t, d}, m, n));
                    }
    });
}

TYPED_TEST(Hermitian, ProductsAndUpdates) {
    using T = TypeParam;
    Values values(6);
    for_pairs([&](int m, int n) {
        for (char u : {'L', 'U'}) {
            for (char s : {'L', 'R'}) {
                const int order = s == 'L' ? m : n;
                const Matrix<T> a(values, order, order, 1), b(values, m, n, 0);
                Matrix<T> c(values, m, n, 1);
                const T alpha = values.one<T>(), beta = values.one<T>();
                Device<T> da(a.values), db(b.values), dc(c.values);
                ACC_OK(hemm(this->handle_, s, u, m, n, &alpha, da.data(), a.ld, db.data(), b.ld,
                            &beta, dc.data(), c.ld));
                ref_hemm(s, u, m, n, alpha, a.data(), a.ld, b.data(), b.ld, beta, c.data(), c.ld);
                expect_near(dc.values(), c.values, bound<T>(2 * order + 4),
                            text("hemm", {s, u}, m, n));
            }
            for (char t : {'N', 'C'}) {
                const int k = n;
                const Matrix<T> a(values, t == 'N' ? m : k, t == 'N' ? k : m, 1),
                    b(values, t == 'N' ? m : k, t == 'N' ? k : m, 0);
                Matrix<T> c(values, m, m, 1);
                for (int i = 0; i < m; ++i) // a Hermitian matrix's diagonal is real
                    c.values[size_t(i + i * c.ld)] = std::real(c.values[size_t(i + i * c.ld)]);
                const Real<T> real_alpha = values.one<Real<T>>(), real_beta = values.one<Real<T>>();
                const T alpha = values.one<T>();
                Device<T> da(a.values), db(b.values), dc(c.values);
                ACC_OK(herk(this->handle_, u, t, m, k, &real_alpha, da.data(), a.ld, &real_beta,
                            dc.data(), c.ld));
                ref_herk(u, t, m, k, real_alpha, a.data(), a.ld, real_beta, c.data(), c.ld);
                expect_near(dc.values(), c.values, bound<T>(2 * k + 4), text("herk", {u, t}, m, k));
                ACC_OK(her2k(this->handle_, u, t, m, k, &alpha, da.data(), a.ld, db.data(), b.ld,
                             &real_beta, dc.data(), c.ld));
                ref_her2k(u, t, m, k, alpha, a.data(), a.ld, b.data(), b.ld, real_beta, c.data(),
                          c.ld);
                expect_near(dc.values(), c.values, bound<T>(4 * k + 8),
                            text("her2k", {u, t}, m, k));
                Device<T> dalpha({alpha});
                Device<Real<T>> dbeta({real_beta});
                ACC_OK(cublasSetPointerMode(this->handle_, CUBLAS_POINTER_MODE_DEVICE));
                ACC_OK(her2k(this->handle_, u, t, m, k, dalpha.data(), da.data(), a.ld, db.data(),
                             b.ld, dbeta.data(), dc.data(), c.ld));
                ACC_OK(cublasSetPointerMode(this->handle_, CUBLAS_POINTER_MODE_HOST));
                ref_her2k(u, t, m, k, alpha, a.data(), a.ld, b.data(), b.ld, real_beta, c.data(),
                          c.ld);
                expect_near(dc.values(), c.values, bound<T>(4 * k + 8),
                            text("her2k, device", {u, t}, m, k));
            }
        }
    });
}

TEST_F(Blas, HalfProductsAreSummedInFloat) {
    Values values(7);
    for (int n : {5, 40}) {
        std::vector<__half> a(size_t(n * n)), b(size_t(n * n));
        std::vector<float> fa(a.size()), fb(a.size()), fc(a.size());
        for (size_t i = 0; i < a.size(); ++i) {
            a[i] = __float2half(values.one<float>());
            b[i] = __float2half(values.one<float>());
            fa[i] = __half2float(a[i]);
            fb[i] = __half2float(b[i]);
        }
        Device<__half> da(a), db(b), dc(a);
        const __half one = __float2half(1.f), none = __float2half(0.f);
        ACC_OK(cublasHgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_T, n, n, n, &one, da.data(), n,
                           db.data(), n, &none, dc.data(), n));
        ref_gemm('N', 'T', n, n, n, 1.f, fa.data(), n, fb.data(), n, 0.f, fc.data(), n);
        const auto got = dc.values();
        for (size_t i = 0; i < got.size(); ++i) // half an ulp of the result
            ASSERT_NEAR(__half2float(got[i]), fc[i], std::abs(fc[i]) * 0.00049 + 1e-4);
    }
}

TEST_F(Blas, BadArgumentsOfLevel3) {
    Device<float> x(std::vector<float>(64, 1.f));
    float* p = x.data();
    const float one = 1;
    const auto invalid = CUBLAS_STATUS_INVALID_VALUE;
    const auto n = CUBLAS_OP_N, t = CUBLAS_OP_T;
    const auto bad = cublasOperation_t(9);
    EXPECT_EQ(cublasSgemm(nullptr, n, n, 1, 1, 1, &one, p, 1, p, 1, &one, p, 1),
              CUBLAS_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cublasSgemm(handle_, bad, n, 1, 1, 1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, bad, 1, 1, 1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, -1, 1, 1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 1, -1, 1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 1, 1, -1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 4, 3, 2, &one, p, 3, p, 2, &one, p, 4), invalid);
    EXPECT_EQ(cublasSgemm(handle_, t, n, 4, 3, 2, &one, p, 1, p, 2, &one, p, 4), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 4, 3, 2, &one, p, 4, p, 1, &one, p, 4), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, t, 4, 3, 2, &one, p, 4, p, 2, &one, p, 4), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 4, 3, 2, &one, p, 4, p, 2, &one, p, 3), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 0, 0, 0, &one, p, 0, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 1, 1, 1, nullptr, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemm(handle_, n, n, 1, 1, 1, &one, p, 1, p, 1, nullptr, p, 1), invalid);
    const auto left = CUBLAS_SIDE_LEFT;
    const auto lower = CUBLAS_FILL_MODE_LOWER;
    const auto unit = CUBLAS_DIAG_UNIT;
    EXPECT_EQ(cublasSsymm(handle_, cublasSideMode_t(7), lower, 1, 1, &one, p, 1, p, 1, &one, p, 1),
              invalid);
    EXPECT_EQ(cublasSsymm(handle_, left, CUBLAS_FILL_MODE_FULL, 1, 1, &one, p, 1, p, 1, &one, p, 1),
              invalid);
    EXPECT_EQ(cublasSsymm(handle_, left, lower, 3, 1, &one, p, 2, p, 3, &one, p, 3), invalid);
    EXPECT_EQ(cublasSsyrk(handle_, lower, bad, 1, 1, &one, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSsyrk(handle_, lower, n, 3, 2, &one, p, 2, &one, p, 3), invalid);
    const cuComplex complex_one = {1, 0};
    auto* c = reinterpret_cast<cuComplex*>(p);
    EXPECT_EQ(
        cublasCsyrk(handle_, lower, CUBLAS_OP_C, 1, 1, &complex_one, c, 1, &complex_one, c, 1),
        invalid);
    EXPECT_EQ(cublasCherk(handle_, lower, CUBLAS_OP_T, 1, 1, &one, c, 1, &one, c, 1), invalid);
    EXPECT_EQ(cublasStrsm(handle_, left, lower, n, cublasDiagType_t(5), 1, 1, &one, p, 1, p, 1),
              invalid);
    EXPECT_EQ(cublasStrsm(handle_, left, lower, n, unit, 3, 1, &one, p, 2, p, 3), invalid);
    EXPECT_EQ(cublasStrsm(handle_, CUBLAS_SIDE_RIGHT, lower, n, unit, 1, 3, &one, p, 2, p, 1),
              invalid);
    EXPECT_EQ(cublasStrmm(handle_, left, lower, n, unit, 2, 2, &one, p, 2, p, 2, p, 1), invalid);
}

} // namespace
} // namespace blas_test
