// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 2 against OpenBLAS: small sizes and some of several blocks, every option and storage,
// strides of both signs.
#include "functions2.h"

#include <cuda_fp16.h>

namespace blas_test {
namespace {

template <class T>
class Level2 : public Blas {};
using Types = testing::Types<float, double, CF, CD>;
TYPED_TEST_SUITE(Level2, Types);

const std::vector<int> kSizes = {0, 1, 2, 3, 5, 8, 17, 33};
const std::vector<std::pair<int, int>> kStrides = {{1, 1}, {2, -1}, {-3, 2}};

std::string text(const std::string& name, const std::string& options, int m, int n, int ix,
                 int iy) {
    return name + " " + options + " " + std::to_string(m) + " " + std::to_string(n) + " strides " +
           std::to_string(ix) + " " + std::to_string(iy);
}

/// Small beside a diagonal of about two, so that solutions stay small.
template <class T>
std::vector<T> tamed(std::vector<T> values, int n) {
    for (T& value : values)
        value *= Real<T>(1) / Real<T>(std::max(n, 1));
    return values;
}

TYPED_TEST(Level2, GeneralMatrices) {
    using T = TypeParam;
    Values values(1);
    const auto check = [&](int m, int n, int ix, int iy, char t) {
        const Matrix<T> a(values, m, n, 2);
        const auto x = values.many<T>(span(t == 'N' ? n : m, ix)),
                   y = values.many<T>(span(t == 'N' ? m : n, iy));
        const T alpha = values.one<T>(), beta = values.one<T>();
        Device<T> da(a.values), dx(x), dy(y);
        auto ry = y;
        ACC_OK(gemv(this->handle_, t, m, n, &alpha, da.data(), a.ld, dx.data(), ix, &beta,
                    dy.data(), iy));
        ref_gemv(t, m, n, alpha, a.data(), a.ld, x.data(), ix, beta, ry.data(), iy);
        expect_near(dy.values(), ry, bound<T>(2 * std::max(m, n) + 4),
                    text("gemv", {t}, m, n, ix, iy));
        const int kl = m > 3 ? 2 : 0, ku = n > 2 ? 1 : 0;
        const Matrix<T> band(values, kl + ku + 1, n, 1);
        Device<T> dband(band.values);
        ACC_OK(gbmv(this->handle_, t, m, n, kl, ku, &alpha, dband.data(), band.ld, dx.data(), ix,
                    &beta, dy.data(), iy));
        ref_gbmv(t, m, n, kl, ku, alpha, band.data(), band.ld, x.data(), ix, beta, ry.data(), iy);
        expect_near(dy.values(), ry, 2 * bound<T>(2 * std::max(m, n) + 8),
                    text("gbmv", {t}, m, n, ix, iy));
    };
    for (char t : {'N', 'T', 'C'}) {
        for (int m : kSizes)
            for (int n : kSizes)
                for (auto [ix, iy] : kStrides)
                    check(m, n, ix, iy, t);
        check(300, 20, 1, 1, t);
        check(20, 300, -1, 2, t);
    }
}

TYPED_TEST(Level2, HalvesOfSymmetricMatrices) {
    using T = TypeParam;
    Values values(2);
    for (int n : kSizes)
        for (auto [ix, iy] : kStrides)
            for (char u : {'L', 'U'})
                for (int kind : {0, 1, 2}) {
                    const int k = n > 3 ? 2 : 0;
                    const Matrix<T> a(values,
                                      kind == 1   ? k + 1
                                      : kind == 2 ? n * (n + 1) / 2
                                                  : n,
                                      kind == 2 ? 1 : n, 1);
                    const auto x = values.many<T>(span(n, ix)), y = values.many<T>(span(n, iy));
                    const T alpha = values.one<T>(), beta = values.one<T>();
                    Device<T> da(a.values), dx(x), dy(y);
                    auto ry = y;
                    ACC_OK(half_product(this->handle_, kind, u, n, k, &alpha, da.data(), a.ld,
                                        dx.data(), ix, &beta, dy.data(), iy));
                    ref_half_product(kind, u, n, k, alpha, a.data(), a.ld, x.data(), ix, beta,
                                     ry.data(), iy);
                    expect_near(dy.values(), ry, bound<T>(2 * n + 4),
                                text("product", {u, char('0' + kind)}, n, k, ix, iy));
                    if (kind == 1) continue;
                    Matrix<T> updated = a;
                    if (is_complex<T>) // a Hermitian matrix's diagonal is real
                        for (T& value : updated.values)
                            value = std::real(value);
                    Device<T> du(updated.values);
                    const Real<T> real_alpha = values.one<Real<T>>();
                    ACC_OK(half_update(this->handle_, kind == 2, u, n, &real_alpha, dx.data(), ix,
                                       du.data(), a.ld));
                    ref_half_update(kind == 2, u, n, real_alpha, x.data(), ix, updated.data(),
                                    a.ld);
                    ACC_OK(half_update2(this->handle_, kind == 2, u, n, &alpha, dx.data(), ix,
                                        dx.data(), ix, du.data(), a.ld));
                    ref_half_update2(kind == 2, u, n, alpha, x.data(), ix, x.data(), ix,
                                     updated.data(), a.ld);
                    Device<T> dz(y);
                    ACC_OK(half_update2(this->handle_, kind == 2, u, n, &alpha, dx.data(), ix,
                                        dz.data(), iy, du.data(), a.ld));
                    ref_half_update2(kind == 2, u, n, alpha, x.data(), ix, y.data(), iy,
                                     updated.data(), a.ld);
                    expect_near(du.values(), updated.values, bound<T>(16),
                                text("update", {u, char('0' + kind)}, n, k, ix, iy));
                }
}

TYPED_TEST(Level2, TriangularMatrices) {
    using T = TypeParam;
    Values values(3);
    const auto check = [&](const std::string& name, int n, int ix, char u, char t, char d) {
        const int k = n > 4 ? 3 : n > 0 ? n - 1 : 0;
        const bool band = name[1] == 'b', packed = name[1] == 'p';
        Matrix<T> a(values, band ? k + 1 : packed ? n * (n + 1) / 2 : n, packed ? 1 : n, 1);
        a.values = tamed(a.values, n);
        for (int i = 0; i < n; ++i) { // the diagonal, wherever it is stored
            const int at = band       ? (u == 'U' ? k : 0) + i * a.ld
                           : !packed  ? i + i * a.ld
                           : u == 'U' ? i + i * (i + 1) / 2
                                      : i + i * (2 * n - i - 1) / 2;
            a.values[size_t(at)] += T(2);
        }
        const auto x = values.many<T>(span(n, ix));
        Device<T> da(a.values), dx(x);
        auto rx = x;
        ACC_OK(triangular(this->handle_, name, u, t, d, n, k, da.data(), a.ld, dx.data(), ix));
        ref_triangular(name, u, t, d, n, k, a.data(), a.ld, rx.data(), ix);
        expect_near(dx.values(), rx, 4 * bound<T>(2 * n + 4), text(name, {u, t, d}, n, k, ix, 0));
    };
    for (const char* name : {"trmv", "trsv", "tbmv", "tbsv", "tpmv", "tpsv"})
        for (char u : {'L', 'U'})
            for (char t : {'N', 'T', 'C'})
                for (char d : {'N', 'U'}) {
                    for (int n : kSizes)
                        check(name, n, n % 2 == 0 ? 1 : -2, u, t, d);
                    if (d == 'N') check(name, 290, 1, u, t, d);
                }
}

TEST_F(Blas, RankOneUpdates) {
    Values values(4);
    for (int m : {1, 4, 40})
        for (int n : {1, 7, 30}) {
            const auto x = values.many<CF>(span(m, 2)), y = values.many<CF>(span(n, -1));
            const Matrix<CF> a(values, m, n, 1);
            const CF alpha = values.one<CF>();
            Device<CF> du(a.values), dc(a.values), dx(x), dy(y);
            ACC_OK(cublasCgeru(handle_, m, n, api(&alpha), api(dx.data()), 2, api(dy.data()), -1,
                               api(du.data()), a.ld));
            ACC_OK(cublasCgerc(handle_, m, n, api(&alpha), api(dx.data()), 2, api(dy.data()), -1,
                               api(dc.data()), a.ld));
            auto u = a.values, c = a.values;
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < m; ++i) {
                    const CF xi = x[size_t(2 * i)], yj = y[size_t(n - 1 - j)];
                    u[size_t(i + j * a.ld)] += alpha * xi * yj;
                    c[size_t(i + j * a.ld)] += alpha * xi * std::conj(yj);
                }
            expect_near(du.values(), u, bound<CF>(8), "geru");
            expect_near(dc.values(), c, bound<CF>(8), "gerc");
            const auto rx = values.many<double>(size_t(m)), ry = values.many<double>(size_t(n));
            const Matrix<double> b(values, m, n, 0);
            Device<double> db(b.values), drx(rx), dry(ry);
            const double two = 2;
            ACC_OK(cublasDger(handle_, m, n, &two, drx.data(), 1, dry.data(), 1, db.data(), b.ld));
            auto wanted = b.values;
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < m; ++i)
                    wanted[size_t(i + j * b.ld)] += 2 * rx[size_t(i)] * ry[size_t(j)];
            expect_near(db.values(), wanted, bound<double>(8), "ger");
        }
}

TEST_F(Blas, ComplexSymmetricMatrices) {
    Values values(5);
    const int n = 20;
    const Matrix<CD> a(values, n, n, 1);
    const auto x = values.many<CD>(n), y = values.many<CD>(n);
    const CD alpha = values.one<CD>(), beta = values.one<CD>();
    for (bool upper : {false, true}) {
        const auto uplo = upper ? CUBLAS_FILL_MODE_UPPER : CUBLAS_FILL_MODE_LOWER;
        Device<CD> da(a.values), dx(x), dy(y);
        ACC_OK(cublasZsymv(handle_, uplo, n, api(&alpha), api(da.data()), a.ld, api(dx.data()), 1,
                           api(&beta), api(dy.data()), 1));
        ACC_OK(cublasZsyr2(handle_, uplo, n, api(&alpha), api(dx.data()), 1, api(dx.data()), 1,
                           api(da.data()), a.ld));
        ACC_OK(cublasZsyr(handle_, uplo, n, api(&alpha), api(dx.data()), 1, api(da.data()), a.ld));
        auto wanted_y = y, wanted_a = a.values;
        for (int i = 0; i < n; ++i) {
            CD sum = 0;
            for (int j = 0; j < n; ++j) {
                const bool stored = upper ? i <= j : i >= j;
                sum += a.values[size_t(stored ? i + j * a.ld : j + i * a.ld)] * x[size_t(j)];
                if (stored)
                    wanted_a[size_t(i + j * a.ld)] += 3.0 * alpha * x[size_t(i)] * x[size_t(j)];
            }
            wanted_y[size_t(i)] = alpha * sum + beta * y[size_t(i)];
        }
        expect_near(dy.values(), wanted_y, bound<CD>(2 * n), "symv");
        expect_near(da.values(), wanted_a, bound<CD>(16), "syr2, syr");
    }
}

TEST_F(Blas, BatchesOfVectors) {
    Values values(6);
    const int m = 20, n = 13, batch = 3;
    std::vector<__half> a(size_t(m * n * batch)), x(size_t(m * batch));
    for (auto* all : {&a, &x})
        for (__half& value : *all)
            value = __float2half(values.one<float>());
    const std::vector<float> y = values.many<float>(size_t(n * batch));
    Device<__half> da(a), dx(x);
    Device<float> dy(y), by_address(y);
    const float alpha = 0.5f, beta = 2;
    ACC_OK(cublasHSSgemvStridedBatched(handle_, CUBLAS_OP_T, m, n, &alpha, da.data(), m, m * n,
                                       dx.data(), 1, m, &beta, dy.data(), 1, n, batch));
    std::vector<const __half*> as, xs;
    std::vector<float*> ys;
    for (int z = 0; z < batch; ++z) {
        as.push_back(da.data() + z * m * n);
        xs.push_back(dx.data() + z * m);
        ys.push_back(by_address.data() + z * n);
    }
    Device<const __half*> das(as), dxs(xs);
    Device<float*> dys(ys);
    ACC_OK(cublasHSSgemvBatched(handle_, CUBLAS_OP_T, m, n, &alpha, das.data(), m, dxs.data(), 1,
                                &beta, dys.data(), 1, batch));
    std::vector<float> wanted = y;
    for (int z = 0; z < batch; ++z)
        for (int j = 0; j < n; ++j) {
            double sum = 0;
            for (int i = 0; i < m; ++i)
                sum += double(__half2float(a[size_t(i + j * m + z * m * n)])) *
                       __half2float(x[size_t(i + z * m)]);
            float& w = wanted[size_t(j + z * n)];
            w = float(0.5 * sum + 2 * w);
        }
    expect_near(dy.values(), wanted, bound<float>(m), "strided");
    expect_near(by_address.values(), wanted, bound<float>(m), "by address");
    const auto f = values.many<double>(size_t(m * n * batch)),
               g = values.many<double>(size_t(n * batch)),
               h = values.many<double>(size_t(m * batch));
    Device<double> df(f), dg(g), dh(h);
    const double one = 1, none = 0;
    ACC_OK(cublasDgemvStridedBatched(handle_, CUBLAS_OP_N, m, n, &one, df.data(), m, m * n,
                                     dg.data(), 1, n, &none, dh.data(), 1, m, batch));
    auto wanted_h = h;
    for (int z = 0; z < batch; ++z)
        ref_gemv('N', m, n, one, f.data() + z * m * n, m, g.data() + z * n, 1, none,
                 wanted_h.data() + z * m, 1);
    expect_near(dh.values(), wanted_h, bound<double>(n), "doubles");
}

TEST_F(Blas, BadArgumentsOfLevel2) {
    Device<float> x(std::vector<float>(64, 1.f));
    float* p = x.data();
    const float one = 1;
    const auto invalid = CUBLAS_STATUS_INVALID_VALUE;
    const auto n = CUBLAS_OP_N;
    const auto lower = CUBLAS_FILL_MODE_LOWER;
    const auto unit = CUBLAS_DIAG_UNIT;
    EXPECT_EQ(cublasSgemv(handle_, cublasOperation_t(9), 1, 1, &one, p, 1, p, 1, &one, p, 1),
              invalid);
    EXPECT_EQ(cublasSgemv(handle_, n, -1, 1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemv(handle_, n, 3, 1, &one, p, 2, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemv(handle_, n, 1, 1, &one, p, 1, p, 0, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgemv(handle_, n, 1, 1, &one, p, 1, p, 1, &one, p, 0), invalid);
    EXPECT_EQ(cublasSgemv(handle_, n, 1, 1, nullptr, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgbmv(handle_, n, 3, 3, 1, 1, &one, p, 2, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSgbmv(handle_, n, 3, 3, -1, 1, &one, p, 3, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSsymv(handle_, cublasFillMode_t(4), 1, &one, p, 1, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSsbmv(handle_, lower, 3, 2, &one, p, 2, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasSspmv(handle_, lower, -1, &one, p, p, 1, &one, p, 1), invalid);
    EXPECT_EQ(cublasStrmv(handle_, lower, n, cublasDiagType_t(4), 1, p, 1, p, 1), invalid);
    EXPECT_EQ(cublasStrsv(handle_, lower, n, unit, 3, p, 2, p, 1), invalid);
    EXPECT_EQ(cublasStbsv(handle_, lower, n, unit, 3, 1, p, 1, p, 1), invalid);
    EXPECT_EQ(cublasStpsv(handle_, lower, n, unit, 3, p, p, 0), invalid);
    EXPECT_EQ(cublasSger(handle_, 3, 1, &one, p, 1, p, 1, p, 2), invalid);
    EXPECT_EQ(cublasSger(handle_, 1, 1, &one, p, 0, p, 1, p, 1), invalid);
    EXPECT_EQ(cublasSsyr(handle_, lower, 3, &one, p, 1, p, 2), invalid);
    EXPECT_EQ(cublasSsyr2(handle_, lower, 1, &one, p, 1, p, 0, p, 1), invalid);
    EXPECT_EQ(cublasSspr(handle_, lower, 1, nullptr, p, 1, p), invalid);
}

} // namespace
} // namespace blas_test
