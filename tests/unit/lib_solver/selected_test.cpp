// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Some of the eigenvalues and singular values, and solvers with refinement, against LAPACK's values
// and residuals.
#include "lapack.h"

namespace solver_test {
namespace {

TEST_F(Solver, EigenvaluesByNumberAndByValue) {
    Random random(31);
    const int n = 12;
    const Matrix a = random.hermitian<cuDoubleComplex>(n);
    const std::vector<double> all = eigenvalues(a);
    const auto job = CUSOLVER_EIG_MODE_VECTOR;
    struct {
        cusolverEigRange_t range;
        int first, last; // from zero
    } cases[] = {{CUSOLVER_EIG_RANGE_ALL, 0, n - 1},
                 {CUSOLVER_EIG_RANGE_I, 3, 7},
                 {CUSOLVER_EIG_RANGE_V, 2, 8},
                 {CUSOLVER_EIG_RANGE_V, 5, 4}};
    for (const auto& c : cases) {
        const double low = all[size_t(c.first)] - 1e-6,
                     high = c.last < c.first ? low + 1e-7 : all[size_t(c.last)] + 1e-6;
        OnDevice<cuDoubleComplex> da(only(a, kUpper), n + 1);
        Device<double> w(n);
        int size = 0, found = -1;
        ACC_OK(cusolverDnZheevdx_bufferSize(handle_, job, c.range, kUpper, n, da.data(), da.ld(),
                                            low, high, c.first + 1, c.last + 1, &found, w.data(),
                                            &size));
        Device<cuDoubleComplex> work(static_cast<size_t>(size));
        ACC_OK(cusolverDnZheevdx(handle_, job, c.range, kUpper, n, da.data(), da.ld(), low, high,
                                 c.first + 1, c.last + 1, &found, w.data(), work.data(), size,
                                 info_.data()));
        ASSERT_EQ(info(), 0);
        const int count = c.last - c.first + 1;
        ASSERT_EQ(found, count);
        std::vector<double> got = w.values();
        got.resize(size_t(count));
        expect_values(got, {all.begin() + c.first, all.begin() + c.first + count},
                      1e-13 * a.norm());
        const Matrix v = da.value().part(n, count);
        EXPECT_LE((a * v - v * diagonal(got, count, count)).norm(), 1e-13 * a.norm());
    }
}

TEST_F(Solver, GeneralisedEigenvaluesByNumber) {
    Random random(32);
    const int n = 9;
    const Matrix a = random.hermitian<double>(n), b = random.positive<double>(n);
    const std::vector<double> all = generalised(1, a, b);
    OnDevice<double> da(a, n), db(b, n);
    Device<double> w(n);
    int size = 0, found = 0;
    const auto job = CUSOLVER_EIG_MODE_VECTOR;
    ACC_OK(cusolverDnDsygvdx_bufferSize(handle_, CUSOLVER_EIG_TYPE_1, job, CUSOLVER_EIG_RANGE_I,
                                        kLower, n, da.data(), n, db.data(), n, 0, 0, 2, 4, &found,
                                        w.data(), &size));
    Device<double> work(static_cast<size_t>(size));
    ACC_OK(cusolverDnDsygvdx(handle_, CUSOLVER_EIG_TYPE_1, job, CUSOLVER_EIG_RANGE_I, kLower, n,
                             da.data(), n, db.data(), n, 0, 0, 2, 4, &found, w.data(), work.data(),
                             size, info_.data()));
    ASSERT_EQ(found, 3);
    std::vector<double> got = w.values();
    got.resize(3);
    expect_values(got, {all.begin() + 1, all.begin() + 4}, 1e-12 * a.norm());
    const Matrix v = da.value().part(n, 3);
    EXPECT_LE((a * v - b * v * diagonal(got, 3, 3)).norm(), 1e-12 * a.norm() * b.norm());
    EXPECT_EQ(cusolverDnDsygvdx(handle_, CUSOLVER_EIG_TYPE_1, job, CUSOLVER_EIG_RANGE_I, kLower, n,
                                da.data(), n, db.data(), n, 0, 0, 2, n + 1, &found, w.data(),
                                work.data(), size, info_.data()),
              kBad);
}

TEST_F(Solver, GenericEigenvaluesByValue) {
    Random random(33);
    const int n = 7;
    const Matrix a = random.hermitian<float>(n);
    const std::vector<double> all = eigenvalues(a);
    OnDevice<float> da(a, n);
    Device<float> w(n);
    float low = float(all[1]) - 0.01f, high = float(all[4]) + 0.01f;
    size_t bytes = 0, host = 0;
    int64_t found = 0;
    const auto job = CUSOLVER_EIG_MODE_NOVECTOR;
    ACC_OK(cusolverDnXsyevdx_bufferSize(handle_, nullptr, job, CUSOLVER_EIG_RANGE_V, kLower, n,
                                        CUDA_R_32F, da.data(), n, &low, &high, 0, 0, &found,
                                        CUDA_R_32F, w.data(), CUDA_R_32F, &bytes, &host));
    Device<char> work(bytes);
    ACC_OK(cusolverDnXsyevdx(handle_, nullptr, job, CUSOLVER_EIG_RANGE_V, kLower, n, CUDA_R_32F,
                             da.data(), n, &low, &high, 0, 0, &found, CUDA_R_32F, w.data(),
                             CUDA_R_32F, work.data(), bytes, nullptr, host, info_.data()));
    ASSERT_EQ(found, 4);
    std::vector<float> got = w.values();
    got.resize(4);
    expect_values(got, {all.begin() + 1, all.begin() + 5}, limit_of<float>(n) * a.norm());
}

/// What U S V^H of the first `rank` values leaves of a matrix is what the other values amount to.
void expect_best(const Matrix& a, const Matrix& u, const std::vector<double>& s, const Matrix& v,
                 double limit) {
    const std::vector<double> all = singular_values(a);
    double rest = 0;
    for (size_t i = s.size(); i < all.size(); ++i)
        rest = std::hypot(rest, all[i]);
    expect_values(s, {all.begin(), all.begin() + long(s.size())}, limit * a.norm());
    const int k = int(s.size());
    EXPECT_NEAR((a - u * diagonal(s, k, k) * v.adjoint()).norm(), rest, limit * a.norm());
}

TEST_F(Solver, TruncatedSingularValuesOfBatches) {
    Random random(34);
    const auto job = CUSOLVER_EIG_MODE_VECTOR;
    for (const auto& [m, n] : {std::pair{9, 5}, std::pair{4, 7}}) {
        const int rank = 3, count = 2, ld = m + 1;
        Matrix both(m, 2 * n);
        both = random.matrix<double>(m, 2 * n);
        OnDevice<double> da(both, ld);
        Device<double> s(size_t(4 * count)), u(size_t(m * rank * count)),
            v(size_t(n * rank * count));
        std::vector<double> left(count);
        int size = 0;
        ACC_OK(cusolverDnDgesvdaStridedBatched_bufferSize(
            handle_, job, rank, m, n, da.data(), ld, ld * n, s.data(), 4, u.data(), m, m * rank,
            v.data(), n, n * rank, &size, count));
        Device<double> work(static_cast<size_t>(size));
        Device<int> infos(std::vector<int>{-1, -1});
        ACC_OK(cusolverDnDgesvdaStridedBatched(
            handle_, job, rank, m, n, da.data(), ld, ld * n, s.data(), 4, u.data(), m, m * rank,
            v.data(), n, n * rank, work.data(), size, infos.data(), left.data(), count));
        EXPECT_EQ(infos.values(), (std::vector<int>{0, 0}));
        const auto us = u.values(), vs = v.values(), ss = s.values();
        for (int i = 0; i < count; ++i) {
            Matrix a(m, n), one_u(m, rank), one_v(n, rank);
            std::copy_n(both.values.begin() + i * m * n, m * n, a.values.begin());
            std::copy_n(us.begin() + i * m * rank, m * rank, one_u.values.begin());
            std::copy_n(vs.begin() + i * n * rank, n * rank, one_v.values.begin());
            expect_best(a, one_u, {ss.begin() + 4 * i, ss.begin() + 4 * i + rank}, one_v, 1e-13);
            const auto all = singular_values(a);
            double rest = 0;
            for (size_t k = rank; k < all.size(); ++k)
                rest = std::hypot(rest, all[k]);
            EXPECT_NEAR(left[size_t(i)], rest, 1e-12);
        }
    }
}

TEST_F(Solver, SingularValuesByPolarAndRandomMethods) {
    Random random(35);
    const int m = 8, n = 5, k = 2;
    const auto type = CUDA_C_64F;
    const Matrix a = random.matrix<cuDoubleComplex>(m, n);
    {
        OnDevice<cuDoubleComplex> da(a, m), u(Matrix(m, n), m), v(Matrix(n, n), n);
        Device<double> s(n);
        size_t bytes = 0, host = 0;
        double error = 1;
        ACC_OK(cusolverDnXgesvdp_bufferSize(handle_, nullptr, CUSOLVER_EIG_MODE_VECTOR, 1, m, n,
                                            type, da.data(), m, CUDA_R_64F, s.data(), type,
                                            u.data(), m, type, v.data(), n, type, &bytes, &host));
        Device<char> work(bytes);
        ACC_OK(cusolverDnXgesvdp(handle_, nullptr, CUSOLVER_EIG_MODE_VECTOR, 1, m, n, type,
                                 da.data(), m, CUDA_R_64F, s.data(), type, u.data(), m, type,
                                 v.data(), n, type, work.data(), bytes, nullptr, host, info_.data(),
                                 &error));
        EXPECT_EQ(info(), 0);
        EXPECT_EQ(error, 0);
        expect_best(a, u.value(), s.values(), v.value(), 1e-13);
    }
    for (const signed char job_v : {'S', 'N'}) {
        OnDevice<cuDoubleComplex> da(a, m), u(Matrix(m, k), m), v(Matrix(n, k), n);
        Device<double> s(k);
        size_t bytes = 0, host = 0;
        ACC_OK(cusolverDnXgesvdr_bufferSize(handle_, nullptr, 'S', job_v, m, n, k, 1, 2, type,
                                            da.data(), m, CUDA_R_64F, s.data(), type, u.data(), m,
                                            type, v.data(), n, type, &bytes, &host));
        Device<char> work(bytes);
        ACC_OK(cusolverDnXgesvdr(handle_, nullptr, 'S', job_v, m, n, k, 1, 2, type, da.data(), m,
                                 CUDA_R_64F, s.data(), type, u.data(), m, type, v.data(), n, type,
                                 work.data(), bytes, nullptr, host, info_.data()));
        EXPECT_EQ(info(), 0);
        if (job_v == 'S')
            expect_best(a, u.value(), s.values(), v.value(), 1e-13);
        else
            EXPECT_EQ(v.value().norm(), 0);
    }
}

TEST_F(Solver, RefinementSolves) {
    Random random(36);
    const int n = 9, sides = 2;
    const Matrix a = random.matrix<double>(n, n), b = random.matrix<double>(n, sides);
    OnDevice<double> da(a, n + 1), db(b, n), dx(Matrix(n, sides), n + 2);
    cusolverDnIRSParams_t params;
    cusolverDnIRSInfos_t infos;
    size_t bytes = 0;
    int iterations = -1;
    ACC_OK(cusolverDnIRSParamsCreate(&params));
    ACC_OK(cusolverDnIRSInfosCreate(&infos));
    EXPECT_EQ(cusolverDnIRSXgesv_bufferSize(handle_, params, n, sides, &bytes),
              CUSOLVER_STATUS_IRS_PARAMS_NOT_INITIALIZED);
    EXPECT_EQ(cusolverDnIRSParamsSetSolverPrecisions(params, CUSOLVER_R_16F, CUSOLVER_R_16F),
              CUSOLVER_STATUS_IRS_PARAMS_INVALID_PREC);
    ACC_OK(cusolverDnIRSParamsSetSolverPrecisions(params, CUSOLVER_R_64F, CUSOLVER_R_16F));
    ACC_OK(cusolverDnIRSParamsSetRefinementSolver(params, CUSOLVER_IRS_REFINE_GMRES));
    ACC_OK(cusolverDnIRSXgesv_bufferSize(handle_, params, n, sides, &bytes));
    Device<char> work(bytes);
    ACC_OK(cusolverDnIRSXgesv(handle_, params, infos, n, sides, da.data(), da.ld(), db.data(), n,
                              dx.data(), dx.ld(), work.data(), bytes, &iterations, info_.data()));
    EXPECT_EQ(info(), 0);
    EXPECT_EQ(iterations, 0);
    EXPECT_LE((a * dx.value() - b).norm(), 1e-12 * a.norm() * dx.value().norm());
    EXPECT_EQ((da.value() - a).norm(), 0) << "the matrix stays";
    EXPECT_EQ(cusolverDnIRSXgesv(handle_, params, infos, n, sides, da.data(), da.ld(), db.data(), n,
                                 dx.data(), dx.ld(), work.data(), bytes - 1, &iterations,
                                 info_.data()),
              CUSOLVER_STATUS_INVALID_WORKSPACE);
    Device<int> pivots(size_t(n) + 1);
    OnDevice<double> dy(Matrix(n, sides), n);
    ACC_OK(cusolverDnDHgesv_bufferSize(handle_, n, sides, da.data(), da.ld(), pivots.data(),
                                       db.data(), n, dy.data(), n, nullptr, &bytes));
    Device<char> more(bytes);
    ACC_OK(cusolverDnDHgesv(handle_, n, sides, da.data(), da.ld(), pivots.data(), db.data(), n,
                            dy.data(), n, more.data(), bytes, &iterations, info_.data()));
    EXPECT_EQ(info(), 0);
    EXPECT_LE((a * dy.value() - b).norm(), 1e-12 * a.norm() * dy.value().norm());
    const int first = pivots.values()[0];
    EXPECT_TRUE(first >= 1 && first <= n);
    ACC_OK(cusolverDnIRSInfosDestroy(infos));
    ACC_OK(cusolverDnIRSParamsDestroy(params));
}

} // namespace
} // namespace solver_test
