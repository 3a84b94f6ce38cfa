// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of cuBLAS share: device memory, values, the distance between results.
#pragma once

#include <cublas_v2.h>
#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

namespace blas_test {

template <class T>
struct RealOf {
    using type = T;
};
template <class R>
struct RealOf<std::complex<R>> {
    using type = R;
};
template <class T>
using Real = typename RealOf<T>::type;
template <class T>
inline constexpr bool is_complex = !std::is_same_v<T, Real<T>>;

/// The type that the API uses for T.
template <class T>
struct ApiType {
    using type = T;
};
template <>
struct ApiType<std::complex<float>> {
    using type = cuComplex;
};
template <>
struct ApiType<std::complex<double>> {
    using type = cuDoubleComplex;
};
template <class T>
auto* api(T* pointer) {
    using U = std::remove_const_t<T>;
    using A = typename ApiType<U>::type;
    if constexpr (std::is_const_v<T>)
        return reinterpret_cast<const A*>(pointer);
    else
        return reinterpret_cast<A*>(pointer);
}

/// An array on the device with the values of a host array.
template <class T>
class Device {
  public:
    explicit Device(const std::vector<T>& values) : size_(values.size()) {
        EXPECT_EQ(cudaMalloc(reinterpret_cast<void**>(&data_), (size_ + 1) * sizeof(T)),
                  cudaSuccess);
        EXPECT_EQ(cudaMemcpy(data_, values.data(), size_ * sizeof(T), cudaMemcpyHostToDevice),
                  cudaSuccess);
    }
    ~Device() { cudaFree(data_); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    T* data() const { return data_; }
    std::vector<T> values() const {
        std::vector<T> result(size_);
        EXPECT_EQ(cudaMemcpy(result.data(), data_, size_ * sizeof(T), cudaMemcpyDeviceToHost),
                  cudaSuccess);
        return result;
    }

  private:
    T* data_ = nullptr;
    size_t size_;
};

/// Values between -1 and 1, the same in every run.
class Values {
  public:
    explicit Values(unsigned seed) : engine_(seed) {}

    template <class T>
    T one() {
        std::uniform_real_distribution<double> distribution(-1, 1);
        if constexpr (is_complex<T>) {
            const double re = distribution(engine_);
            return T(Real<T>(re), Real<T>(distribution(engine_)));
        } else {
            return T(distribution(engine_));
        }
    }
    template <class T>
    std::vector<T> many(size_t n) {
        std::vector<T> result(n);
        for (T& value : result)
            value = one<T>();
        return result;
    }

  private:
    std::mt19937 engine_;
};

/// What `terms` roundings of numbers of about one may differ by, in both computations.
template <class T>
double bound(double terms) {
    return (2 * terms + 16) * double(std::numeric_limits<Real<T>>::epsilon());
}

template <class T>
void expect_near(const std::vector<T>& got, const std::vector<T>& wanted, double limit,
                 const std::string& where) {
    ASSERT_EQ(got.size(), wanted.size()) << where;
    for (size_t i = 0; i < got.size(); ++i)
        ASSERT_LE(std::abs(std::complex<double>(got[i]) - std::complex<double>(wanted[i])), limit)
            << where << " element " << i << ": " << got[i] << " wanted " << wanted[i];
}

/// Elements that a vector of n with a stride takes.
inline size_t span(int n, int stride) {
    return n <= 0 ? 0 : size_t(n - 1) * size_t(std::abs(stride)) + 1;
}

/// Tests with a handle.
class Blas : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(cublasCreate(&handle_), CUBLAS_STATUS_SUCCESS); }
    void TearDown() override { ASSERT_EQ(cublasDestroy(handle_), CUBLAS_STATUS_SUCCESS); }

    cublasHandle_t handle_ = nullptr;
};

#define ACC_OK(call) ASSERT_EQ(call, CUBLAS_STATUS_SUCCESS) << #call

} // namespace blas_test
