// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of cuSOLVER share: the four types under one name, matrices by columns on host and
// device, arithmetic of the host in double precision.
#pragma once

#include <cuda_runtime_api.h>
#include <cusolverDn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace solver_test {

using Number = std::complex<double>;

template <class T>
struct Names;
#define ACC_NAMES(L, T, R, SY, OR, TYPE, REAL_TYPE, IS_COMPLEX)                                    \
    template <>                                                                                    \
    struct Names<T> {                                                                              \
        using Real = R;                                                                            \
        static constexpr cudaDataType type = TYPE, real_type = REAL_TYPE;                          \
        static constexpr bool complex = IS_COMPLEX;                                                \
        static constexpr cublasOperation_t adjoint = IS_COMPLEX ? CUBLAS_OP_C : CUBLAS_OP_T;       \
        static constexpr auto* potrf_size = cusolverDn##L##potrf_bufferSize;                       \
        static constexpr auto* potrf = cusolverDn##L##potrf;                                       \
        static constexpr auto* potrs = cusolverDn##L##potrs;                                       \
        static constexpr auto* potrf_batched = cusolverDn##L##potrfBatched;                        \
        static constexpr auto* potrs_batched = cusolverDn##L##potrsBatched;                        \
        static constexpr auto* potri_size = cusolverDn##L##potri_bufferSize;                       \
        static constexpr auto* potri = cusolverDn##L##potri;                                       \
        static constexpr auto* getrf_size = cusolverDn##L##getrf_bufferSize;                       \
        static constexpr auto* getrf = cusolverDn##L##getrf;                                       \
        static constexpr auto* getrs = cusolverDn##L##getrs;                                       \
        static constexpr auto* geqrf_size = cusolverDn##L##geqrf_bufferSize;                       \
        static constexpr auto* geqrf = cusolverDn##L##geqrf;                                       \
        static constexpr auto* orgqr_size = cusolverDn##OR##gqr_bufferSize;                        \
        static constexpr auto* orgqr = cusolverDn##OR##gqr;                                        \
        static constexpr auto* ormqr_size = cusolverDn##OR##mqr_bufferSize;                        \
        static constexpr auto* ormqr = cusolverDn##OR##mqr;                                        \
        static constexpr auto* syevd_size = cusolverDn##SY##evd_bufferSize;                        \
        static constexpr auto* syevd = cusolverDn##SY##evd;                                        \
        static constexpr auto* syevj_size = cusolverDn##SY##evj_bufferSize;                        \
        static constexpr auto* syevj = cusolverDn##SY##evj;                                        \
        static constexpr auto* syevj_batched_size = cusolverDn##SY##evjBatched_bufferSize;         \
        static constexpr auto* syevj_batched = cusolverDn##SY##evjBatched;                         \
        static constexpr auto* sygvd_size = cusolverDn##SY##gvd_bufferSize;                        \
        static constexpr auto* sygvd = cusolverDn##SY##gvd;                                        \
        static constexpr auto* sygvj_size = cusolverDn##SY##gvj_bufferSize;                        \
        static constexpr auto* sygvj = cusolverDn##SY##gvj;                                        \
        static constexpr auto* gesvd_size = cusolverDn##L##gesvd_bufferSize;                       \
        static constexpr auto* gesvd = cusolverDn##L##gesvd;                                       \
        static constexpr auto* gesvdj_size = cusolverDn##L##gesvdj_bufferSize;                     \
        static constexpr auto* gesvdj = cusolverDn##L##gesvdj;                                     \
        static constexpr auto* gesvdj_batched_size = cusolverDn##L##gesvdjBatched_bufferSize;      \
        static constexpr auto* gesvdj_batched = cusolverDn##L##gesvdjBatched;                      \
    };
ACC_NAMES(S, float, float, Ssy, Sor, CUDA_R_32F, CUDA_R_32F, false)
ACC_NAMES(D, double, double, Dsy, Dor, CUDA_R_64F, CUDA_R_64F, false)
ACC_NAMES(C, cuComplex, float, Che, Cun, CUDA_C_32F, CUDA_R_32F, true)
ACC_NAMES(Z, cuDoubleComplex, double, Zhe, Zun, CUDA_C_64F, CUDA_R_64F, true)

template <class T>
constexpr double epsilon() {
    return std::numeric_limits<typename Names<T>::Real>::epsilon();
}

template <class T>
T as(Number value) {
    using R = typename Names<T>::Real;
    if constexpr (Names<T>::complex)
        return {R(value.real()), R(value.imag())};
    else
        return R(value.real());
}
template <class T>
Number number(T value) {
    if constexpr (Names<T>::complex)
        return {double(value.x), double(value.y)};
    else
        return double(value);
}

/// Device memory of n Ts.
template <class T>
class Device {
  public:
    explicit Device(size_t n) : n_(n) {
        EXPECT_EQ(cudaMalloc(reinterpret_cast<void**>(&data_), n * sizeof(T) + 16), cudaSuccess);
    }
    explicit Device(const std::vector<T>& values) : Device(values.size()) {
        EXPECT_EQ(cudaMemcpy(data_, values.data(), n_ * sizeof(T), cudaMemcpyHostToDevice),
                  cudaSuccess);
    }
    ~Device() { cudaFree(data_); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    T* data() const { return data_; }
    std::vector<T> values() const {
        std::vector<T> result(n_);
        EXPECT_EQ(cudaMemcpy(result.data(), data_, n_ * sizeof(T), cudaMemcpyDeviceToHost),
                  cudaSuccess);
        return result;
    }

  private:
    T* data_ = nullptr;
    size_t n_;
};

/// A matrix of the host, by columns.
struct Matrix {
    int rows, columns;
    std::vector<Number> values;

    Matrix(int r, int c) : rows(r), columns(c), values(size_t(r) * size_t(c)) {}
    Number& at(int r, int c) { return values[size_t(c) * size_t(rows) + size_t(r)]; }
    Number at(int r, int c) const { return values[size_t(c) * size_t(rows) + size_t(r)]; }

    static Matrix identity(int n) {
        Matrix m(n, n);
        for (int i = 0; i < n; ++i)
            m.at(i, i) = 1;
        return m;
    }
    Matrix adjoint() const {
        Matrix m(columns, rows);
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c)
                m.at(c, r) = std::conj(at(r, c));
        return m;
    }
    Matrix transposed() const {
        Matrix m(columns, rows);
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c)
                m.at(c, r) = at(r, c);
        return m;
    }
    Matrix part(int r, int c) const {
        Matrix m(r, c);
        for (int i = 0; i < r; ++i)
            for (int j = 0; j < c; ++j)
                m.at(i, j) = at(i, j);
        return m;
    }
    double norm() const {
        double sum = 0;
        for (Number v : values)
            sum += std::norm(v);
        return std::sqrt(sum);
    }
};
inline Matrix operator*(const Matrix& a, const Matrix& b) {
    Matrix c(a.rows, b.columns);
    for (int j = 0; j < b.columns; ++j)
        for (int k = 0; k < a.columns; ++k)
            for (int i = 0; i < a.rows; ++i)
                c.at(i, j) += a.at(i, k) * b.at(k, j);
    return c;
}
inline Matrix operator-(Matrix a, const Matrix& b) {
    for (size_t i = 0; i < a.values.size(); ++i)
        a.values[i] -= b.values[i];
    return a;
}

/// A matrix on the device with `ld` rows of memory; what is beyond the matrix is 99.
template <class T>
class OnDevice {
  public:
    OnDevice(const Matrix& m, int ld)
        : rows_(m.rows), columns_(m.columns), ld_(std::max(ld, 1)), memory_(packed(m, ld_)) {}
    T* data() const { return memory_.data(); }
    int ld() const { return ld_; }
    Matrix value() const {
        const std::vector<T> all = memory_.values();
        Matrix m(rows_, columns_);
        for (int c = 0; c < columns_; ++c) {
            for (int r = 0; r < rows_; ++r)
                m.at(r, c) = number(all[size_t(c * ld_ + r)]);
            for (int r = rows_; r < ld_; ++r)
                EXPECT_EQ(number(all[size_t(c * ld_ + r)]), 99.0) << "beyond the matrix";
        }
        return m;
    }

  private:
    static std::vector<T> packed(const Matrix& m, int ld) {
        std::vector<T> all(size_t(ld) * size_t(m.columns), as<T>(99.0));
        for (int c = 0; c < m.columns; ++c)
            for (int r = 0; r < m.rows; ++r)
                all[size_t(c * ld + r)] = as<T>(m.at(r, c));
        return all;
    }
    int rows_, columns_, ld_;
    Device<T> memory_;
};

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    double real() { return std::uniform_real_distribution<double>(-1, 1)(engine_); }
    int below(int n) { return int(engine_() % unsigned(n)); }
    /// Numbers that T holds exactly.
    template <class T>
    Matrix matrix(int rows, int columns) {
        Matrix m(rows, columns);
        for (Number& v : m.values)
            v = number(as<T>({real(), real()}));
        return m;
    }
    template <class T>
    Matrix hermitian(int n) {
        Matrix m = matrix<T>(n, n);
        for (int c = 0; c < n; ++c) {
            m.at(c, c) = m.at(c, c).real();
            for (int r = 0; r < c; ++r)
                m.at(r, c) = std::conj(m.at(c, r));
        }
        return m;
    }
    template <class T>
    Matrix positive(int n) {
        Matrix m = hermitian<T>(n);
        for (int i = 0; i < n; ++i)
            m.at(i, i) += 2 * n + 1;
        return m;
    }

  private:
    std::mt19937 engine_;
};

/// The matrix with numbers that must not be read in the other triangle.
inline Matrix only(const Matrix& m, cublasFillMode_t uplo) {
    Matrix result = m;
    for (int c = 0; c < m.columns; ++c)
        for (int r = 0; r < m.rows; ++r)
            if (uplo == CUBLAS_FILL_MODE_LOWER ? r < c : r > c) result.at(r, c) = NAN;
    return result;
}
inline Matrix triangle(const Matrix& m, bool upper, bool unit = false) {
    Matrix t(m.rows, m.columns);
    for (int c = 0; c < m.columns; ++c)
        for (int r = 0; r < m.rows; ++r)
            if (r == c && unit)
                t.at(r, c) = 1;
            else if (upper ? r <= c : r >= c)
                t.at(r, c) = m.at(r, c);
    return t;
}

template <class F>
void each_type(F f) {
    f(float{});
    f(double{});
    f(cuComplex{});
    f(cuDoubleComplex{});
}

/// Sizes to try; with ACC_TEST_ALL in the environment all up to 40, and 70.
inline std::vector<int> sizes() {
    if (std::getenv("ACC_TEST_ALL") == nullptr) return {1, 2, 3, 4, 5, 8, 9, 17, 20, 33};
    std::vector<int> all(40);
    std::iota(all.begin(), all.end(), 1);
    all.push_back(70);
    return all;
}

class Solver : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(cusolverDnCreate(&handle_), CUSOLVER_STATUS_SUCCESS); }
    void TearDown() override { ASSERT_EQ(cusolverDnDestroy(handle_), CUSOLVER_STATUS_SUCCESS); }
    int info() const { return info_.values()[0]; }

    cusolverDnHandle_t handle_ = nullptr;
    Device<int> info_{std::vector<int>{-7}};
};

#define ACC_OK(call) ASSERT_EQ(call, CUSOLVER_STATUS_SUCCESS) << #call
constexpr auto kBad = CUSOLVER_STATUS_INVALID_VALUE;
constexpr auto kNone = CUSOLVER_STATUS_NOT_INITIALIZED;
constexpr auto kLower = CUBLAS_FILL_MODE_LOWER;
constexpr auto kUpper = CUBLAS_FILL_MODE_UPPER;

} // namespace solver_test
