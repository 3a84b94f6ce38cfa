// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 1 with types as arguments: halves against sums in double, the wide types against the
// functions with their names.
#include "functions1.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace blas_test {
namespace {

/// The two narrow types: how to make one of a float and back, and half a unit of the last place.
template <class X>
struct Narrow;
template <>
struct Narrow<__half> {
    static constexpr cudaDataType type = CUDA_R_16F;
    static constexpr double epsilon = 4.9e-4;
    static __half make(float x) { return __float2half(x); }
    static float value(__half x) { return __half2float(x); }
};
template <>
struct Narrow<__nv_bfloat16> {
    static constexpr cudaDataType type = CUDA_R_16BF;
    static constexpr double epsilon = 3.95e-3;
    static __nv_bfloat16 make(float x) { return __float2bfloat16(x); }
    static float value(__nv_bfloat16 x) { return __bfloat162float(x); }
};

template <class X>
class NarrowLevel1 : public Blas {};
using NarrowTypes = testing::Types<__half, __nv_bfloat16>;
TYPED_TEST_SUITE(NarrowLevel1, NarrowTypes);

TYPED_TEST(NarrowLevel1, IsComputedInFloat) {
    using X = TypeParam;
    using N = Narrow<X>;
    const cudaDataType type = N::type, wide = CUDA_R_32F;
    Values values(1);
    for (int n : {1, 3, 20, 1000, 9000})
        for (int inc : {1, 2}) {
            std::vector<X> x(span(n, inc)), y(span(n, inc));
            for (auto* all : {&x, &y})
                for (X& one : *all)
                    one = N::make(values.one<float>());
            Device<X> dx(x), dy(y);
            double dot = 0, squares = 0, sizes = 0, product_sizes = 0;
            int largest = 0;
            const auto at = [&](const std::vector<X>& v, int i) {
                return double(N::value(v[size_t(i * inc)]));
            };
            for (int i = 0; i < n; ++i) {
                dot += at(x, i) * at(y, i);
                product_sizes += std::abs(at(x, i) * at(y, i));
                squares += at(x, i) * at(x, i);
                sizes += std::abs(at(x, i));
                if (std::abs(at(x, i)) > std::abs(at(x, largest))) largest = i;
            }
            X result = N::make(0);
            int place = 0;
            ACC_OK(cublasDotEx(this->handle_, n, dx.data(), type, inc, dy.data(), type, inc,
                               &result, type, wide));
            ASSERT_NEAR(N::value(result), dot,
                        N::epsilon * std::abs(dot) + product_sizes * n * 1e-7 + 1e-7);
            ACC_OK(cublasNrm2Ex(this->handle_, n, dx.data(), type, inc, &result, type, wide));
            ASSERT_NEAR(N::value(result), std::sqrt(squares),
                        1.1 * N::epsilon * std::sqrt(squares) + 1e-6);
            ACC_OK(cublasAsumEx(this->handle_, n, dx.data(), type, inc, &result, type, wide));
            ASSERT_NEAR(N::value(result), sizes, 1.1 * N::epsilon * sizes + 1e-6);
            ACC_OK(cublasIamaxEx(this->handle_, n, dx.data(), type, inc, &place));
            ASSERT_EQ(place, largest + 1);
            const float alpha = 0.75f;
            const X narrow_alpha = N::make(alpha);
            ACC_OK(cublasAxpyEx(this->handle_, n, &alpha, wide, dx.data(), type, inc, dy.data(),
                                type, inc, wide));
            ACC_OK(cublasScalEx(this->handle_, n, &narrow_alpha, type, dx.data(), type, inc, wide));
            const auto gx = dx.values(), gy = dy.values();
            for (int i = 0; i < n; ++i) {
                const double wanted = 0.75 * at(x, i) + at(y, i);
                ASSERT_NEAR(at(gy, i), wanted, N::epsilon * std::abs(wanted) + 1e-7);
                ASSERT_NEAR(at(gx, i), 0.75 * at(x, i), N::epsilon + 1e-7);
            }
            ACC_OK(cublasCopyEx(this->handle_, n, dx.data(), type, inc, dy.data(), type, inc));
            const float c = 0.6f, s = 0.8f;
            ACC_OK(cublasRotEx(this->handle_, n, dx.data(), type, inc, dy.data(), type, inc, &c, &s,
                               wide, wide));
            const auto rx = dx.values(), ry = dy.values();
            for (int i = 0; i < n; ++i) {
                ASSERT_NEAR(at(rx, i), 1.4 * at(gx, i), 2 * N::epsilon);
                ASSERT_NEAR(at(ry, i), -0.2 * at(gx, i), 2 * N::epsilon);
            }
        }
}

TEST_F(Blas, WideTypesAsArguments) {
    Values values(2);
    const int n = 50;
    const auto x = values.many<CD>(n), y = values.many<CD>(n);
    Device<CD> dx(x), dy(y), again(y);
    const CD alpha = values.one<CD>();
    CD dot, wanted;
    double norm, wanted_norm;
    ACC_OK(cublasAxpyEx(handle_, n, &alpha, CUDA_C_64F, dx.data(), CUDA_C_64F, 1, dy.data(),
                        CUDA_C_64F, 1, CUDA_C_64F));
    ACC_OK(axpy(handle_, n, &alpha, dx.data(), 1, again.data(), 1));
    expect_near(dy.values(), again.values(), 0, "axpy");
    ACC_OK(cublasDotcEx(handle_, n, dx.data(), CUDA_C_64F, 1, dy.data(), CUDA_C_64F, 1, &dot,
                        CUDA_C_64F, CUDA_C_64F));
    ACC_OK(blas_test::dot(handle_, true, n, dx.data(), 1, dy.data(), 1, &wanted));
    EXPECT_EQ(dot, wanted);
    ACC_OK(cublasNrm2Ex(handle_, n, dx.data(), CUDA_C_64F, 1, &norm, CUDA_R_64F, CUDA_R_64F));
    ACC_OK(nrm2(handle_, n, dx.data(), 1, &wanted_norm));
    EXPECT_EQ(norm, wanted_norm);
    ACC_OK(cublasSwapEx(handle_, n, dx.data(), CUDA_C_64F, 1, dy.data(), CUDA_C_64F, 1));
    expect_near(dy.values(), x, 0, "swap");
    int64_t place = 0;
    int wanted_place = 0;
    ACC_OK(cublasIaminEx_64(handle_, n, dx.data(), CUDA_C_64F, 1, &place));
    ACC_OK(amin(handle_, n, dx.data(), 1, &wanted_place));
    EXPECT_EQ(place, wanted_place);
    double a = 3, b = 4, c = 0, s = 0;
    ACC_OK(cublasRotgEx(handle_, &a, &b, CUDA_R_64F, &c, &s, CUDA_R_64F, CUDA_R_64F));
    EXPECT_NEAR(a, 5, 1e-15);
    EXPECT_NEAR(s, 0.8, 1e-15);
}

TEST_F(Blas, TypesThatDoNotGoTogetherInLevel1) {
    Device<float> x(std::vector<float>(4, 1.f));
    const float one = 1;
    float result = 0;
    const auto none = CUBLAS_STATUS_NOT_SUPPORTED;
    EXPECT_EQ(cublasAxpyEx(handle_, 1, &one, CUDA_R_32F, x.data(), CUDA_R_32F, 1, x.data(),
                           CUDA_R_64F, 1, CUDA_R_32F),
              none);
    EXPECT_EQ(cublasAxpyEx(handle_, 1, &one, CUDA_R_32F, x.data(), CUDA_R_32F, 1, x.data(),
                           CUDA_R_32F, 1, CUDA_R_64F),
              none);
    EXPECT_EQ(cublasDotEx(handle_, 1, x.data(), CUDA_R_8I, 1, x.data(), CUDA_R_8I, 1, &result,
                          CUDA_R_8I, CUDA_R_32F),
              none);
    EXPECT_EQ(cublasNrm2Ex(handle_, 1, x.data(), CUDA_R_16F, 1, &result, CUDA_R_32F, CUDA_R_32F),
              none);
    EXPECT_EQ(cublasScalEx(handle_, 1, nullptr, CUDA_R_32F, x.data(), CUDA_R_32F, 1, CUDA_R_32F),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasDotEx(handle_, 1, x.data(), CUDA_R_32F, 1, x.data(), CUDA_R_32F, 1, nullptr,
                          CUDA_R_32F, CUDA_R_32F),
              CUBLAS_STATUS_INVALID_VALUE);
}

} // namespace
} // namespace blas_test
