// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cublasLtMatmul against sums in double on the host: layouts, epilogues, scales, types, pointer
// modes.
#include "rig.h"

#include <cublasLt.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#include <functional>

namespace blas_test {
namespace {

/// A matrix of the host as doubles, and its bytes as the device has them.
struct Matrix {
    cudaDataType type;
    int rows, columns;
    bool by_rows;
    std::vector<double> values; ///< by columns
    std::vector<char> bytes;

    Matrix(cudaDataType t, int r, int c, Values& source, bool rows_first = false)
        : type(t), rows(r), columns(c), by_rows(rows_first), values(size_t(r * c)),
          bytes(size_t(r * c) * size()) {
        for (int j = 0; j < c; ++j)
            for (int i = 0; i < r; ++i) {
                put(place(i, j), source.one<double>() * (t == CUDA_R_8I ? 9 : 1));
                values[size_t(i + j * r)] = take(bytes, place(i, j));
            }
    }
    size_t size() const {
        switch (type) {
        case CUDA_R_64F: return 8;
        case CUDA_R_16F:
        case CUDA_R_16BF: return 2;
        case CUDA_R_8I:
        case CUDA_R_8F_E4M3:
        case CUDA_R_8F_E5M2: return 1;
        default: return 4;
        }
    }
    int ld() const { return by_rows ? columns : rows; }
    size_t place(int i, int j) const { return size_t(by_rows ? i * columns + j : i + j * rows); }
    double at(int i, int j) const { return values[size_t(i + j * rows)]; }
    void put(size_t at, double value) {
        void* to = bytes.data() + at * size();
        switch (type) {
        case CUDA_R_64F: *static_cast<double*>(to) = value; break;
        case CUDA_R_16F: *static_cast<__half*>(to) = __float2half(float(value)); break;
        case CUDA_R_16BF: *static_cast<__nv_bfloat16*>(to) = __float2bfloat16(float(value)); break;
        case CUDA_R_8I: *static_cast<signed char*>(to) = static_cast<signed char>(value); break;
        case CUDA_R_32I: *static_cast<int*>(to) = int(value); break;
        case CUDA_R_8F_E4M3: *static_cast<__nv_fp8_e4m3*>(to) = __nv_fp8_e4m3(float(value)); break;
        case CUDA_R_8F_E5M2: *static_cast<__nv_fp8_e5m2*>(to) = __nv_fp8_e5m2(float(value)); break;
        default: *static_cast<float*>(to) = float(value);
        }
    }
    double take(const std::vector<char>& from, size_t at) const {
        const void* p = from.data() + at * size();
        switch (type) {
        case CUDA_R_64F: return *static_cast<const double*>(p);
        case CUDA_R_16F: return __half2float(*static_cast<const __half*>(p));
        case CUDA_R_16BF: return __bfloat162float(*static_cast<const __nv_bfloat16*>(p));
        case CUDA_R_8I: return *static_cast<const signed char*>(p);
        case CUDA_R_32I: return *static_cast<const int*>(p);
        case CUDA_R_8F_E4M3: return float(*static_cast<const __nv_fp8_e4m3*>(p));
        case CUDA_R_8F_E5M2: return float(*static_cast<const __nv_fp8_e5m2*>(p));
        default: return *static_cast<const float*>(p);
        }
    }
    /// Half a unit of the last place of one.
    double epsilon() const {
        switch (type) {
        case CUDA_R_64F: return 1.2e-16;
        case CUDA_R_16F: return 4.9e-4;
        case CUDA_R_16BF: return 3.95e-3;
        case CUDA_R_8F_E4M3: return 0.0626;
        case CUDA_R_8F_E5M2: return 0.126;
        case CUDA_R_8I: return 0;
        default: return 6e-8;
        }
    }
};

class Layout {
  public:
    explicit Layout(const Matrix& m) {
        EXPECT_EQ(cublasLtMatrixLayoutCreate(&handle_, m.type, uint64_t(m.rows),
                                             uint64_t(m.columns), m.ld()),
                  CUBLAS_STATUS_SUCCESS);
        if (m.by_rows) set(CUBLASLT_MATRIX_LAYOUT_ORDER, int32_t(CUBLASLT_ORDER_ROW));
    }
    ~Layout() { cublasLtMatrixLayoutDestroy(handle_); }
    template <class V>
    void set(cublasLtMatrixLayoutAttribute_t name, V value) {
        EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(handle_, name, &value, sizeof value),
                  CUBLAS_STATUS_SUCCESS);
    }
    operator cublasLtMatrixLayout_t() const { return handle_; }

  private:
    cublasLtMatrixLayout_t handle_ = nullptr;
};

class Description {
  public:
    Description(cublasComputeType_t compute, cudaDataType scale) {
        EXPECT_EQ(cublasLtMatmulDescCreate(&handle_, compute, scale), CUBLAS_STATUS_SUCCESS);
    }
    ~Description() { cublasLtMatmulDescDestroy(handle_); }
    template <class V>
    void set(cublasLtMatmulDescAttributes_t name, V value) {
        EXPECT_EQ(cublasLtMatmulDescSetAttribute(handle_, name, &value, sizeof value),
                  CUBLAS_STATUS_SUCCESS);
    }
    operator cublasLtMatmulDesc_t() const { return handle_; }

  private:
    cublasLtMatmulDesc_t handle_ = nullptr;
};

class Lt : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(cublasLtCreate(&handle_), CUBLAS_STATUS_SUCCESS); }
    void TearDown() override { ASSERT_EQ(cublasLtDestroy(handle_), CUBLAS_STATUS_SUCCESS); }

    /// What the heuristic finds, and the product by it.
    cublasStatus_t matmul(const Description& d, const void* alpha, const Device<char>& a,
                          const Layout& la, const Device<char>& b, const Layout& lb,
                          const void* beta, const Device<char>& c, const Device<char>& out,
                          const Layout& lc, const Layout& lout) {
        cublasLtMatmulPreference_t preference;
        cublasLtMatmulHeuristicResult_t found;
        int many = 0;
        EXPECT_EQ(cublasLtMatmulPreferenceCreate(&preference), CUBLAS_STATUS_SUCCESS);
        const cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(handle_, d, la, lb, lc, lout,
                                                                     preference, 1, &found, &many);
        cublasLtMatmulPreferenceDestroy(preference);
        if (status != CUBLAS_STATUS_SUCCESS) return status;
        EXPECT_EQ(many, 1);
        return cublasLtMatmul(handle_, d, alpha, a.data(), la, b.data(), lb, beta, c.data(), lc,
                              out.data(), lout, &found.algo, nullptr, 0, nullptr);
    }

    cublasLtHandle_t handle_ = nullptr;
};

/// alpha op(A) op(B) + beta C as doubles, by columns.
std::vector<double> product(const Matrix& a, bool ta, const Matrix& b, bool tb, const Matrix& c,
                            double alpha, double beta) {
    std::vector<double> result;
    for (int j = 0; j < c.columns; ++j)
        for (int i = 0; i < c.rows; ++i) {
            double sum = 0;
            for (int k = 0; k < (ta ? a.rows : a.columns); ++k)
                sum += (ta ? a.at(k, i) : a.at(i, k)) * (tb ? b.at(j, k) : b.at(k, j));
            result.push_back(alpha * sum + beta * c.at(i, j));
        }
    return result;
}

void expect_matrix(const Matrix& like, const std::vector<char>& got,
                   const std::vector<double>& wanted, double more, const std::string& what) {
    for (int j = 0; j < like.columns; ++j)
        for (int i = 0; i < like.rows; ++i) {
            const double w = wanted[size_t(i + j * like.rows)];
            ASSERT_NEAR(like.take(got, like.place(i, j)), w, like.epsilon() * std::abs(w) + more)
                << what << " at " << i << " " << j;
        }
}

const int kM = 40, kN = 24, kK = 33;

TEST_F(Lt, LayoutsAndOperations) {
    Values values(1);
    const float alpha = 0.75f, beta = -0.5f;
    for (int turn = 0; turn < 32; ++turn) {
        const bool ta = turn & 1, tb = turn & 2, rows_a = turn & 4, rows_b = turn & 8,
                   rows_d = turn & 16;
        const Matrix a(CUDA_R_32F, ta ? kK : kM, ta ? kM : kK, values, rows_a),
            b(CUDA_R_32F, tb ? kN : kK, tb ? kK : kN, values, rows_b);
        const Matrix c(CUDA_R_32F, kM, kN, values, rows_d);
        Device<char> da(a.bytes), db(b.bytes), dc(c.bytes), out(c.bytes);
        Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
        desc.set(CUBLASLT_MATMUL_DESC_TRANSA, int32_t(ta ? CUBLAS_OP_T : CUBLAS_OP_N));
        desc.set(CUBLASLT_MATMUL_DESC_TRANSB, int32_t(tb ? CUBLAS_OP_T : CUBLAS_OP_N));
        Layout la(a), lb(b), lc(c);
        ACC_OK(matmul(desc, &alpha, da, la, db, lb, &beta, dc, out, lc, lc));
        expect_matrix(c, out.values(), product(a, ta, b, tb, c, alpha, beta), 2e-5,
                      "turn " + std::to_string(turn));
    }
}

TEST_F(Lt, Types) {
    struct Row {
        cublasComputeType_t compute;
        cudaDataType scale, a, b, c, d;
    };
    const Row rows[] = {
        {CUBLAS_COMPUTE_16F, CUDA_R_16F, CUDA_R_16F, CUDA_R_16F, CUDA_R_16F, CUDA_R_16F},
        {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_16F, CUDA_R_16F, CUDA_R_16F, CUDA_R_16F},
        {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_16BF, CUDA_R_16BF, CUDA_R_16BF, CUDA_R_16BF},
        {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_16BF, CUDA_R_16BF, CUDA_R_32F, CUDA_R_32F},
        {CUBLAS_COMPUTE_32F_FAST_TF32, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F},
        {CUBLAS_COMPUTE_64F, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F},
        {CUBLAS_COMPUTE_32I, CUDA_R_32I, CUDA_R_8I, CUDA_R_8I, CUDA_R_32I, CUDA_R_32I},
        {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_8F_E4M3, CUDA_R_8F_E4M3, CUDA_R_16BF, CUDA_R_16BF},
        {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_8F_E4M3, CUDA_R_8F_E5M2, CUDA_R_16F,
         CUDA_R_8F_E4M3},
        {CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_8F_E5M2, CUDA_R_8F_E4M3, CUDA_R_32F, CUDA_R_32F},
    };
    Values values(2);
    for (const Row& row : rows)
        for (int m : {7, kM}) {
            const Matrix a(row.a, kK, m, values), b(row.b, kK, kN, values), c(row.c, m, kN, values),
                d(row.d, m, kN, values);
            const bool integers = row.scale == CUDA_R_32I;
            const double alpha = integers ? 2 : 0.75, beta = integers ? -1 : -0.5;
            Matrix scale_a(row.scale, 1, 1, values), scale_b(row.scale, 1, 1, values);
            scale_a.put(0, alpha);
            scale_b.put(0, beta);
            Device<char> da(a.bytes), db(b.bytes), dc(c.bytes), out(d.bytes);
            Description desc(row.compute, row.scale);
            desc.set(CUBLASLT_MATMUL_DESC_TRANSA, int32_t(CUBLAS_OP_T));
            Layout la(a), lb(b), lc(c), ld(d);
            ACC_OK(matmul(desc, scale_a.bytes.data(), da, la, db, lb, scale_b.bytes.data(), dc, out,
                          lc, ld));
            expect_matrix(d, out.values(), product(a, true, b, false, c, alpha, beta),
                          integers                  ? 0
                          : row.scale == CUDA_R_64F ? 1e-13
                          : row.d == CUDA_R_8F_E4M3 ? 1e-3
                                                    : 1e-4, // half of the least e4m3
                          "type " + std::to_string(row.a) + " to " + std::to_string(row.d));
        }
}

TEST_F(Lt, BytesWithAFloatScaleSaturate) {
    Values values(3);
    const Matrix a(CUDA_R_8I, kK, kM, values), b(CUDA_R_8I, kK, kN, values),
        c(CUDA_R_8I, kM, kN, values);
    const float alpha = 0.5f, beta = 0;
    Device<char> da(a.bytes), db(b.bytes), dc(c.bytes), out(c.bytes);
    Description desc(CUBLAS_COMPUTE_32I, CUDA_R_32F);
    desc.set(CUBLASLT_MATMUL_DESC_TRANSA, int32_t(CUBLAS_OP_T));
    Layout la(a), lb(b), lc(c);
    ACC_OK(matmul(desc, &alpha, da, la, db, lb, &beta, dc, out, lc, lc));
    auto wanted = product(a, true, b, false, c, alpha, beta);
    for (double& w : wanted)
        w = std::min(127.0, std::max(-128.0, std::nearbyint(w)));
    expect_matrix(c, out.values(), wanted, 0, "int8");
}

double gelu(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}
double gelu_gradient(double x) {
    return (gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5;
}

/// Every epilogue, in floats, D by columns and by rows, small and in tiles.
class LtEpilogue : public Lt, public testing::WithParamInterface<std::tuple<bool, int>> {};

TEST_P(LtEpilogue, Values) {
    const auto [by_rows, m] = GetParam();
    blas_test::Values values(4);
    const Matrix a(CUDA_R_32F, m, kK, values), b(CUDA_R_32F, kK, kN, values),
        c(CUDA_R_32F, m, kN, values, by_rows);
    const Matrix bias(CUDA_R_32F, m, 1, values), aux(CUDA_R_32F, m, kN, values, by_rows);
    const float alpha = 1, beta = 0.5f;
    const auto sums = product(a, false, b, false, c, alpha, beta);
    Layout la(a), lb(b), lc(c);
    Device<char> da(a.bytes), db(b.bytes), dc(c.bytes), dbias(bias.bytes);
    const int aux_ld = 128;
    const size_t aux_lines = size_t(by_rows ? m : kN);
    const auto aux_place = [&, by_rows = by_rows](int i, int j) {
        return size_t(by_rows ? j + i * aux_ld : i + j * aux_ld);
    };
    for (int epilogue :
         {CUBLASLT_EPILOGUE_DEFAULT, CUBLASLT_EPILOGUE_RELU, CUBLASLT_EPILOGUE_BIAS,
          CUBLASLT_EPILOGUE_RELU_BIAS, CUBLASLT_EPILOGUE_GELU, CUBLASLT_EPILOGUE_GELU_BIAS,
          CUBLASLT_EPILOGUE_GELU_AUX, CUBLASLT_EPILOGUE_GELU_AUX_BIAS, CUBLASLT_EPILOGUE_RELU_AUX,
          CUBLASLT_EPILOGUE_RELU_AUX_BIAS, CUBLASLT_EPILOGUE_DRELU, CUBLASLT_EPILOGUE_DGELU,
          CUBLASLT_EPILOGUE_DRELU_BGRAD, CUBLASLT_EPILOGUE_DGELU_BGRAD}) {
        const bool gradient = (epilogue & (8 | 64)) != 0, with_bias = (epilogue & 4) != 0,
                   saves = (epilogue & 128) != 0 && !gradient;
        const bool relu = (epilogue & (2 | 8)) != 0, smooth = (epilogue & (32 | 64)) != 0;
        // The auxiliary matrix: floats for GELU, bits for ReLU.
        std::vector<float> floats(aux_lines * size_t(aux_ld));
        std::vector<unsigned> bits(aux_lines * size_t(aux_ld) / 32, 0x5555aaaa);
        for (int j = 0; j < kN; ++j)
            for (int i = 0; i < m; ++i)
                floats[aux_place(i, j)] = float(aux.at(i, j));
        Device<float> dfloats(floats);
        Device<unsigned> dbits(bits);
        Device<char> out(c.bytes), bias_out(bias.bytes);
        Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
        desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t(epilogue));
        const bool writes_bias = (epilogue & 16) != 0;
        desc.set(CUBLASLT_MATMUL_DESC_BIAS_POINTER,
                 static_cast<void*>(writes_bias ? bias_out.data() : dbias.data()));
        if ((epilogue & 128) != 0) {
            desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER,
                     relu ? static_cast<void*>(dbits.data()) : static_cast<void*>(dfloats.data()));
            desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, int64_t(aux_ld));
        }
        ACC_OK(matmul(desc, &alpha, da, la, db, lb, &beta, dc, out, lc, lc));
        auto wanted = sums;
        std::vector<double> row_sums(size_t(m), 0.0);
        const auto got_bits = dbits.values();
        const auto got_floats = dfloats.values();
        for (int j = 0; j < kN; ++j)
            for (int i = 0; i < m; ++i) {
                double& w = wanted[size_t(i + j * m)];
                const size_t place = aux_place(i, j);
                if (with_bias) w += bias.at(i, 0);
                if (saves && smooth) ASSERT_NEAR(got_floats[place], w, 2e-5) << epilogue;
                if (saves && relu && std::abs(w) > 1e-4)
                    ASSERT_EQ(got_bits[place / 32] >> (place % 32) & 1, w > 0 ? 1u : 0u)
                        << epilogue;
                if (gradient && relu) w = bits[place / 32] >> (place % 32) & 1 ? w : 0;
                if (gradient && smooth) w *= gelu_gradient(floats[place]);
                if (!gradient && relu) w = std::max(w, 0.0);
                if (!gradient && smooth) w = gelu(w);
                row_sums[size_t(i)] += w;
            }
        expect_matrix(c, out.values(), wanted, 4e-5, "epilogue " + std::to_string(epilogue));
        if (writes_bias)
            expect_matrix(bias, bias_out.values(), row_sums, 4e-4,
                          "bias gradient " + std::to_string(epilogue));
    }
}
INSTANTIATE_TEST_SUITE_P(Orders, LtEpilogue,
                         testing::Combine(testing::Bool(), testing::Values(9, kM)));

TEST_F(Lt, GradientsOfInputs) {
    Values values(5);
    const float alpha = 1, beta = 0;
    for (bool turned : {false, true}) {
        const Matrix a(CUDA_R_16BF, turned ? kK : kM, turned ? kM : kK, values),
            b(CUDA_R_16BF, kK, kN, values), c(CUDA_R_16BF, kM, kN, values);
        Layout la(a), lb(b), lc(c);
        Device<char> da(a.bytes), db(b.bytes), dc(c.bytes);
        for (int epilogue : {CUBLASLT_EPILOGUE_BGRADA, CUBLASLT_EPILOGUE_BGRADB}) {
            const bool of_a = epilogue == CUBLASLT_EPILOGUE_BGRADA;
            const Matrix bias(CUDA_R_16BF, of_a ? kM : kN, 1, values);
            Device<char> dbias(bias.bytes), out(c.bytes);
            Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
            desc.set(CUBLASLT_MATMUL_DESC_TRANSA, int32_t(turned ? CUBLAS_OP_T : CUBLAS_OP_N));
            desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t(epilogue));
            desc.set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, static_cast<void*>(dbias.data()));
            ACC_OK(matmul(desc, &alpha, da, la, db, lb, &beta, dc, out, lc, lc));
            std::vector<double> sums(size_t(bias.rows), 0.0);
            for (int i = 0; i < bias.rows; ++i)
                for (int k = 0; k < kK; ++k)
                    sums[size_t(i)] += !of_a ? b.at(k, i) : turned ? a.at(k, i) : a.at(i, k);
            expect_matrix(bias, dbias.values(), sums, 1e-5, "gradient " + std::to_string(epilogue));
            expect_matrix(c, out.values(), product(a, turned, b, false, c, 1, 0), 1e-5, "product");
        }
    }
}

TEST_F(Lt, ScalesAndTheLargestSizeOfD) {
    Values values(6);
    const Matrix a(CUDA_R_8F_E4M3, kK, kM, values), b(CUDA_R_8F_E4M3, kK, kN, values),
        c(CUDA_R_16BF, kM, kN, values), d(CUDA_R_8F_E4M3, kM, kN, values);
    const float alpha = 1, beta = 0;
    Layout la(a), lb(b), lc(c), ld(d);
    Device<char> da(a.bytes), db(b.bytes), dc(c.bytes), out(d.bytes);
    Device<float> scale_a({0.5f}), scale_b({4.f}), scale_d({0.25f}), amax({1e9f});
    Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
    desc.set(CUBLASLT_MATMUL_DESC_TRANSA, int32_t(CUBLAS_OP_T));
    desc.set(CUBLASLT_MATMUL_DESC_A_SCALE_POINTER, static_cast<void*>(scale_a.data()));
    desc.set(CUBLASLT_MATMUL_DESC_B_SCALE_POINTER, static_cast<void*>(scale_b.data()));
    desc.set(CUBLASLT_MATMUL_DESC_D_SCALE_POINTER, static_cast<void*>(scale_d.data()));
    desc.set(CUBLASLT_MATMUL_DESC_AMAX_D_POINTER, static_cast<void*>(amax.data()));
    desc.set(CUBLASLT_MATMUL_DESC_FAST_ACCUM, int8_t(1));
    ACC_OK(matmul(desc, &alpha, da, la, db, lb, &beta, dc, out, lc, ld));
    auto wanted = product(a, true, b, false, c, 2, 0);
    double largest = 0;
    for (double& w : wanted) {
        largest = std::max(largest, std::abs(w));
        w *= 0.25;
    }
    EXPECT_NEAR(amax.values()[0], largest, 1e-4);
    expect_matrix(d, out.values(), wanted, 1e-2, "fp8");
}

TEST_F(Lt, BatchesAndPointerModes) {
    Values values(7);
    const int batch = 3;
    const Matrix a(CUDA_R_32F, kM, kK * batch, values), b(CUDA_R_32F, kK, kN * batch, values),
        c(CUDA_R_32F, kM, kN * batch, values);
    Device<char> da(a.bytes), db(b.bytes), dc(c.bytes);
    cublasLtMatrixLayoutOpaque_t oa, ob, oc;
    ACC_OK(cublasLtMatrixLayoutInit(&oa, CUDA_R_32F, kM, kK, kM));
    ACC_OK(cublasLtMatrixLayoutInit(&ob, CUDA_R_32F, kK, kN, kK));
    ACC_OK(cublasLtMatrixLayoutInit(&oc, CUDA_R_32F, kM, kN, kM));
    const int64_t strides[] = {kM * kK, kK * kN, kM * kN};
    cublasLtMatrixLayout_t layouts[] = {&oa, &ob, &oc};
    for (int i = 0; i < 3; ++i) {
        ACC_OK(cublasLtMatrixLayoutSetAttribute(layouts[i], CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT,
                                                &batch, sizeof batch));
        ACC_OK(cublasLtMatrixLayoutSetAttribute(layouts[i],
                                                CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET,
                                                &strides[i], sizeof strides[i]));
    }
    const auto vector = values.many<float>(kM);
    Device<float> dvector(vector), done({1.f}), dhalf({0.5f});
    const float half = 0.5f;
    for (int mode : {CUBLASLT_POINTER_MODE_DEVICE, CUBLASLT_POINTER_MODE_DEVICE_VECTOR,
                     CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_ZERO,
                     CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_HOST}) {
        Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
        desc.set(CUBLASLT_MATMUL_DESC_POINTER_MODE, int32_t(mode));
        const bool scalar = mode == CUBLASLT_POINTER_MODE_DEVICE,
                   all = mode == CUBLASLT_POINTER_MODE_DEVICE_VECTOR;
        const bool none = mode == CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_ZERO;
        const void* alpha = scalar ? done.data() : dvector.data();
        const void* beta = scalar ? dhalf.data() : all ? dvector.data() : none ? nullptr : &half;
        Device<char> out(c.bytes);
        ACC_OK(cublasLtMatmul(handle_, desc, alpha, da.data(), &oa, db.data(), &ob, beta, dc.data(),
                              &oc, out.data(), &oc, nullptr, nullptr, 0, nullptr));
        const auto got = out.values();
        for (int z = 0; z < batch; ++z)
            for (int j = 0; j < kN; ++j)
                for (int i = 0; i < kM; ++i) {
                    double sum = 0;
                    for (int k = 0; k < kK; ++k)
                        sum += a.at(i, k + z * kK) * b.at(k, j + z * kN);
                    const double v = vector[size_t(i)], old = c.at(i, j + z * kN);
                    const double wanted = scalar ? sum + 0.5 * old
                                          : all  ? v * sum + v * old
                                          : none ? v * sum
                                                 : v * sum + 0.5 * old;
                    ASSERT_NEAR(c.take(got, size_t(i + (j + z * kN) * kM)), wanted, 2e-5)
                        << mode << " " << i << " " << j << " " << z;
                }
    }
}

/// A vector of alpha and of beta for numbers that are not floats, in tiles and small.
template <class T>
void expect_vectors(cublasLtHandle_t handle, cublasComputeType_t compute, cudaDataType type) {
    Values values(9);
    for (int m : {7, kM}) {
        const auto a = values.many<T>(size_t(m * kK)), b = values.many<T>(size_t(kK * kN)),
                   c = values.many<T>(size_t(m * kN)), alpha = values.many<T>(size_t(m)),
                   beta = values.many<T>(size_t(m));
        Device<T> da(a), db(b), dc(c), dalpha(alpha), dbeta(beta);
        cublasLtMatrixLayoutOpaque_t la, lb, lc;
        ACC_OK(cublasLtMatrixLayoutInit(&la, type, m, kK, m));
        ACC_OK(cublasLtMatrixLayoutInit(&lb, type, kK, kN, kK));
        ACC_OK(cublasLtMatrixLayoutInit(&lc, type, m, kN, m));
        Description desc(compute, type);
        desc.set(CUBLASLT_MATMUL_DESC_POINTER_MODE, int32_t(CUBLASLT_POINTER_MODE_DEVICE_VECTOR));
        ACC_OK(cublasLtMatmul(handle, desc, dalpha.data(), da.data(), &la, db.data(), &lb,
                              dbeta.data(), dc.data(), &lc, dc.data(), &lc, nullptr, nullptr, 0,
                              nullptr));
        std::vector<T> wanted;
        for (int j = 0; j < kN; ++j)
            for (int i = 0; i < m; ++i) {
                T sum = 0;
                for (int k = 0; k < kK; ++k)
                    sum += a[size_t(i + k * m)] * b[size_t(k + j * kK)];
                wanted.push_back(alpha[size_t(i)] * sum + beta[size_t(i)] * c[size_t(i + j * m)]);
            }
        expect_near(dc.values(), wanted, 4 * bound<T>(kK), "rows " + std::to_string(m));
    }
}

TEST_F(Lt, VectorsOfAlphaForDoublesAndComplexNumbers) {
    expect_vectors<double>(handle_, CUBLAS_COMPUTE_64F, CUDA_R_64F);
    expect_vectors<std::complex<float>>(handle_, CUBLAS_COMPUTE_32F, CUDA_C_32F);
    expect_vectors<std::complex<double>>(handle_, CUBLAS_COMPUTE_64F, CUDA_C_64F);
}

TEST_F(Lt, AZeroInAVectorOfAlphaHidesTheProduct) {
    Values values(10);
    for (int m : {7, kM}) {
        Matrix a(CUDA_R_32F, m, kK, values);
        const Matrix b(CUDA_R_32F, kK, kN, values), c(CUDA_R_32F, m, kN, values);
        for (int k = 0; k < kK; ++k)
            a.put(a.place(3, k), k % 2 ? NAN : INFINITY);
        auto vector = values.many<float>(size_t(m));
        vector[3] = 0;
        Device<char> da(a.bytes), db(b.bytes), dc(c.bytes), out(c.bytes);
        Device<float> alpha(vector);
        Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
        desc.set(CUBLASLT_MATMUL_DESC_POINTER_MODE,
                 int32_t(CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_HOST));
        Layout la(a), lb(b), lc(c);
        const float half = 0.5f;
        ACC_OK(cublasLtMatmul(handle_, desc, alpha.data(), da.data(), la, db.data(), lb, &half,
                              dc.data(), lc, out.data(), lc, nullptr, nullptr, 0, nullptr));
        const auto got = out.values();
        for (int j = 0; j < kN; ++j)
            ASSERT_EQ(c.take(got, c.place(3, j)), 0.5 * c.at(3, j)) << m << " column " << j;
    }
}

TEST_F(Lt, TypesBesideTheProduct) {
    Values values(11);
    const Matrix a(CUDA_R_32F, 4, 5, values), b(CUDA_R_32F, 5, 6, values),
        c(CUDA_R_32F, 4, 6, values);
    const Matrix wide_a(CUDA_R_64F, 4, 5, values), wide_b(CUDA_R_64F, 5, 6, values),
        wide_c(CUDA_R_64F, 4, 6, values);
    Layout la(a), lb(b), lc(c), wide_la(wide_a), wide_lb(wide_b), wide_lc(wide_c);
    const auto try_type = [&](bool wide, int epilogue, cublasLtMatmulDescAttributes_t which,
                              cudaDataType type) {
        Device<char> da(wide ? wide_a.bytes : a.bytes), db(wide ? wide_b.bytes : b.bytes),
            dc(wide ? wide_c.bytes : c.bytes), beside(std::vector<char>(16 * 6 * 8));
        Description desc(wide ? CUBLAS_COMPUTE_64F : CUBLAS_COMPUTE_32F,
                         wide ? CUDA_R_64F : CUDA_R_32F);
        desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t(epilogue));
        desc.set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, static_cast<void*>(beside.data()));
        desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, static_cast<void*>(beside.data()));
        desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, int64_t(16));
        desc.set(which, int32_t(type));
        const float one = 1;
        const double wide_one = 1;
        const void* factor = wide ? static_cast<const void*>(&wide_one) : &one;
        return wide ? matmul(desc, factor, da, wide_la, db, wide_lb, factor, dc, dc, wide_lc,
                             wide_lc)
                    : matmul(desc, factor, da, la, db, lb, factor, dc, dc, lc, lc);
    };
    const auto bias = CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE;
    const auto aux = CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE;
    EXPECT_EQ(try_type(false, CUBLASLT_EPILOGUE_BIAS, bias, CUDA_R_16F), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(try_type(false, CUBLASLT_EPILOGUE_GELU_AUX, aux, CUDA_R_16BF), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(try_type(true, CUBLASLT_EPILOGUE_BGRADA, bias, CUDA_R_64F), CUBLAS_STATUS_SUCCESS);
    for (cudaDataType type : {CUDA_R_64F, CUDA_C_32F, CUDA_R_32I}) {
        EXPECT_EQ(try_type(false, CUBLASLT_EPILOGUE_BIAS, bias, type), CUBLAS_STATUS_NOT_SUPPORTED);
        EXPECT_EQ(try_type(false, CUBLASLT_EPILOGUE_BGRADB, bias, type),
                  CUBLAS_STATUS_NOT_SUPPORTED);
        EXPECT_EQ(try_type(false, CUBLASLT_EPILOGUE_GELU_AUX, aux, type),
                  CUBLAS_STATUS_NOT_SUPPORTED);
    }
    EXPECT_EQ(try_type(true, CUBLASLT_EPILOGUE_BGRADA, bias, CUDA_R_32F),
              CUBLAS_STATUS_NOT_SUPPORTED);
}

TEST_F(Lt, WhatDoesNotFitIsRefused) {
    Values values(8);
    const Matrix a(CUDA_R_32F, 4, 5, values), b(CUDA_R_32F, 5, 6, values),
        c(CUDA_R_32F, 4, 6, values);
    Device<char> da(a.bytes), db(b.bytes), dc(c.bytes);
    const float one = 1;
    Layout la(a), lb(b), lc(c);
    Description desc(CUBLAS_COMPUTE_32F, CUDA_R_32F);
    EXPECT_EQ(matmul(desc, &one, da, la, db, lb, &one, dc, dc, lc, lc), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(matmul(desc, &one, da, lb, db, la, &one, dc, dc, lc, lc),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasLtMatmul(nullptr, desc, &one, da.data(), la, db.data(), lb, &one, dc.data(), lc,
                             dc.data(), lc, nullptr, nullptr, 0, nullptr),
              CUBLAS_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cublasLtMatmul(handle_, desc, nullptr, da.data(), la, db.data(), lb, &one, dc.data(),
                             lc, dc.data(), lc, nullptr, nullptr, 0, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasLtMatmul(handle_, desc, &one, da.data(), la, db.data(), nullptr, &one,
                             dc.data(), lc, dc.data(), lc, nullptr, nullptr, 0, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    Description wrong(CUBLAS_COMPUTE_64F, CUDA_R_32F);
    EXPECT_EQ(matmul(wrong, &one, da, la, db, lb, &one, dc, dc, lc, lc),
              CUBLAS_STATUS_NOT_SUPPORTED);
    Layout strips(c);
    strips.set(CUBLASLT_MATRIX_LAYOUT_ORDER, int32_t(CUBLASLT_ORDER_COL4_4R2_8C));
    EXPECT_EQ(matmul(desc, &one, da, la, db, lb, &one, dc, dc, strips, strips),
              CUBLAS_STATUS_NOT_SUPPORTED);
    Layout narrow(c);
    narrow.set(CUBLASLT_MATRIX_LAYOUT_LD, int64_t(3));
    EXPECT_EQ(matmul(desc, &one, da, la, db, lb, &one, dc, dc, narrow, narrow),
              CUBLAS_STATUS_INVALID_VALUE);
    desc.set(CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t(CUBLASLT_EPILOGUE_BIAS));
    EXPECT_EQ(cublasLtMatmul(handle_, desc, &one, da.data(), la, db.data(), lb, &one, dc.data(), lc,
                             dc.data(), lc, nullptr, nullptr, 0, nullptr),
              CUBLAS_STATUS_INVALID_VALUE); // no bias
}

} // namespace
} // namespace blas_test
