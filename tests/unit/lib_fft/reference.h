// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// FFTW, in double precision, as the reference; device memory; the distance between results.
#pragma once

#include <cuda_runtime.h>
#include <cufftXt.h>
#include <fftw3.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <vector>

namespace acc::fft_test {

using Number = std::complex<double>;

/// The unnormalised transform of dense data, dimension 0 outermost, by FFTW. sign: -1 or 1.
inline std::vector<Number> reference(const std::vector<int>& n, std::vector<Number> data, int sign,
                                     int batch = 1) {
    int total = 1;
    for (int length : n)
        total *= length;
    auto* numbers = reinterpret_cast<fftw_complex*>(data.data());
    fftw_plan plan = fftw_plan_many_dft(int(n.size()), n.data(), batch, numbers, nullptr, 1, total,
                                        numbers, nullptr, 1, total, sign, FFTW_ESTIMATE);
    fftw_execute(plan);
    fftw_destroy_plan(plan);
    return data;
}

/// Numbers between -1 and 1 that depend on the seed.
inline std::vector<Number> noise(size_t count, unsigned int seed) {
    std::vector<Number> values(count);
    unsigned int state = seed * 2654435761u + 12345u;
    auto next = [&] {
        state = state * 1664525u + 1013904223u;
        return double(state >> 8) / (1 << 23) - 1;
    };
    for (Number& v : values) {
        const double re = next();
        v = {re, next()};
    }
    return values;
}

/// Device memory with the given contents.
template <class T>
class Array {
    T* place_ = nullptr;
    size_t count_;

  public:
    explicit Array(size_t count) : count_(count) {
        EXPECT_EQ(cudaMalloc(reinterpret_cast<void**>(&place_), count * sizeof(T)), cudaSuccess);
        EXPECT_EQ(cudaMemset(place_, 0xff, count * sizeof(T)), cudaSuccess); // NaN: nobody may read
                                                                             // it
    }
    explicit Array(const std::vector<T>& values) : Array(values.size()) {
        EXPECT_EQ(cudaMemcpy(place_, values.data(), count_ * sizeof(T), cudaMemcpyHostToDevice),
                  cudaSuccess);
    }
    Array(const Array&) = delete;
    ~Array() { cudaFree(place_); }
    template <class U>
    U* as() const {
        return reinterpret_cast<U*>(place_);
    }
    std::vector<T> read() const {
        std::vector<T> values(count_);
        EXPECT_EQ(cudaMemcpy(values.data(), place_, count_ * sizeof(T), cudaMemcpyDeviceToHost),
                  cudaSuccess);
        return values;
    }
};

/// The root of the ratio of the squares' sums: of the differences and of the expected numbers.
template <class A, class B>
double distance(const std::vector<A>& expected, const std::vector<B>& values) {
    if (expected.size() != values.size()) return INFINITY;
    double error = 0, size = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        error += std::norm(Number(expected[i]) - Number(values[i]));
        size += std::norm(Number(expected[i]));
    }
    return size == 0 ? error : std::sqrt(error / size);
}

/// What rounding may do in a transform of that many numbers.
inline double bound(bool twice, double count) {
    return (twice ? 4e-16 : 2e-7) * (2 + std::log2(count));
}

template <class T>
std::vector<std::complex<T>> rounded(const std::vector<Number>& values) {
    std::vector<std::complex<T>> result;
    for (Number v : values)
        result.emplace_back(T(v.real()), T(v.imag()));
    return result;
}
template <class T>
std::vector<T> reals(const std::vector<Number>& values) {
    std::vector<T> result;
    for (Number v : values)
        result.push_back(T(v.real()));
    return result;
}

} // namespace acc::fft_test
