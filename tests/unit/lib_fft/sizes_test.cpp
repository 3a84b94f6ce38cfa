// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dense transforms of all sizes against FFTW: every length to 70, primes, powers, two and three
// dimensions.
#include "tests/unit/lib_fft/reference.h"

#include <numeric>

namespace acc::fft_test {
namespace {

size_t product(const std::vector<int>& n) {
    return size_t(std::accumulate(n.begin(), n.end(), 1, std::multiplies<>()));
}

cufftHandle plan(std::vector<int> n, cufftType type, int batch) {
    cufftHandle handle = CUFFT_PLAN_NULL;
    EXPECT_EQ(
        cufftPlanMany(&handle, int(n.size()), n.data(), nullptr, 1, 0, nullptr, 1, 0, type, batch),
        CUFFT_SUCCESS);
    return handle;
}

/// Both directions, in place and not.
template <class T>
void check_complex(const std::vector<int>& n, int batch) {
    constexpr bool twice = sizeof(T) == 8;
    const size_t total = product(n);
    const std::vector<Number> data = noise(total * batch, 1);
    const cufftHandle handle = plan(n, twice ? CUFFT_Z2Z : CUFFT_C2C, batch);
    for (int sign : {-1, 1})
        for (bool in_place : {false, true}) {
            const std::vector<Number> expected = reference(n, data, sign, batch);
            Array<std::complex<T>> in(rounded<T>(data)), out(data.size());
            auto& target = in_place ? in : out;
            ASSERT_EQ(cufftXtExec(handle, in.template as<void>(), target.template as<void>(), sign),
                      CUFFT_SUCCESS);
            EXPECT_LT(distance(expected, target.read()), bound(twice, double(total)))
                << testing::PrintToString(n) << " sign " << sign << " in place " << in_place;
            if (!in_place) EXPECT_EQ(in.read(), rounded<T>(data)) << "the input changed";
        }
    EXPECT_EQ(cufftDestroy(handle), CUFFT_SUCCESS);
}

/// Real data there and back, in place (with padded rows) and not.
template <class T>
void check_real(const std::vector<int>& n, int batch) {
    constexpr bool twice = sizeof(T) == 8;
    const size_t total = product(n), row = size_t(n.back()), rows = total / row * batch,
                 half = row / 2 + 1;
    std::vector<Number> data = noise(total * batch, 2);
    for (Number& v : data)
        v = v.real();
    const std::vector<Number> spectrum = reference(n, data, -1, batch);
    std::vector<Number> expected;
    for (size_t r = 0; r < rows; ++r)
        expected.insert(expected.end(), &spectrum[r * row], &spectrum[r * row] + half);
    const cufftHandle there = plan(n, twice ? CUFFT_D2Z : CUFFT_R2C, batch);
    const cufftHandle back = plan(n, twice ? CUFFT_Z2D : CUFFT_C2R, batch);
    for (bool in_place : {false, true}) {
        const size_t pitch = in_place ? 2 * half : row;
        std::vector<T> in_values(rows * pitch, T(NAN));
        for (size_t r = 0; r < rows; ++r)
            for (size_t i = 0; i < row; ++i)
                in_values[r * pitch + i] = T(data[r * row + i].real());
        Array<T> in(in_values), out(rows * 2 * half), again(rows * pitch);
        void* numbers = in_place ? in.template as<void>() : out.template as<void>();
        ASSERT_EQ(cufftXtExec(there, in.template as<void>(), numbers, CUFFT_FORWARD),
                  CUFFT_SUCCESS);
        std::vector<std::complex<T>> got(rows * half);
        ASSERT_EQ(
            cudaMemcpy(got.data(), numbers, got.size() * sizeof got[0], cudaMemcpyDeviceToHost),
            cudaSuccess);
        EXPECT_LT(distance(expected, got), bound(twice, double(total)))
            << testing::PrintToString(n) << " to complex, in place " << in_place;
        T* target = in_place ? static_cast<T*>(numbers) : again.template as<T>();
        ASSERT_EQ(cufftXtExec(back, numbers, target, CUFFT_INVERSE), CUFFT_SUCCESS);
        std::vector<T> result(rows * pitch);
        ASSERT_EQ(
            cudaMemcpy(result.data(), target, result.size() * sizeof(T), cudaMemcpyDeviceToHost),
            cudaSuccess);
        std::vector<double> original, returned;
        for (size_t r = 0; r < rows; ++r)
            for (size_t i = 0; i < row; ++i) {
                original.push_back(data[r * row + i].real());
                returned.push_back(result[r * pitch + i] / double(total));
            }
        EXPECT_LT(distance(original, returned), 2 * bound(twice, double(total)))
            << testing::PrintToString(n) << " to real, in place " << in_place;
    }
    EXPECT_EQ(cufftDestroy(there), CUFFT_SUCCESS);
    EXPECT_EQ(cufftDestroy(back), CUFFT_SUCCESS);
}

void check_all(const std::vector<int>& n, int batch = 1) {
    check_complex<float>(n, batch);
    check_complex<double>(n, batch);
    check_real<float>(n, batch);
    check_real<double>(n, batch);
}

TEST(Sizes, EveryLengthTo70) {
    for (int n = 1; n <= 70; ++n)
        check_all({n}, n % 3 + 1);
}

TEST(Sizes, PrimesAndTheirProducts) {
    for (int n : {101, 127, 251, 509, 1009, 4099, 2 * 17, 4 * 19 * 3, 13 * 11 * 7, 29 * 31})
        check_all({n}, 2);
}

TEST(Sizes, Powers) {
    for (int n : {128, 256, 512, 1024, 2048, 4096, 8192, 65536, 81, 243, 729, 2187, 125, 625, 343,
                  121, 169, 1000, 3600})
        check_all({n});
}

TEST(Sizes, ManyInABatch) {
    check_all({16}, 1000);
    check_all({30}, 300);
    check_all({1}, 70000);
    check_all({17}, 100);
}

TEST(Sizes, TwoDimensions) {
    for (std::vector<int> n : std::vector<std::vector<int>>{{1, 1},
                                                            {1, 8},
                                                            {8, 1},
                                                            {2, 2},
                                                            {3, 5},
                                                            {16, 16},
                                                            {64, 48},
                                                            {17, 6},
                                                            {6, 17},
                                                            {100, 3},
                                                            {33, 64}})
        check_all(n);
    check_all({12, 10}, 5);
}

TEST(Sizes, ThreeDimensions) {
    for (std::vector<int> n : std::vector<std::vector<int>>{{1, 1, 1},
                                                            {2, 3, 4},
                                                            {16, 16, 16},
                                                            {5, 17, 8},
                                                            {8, 5, 17},
                                                            {19, 4, 6},
                                                            {1, 7, 1},
                                                            {32, 1, 9}})
        check_all(n);
    check_all({4, 6, 10}, 3);
}

// One number alone, wherever it stands, is a wave.
TEST(Sizes, APointIsAWave) {
    const int n = 360;
    for (int place : {0, 1, 17, 359}) {
        std::vector<Number> data(n), wave(n);
        data[place] = 1;
        for (int k = 0; k < n; ++k)
            wave[k] = std::polar(1.0, -2 * M_PI * (k * place % n) / n);
        Array<std::complex<double>> in(rounded<double>(data)), out(n);
        const cufftHandle handle = plan({n}, CUFFT_Z2Z, 1);
        EXPECT_EQ(cufftExecZ2Z(handle, in.as<cufftDoubleComplex>(), out.as<cufftDoubleComplex>(),
                               CUFFT_FORWARD),
                  CUFFT_SUCCESS);
        EXPECT_LT(distance(wave, out.read()), 1e-15);
        cufftDestroy(handle);
    }
}

} // namespace
} // namespace acc::fft_test
