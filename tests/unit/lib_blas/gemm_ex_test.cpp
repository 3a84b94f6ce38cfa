// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products whose types are arguments, and batches: every documented combination against sums in
// double on the host.
#include "rig.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <array>
#include <cstring>

namespace blas_test {
namespace {

using CD = std::complex<double>;

/// A type of elements: how to write and read one, and how exact it is.
struct Format {
    cudaDataType type;
    size_t size;
    double epsilon; ///< 0: integers
};
const Format kF32 = {CUDA_R_32F, 4, 6e-8}, kF64 = {CUDA_R_64F, 8, 1.2e-16},
             kF16 = {CUDA_R_16F, 2, 4.9e-4}, kBF16 = {CUDA_R_16BF, 2, 3.9e-3},
             kI8 = {CUDA_R_8I, 1, 0}, kI32 = {CUDA_R_32I, 4, 0}, kC32 = {CUDA_C_32F, 8, 6e-8},
             kC64 = {CUDA_C_64F, 16, 1.2e-16}, kC8 = {CUDA_C_8I, 2, 0};

template <class X>
void put(std::vector<char>& bytes, size_t at, X value) {
    std::memcpy(bytes.data() + at, static_cast<void*>(&value), sizeof value);
}
template <class X>
X take(const std::vector<char>& bytes, size_t at) {
    X value;
    std::memcpy(static_cast<void*>(&value), bytes.data() + at, sizeof value);
    return value;
}

void write(std::vector<char>& bytes, const Format& f, size_t i, CD v) {
    const size_t at = i * f.size;
    switch (f.type) {
    case CUDA_R_64F: put(bytes, at, v.real()); break;
    case CUDA_R_16F: put(bytes, at, __float2half(float(v.real()))); break;
    case CUDA_R_16BF: put(bytes, at, __float2bfloat16(float(v.real()))); break;
    case CUDA_R_8I: put(bytes, at, static_cast<signed char>(v.real() * 9)); break;
    case CUDA_R_32I: put(bytes, at, int(v.real() * 9)); break;
    case CUDA_C_32F: put(bytes, at, std::complex<float>(v)); break;
    case CUDA_C_64F: put(bytes, at, v); break;
    case CUDA_C_8I:
        put(bytes, at, static_cast<signed char>(v.real() * 9));
        put(bytes, at + 1, static_cast<signed char>(v.imag() * 9));
        break;
    default: put(bytes, at, float(v.real()));
    }
}

CD read(const std::vector<char>& bytes, const Format& f, size_t i) {
    const size_t at = i * f.size;
    switch (f.type) {
    case CUDA_R_64F: return take<double>(bytes, at);
    case CUDA_R_16F: return __half2float(take<__half>(bytes, at));
    case CUDA_R_16BF: return __bfloat162float(take<__nv_bfloat16>(bytes, at));
    case CUDA_R_8I: return take<signed char>(bytes, at);
    case CUDA_R_32I: return take<int>(bytes, at);
    case CUDA_C_32F: return CD(take<std::complex<float>>(bytes, at));
    case CUDA_C_64F: return take<CD>(bytes, at);
    case CUDA_C_8I: return CD(take<signed char>(bytes, at), take<signed char>(bytes, at + 1));
    default: return take<float>(bytes, at);
    }
}

struct Combination {
    cublasComputeType_t compute;
    Format ab, c, scale;
};
const Combination kCombinations[] = {
    {CUBLAS_COMPUTE_16F, kF16, kF16, kF16},
    {CUBLAS_COMPUTE_16F_PEDANTIC, kF16, kF16, kF16},
    {CUBLAS_COMPUTE_32I, kI8, kI32, kI32},
    {CUBLAS_COMPUTE_32F, kBF16, kBF16, kF32},
    {CUBLAS_COMPUTE_32F, kBF16, kF32, kF32},
    {CUBLAS_COMPUTE_32F, kF16, kF16, kF32},
    {CUBLAS_COMPUTE_32F, kF16, kF32, kF32},
    {CUBLAS_COMPUTE_32F, kI8, kF32, kF32},
    {CUBLAS_COMPUTE_32F, kF32, kF32, kF32},
    {CUBLAS_COMPUTE_32F_PEDANTIC, kF32, kF32, kF32},
    {CUBLAS_COMPUTE_32F, kC8, kC32, kC32},
    {CUBLAS_COMPUTE_32F, kC32, kC32, kC32},
    {CUBLAS_COMPUTE_32F_FAST_TF32, kF32, kF32, kF32},
    {CUBLAS_COMPUTE_32F_FAST_16BF, kC32, kC32, kC32},
    {CUBLAS_COMPUTE_64F, kF64, kF64, kF64},
    {CUBLAS_COMPUTE_64F, kC64, kC64, kC64},
};

/// Matrices of a batch of three and their product in double.
struct Problem {
    const Combination& types;
    int m, n, k;
    bool ta, tb;
    size_t lda, ldb, ldc, stride_a, stride_b, stride_c;
    std::vector<char> a, b, c, alpha, beta;

    Problem(const Combination& t, int m_, int n_, int k_, bool ta_, bool tb_, Values& values)
        : types(t), m(m_), n(n_), k(k_), ta(ta_), tb(tb_), lda(size_t(ta ? k : m) + 1),
          ldb(size_t(tb ? n : k) + 2), ldc(size_t(m) + 3), stride_a(lda * size_t(ta ? m : k) + 5),
          stride_b(ldb * size_t(tb ? k : n)), stride_c(ldc * size_t(n) + 1),
          a(3 * stride_a * t.ab.size), b(3 * stride_b * t.ab.size), c(3 * stride_c * t.c.size),
          alpha(t.scale.size), beta(t.scale.size) {
        for (size_t i = 0; i < 3 * stride_a; ++i)
            write(a, t.ab, i, values.one<CD>());
        for (size_t i = 0; i < 3 * stride_b; ++i)
            write(b, t.ab, i, values.one<CD>());
        for (size_t i = 0; i < 3 * stride_c; ++i)
            write(c, t.c, i, values.one<CD>());
        write(alpha, t.scale, 0, CD(0.75, 0.5));
        write(beta, t.scale, 0, CD(-0.5, 0.25));
    }

    CD expected(size_t z, int i, int j, double* size) const {
        CD sum = 0;
        *size = 1;
        for (int l = 0; l < k; ++l) {
            const CD x = read(a, types.ab,
                              z * stride_a +
                                  (ta ? size_t(l) + size_t(i) * lda : size_t(i) + size_t(l) * lda));
            const CD y = read(b, types.ab,
                              z * stride_b +
                                  (tb ? size_t(j) + size_t(l) * ldb : size_t(l) + size_t(j) * ldb));
            sum += x * y;
            *size += std::abs(x * y);
        }
        return read(alpha, types.scale, 0) * sum +
               read(beta, types.scale, 0) *
                   read(c, types.c, z * stride_c + size_t(i) + size_t(j) * ldc);
    }

    void check(const std::vector<char>& got, size_t batch) const {
        for (size_t z = 0; z < batch; ++z)
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < m; ++i) {
                    double size;
                    const CD wanted = expected(z, i, j, &size);
                    const double sums = types.c.epsilon == 0 ? 0
                                        : types.c.type == CUDA_R_64F || types.c.type == CUDA_C_64F
                                            ? 1.2e-16
                                            : 6e-8;
                    const double limit = types.c.epsilon * std::abs(wanted) +
                                         sums * (2 * k + 8) * size;
                    ASSERT_LE(
                        std::abs(read(got, types.c, z * stride_c + size_t(i) + size_t(j) * ldc) -
                                 wanted),
                        limit)
                        << "types " << types.ab.type << " " << types.c.type << " compute "
                        << types.compute << " size " << m << " " << n << " " << k << " element "
                        << i << " " << j << " of " << z;
                }
    }
};

template <class Test>
void for_problems(Test test) {
    Values values(1);
    for (const Combination& types : kCombinations)
        for (auto [m, n, k] : {std::array{3, 5, 7}, {40, 33, 20}, {70, 17, 65}})
            for (bool ta : {false, true})
                for (bool tb : {false, true})
                    test(Problem(types, m, n, k, ta, tb, values));
}

cublasOperation_t operation(bool transposed) {
    return transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
}

TEST_F(Blas, ProductsOfEveryCombinationOfTypes) {
    for_problems([&](const Problem& p) {
        Device<char> a(p.a), b(p.b), c(p.c);
        ACC_OK(cublasGemmEx(handle_, operation(p.ta), operation(p.tb), p.m, p.n, p.k,
                            p.alpha.data(), a.data(), p.types.ab.type, int(p.lda), b.data(),
                            p.types.ab.type, int(p.ldb), p.beta.data(), c.data(), p.types.c.type,
                            int(p.ldc), p.types.compute, CUBLAS_GEMM_DEFAULT));
        p.check(c.values(), 1);
    });
}

TEST_F(Blas, StridedBatchesOfEveryCombinationOfTypes) {
    for_problems([&](const Problem& p) {
        if (p.ta != p.tb) return;
        Device<char> a(p.a), b(p.b), c(p.c), alpha(p.alpha), beta(p.beta);
        ACC_OK(cublasSetPointerMode(handle_, CUBLAS_POINTER_MODE_DEVICE));
        ACC_OK(cublasGemmStridedBatchedEx(
            handle_, operation(p.ta), operation(p.tb), p.m, p.n, p.k, alpha.data(), a.data(),
            p.types.ab.type, int(p.lda), int64_t(p.stride_a), b.data(), p.types.ab.type, int(p.ldb),
            int64_t(p.stride_b), beta.data(), c.data(), p.types.c.type, int(p.ldc),
            int64_t(p.stride_c), 3, p.types.compute, CUBLAS_GEMM_DEFAULT_TENSOR_OP));
        p.check(c.values(), 3);
    });
}

TEST_F(Blas, BatchesByAddressOfEveryCombinationOfTypes) {
    for_problems([&](const Problem& p) {
        if (p.ta == p.tb) return;
        Device<char> a(p.a), b(p.b), c(p.c);
        std::vector<void*> as, bs, cs;
        for (size_t z = 0; z < 3; ++z) {
            as.push_back(a.data() + z * p.stride_a * p.types.ab.size);
            bs.push_back(b.data() + z * p.stride_b * p.types.ab.size);
            cs.push_back(c.data() + z * p.stride_c * p.types.c.size);
        }
        Device<void*> da(as), db(bs), dc(cs);
        ACC_OK(cublasGemmBatchedEx(
            handle_, operation(p.ta), operation(p.tb), p.m, p.n, p.k, p.alpha.data(), da.data(),
            p.types.ab.type, int(p.lda), db.data(), p.types.ab.type, int(p.ldb), p.beta.data(),
            dc.data(), p.types.c.type, int(p.ldc), 3, p.types.compute, CUBLAS_GEMM_DEFAULT));
        p.check(c.values(), 3);
    });
}

TEST_F(Blas, TypedBatchesAndGroups) {
    Values values(2);
    const Combination floats = {CUBLAS_COMPUTE_32F, kF32, kF32, kF32};
    const Problem p(floats, 20, 6, 9, false, true, values);
    Device<char> a(p.a), b(p.b), c(p.c), grouped(p.c);
    const auto* alpha = reinterpret_cast<const float*>(p.alpha.data());
    const auto* beta = reinterpret_cast<const float*>(p.beta.data());
    auto at = [](Device<char>& d, size_t elements) {
        return reinterpret_cast<float*>(d.data()) + elements;
    };
    ACC_OK(cublasSgemmStridedBatched(handle_, CUBLAS_OP_N, CUBLAS_OP_T, p.m, p.n, p.k, alpha,
                                     at(a, 0), int(p.lda), int64_t(p.stride_a), at(b, 0),
                                     int(p.ldb), int64_t(p.stride_b), beta, at(c, 0), int(p.ldc),
                                     int64_t(p.stride_c), 3));
    p.check(c.values(), 3);
    std::vector<const float*> as, bs;
    std::vector<float*> cs;
    for (size_t z = 0; z < 3; ++z) {
        as.push_back(at(a, z * p.stride_a));
        bs.push_back(at(b, z * p.stride_b));
        cs.push_back(at(grouped, z * p.stride_c));
    }
    Device<const float*> da(as), db(bs);
    Device<float*> dc(cs);
    const cublasOperation_t none[] = {CUBLAS_OP_N, CUBLAS_OP_N},
                            transposed[] = {CUBLAS_OP_T, CUBLAS_OP_T};
    const int m[] = {p.m, p.m}, n[] = {p.n, p.n}, k[] = {p.k, p.k}, sizes[] = {1, 2};
    const int lda[] = {int(p.lda), int(p.lda)}, ldb[] = {int(p.ldb), int(p.ldb)},
              ldc[] = {int(p.ldc), int(p.ldc)};
    const float alphas[] = {*alpha, *alpha}, betas[] = {*beta, *beta};
    ACC_OK(cublasSgemmGroupedBatched(handle_, none, transposed, m, n, k, alphas, da.data(), lda,
                                     db.data(), ldb, betas, dc.data(), ldc, 2, sizes));
    p.check(grouped.values(), 3);
}

TEST_F(Blas, TypesThatDoNotGoTogetherAreNotSupported) {
    Device<float> x(std::vector<float>(64, 1.f));
    const float one = 1;
    const auto call = [&](cudaDataType a, cudaDataType b, cudaDataType c,
                          cublasComputeType_t compute, int lda = 1) {
        return cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, x.data(), a, lda,
                            x.data(), b, 1, &one, x.data(), c, 1, compute, CUBLAS_GEMM_DEFAULT);
    };
    EXPECT_EQ(call(CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(call(CUDA_R_32F, CUDA_R_16F, CUDA_R_32F, CUBLAS_COMPUTE_32F),
              CUBLAS_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(call(CUDA_R_32F, CUDA_R_32F, CUDA_R_64F, CUBLAS_COMPUTE_32F),
              CUBLAS_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(call(CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_64F),
              CUBLAS_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(call(CUDA_R_8I, CUDA_R_8I, CUDA_R_8I, CUBLAS_COMPUTE_32I),
              CUBLAS_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(call(CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, cublasComputeType_t(3)),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(call(CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_32F, 0),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSgemmStridedBatched(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, x.data(),
                                        1, 1, x.data(), 1, 1, &one, x.data(), 1, 1, -1),
              CUBLAS_STATUS_INVALID_VALUE);
    // As before CUDA 11: a data type in place of the type of computing.
    EXPECT_EQ(cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, x.data(), CUDA_R_32F,
                           1, x.data(), CUDA_R_32F, 1, &one, x.data(), CUDA_R_32F, 1, CUDA_R_32F,
                           CUBLAS_GEMM_DEFAULT),
              CUBLAS_STATUS_SUCCESS);
}

TEST_F(Blas, ComplexUpdatesFromBytes) {
    Values values(3);
    const int n = 20, k = 9;
    std::vector<char> a(size_t(2 * n * k));
    for (size_t i = 0; i < size_t(n * k); ++i)
        write(a, kC8, i, values.one<CD>());
    const auto c = values.many<std::complex<float>>(size_t(n * n));
    Device<char> da(a);
    Device<std::complex<float>> dc(c);
    const float alpha = 0.5f, beta = 2.f;
    ACC_OK(cublasCherkEx(handle_, CUBLAS_FILL_MODE_UPPER, CUBLAS_OP_N, n, k, &alpha, da.data(),
                         CUDA_C_8I, n, &beta, api(dc.data()), CUDA_C_32F, n));
    const auto got = dc.values();
    for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i) {
            const size_t at = size_t(i + j * n);
            CD sum = 0;
            for (int l = 0; l < k; ++l)
                sum += read(a, kC8, size_t(i + l * n)) * std::conj(read(a, kC8, size_t(j + l * n)));
            CD wanted = i <= j ? 0.5 * sum + 2.0 * CD(c[at]) : CD(c[at]);
            if (i == j) wanted = wanted.real();
            ASSERT_LE(std::abs(CD(got[at]) - wanted), 1e-4) << i << " " << j;
        }
}

} // namespace
} // namespace blas_test
