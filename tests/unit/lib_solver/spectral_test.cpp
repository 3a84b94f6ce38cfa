// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Eigenvalues and singular values against LAPACK's of the same matrix in double precision; vectors
// by their residuals: |A V - V W|, |V^H V - 1|, |A - U S V^H|.
#include "lapack.h"

namespace solver_test {
namespace {

TEST_F(Solver, EigenvaluesAndVectors) {
    Random random(11);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        for (int n : sizes())
            for (auto uplo : {kLower, kUpper})
                for (bool vectors : {true, false}) {
                    const auto job = vectors ? CUSOLVER_EIG_MODE_VECTOR
                                             : CUSOLVER_EIG_MODE_NOVECTOR;
                    const Matrix a = random.hermitian<T>(n);
                    OnDevice<T> da(only(a, uplo), n + 1);
                    Device<R> w(static_cast<size_t>(n));
                    int size = 0;
                    ACC_OK(
                        N::syevd_size(handle_, job, uplo, n, da.data(), da.ld(), w.data(), &size));
                    Device<T> work(static_cast<size_t>(size));
                    ACC_OK(N::syevd(handle_, job, uplo, n, da.data(), da.ld(), w.data(),
                                    work.data(), size, info_.data()));
                    ASSERT_EQ(info(), 0);
                    expect_values(w.values(), eigenvalues(a), limit_of<T>(n) * a.norm());
                    if (!vectors) continue;
                    const Matrix v = da.value();
                    EXPECT_LE((v.adjoint() * v - Matrix::identity(n)).norm(), limit_of<T>(n));
                    EXPECT_LE((a * v - v * diagonal(w.values(), n, n)).norm(),
                              limit_of<T>(n) * a.norm());
                    if (HasFatalFailure()) return;
                }
    });
}

TEST_F(Solver, EigenvaluesOfSpecialMatrices) {
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        // Zero, a multiple of one, two equal values that are coupled, tiny and huge numbers.
        std::vector<Matrix> all(4, Matrix(5, 5));
        all[1] = Matrix::identity(5);
        all[2].at(3, 1) = all[2].at(1, 3) = 1;
        for (int i = 0; i < 5; ++i)
            for (int j = 0; j < 5; ++j)
                all[3].at(i, j) = std::pow(10.0, 2 - 3 * (i + j));
        for (const Matrix& a : all) {
            OnDevice<T> da(a, 5);
            Device<R> w(5);
            int size = 0;
            const auto job = CUSOLVER_EIG_MODE_VECTOR;
            ACC_OK(N::syevd_size(handle_, job, kLower, 5, da.data(), 5, w.data(), &size));
            Device<T> work(static_cast<size_t>(size));
            ACC_OK(N::syevd(handle_, job, kLower, 5, da.data(), 5, w.data(), work.data(), size,
                            info_.data()));
            ASSERT_EQ(info(), 0);
            expect_values(w.values(), eigenvalues(a), limit_of<T>(5) * a.norm());
            const Matrix v = da.value();
            EXPECT_LE((v.adjoint() * v - Matrix::identity(5)).norm(), limit_of<T>(5));
        }
    });
}

/// Near the ends of the type's range squares overflow or vanish; values do not. (2 1; 1 2) has the
/// eigenvalues 1 and 3, (3 0; 4 5) the singular values sqrt(45) and sqrt(5).
TEST_F(Solver, ValuesNearTheEndsOfTheRange) {
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        const int most = std::numeric_limits<R>::max_exponent - 6;
        for (int exponent : {most, -most, 0}) {
            const double unit = std::ldexp(1.0, exponent);
            Matrix a(2, 2), b(2, 2);
            a.at(0, 0) = a.at(1, 1) = 2 * unit;
            a.at(0, 1) = a.at(1, 0) = unit;
            b.at(0, 0) = 3 * unit;
            b.at(1, 0) = 4 * unit;
            b.at(1, 1) = 5 * unit;
            OnDevice<T> da(a, 2), db(b, 2), u(Matrix(2, 2), 2), vt(Matrix(2, 2), 2);
            Device<R> w(2), s(2);
            const auto job = CUSOLVER_EIG_MODE_VECTOR;
            int size = 0;
            ACC_OK(N::syevd_size(handle_, job, kLower, 2, da.data(), 2, w.data(), &size));
            Device<T> work(static_cast<size_t>(size));
            ACC_OK(N::syevd(handle_, job, kLower, 2, da.data(), 2, w.data(), work.data(), size,
                            info_.data()));
            ASSERT_EQ(info(), 0);
            const auto values = w.values();
            EXPECT_NEAR(double(values[0]) / unit, 1, limit_of<T>(2)) << exponent;
            EXPECT_NEAR(double(values[1]) / unit, 3, limit_of<T>(2)) << exponent;
            ACC_OK(N::gesvd_size(handle_, 2, 2, &size));
            Device<T> more(static_cast<size_t>(size));
            ACC_OK(N::gesvd(handle_, 'A', 'A', 2, 2, db.data(), 2, s.data(), u.data(), 2, vt.data(),
                            2, more.data(), size, nullptr, info_.data()));
            ASSERT_EQ(info(), 0);
            const auto singular = s.values();
            EXPECT_NEAR(double(singular[0]) / unit, std::sqrt(45.0), 4 * limit_of<T>(2))
                << exponent;
            EXPECT_NEAR(double(singular[1]) / unit, std::sqrt(5.0), 4 * limit_of<T>(2)) << exponent;
            const Matrix of_u = u.value(), of_vt = vt.value();
            EXPECT_LE((of_u.adjoint() * of_u - Matrix::identity(2)).norm(), limit_of<T>(2));
            EXPECT_LE((of_vt.adjoint() * of_vt - Matrix::identity(2)).norm(), limit_of<T>(2));
        }
    });
}

TEST_F(Solver, EigenvaluesByJacobiWithSettings) {
    Random random(12);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        const int n = 12;
        const Matrix a = random.hermitian<T>(n);
        OnDevice<T> da(a, n), db(a, n);
        Device<R> w(static_cast<size_t>(n));
        syevjInfo_t params;
        ACC_OK(cusolverDnCreateSyevjInfo(&params));
        ACC_OK(cusolverDnXsyevjSetTolerance(params, 1e-7));
        ACC_OK(cusolverDnXsyevjSetMaxSweeps(params, 15));
        ACC_OK(cusolverDnXsyevjSetSortEig(params, 1));
        int size = 0, sweeps = -1;
        double residual = -1;
        const auto job = CUSOLVER_EIG_MODE_VECTOR;
        ACC_OK(N::syevj_size(handle_, job, kUpper, n, da.data(), n, w.data(), &size, params));
        Device<T> work(static_cast<size_t>(size));
        ACC_OK(N::syevj(handle_, job, kUpper, n, da.data(), n, w.data(), work.data(), size,
                        info_.data(), params));
        EXPECT_EQ(info(), 0);
        ACC_OK(cusolverDnXsyevjGetSweeps(handle_, params, &sweeps));
        ACC_OK(cusolverDnXsyevjGetResidual(handle_, params, &residual));
        EXPECT_GE(sweeps, 2);
        EXPECT_LE(sweeps, 15);
        EXPECT_GE(residual, 0);
        EXPECT_LE(residual, 1e-7);
        expect_values(w.values(), eigenvalues(a), 1e-5 * a.norm());
        // One sweep is not enough: info says so.
        ACC_OK(cusolverDnXsyevjSetMaxSweeps(params, 1));
        ACC_OK(N::syevj(handle_, job, kUpper, n, db.data(), n, w.data(), work.data(), size,
                        info_.data(), params));
        EXPECT_EQ(info(), n + 1);
        EXPECT_EQ(N::syevj(handle_, job, kUpper, n, db.data(), n, w.data(), work.data(), size - 1,
                           info_.data(), params),
                  kBad);
        EXPECT_EQ(N::syevj(handle_, job, kUpper, n, db.data(), n, w.data(), work.data(), size,
                           info_.data(), nullptr),
                  kBad);
        ACC_OK(cusolverDnDestroySyevjInfo(params));
    });
    EXPECT_EQ(cusolverDnXsyevjSetTolerance(nullptr, 1), kBad);
    EXPECT_EQ(cusolverDnXsyevjSetMaxSweeps(nullptr, 1), kBad);
    EXPECT_EQ(cusolverDnCreateSyevjInfo(nullptr), kBad);
}

TEST_F(Solver, EigenvaluesOfBatches) {
    Random random(13);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        const int n = 5, count = 4, ld = 7;
        Matrix all(ld, n * count);
        std::vector<Matrix> as;
        for (int i = 0; i < count; ++i) {
            as.push_back(random.hermitian<T>(n));
            for (int c = 0; c < n; ++c)
                for (int r = 0; r < n; ++r)
                    all.at(r, i * n + c) = as.back().at(r, c);
        }
        OnDevice<T> da(all, ld);
        Device<R> w(static_cast<size_t>(n * count));
        Device<int> infos(std::vector<int>(count, -1));
        syevjInfo_t params;
        ACC_OK(cusolverDnCreateSyevjInfo(&params));
        int size = 0, sweeps;
        const auto job = CUSOLVER_EIG_MODE_VECTOR;
        ACC_OK(N::syevj_batched_size(handle_, job, kLower, n, da.data(), ld, w.data(), &size,
                                     params, count));
        Device<T> work(static_cast<size_t>(size));
        ACC_OK(N::syevj_batched(handle_, job, kLower, n, da.data(), ld, w.data(), work.data(), size,
                                infos.data(), params, count));
        EXPECT_EQ(infos.values(), std::vector<int>(count));
        EXPECT_EQ(cusolverDnXsyevjGetSweeps(handle_, params, &sweeps),
                  CUSOLVER_STATUS_NOT_SUPPORTED); // as documented
        const Matrix got = da.value();
        const std::vector<R> values = w.values();
        for (int i = 0; i < count; ++i) {
            const std::vector<R> mine(values.begin() + i * n, values.begin() + (i + 1) * n);
            expect_values(mine, eigenvalues(as[size_t(i)]), limit_of<T>(n) * as[size_t(i)].norm());
            Matrix v(n, n);
            for (int c = 0; c < n; ++c)
                for (int r = 0; r < n; ++r)
                    v.at(r, c) = got.at(r, i * n + c);
            EXPECT_LE((as[size_t(i)] * v - v * diagonal(mine, n, n)).norm(),
                      limit_of<T>(n) * as[size_t(i)].norm());
        }
        ACC_OK(cusolverDnDestroySyevjInfo(params));
    });
}

TEST_F(Solver, GeneralisedEigenvalues) {
    Random random(14);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        for (int type : {1, 2, 3})
            for (auto uplo : {kLower, kUpper})
                for (int n : {1, 4, 13}) {
                    const Matrix a = random.hermitian<T>(n), b = random.positive<T>(n);
                    OnDevice<T> da(a, n + 1), db(b, n + 2);
                    Device<R> w(static_cast<size_t>(n));
                    const auto job = CUSOLVER_EIG_MODE_VECTOR;
                    const auto itype = cusolverEigType_t(type);
                    int size = 0;
                    ACC_OK(N::sygvd_size(handle_, itype, job, uplo, n, da.data(), da.ld(),
                                         db.data(), db.ld(), w.data(), &size));
                    Device<T> work(static_cast<size_t>(size));
                    ACC_OK(N::sygvd(handle_, itype, job, uplo, n, da.data(), da.ld(), db.data(),
                                    db.ld(), w.data(), work.data(), size, info_.data()));
                    ASSERT_EQ(info(), 0);
                    const double scale = type == 1 ? a.norm() : a.norm() * b.norm();
                    expect_values(w.values(), generalised(type, a, b), limit_of<T>(n) * scale);
                    const Matrix x = da.value(), d = diagonal(w.values(), n, n);
                    const Matrix left = type == 1   ? a * x - b * x * d
                                        : type == 2 ? a * (b * x) - x * d
                                                    : b * (a * x) - x * d;
                    EXPECT_LE(left.norm(),
                              limit_of<T>(n) * a.norm() * b.norm() * std::max(1.0, x.norm()))
                        << type << " " << n;
                    if (HasFatalFailure()) return;
                }
        // B is not positive definite: LAPACK's number.
        Matrix b = Matrix::identity(3);
        b.at(1, 1) = -1;
        OnDevice<T> da(Matrix::identity(3), 3), db(b, 3);
        Device<R> w(3);
        syevjInfo_t params;
        ACC_OK(cusolverDnCreateSyevjInfo(&params));
        const auto job = CUSOLVER_EIG_MODE_VECTOR;
        int size = 0;
        ACC_OK(N::sygvj_size(handle_, CUSOLVER_EIG_TYPE_1, job, kLower, 3, da.data(), 3, db.data(),
                             3, w.data(), &size, params));
        Device<T> work(static_cast<size_t>(size));
        ACC_OK(N::sygvj(handle_, CUSOLVER_EIG_TYPE_1, job, kLower, 3, da.data(), 3, db.data(), 3,
                        w.data(), work.data(), size, info_.data(), params));
        EXPECT_EQ(info(), 3 + 2);
        // Values that did not converge: at most n.
        ACC_OK(cusolverDnXsyevjSetMaxSweeps(params, 1));
        OnDevice<T> wide(random.hermitian<T>(13), 13), unit(Matrix::identity(13), 13);
        Device<R> values(13);
        ACC_OK(N::sygvj_size(handle_, CUSOLVER_EIG_TYPE_1, job, kLower, 13, wide.data(), 13,
                             unit.data(), 13, values.data(), &size, params));
        Device<T> more(static_cast<size_t>(size));
        ACC_OK(N::sygvj(handle_, CUSOLVER_EIG_TYPE_1, job, kLower, 13, wide.data(), 13, unit.data(),
                        13, values.data(), more.data(), size, info_.data(), params));
        EXPECT_EQ(info(), 13);
        EXPECT_EQ(N::sygvd(handle_, cusolverEigType_t(4), job, kLower, 3, da.data(), 3, db.data(),
                           3, w.data(), work.data(), size, info_.data()),
                  kBad);
        ACC_OK(cusolverDnDestroySyevjInfo(params));
    });
}

TEST_F(Solver, SingularValuesAndVectors) {
    Random random(15);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        for (int n : sizes())
            for (int m : {n, n + 1, 2 * n + 3})
                for (char job : {'A', 'S', 'N'}) {
                    if (n > 20 && job != 'A') continue;
                    const Matrix a = random.matrix<T>(m, n);
                    const int columns = job == 'A' ? m : n;
                    OnDevice<T> da(a, m + 1), u(Matrix(m, columns), m + 2), vt(Matrix(n, n), n + 3);
                    Device<R> s(static_cast<size_t>(n));
                    int size = 0;
                    ACC_OK(N::gesvd_size(handle_, m, n, &size));
                    Device<T> work(static_cast<size_t>(size));
                    ACC_OK(N::gesvd(handle_, job, job, m, n, da.data(), da.ld(), s.data(), u.data(),
                                    u.ld(), vt.data(), vt.ld(), work.data(), size, nullptr,
                                    info_.data()));
                    ASSERT_EQ(info(), 0);
                    expect_values(s.values(), singular_values(a), limit_of<T>(m) * a.norm());
                    if (job == 'N') continue;
                    const Matrix left = u.value(), right = vt.value();
                    EXPECT_LE((left.adjoint() * left - Matrix::identity(columns)).norm(),
                              limit_of<T>(m));
                    EXPECT_LE((right * right.adjoint() - Matrix::identity(n)).norm(),
                              limit_of<T>(m));
                    EXPECT_LE((left * diagonal(s.values(), columns, n) * right - a).norm(),
                              limit_of<T>(m) * a.norm())
                        << m << "x" << n << job;
                    if (HasFatalFailure()) return;
                }
    });
}

TEST_F(Solver, SingularVectorsIntoTheMatrix) {
    Random random(16);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        const int m = 9, n = 6;
        const Matrix a = random.matrix<T>(m, n);
        int size = 0;
        ACC_OK(N::gesvd_size(handle_, m, n, &size));
        Device<T> work(static_cast<size_t>(size));
        Device<R> s(static_cast<size_t>(n));
        OnDevice<T> u_in(a, m), vt_in(a, m), u(Matrix(m, n), m), vt(Matrix(n, n), n);
        ACC_OK(N::gesvd(handle_, 'O', 'S', m, n, u_in.data(), m, s.data(), nullptr, m, vt.data(), n,
                        work.data(), size, nullptr, info_.data()));
        EXPECT_LE((u_in.value() * diagonal(s.values(), n, n) * vt.value() - a).norm(),
                  limit_of<T>(m) * a.norm());
        ACC_OK(N::gesvd(handle_, 'S', 'O', m, n, vt_in.data(), m, s.data(), u.data(), m, nullptr, n,
                        work.data(), size, nullptr, info_.data()));
        EXPECT_LE((u.value() * diagonal(s.values(), n, n) * vt_in.value().part(n, n) - a).norm(),
                  limit_of<T>(m) * a.norm());
        EXPECT_EQ(N::gesvd(handle_, 'O', 'O', m, n, vt_in.data(), m, s.data(), u.data(), m, nullptr,
                           n, work.data(), size, nullptr, info_.data()),
                  kBad);
        EXPECT_EQ(N::gesvd(handle_, 'X', 'N', m, n, vt_in.data(), m, s.data(), u.data(), m, nullptr,
                           n, work.data(), size, nullptr, info_.data()),
                  kBad);
        EXPECT_EQ(N::gesvd_size(handle_, 3, 4, &size), kBad); // m >= n
    });
}

TEST_F(Solver, SingularValuesByJacobi) {
    Random random(17);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        gesvdjInfo_t params;
        ACC_OK(cusolverDnCreateGesvdjInfo(&params));
        for (int econ : {0, 1})
            for (int m : {1, 4, 11, 20})
                for (int n : {1, 3, 11, 25}) {
                    Matrix a = random.matrix<T>(m, n);
                    for (int r = 0; r < m && n > 2; ++r)
                        a.at(r, 2) = a.at(r, 0); // of lower rank
                    const int k = std::min(m, n);
                    const int uc = econ ? k : m, vc = econ ? k : n;
                    OnDevice<T> da(a, m + 1), u(Matrix(m, uc), m), v(Matrix(n, vc), n + 1);
                    Device<R> s(static_cast<size_t>(k));
                    int size = 0, sweeps = -1;
                    const auto job = CUSOLVER_EIG_MODE_VECTOR;
                    ACC_OK(N::gesvdj_size(handle_, job, econ, m, n, da.data(), da.ld(), s.data(),
                                          u.data(), u.ld(), v.data(), v.ld(), &size, params));
                    Device<T> work(static_cast<size_t>(size));
                    ACC_OK(N::gesvdj(handle_, job, econ, m, n, da.data(), da.ld(), s.data(),
                                     u.data(), u.ld(), v.data(), v.ld(), work.data(), size,
                                     info_.data(), params));
                    ASSERT_EQ(info(), 0);
                    ACC_OK(cusolverDnXgesvdjGetSweeps(handle_, params, &sweeps));
                    EXPECT_GE(sweeps, 1);
                    const double limit = limit_of<T>(std::max(m, n));
                    expect_values(s.values(), singular_values(a), limit * a.norm());
                    const Matrix left = u.value(), right = v.value();
                    EXPECT_LE((left.adjoint() * left - Matrix::identity(uc)).norm(), limit);
                    EXPECT_LE((right.adjoint() * right - Matrix::identity(vc)).norm(), limit);
                    EXPECT_LE((left * diagonal(s.values(), uc, vc) * right.adjoint() - a).norm(),
                              limit * a.norm())
                        << m << "x" << n << " " << econ;
                    if (HasFatalFailure()) return;
                }
        ACC_OK(cusolverDnDestroyGesvdjInfo(params));
    });
}

TEST_F(Solver, SingularValuesOfBatches) {
    Random random(18);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        using R = typename N::Real;
        const int m = 6, n = 4, count = 3;
        const Matrix all = random.matrix<T>(m, n * count);
        OnDevice<T> da(all, m), u(Matrix(m, m * count), m), v(Matrix(n, n * count), n);
        Device<R> s(static_cast<size_t>(n * count));
        Device<int> infos(std::vector<int>(count, -1));
        gesvdjInfo_t params;
        ACC_OK(cusolverDnCreateGesvdjInfo(&params));
        ACC_OK(cusolverDnXgesvdjSetSortEig(params, 1));
        int size = 0;
        const auto job = CUSOLVER_EIG_MODE_VECTOR;
        ACC_OK(N::gesvdj_batched_size(handle_, job, m, n, da.data(), m, s.data(), u.data(), m,
                                      v.data(), n, &size, params, count));
        Device<T> work(static_cast<size_t>(size));
        ACC_OK(N::gesvdj_batched(handle_, job, m, n, da.data(), m, s.data(), u.data(), m, v.data(),
                                 n, work.data(), size, infos.data(), params, count));
        EXPECT_EQ(infos.values(), std::vector<int>(count));
        const Matrix us = u.value(), vs = v.value();
        const std::vector<R> values = s.values();
        for (int i = 0; i < count; ++i) {
            const auto cut = [&](const Matrix& from, int rows, int columns) {
                Matrix part(rows, columns);
                for (int c = 0; c < columns; ++c)
                    for (int r = 0; r < rows; ++r)
                        part.at(r, c) = from.at(r, i * columns + c);
                return part;
            };
            const std::vector<R> mine(values.begin() + i * n, values.begin() + (i + 1) * n);
            EXPECT_LE(
                (cut(us, m, m) * diagonal(mine, m, n) * cut(vs, n, n).adjoint() - cut(all, m, n))
                    .norm(),
                limit_of<T>(m) * all.norm());
        }
        EXPECT_EQ(N::gesvdj_batched_size(handle_, job, 33, n, da.data(), 33, s.data(), u.data(), 33,
                                         v.data(), n, &size, params, count),
                  kBad); // up to 32, as documented
        ACC_OK(cusolverDnDestroyGesvdjInfo(params));
    });
}

} // namespace
} // namespace solver_test
