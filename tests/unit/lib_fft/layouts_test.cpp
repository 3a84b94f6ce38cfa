// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Advanced layouts (strides, embeddings, distances) and 16-bit floats against FFTW.
#include "tests/unit/lib_fft/reference.h"

#include <cuda_fp16.h>

#include <limits>

namespace acc::fft_test {
namespace {

/// Where an element lies, by the documentation's formula.
struct Shape {
    std::vector<int> n, embed;
    int stride, distance, batch;

    size_t place(int b, std::vector<int> index) const {
        size_t at = 0;
        for (size_t i = 0; i < n.size(); ++i)
            at = (i == 0 ? 0 : at * size_t(embed[i])) + size_t(index[i]);
        return size_t(b) * distance + at * stride;
    }
    size_t size() const {
        std::vector<int> last(n);
        for (int& i : last)
            --i;
        return place(batch - 1, last) + 1;
    }
    /// Calls f with the place of each element, in the dense order.
    template <class F>
    void each(F f) const {
        std::vector<int> index(n.size());
        for (int b = 0; b < batch; ++b) {
            std::fill(index.begin(), index.end(), 0);
            for (;;) {
                f(place(b, index));
                int i = int(n.size()) - 1;
                while (i >= 0 && ++index[i] == n[i])
                    index[i--] = 0;
                if (i < 0) break;
            }
        }
    }
};

template <class V>
std::vector<V> spread(const Shape& shape, const std::vector<V>& dense) {
    std::vector<V> values(shape.size(), V(-99));
    size_t i = 0;
    shape.each([&](size_t place) { values[place] = dense[i++]; });
    return values;
}
template <class V>
std::vector<V> gathered(const Shape& shape, const std::vector<V>& values) {
    std::vector<V> dense;
    shape.each([&](size_t place) { dense.push_back(values[place]); });
    return dense;
}
/// Places between the elements keep what they have.
template <class V>
void expect_untouched(const Shape& shape, std::vector<V> values) {
    shape.each([&](size_t place) { values[place] = V(-99); });
    EXPECT_EQ(std::count(values.begin(), values.end(), V(-99)), long(values.size()));
}

cufftHandle plan(std::vector<int> n, Shape in, Shape out, cufftType type) {
    cufftHandle handle = CUFFT_PLAN_NULL;
    EXPECT_EQ(cufftPlanMany(&handle, int(n.size()), n.data(), in.embed.data(), in.stride,
                            in.distance, out.embed.data(), out.stride, out.distance, type,
                            in.batch),
              CUFFT_SUCCESS);
    return handle;
}

void check_complex(const std::vector<int>& n, Shape in, Shape out) {
    in.n = out.n = n;
    size_t total = 1;
    for (int length : n)
        total *= size_t(length);
    const std::vector<Number> dense = noise(total * in.batch, 3);
    Array<std::complex<float>> from(spread(in, rounded<float>(dense)));
    Array<std::complex<float>> to(std::vector<std::complex<float>>(out.size(), -99));
    const cufftHandle handle = plan(n, in, out, CUFFT_C2C);
    EXPECT_EQ(cufftExecC2C(handle, from.as<cufftComplex>(), to.as<cufftComplex>(), CUFFT_INVERSE),
              CUFFT_SUCCESS);
    EXPECT_LT(distance(reference(n, dense, 1, in.batch), gathered(out, to.read())),
              bound(false, double(total)));
    expect_untouched(out, to.read());
    cufftDestroy(handle);
}

void check_real(const std::vector<int>& n, Shape in, Shape out) {
    in.n = out.n = n;
    out.n.back() = n.back() / 2 + 1;
    size_t total = 1;
    for (int length : n)
        total *= size_t(length);
    std::vector<Number> dense = noise(total * in.batch, 4);
    for (Number& v : dense)
        v = v.real();
    const std::vector<Number> spectrum = reference(n, dense, -1, in.batch);
    std::vector<Number> half;
    for (size_t i = 0; i < spectrum.size(); ++i)
        if (i % n.back() <= size_t(n.back()) / 2) half.push_back(spectrum[i]);
    Array<float> from(spread(in, reals<float>(dense)));
    Array<std::complex<float>> to(std::vector<std::complex<float>>(out.size(), -99));
    cufftHandle handle = plan(n, in, out, CUFFT_R2C);
    EXPECT_EQ(cufftExecR2C(handle, from.as<cufftReal>(), to.as<cufftComplex>()), CUFFT_SUCCESS);
    EXPECT_LT(distance(half, gathered(out, to.read())), bound(false, double(total)));
    expect_untouched(out, to.read());
    cufftDestroy(handle);
    // And back.
    Array<float> again(std::vector<float>(in.size(), -99));
    handle = plan(n, out, in, CUFFT_C2R);
    EXPECT_EQ(cufftExecC2R(handle, to.as<cufftComplex>(), again.as<cufftReal>()), CUFFT_SUCCESS);
    std::vector<double> scaled;
    for (float v : gathered(in, again.read()))
        scaled.push_back(v / double(total));
    EXPECT_LT(distance(reals<double>(dense), scaled), 2 * bound(false, double(total)));
    expect_untouched(in, again.read());
    cufftDestroy(handle);
}

TEST(Layouts, ComplexNumbersInStridesAndEmbeddings) {
    check_complex({20}, {{}, {20}, 1, 23, 4}, {{}, {20}, 1, 31, 4});        // distances only
    check_complex({20}, {{}, {20}, 3, 61, 4}, {{}, {20}, 1, 20, 4});        // a stride
    check_complex({20}, {{}, {20}, 4, 1, 4}, {{}, {20}, 4, 1, 4});          // interleaved batches
    check_complex({17}, {{}, {17}, 2, 40, 3}, {{}, {17}, 5, 90, 3});        // Bluestein's
    check_complex({6, 8}, {{}, {6, 11}, 1, 70, 3}, {{}, {6, 8}, 1, 48, 3}); // embedded rows
    check_complex({6, 8}, {{}, {7, 9}, 2, 130, 3}, {{}, {9, 10}, 3, 300, 3});
    check_complex({3, 4, 5}, {{}, {3, 5, 6}, 1, 100, 2}, {{}, {4, 4, 7}, 2, 230, 2});
    check_complex({1, 1}, {{}, {2, 3}, 2, 9, 5}, {{}, {1, 1}, 1, 3, 5});
    check_complex({1}, {{}, {1}, 1, 4, 3}, {{}, {1}, 1, 4, 3});
}

TEST(Layouts, RealNumbersInStridesAndEmbeddings) {
    check_real({20}, {{}, {20}, 1, 24, 4}, {{}, {11}, 1, 13, 4});
    check_real({20}, {{}, {20}, 1, 23, 4}, {{}, {11}, 1, 11, 4}); // odd distances
    check_real({20}, {{}, {20}, 3, 61, 4}, {{}, {11}, 2, 25, 4});
    check_real({15}, {{}, {15}, 1, 17, 4}, {{}, {8}, 1, 9, 4});
    check_real({34}, {{}, {34}, 1, 36, 2}, {{}, {18}, 1, 18, 2});
    check_real({6, 8}, {{}, {6, 10}, 1, 60, 3}, {{}, {6, 5}, 1, 30, 3});
    check_real({6, 8}, {{}, {7, 9}, 2, 130, 3}, {{}, {9, 6}, 3, 200, 3});
    check_real({3, 4, 5}, {{}, {3, 5, 6}, 1, 100, 2}, {{}, {4, 4, 3}, 2, 110, 2});
    check_real({2}, {{}, {2}, 1, 2, 5}, {{}, {2}, 1, 2, 5});
}

// 16-bit floats are transformed in single precision, and rounded at the end.
TEST(Layouts, HalfPrecision) {
    long long n[1] = {64};
    const std::vector<Number> dense = noise(128, 5);
    std::vector<__half2> values;
    std::vector<Number> seen;
    for (Number v : dense) {
        values.push_back(__floats2half2_rn(float(v.real()), float(v.imag())));
        seen.emplace_back(__low2float(values.back()), __high2float(values.back()));
    }
    Array<__half2> in(values), out(values.size());
    cufftHandle handle;
    size_t size = 0;
    ASSERT_EQ(cufftCreate(&handle), CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtMakePlanMany(handle, 1, n, nullptr, 1, 0, CUDA_C_16F, nullptr, 1, 0,
                                  CUDA_C_16F, 2, &size, CUDA_C_16F),
              CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtExec(handle, in.as<void>(), out.as<void>(), CUFFT_FORWARD), CUFFT_SUCCESS);
    std::vector<Number> got;
    for (__half2 v : out.read())
        got.emplace_back(__low2float(v), __high2float(v));
    EXPECT_LT(distance(reference({64}, seen, -1, 2), got), 5e-4); // half of 2^-10
    EXPECT_EQ(cufftExecC2C(handle, in.as<cufftComplex>(), out.as<cufftComplex>(), CUFFT_FORWARD),
              CUFFT_INVALID_TYPE);
    cufftDestroy(handle);
    // Reals, too.
    std::vector<__half> real;
    std::vector<Number> real_seen;
    for (int i = 0; i < 64; ++i) {
        real.push_back(__float2half(float(dense[i].real())));
        real_seen.emplace_back(__half2float(real.back()));
    }
    Array<__half> real_in(real);
    Array<__half2> half_out(33);
    ASSERT_EQ(cufftCreate(&handle), CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtMakePlanMany(handle, 1, n, nullptr, 1, 0, CUDA_R_16F, nullptr, 1, 0,
                                  CUDA_C_16F, 1, &size, CUDA_C_16F),
              CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtExec(handle, real_in.as<void>(), half_out.as<void>(), CUFFT_FORWARD),
              CUFFT_SUCCESS);
    std::vector<Number> expected = reference({64}, real_seen, -1);
    expected.resize(33);
    got.clear();
    for (__half2 v : half_out.read())
        got.emplace_back(__low2float(v), __high2float(v));
    EXPECT_LT(distance(expected, got), 5e-4);
    cufftDestroy(handle);
}

} // namespace
} // namespace acc::fft_test
