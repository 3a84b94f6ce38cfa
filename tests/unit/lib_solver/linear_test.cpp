// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Factorisations and solves: backward errors, |A - factors| <= n roundings of |A|, on the host.
#include "rig.h"

#include <memory>

namespace solver_test {
namespace {

TEST_F(Solver, CholeskyAndSolves) {
    Random random(1);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (int n : sizes())
            for (auto uplo : {kLower, kUpper}) {
                const Matrix a = random.positive<T>(n), b = random.matrix<T>(n, 3);
                OnDevice<T> da(only(a, uplo), n + 2), db(b, n + 1);
                int size = 0;
                ACC_OK(N::potrf_size(handle_, uplo, n, da.data(), da.ld(), &size));
                Device<T> work(size_t(size + 1));
                ACC_OK(N::potrf(handle_, uplo, n, da.data(), da.ld(), work.data(), size,
                                info_.data()));
                ASSERT_EQ(info(), 0);
                const Matrix f = da.value(), t = triangle(f, uplo == kUpper);
                const Matrix back = uplo == kUpper ? t.adjoint() * t : t * t.adjoint();
                EXPECT_LE((back - a).norm(), (n + 4) * epsilon<T>() * a.norm()) << n;
                for (int c = 0; c < n; ++c) // the other triangle stays
                    for (int r = 0; r < n; ++r)
                        if (uplo == kLower ? r < c : r > c) {
                            ASSERT_TRUE(std::isnan(f.at(r, c).real()));
                        }
                ACC_OK(N::potrs(handle_, uplo, n, 3, da.data(), da.ld(), db.data(), db.ld(),
                                info_.data()));
                const Matrix x = db.value();
                EXPECT_LE((a * x - b).norm(), 4 * (n + 4) * epsilon<T>() * a.norm() * x.norm());
                ACC_OK(N::potri_size(handle_, uplo, n, da.data(), da.ld(), &size));
                Device<T> more(size_t(size + 1));
                ACC_OK(N::potri(handle_, uplo, n, da.data(), da.ld(), more.data(), size,
                                info_.data()));
                ASSERT_EQ(info(), 0);
                Matrix inverse = triangle(da.value(), uplo == kUpper);
                for (int c = 0; c < n; ++c)
                    for (int r = 0; r < n; ++r)
                        if (uplo == kLower ? r < c : r > c)
                            inverse.at(r, c) = std::conj(inverse.at(c, r));
                EXPECT_LE((a * inverse - Matrix::identity(n)).norm(),
                          8 * (n + 4) * epsilon<T>() * a.norm() * inverse.norm() + 1e-300);
                if (HasFatalFailure()) return;
            }
    });
}

TEST_F(Solver, CholeskyOfWhatIsNotPositive) {
    each_type([&]<class T>(T) {
        using N = Names<T>;
        Matrix a = Matrix::identity(4);
        a.at(2, 2) = -1;
        OnDevice<T> da(a, 4);
        ACC_OK(N::potrf(handle_, kLower, 4, da.data(), 4, nullptr, 0, info_.data()));
        EXPECT_EQ(info(), 3);
        a.at(2, 2) = NAN;
        OnDevice<T> nan(a, 4);
        ACC_OK(N::potrf(handle_, kUpper, 4, nan.data(), 4, nullptr, 0, info_.data()));
        EXPECT_EQ(info(), 3);
    });
}

TEST_F(Solver, CholeskyOfBatches) {
    Random random(2);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        const int n = 6, count = 5;
        std::vector<Matrix> as, bs;
        std::vector<std::unique_ptr<OnDevice<T>>> da, db;
        std::vector<T*> pa, pb;
        for (int i = 0; i < count; ++i) {
            as.push_back(random.positive<T>(n));
            bs.push_back(random.matrix<T>(n, 1));
            if (i == 3) as.back().at(1, 1) = -1;
            da.push_back(std::make_unique<OnDevice<T>>(as.back(), n));
            db.push_back(std::make_unique<OnDevice<T>>(bs.back(), n));
            pa.push_back(da.back()->data());
            pb.push_back(db.back()->data());
        }
        Device<T*> qa(pa), qb(pb);
        Device<int> infos(std::vector<int>(count, -1));
        ACC_OK(N::potrf_batched(handle_, kLower, n, qa.data(), n, infos.data(), count));
        EXPECT_EQ(infos.values(), (std::vector<int>{0, 0, 0, 2, 0}));
        ACC_OK(N::potrs_batched(handle_, kLower, n, 1, qa.data(), n, qb.data(), n, info_.data(),
                                count));
        for (int i = 0; i < count; ++i) {
            if (i == 3) continue;
            const Matrix x = db[size_t(i)]->value();
            EXPECT_LE((as[size_t(i)] * x - bs[size_t(i)]).norm(),
                      4 * (n + 4) * epsilon<T>() * as[size_t(i)].norm() * x.norm());
        }
        EXPECT_EQ(N::potrf_batched(handle_, kLower, n, nullptr, n, infos.data(), count), kBad);
        EXPECT_EQ(N::potrf_batched(handle_, kLower, n, qa.data(), n, infos.data(), -1), kBad);
        EXPECT_EQ(N::potrs_batched(handle_, kLower, n, 1, qa.data(), n - 1, qb.data(), n,
                                   info_.data(), count),
                  kBad);
    });
}

/// More systems than a grid is high: 2 x (2 x) = 4 i with one factor for all.
TEST_F(Solver, SolvesOfManyBatches) {
    constexpr int count = 65537;
    Device<float> factor(std::vector<float>{2});
    std::vector<float> sides(count);
    for (int i = 0; i < count; ++i)
        sides[size_t(i)] = 4 * float(i);
    Device<float> b(sides);
    std::vector<float*> pa(count, factor.data()), pb(count);
    for (int i = 0; i < count; ++i)
        pb[size_t(i)] = b.data() + i;
    Device<float*> qa(pa), qb(pb);
    ACC_OK(cusolverDnSpotrsBatched(handle_, kLower, 1, 1, qa.data(), 1, qb.data(), 1, info_.data(),
                                   count));
    const auto x = b.values();
    for (int i = 0; i < count; ++i)
        ASSERT_EQ(x[size_t(i)], float(i));
}

/// A with the rows exchanged as pivots say.
Matrix exchanged(Matrix a, const std::vector<int>& pivots) {
    for (size_t k = 0; k < pivots.size(); ++k)
        for (int c = 0; c < a.columns; ++c)
            std::swap(a.at(int(k), c), a.at(pivots[k] - 1, c));
    return a;
}

TEST_F(Solver, LuAndSolves) {
    Random random(3);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (int m : sizes())
            for (int n : {m, m / 2, m + 3}) {
                const Matrix a = random.matrix<T>(m, n);
                OnDevice<T> da(a, m + 1);
                const int k = std::min(m, n);
                Device<int> pivots(std::vector<int>(size_t(k), -1));
                int size = 0;
                ACC_OK(N::getrf_size(handle_, m, n, da.data(), da.ld(), &size));
                Device<T> work(static_cast<size_t>(size));
                ACC_OK(N::getrf(handle_, m, n, da.data(), da.ld(), work.data(), pivots.data(),
                                info_.data()));
                ASSERT_EQ(info(), 0);
                const Matrix f = da.value();
                const Matrix l = triangle(f, false, true).part(m, k),
                             u = triangle(f, true).part(k, n);
                EXPECT_LE((l * u - exchanged(a, pivots.values())).norm(),
                          (k + 4) * epsilon<T>() * (l.norm() * u.norm() + a.norm()))
                    << m << "x" << n;
                for (int c = 0; c < k; ++c)
                    for (int r = c + 1; r < m; ++r) // pivots were the largest
                        ASSERT_LE(std::abs(l.at(r, c).real()) + std::abs(l.at(r, c).imag()),
                                  N::complex ? 2.01 : 1.0001);
                if (m != n) continue;
                for (auto op : {CUBLAS_OP_N, CUBLAS_OP_T, CUBLAS_OP_C}) {
                    const Matrix b = random.matrix<T>(n, 4);
                    OnDevice<T> db(b, n + 3);
                    ACC_OK(N::getrs(handle_, op, n, 4, da.data(), da.ld(), pivots.data(), db.data(),
                                    db.ld(), info_.data()));
                    const Matrix x = db.value();
                    const Matrix q = op == CUBLAS_OP_N   ? a
                                     : op == CUBLAS_OP_T ? a.transposed()
                                                         : a.adjoint();
                    EXPECT_LE((q * x - b).norm(),
                              4 * (n + 4) * epsilon<T>() * l.norm() * u.norm() * x.norm());
                }
                if (HasFatalFailure()) return;
            }
    });
}

TEST_F(Solver, LuOfSingularMatricesAndWithoutPivots) {
    each_type([&]<class T>(T) {
        using N = Names<T>;
        Matrix a(3, 3);
        a.at(0, 0) = 2;
        a.at(0, 1) = 4;
        a.at(2, 2) = 1; // the second column has no pivot
        OnDevice<T> da(a, 3);
        Device<int> pivots(std::vector<int>(3));
        ACC_OK(N::getrf(handle_, 3, 3, da.data(), 3, nullptr, pivots.data(), info_.data()));
        EXPECT_EQ(info(), 2);
        Random random(4);
        const Matrix b = random.positive<T>(9);
        OnDevice<T> db(b, 9);
        ACC_OK(N::getrf(handle_, 9, 9, db.data(), 9, nullptr, nullptr, info_.data()));
        EXPECT_EQ(info(), 0);
        const Matrix f = db.value();
        EXPECT_LE((triangle(f, false, true) * triangle(f, true) - b).norm(),
                  40 * epsilon<T>() * b.norm());
    });
}

TEST_F(Solver, QrAndItsQ) {
    Random random(5);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (int m : sizes())
            for (int n : {m, m / 2, m + 3}) {
                const Matrix a = random.matrix<T>(m, n);
                OnDevice<T> da(a, m + 1);
                const int k = std::min(m, n);
                Device<T> tau(std::vector<T>(size_t(k) + 1));
                int size = 0;
                ACC_OK(N::geqrf_size(handle_, m, n, da.data(), da.ld(), &size));
                Device<T> work(static_cast<size_t>(size));
                ACC_OK(N::geqrf(handle_, m, n, da.data(), da.ld(), tau.data(), work.data(), size,
                                info_.data()));
                ASSERT_EQ(info(), 0);
                if (m == 0 || k == 0) continue;
                const Matrix r = triangle(da.value(), true).part(k, n);
                // Q from ormqr on the identity, from both sides.
                OnDevice<T> q(Matrix::identity(m), m + 2), p(Matrix::identity(m), m);
                ACC_OK(N::ormqr_size(handle_, CUBLAS_SIDE_LEFT, CUBLAS_OP_N, m, m, k, da.data(),
                                     da.ld(), tau.data(), q.data(), q.ld(), &size));
                Device<T> more(static_cast<size_t>(size));
                ACC_OK(N::ormqr(handle_, CUBLAS_SIDE_LEFT, CUBLAS_OP_N, m, m, k, da.data(), da.ld(),
                                tau.data(), q.data(), q.ld(), more.data(), size, info_.data()));
                ACC_OK(N::ormqr(handle_, CUBLAS_SIDE_RIGHT, CUBLAS_OP_N, m, m, k, da.data(),
                                da.ld(), tau.data(), p.data(), p.ld(), more.data(), size,
                                info_.data()));
                const Matrix full = q.value();
                const double limit = 8 * (m + 4) * epsilon<T>();
                EXPECT_LE((full.adjoint() * full - Matrix::identity(m)).norm(), limit);
                EXPECT_LE((p.value() - full).norm(), limit);
                EXPECT_LE((full.part(m, k) * r - a).norm(), limit * a.norm()) << m << "x" << n;
                const Matrix c = random.matrix<T>(m, 5), d = random.matrix<T>(5, m);
                OnDevice<T> dc(c, m), dd(d, 6);
                ACC_OK(N::ormqr(handle_, CUBLAS_SIDE_LEFT, N::adjoint, m, 5, k, da.data(), da.ld(),
                                tau.data(), dc.data(), dc.ld(), more.data(), size, info_.data()));
                ACC_OK(N::ormqr(handle_, CUBLAS_SIDE_RIGHT, N::adjoint, 5, m, k, da.data(), da.ld(),
                                tau.data(), dd.data(), dd.ld(), more.data(), size, info_.data()));
                EXPECT_LE((dc.value() - full.adjoint() * c).norm(), limit * c.norm());
                EXPECT_LE((dd.value() - d * full.adjoint()).norm(), limit * d.norm());
                if (n > m) continue;
                ACC_OK(N::orgqr_size(handle_, m, n, k, da.data(), da.ld(), tau.data(), &size));
                Device<T> space(static_cast<size_t>(size));
                ACC_OK(N::orgqr(handle_, m, n, k, da.data(), da.ld(), tau.data(), space.data(),
                                size, info_.data()));
                EXPECT_LE((da.value() - full.part(m, n)).norm(), limit);
                if (HasFatalFailure()) return;
            }
    });
}

TEST_F(Solver, QrOfZeroColumns) {
    each_type([&]<class T>(T) {
        using N = Names<T>;
        OnDevice<T> a(Matrix(4, 3), 4);
        Device<T> tau(std::vector<T>(3, as<T>(5.0)));
        ACC_OK(N::geqrf(handle_, 4, 3, a.data(), 4, tau.data(), nullptr, 0, info_.data()));
        EXPECT_EQ(a.value().norm(), 0);
        for (T t : tau.values())
            EXPECT_EQ(number(t), 0.0);
    });
}

TEST_F(Solver, LinearStatusesOfBadArguments) {
    Device<float> a(16);
    Device<int> pivots(4);
    int size;
    float *p = a.data(), *w = a.data();
    int* i = info_.data();
    const auto wrong = cublasFillMode_t(7);
    EXPECT_EQ(cusolverDnSpotrf_bufferSize(handle_, wrong, 4, p, 4, &size), kBad);
    EXPECT_EQ(cusolverDnSpotrf_bufferSize(handle_, kLower, -1, p, 4, &size), kBad);
    EXPECT_EQ(cusolverDnSpotrf_bufferSize(handle_, kLower, 4, p, 3, &size), kBad);
    EXPECT_EQ(cusolverDnSpotrf_bufferSize(handle_, kLower, 4, p, 4, nullptr), kBad);
    EXPECT_EQ(cusolverDnSpotrf(handle_, wrong, 4, p, 4, w, 0, i), kBad);
    EXPECT_EQ(cusolverDnSpotrf(handle_, kLower, 4, nullptr, 4, w, 0, i), kBad);
    EXPECT_EQ(cusolverDnSpotrs(handle_, kLower, 4, -1, p, 4, p, 4, i), kBad);
    EXPECT_EQ(cusolverDnSpotrs(handle_, kLower, 4, 1, p, 4, p, 3, i), kBad);
    EXPECT_EQ(cusolverDnSpotrs(handle_, kLower, 4, 1, nullptr, 4, p, 4, i), kBad);
    EXPECT_EQ(cusolverDnSpotri(handle_, kLower, 4, p, 4, w, 15, i), kBad);
    EXPECT_EQ(cusolverDnSgetrf_bufferSize(handle_, 4, 4, p, 3, &size), kBad);
    EXPECT_EQ(cusolverDnSgetrf(handle_, -1, 4, p, 4, w, pivots.data(), i), kBad);
    EXPECT_EQ(cusolverDnSgetrf(handle_, 4, 4, nullptr, 4, w, pivots.data(), i), kBad);
    EXPECT_EQ(cusolverDnSgetrs(handle_, cublasOperation_t(9), 4, 1, p, 4, pivots.data(), p, 4, i),
              kBad);
    EXPECT_EQ(cusolverDnSgetrs(handle_, CUBLAS_OP_N, 4, 1, p, 3, pivots.data(), p, 4, i), kBad);
    EXPECT_EQ(cusolverDnSgeqrf(handle_, 4, 4, p, 4, nullptr, w, 0, i), kBad);
    EXPECT_EQ(cusolverDnSgeqrf(handle_, 4, -4, p, 4, w, w, 0, i), kBad);
    EXPECT_EQ(cusolverDnSorgqr(handle_, 3, 4, 2, p, 4, w, w, 16, i), kBad);
    EXPECT_EQ(cusolverDnSorgqr(handle_, 4, 4, 4, p, 4, w, w, 15, i), kBad);
    EXPECT_EQ(cusolverDnSormqr(handle_, cublasSideMode_t(5), CUBLAS_OP_N, 4, 4, 2, p, 4, w, p, 4, w,
                               0, i),
              kBad);
    EXPECT_EQ(
        cusolverDnSormqr(handle_, CUBLAS_SIDE_LEFT, CUBLAS_OP_N, 4, 4, 5, p, 4, w, p, 4, w, 0, i),
        kBad);
    Device<cuComplex> c(16);
    EXPECT_EQ(cusolverDnCunmqr(handle_, CUBLAS_SIDE_LEFT, CUBLAS_OP_T, 4, 4, 2, c.data(), 4,
                               c.data(), c.data(), 4, c.data(), 0, i),
              kBad); // as LAPACK: C, not T
}

} // namespace
} // namespace solver_test
