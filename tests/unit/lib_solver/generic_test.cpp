// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of any type with 64-bit sizes: they give what those of a type give, and refuse
// types that do not go together.
#include "rig.h"

namespace solver_test {
namespace {

/// A workspace of bytes.
struct Bytes {
    explicit Bytes(size_t size) : memory(size) {}
    Device<char> memory;
};

TEST_F(Solver, GenericLu) {
    Random random(21);
    each_type([&]<class T>(T) {
        constexpr auto type = Names<T>::type;
        const int n = 15;
        const Matrix a = random.matrix<T>(n, n), b = random.matrix<T>(n, 2);
        OnDevice<T> da(a, n + 1), db(b, n);
        Device<int64_t> pivots(static_cast<size_t>(n));
        size_t device = 0, host = 77;
        ACC_OK(cusolverDnXgetrf_bufferSize(handle_, nullptr, n, n, type, da.data(), da.ld(), type,
                                           &device, &host));
        EXPECT_EQ(host, 0u);
        Bytes work(device);
        ACC_OK(cusolverDnXgetrf(handle_, nullptr, n, n, type, da.data(), da.ld(), pivots.data(),
                                type, work.memory.data(), device, nullptr, 0, info_.data()));
        ASSERT_EQ(info(), 0);
        ACC_OK(cusolverDnXgetrs(handle_, nullptr, CUBLAS_OP_C, n, 2, type, da.data(), da.ld(),
                                pivots.data(), type, db.data(), db.ld(), info_.data()));
        const Matrix x = db.value();
        EXPECT_LE((a.adjoint() * x - b).norm(), 400 * epsilon<T>() * a.norm() * x.norm());
    });
}

TEST_F(Solver, GenericCholeskyQrAndInverse) {
    Random random(22);
    each_type([&]<class T>(T) {
        constexpr auto type = Names<T>::type;
        const int n = 11;
        size_t device = 0, host = 77;
        const Matrix a = random.positive<T>(n), b = random.matrix<T>(n, 2);
        OnDevice<T> da(a, n), db(b, n);
        ACC_OK(cusolverDnXpotrf_bufferSize(handle_, nullptr, kUpper, n, type, da.data(), n, type,
                                           &device, &host));
        Bytes work(device);
        ACC_OK(cusolverDnXpotrf(handle_, nullptr, kUpper, n, type, da.data(), n, type,
                                work.memory.data(), device, nullptr, 0, info_.data()));
        ACC_OK(cusolverDnXpotrs(handle_, nullptr, kUpper, n, 2, type, da.data(), n, type, db.data(),
                                n, info_.data()));
        const Matrix x = db.value();
        EXPECT_LE((a * x - b).norm(), 100 * epsilon<T>() * a.norm() * x.norm());

        OnDevice<T> q(a, n);
        Device<T> tau(static_cast<size_t>(n));
        ACC_OK(cusolverDnXgeqrf_bufferSize(handle_, nullptr, n, n, type, q.data(), n, type,
                                           tau.data(), type, &device, &host));
        Bytes more(device);
        ACC_OK(cusolverDnXgeqrf(handle_, nullptr, n, n, type, q.data(), n, type, tau.data(), type,
                                more.memory.data(), device, nullptr, 0, info_.data()));
        const Matrix r = triangle(q.value(), true);
        EXPECT_LE((r.adjoint() * r - a.adjoint() * a).norm(),
                  200 * epsilon<T>() * a.norm() * a.norm());

        for (auto uplo : {kLower, kUpper})
            for (auto diag : {CUBLAS_DIAG_NON_UNIT, CUBLAS_DIAG_UNIT}) {
                OnDevice<T> t(only(a, uplo), n + 1);
                ACC_OK(cusolverDnXtrtri_bufferSize(handle_, uplo, diag, n, type, t.data(), t.ld(),
                                                   &device, &host));
                Bytes space(device);
                ACC_OK(cusolverDnXtrtri(handle_, uplo, diag, n, type, t.data(), t.ld(),
                                        space.memory.data(), device, nullptr, 0, info_.data()));
                ASSERT_EQ(info(), 0);
                const bool upper = uplo == kUpper, unit = diag == CUBLAS_DIAG_UNIT;
                const Matrix full = triangle(a, upper, unit),
                             inverse = triangle(t.value(), upper, unit);
                EXPECT_LE((full * inverse - Matrix::identity(n)).norm(),
                          100 * epsilon<T>() * full.norm() * inverse.norm());
            }
        Matrix singular = Matrix::identity(3);
        singular.at(1, 1) = 0;
        OnDevice<T> s(singular, 3);
        Bytes space(9 * sizeof(T));
        ACC_OK(cusolverDnXtrtri(handle_, kLower, CUBLAS_DIAG_NON_UNIT, 3, type, s.data(), 3,
                                space.memory.data(), 9 * sizeof(T), nullptr, 0, info_.data()));
        EXPECT_EQ(info(), 2);
    });
}

TEST_F(Solver, GenericSpectra) {
    Random random(23);
    each_type([&]<class T>(T) {
        using R = typename Names<T>::Real;
        constexpr auto type = Names<T>::type, real = Names<T>::real_type;
        const int n = 8, m = 10, count = 3;
        size_t device = 0, host = 77;
        const auto job = CUSOLVER_EIG_MODE_VECTOR;
        const Matrix a = random.hermitian<T>(n);
        const auto residual = [&](const Matrix& v, const R* w) {
            Matrix scaled = v;
            for (int c = 0; c < n; ++c)
                for (int r = 0; r < n; ++r)
                    scaled.at(r, c) *= double(w[c]);
            return (a * v - scaled).norm();
        };
        OnDevice<T> da(a, n);
        Device<R> w(static_cast<size_t>(n * count));
        ACC_OK(cusolverDnXsyevd_bufferSize(handle_, nullptr, job, kLower, n, type, da.data(), n,
                                           real, w.data(), type, &device, &host));
        Bytes work(device);
        ACC_OK(cusolverDnXsyevd(handle_, nullptr, job, kLower, n, type, da.data(), n, real,
                                w.data(), type, work.memory.data(), device, nullptr, 0,
                                info_.data()));
        EXPECT_LE(residual(da.value(), w.values().data()), 300 * epsilon<T>() * a.norm());

        Matrix all(n, n * count);
        for (int c = 0; c < n * count; ++c)
            for (int r = 0; r < n; ++r)
                all.at(r, c) = a.at(r, c % n);
        OnDevice<T> batch(all, n);
        Device<int> infos(std::vector<int>(count, -1));
        ACC_OK(cusolverDnXsyevBatched_bufferSize(handle_, nullptr, job, kUpper, n, type,
                                                 batch.data(), n, real, w.data(), type, &device,
                                                 &host, count));
        Bytes more(device);
        ACC_OK(cusolverDnXsyevBatched(handle_, nullptr, job, kUpper, n, type, batch.data(), n, real,
                                      w.data(), type, more.memory.data(), device, nullptr, 0,
                                      infos.data(), count));
        EXPECT_EQ(infos.values(), std::vector<int>(count));
        const Matrix vs = batch.value();
        for (int i = 0; i < count; ++i) {
            Matrix v(n, n);
            for (int c = 0; c < n; ++c)
                for (int r = 0; r < n; ++r)
                    v.at(r, c) = vs.at(r, i * n + c);
            EXPECT_LE(residual(v, w.values().data() + i * n), 300 * epsilon<T>() * a.norm());
        }

        const Matrix b = random.matrix<T>(m, n);
        OnDevice<T> db(b, m), u(Matrix(m, n), m), vt(Matrix(n, n), n);
        Device<R> s(static_cast<size_t>(n));
        ACC_OK(cusolverDnXgesvd_bufferSize(handle_, nullptr, 'S', 'S', m, n, type, db.data(), m,
                                           real, s.data(), type, u.data(), m, type, vt.data(), n,
                                           type, &device, &host));
        Bytes space(device);
        ACC_OK(cusolverDnXgesvd(handle_, nullptr, 'S', 'S', m, n, type, db.data(), m, real,
                                s.data(), type, u.data(), m, type, vt.data(), n, type,
                                space.memory.data(), device, nullptr, 0, info_.data()));
        Matrix us = u.value();
        for (int c = 0; c < n; ++c)
            for (int r = 0; r < m; ++r)
                us.at(r, c) *= double(s.values()[size_t(c)]);
        EXPECT_LE((us * vt.value() - b).norm(), 300 * epsilon<T>() * b.norm());
    });
}

TEST_F(Solver, GenericTypesHaveToGoTogether) {
    Device<double> a(16);
    size_t device, host;
    const auto mixed = CUSOLVER_STATUS_NOT_SUPPORTED;
    EXPECT_EQ(cusolverDnXgetrf_bufferSize(handle_, nullptr, 4, 4, CUDA_R_64F, a.data(), 4,
                                          CUDA_R_32F, &device, &host),
              mixed);
    EXPECT_EQ(cusolverDnXgetrf_bufferSize(handle_, nullptr, 4, 4, CUDA_R_16F, a.data(), 4,
                                          CUDA_R_16F, &device, &host),
              mixed);
    EXPECT_EQ(cusolverDnXgetrf_bufferSize(handle_, nullptr, 4, 4, CUDA_R_64F, a.data(), 3,
                                          CUDA_R_64F, &device, &host),
              kBad);
    EXPECT_EQ(cusolverDnXgetrf_bufferSize(handle_, nullptr, 4, 4, CUDA_R_64F, a.data(), 4,
                                          CUDA_R_64F, nullptr, &host),
              kBad);
    EXPECT_EQ(cusolverDnXsyevd_bufferSize(handle_, nullptr, CUSOLVER_EIG_MODE_VECTOR, kLower, 4,
                                          CUDA_C_64F, a.data(), 4, CUDA_C_64F, a.data(), CUDA_C_64F,
                                          &device, &host),
              mixed);
    EXPECT_EQ(cusolverDnXgetrf_bufferSize(nullptr, nullptr, 4, 4, CUDA_R_64F, a.data(), 4,
                                          CUDA_R_64F, &device, &host),
              kNone);
    EXPECT_EQ(cusolverDnXsyevd(handle_, nullptr, CUSOLVER_EIG_MODE_VECTOR, kLower, 4, CUDA_R_64F,
                               a.data(), 4, CUDA_R_64F, a.data(), CUDA_R_64F, a.data(), 8, nullptr,
                               0, info_.data()),
              kBad); // too little memory
}

} // namespace
} // namespace solver_test
