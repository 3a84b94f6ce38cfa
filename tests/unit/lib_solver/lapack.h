// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LAPACK's eigenvalues and singular values of a matrix in double precision.
#pragma once

#include "rig.h"

extern "C" void zheev_(const char*, const char*, const int*, std::complex<double>*, const int*,
                       double*, std::complex<double>*, const int*, double*, int*);
extern "C" void zgesvd_(const char*, const char*, const int*, const int*, std::complex<double>*,
                        const int*, double*, std::complex<double>*, const int*,
                        std::complex<double>*, const int*, std::complex<double>*, const int*,
                        double*, int*);
extern "C" void zhegv_(const int*, const char*, const char*, const int*, std::complex<double>*,
                       const int*, std::complex<double>*, const int*, double*,
                       std::complex<double>*, const int*, double*, int*);

namespace solver_test {

inline std::vector<double> eigenvalues(Matrix a) {
    const int n = a.rows, size = 4 * n + 8;
    int info = 0;
    std::vector<double> w(static_cast<size_t>(n)), rwork(size_t(3 * n + 1));
    std::vector<Number> work(static_cast<size_t>(size));
    zheev_("N", "L", &n, a.values.data(), &n, w.data(), work.data(), &size, rwork.data(), &info);
    EXPECT_EQ(info, 0);
    return w;
}

inline std::vector<double> singular_values(Matrix a) {
    const int m = a.rows, n = a.columns, k = std::min(m, n), one = 1, size = 8 * (m + n + 1);
    int info = 0;
    std::vector<double> s(size_t(k) + 1), rwork(size_t(5 * k + 1));
    std::vector<Number> work(static_cast<size_t>(size)), none(1);
    zgesvd_("N", "N", &m, &n, a.values.data(), &m, s.data(), none.data(), &one, none.data(), &one,
            work.data(), &size, rwork.data(), &info);
    EXPECT_EQ(info, 0);
    s.resize(size_t(k));
    return s;
}

inline std::vector<double> generalised(int type, Matrix a, Matrix b) {
    const int n = a.rows, size = 4 * n + 8;
    int info = 0;
    std::vector<double> w(static_cast<size_t>(n)), rwork(size_t(3 * n + 1));
    std::vector<Number> work(static_cast<size_t>(size));
    zhegv_(&type, "N", "L", &n, a.values.data(), &n, b.values.data(), &n, w.data(), work.data(),
           &size, rwork.data(), &info);
    EXPECT_EQ(info, 0);
    return w;
}

template <class R>
void expect_values(const std::vector<R>& got, const std::vector<double>& wanted, double limit) {
    ASSERT_EQ(got.size(), wanted.size());
    for (size_t i = 0; i < got.size(); ++i)
        ASSERT_LE(std::abs(double(got[i]) - wanted[i]), limit) << i;
}

template <class R>
Matrix diagonal(const std::vector<R>& values, int rows, int columns) {
    Matrix m(rows, columns);
    for (size_t i = 0; i < values.size(); ++i)
        m.at(int(i), int(i)) = double(values[i]);
    return m;
}

template <class T>
double limit_of(int n) {
    return 20 * (n + 4) * epsilon<T>();
}

} // namespace solver_test
