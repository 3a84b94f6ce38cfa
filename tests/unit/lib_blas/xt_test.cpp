// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASXt: matrices of the host and of the device, against OpenBLAS.
#include "rig.h"

#include <cblas.h>
#include <cublasXt.h>

#include <vector>

namespace blas_test {
namespace {

class Xt : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(cublasXtCreate(&handle_), CUBLAS_STATUS_SUCCESS);
        int device = 0;
        ASSERT_EQ(cublasXtDeviceSelect(handle_, 1, &device), CUBLAS_STATUS_SUCCESS);
    }
    void TearDown() override { ASSERT_EQ(cublasXtDestroy(handle_), CUBLAS_STATUS_SUCCESS); }
    template <class T>
    std::vector<T> numbers(size_t n) {
        std::vector<T> values(n);
        for (T& v : values)
            v = T(std::uniform_real_distribution<Real<T>>(-1, 1)(engine_));
        if constexpr (is_complex<T>)
            for (T& v : values)
                v += T(0, std::uniform_real_distribution<Real<T>>(-1, 1)(engine_));
        return values;
    }
    template <class T>
    static void expect_near(const std::vector<T>& got, const std::vector<T>& wanted) {
        for (size_t i = 0; i < got.size(); ++i)
            ASSERT_LE(std::abs(got[i] - wanted[i]), 100 * std::numeric_limits<Real<T>>::epsilon())
                << i;
    }
    cublasXtHandle_t handle_ = nullptr;
    std::mt19937 engine_{5};
};

TEST_F(Xt, Products) {
    const int m = 7, n = 5, k = 6, lda = 9, ldb = 8, ldc = 7;
    const float alpha = 1.5f, beta = -0.5f;
    const auto a = numbers<float>(size_t(lda * m)), b = numbers<float>(size_t(ldb * n)),
               c = numbers<float>(size_t(ldc * n));
    auto wanted = c;
    cblas_sgemm(CblasColMajor, CblasTrans, CblasNoTrans, m, n, k, alpha, a.data(), lda, b.data(),
                ldb, beta, wanted.data(), ldc);
    auto got = c;
    ASSERT_EQ(cublasXtSgemm(handle_, CUBLAS_OP_T, CUBLAS_OP_N, m, n, k, &alpha, a.data(), lda,
                            b.data(), ldb, &beta, got.data(), ldc),
              CUBLAS_STATUS_SUCCESS);
    expect_near(got, wanted);
    // One operand and the result on the device.
    Device<float> da(a), dc(c);
    ASSERT_EQ(cublasXtSgemm(handle_, CUBLAS_OP_T, CUBLAS_OP_N, m, n, k, &alpha, da.data(), lda,
                            b.data(), ldb, &beta, dc.data(), ldc),
              CUBLAS_STATUS_SUCCESS);
    expect_near(dc.values(), wanted);
    EXPECT_EQ(cublasXtSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, m, n, k, &alpha, a.data(), m - 1,
                            b.data(), ldb, &beta, got.data(), ldc),
              CUBLAS_STATUS_INVALID_VALUE);
}

TEST_F(Xt, UpdatesKeepTheOtherTriangle) {
    using C = std::complex<double>;
    const int n = 6, k = 4, ld = 7;
    const C alpha(0.5, -1);
    const double beta = 2;
    const auto a = numbers<C>(size_t(ld * n)), b = numbers<C>(size_t(ld * n));
    const auto c = numbers<C>(size_t(ld * n));
    auto wanted = c, got = c;
    cblas_zher2k(CblasColMajor, CblasUpper, CblasConjTrans, n, k, &alpha, a.data(), ld, b.data(),
                 ld, beta, wanted.data(), ld);
    ASSERT_EQ(cublasXtZher2k(handle_, CUBLAS_FILL_MODE_UPPER, CUBLAS_OP_C, n, k, api(&alpha),
                             api(a.data()), ld, api(b.data()), ld, &beta, api(got.data()), ld),
              CUBLAS_STATUS_SUCCESS);
    expect_near(got, wanted);
}

TEST_F(Xt, TrianglesAndPackedMatrices) {
    const int m = 5, n = 4;
    const double alpha = 2, beta = 0;
    auto a = numbers<double>(25);
    for (int i = 0; i < m; ++i)
        a[size_t(6 * i)] += 4;
    const auto b = numbers<double>(20);
    auto wanted = b, got = b;
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, m, n, alpha,
                a.data(), m, wanted.data(), m);
    ASSERT_EQ(cublasXtDtrsm(handle_, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_LOWER, CUBLAS_OP_T,
                            CUBLAS_DIAG_NON_UNIT, m, n, &alpha, a.data(), m, got.data(), m),
              CUBLAS_STATUS_SUCCESS);
    expect_near(got, wanted);
    std::vector<double> packed;
    for (int j = 0; j < m; ++j)
        for (int i = j; i < m; ++i)
            packed.push_back(a[size_t(i + j * m)]);
    cblas_dsymm(CblasColMajor, CblasLeft, CblasLower, m, n, alpha, a.data(), m, b.data(), m, beta,
                wanted.data(), m);
    ASSERT_EQ(cublasXtDspmm(handle_, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_LOWER, m, n, &alpha,
                            packed.data(), b.data(), m, &beta, got.data(), m),
              CUBLAS_STATUS_SUCCESS);
    expect_near(got, wanted);
    // AP on the device.
    Device<double> there(packed);
    cblas_dsymm(CblasColMajor, CblasLeft, CblasLower, m, n, alpha, a.data(), m, b.data(), m, beta,
                wanted.data(), m);
    ASSERT_EQ(cublasXtDspmm(handle_, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_LOWER, m, n, &alpha,
                            there.data(), b.data(), m, &beta, got.data(), m),
              CUBLAS_STATUS_SUCCESS);
    expect_near(got, wanted);
    EXPECT_EQ(cublasXtDspmm(handle_, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_LOWER, m, n, &alpha,
                            nullptr, b.data(), m, &beta, got.data(), m),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasXtDspmm(nullptr, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_LOWER, m, n, &alpha,
                            packed.data(), b.data(), m, &beta, got.data(), m),
              CUBLAS_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cublasXtDspmm(handle_, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_LOWER, size_t(1) << 40, n,
                            &alpha, packed.data(), b.data(), m, &beta, got.data(), m),
              CUBLAS_STATUS_ALLOC_FAILED);
}

TEST(XtHandle, WantsADevice) {
    cublasXtHandle_t handle = nullptr;
    ASSERT_EQ(cublasXtCreate(&handle), CUBLAS_STATUS_SUCCESS);
    float one = 1;
    EXPECT_EQ(cublasXtSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, &one, 1, &one, 1, &one,
                            &one, 1),
              CUBLAS_STATUS_NOT_INITIALIZED);
    int device = 99, block = 0;
    EXPECT_EQ(cublasXtDeviceSelect(handle, 1, &device), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasXtSetBlockDim(handle, 64), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(cublasXtGetBlockDim(handle, &block), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(block, 64);
    EXPECT_EQ(cublasXtSetBlockDim(handle, 0), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasXtDestroy(handle), CUBLAS_STATUS_SUCCESS);
}

} // namespace
} // namespace blas_test
