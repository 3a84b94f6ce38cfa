// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sparse to dense and back.
#include "formats.h"

namespace sparse_test {
namespace {

constexpr cudaDataType kTypes[] = {CUDA_R_32F, CUDA_R_64F,  CUDA_C_32F, CUDA_C_64F,
                                   CUDA_R_16F, CUDA_R_16BF, CUDA_C_16F, CUDA_C_16BF};

std::vector<Format> formats(bool to_dense) {
    std::vector<Format> result;
    for (auto index : {CUSPARSE_INDEX_32I, CUSPARSE_INDEX_64I})
        for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE}) {
            for (auto format : {CUSPARSE_FORMAT_CSR, CUSPARSE_FORMAT_CSC, CUSPARSE_FORMAT_COO})
                result.push_back({format, index, base});
            if (!to_dense) continue;
            result.push_back({CUSPARSE_FORMAT_BSR, index, base, 2, 3, CUSPARSE_ORDER_COL});
            result.push_back({CUSPARSE_FORMAT_BLOCKED_ELL, index, base, 2, 2});
            result.push_back({CUSPARSE_FORMAT_SLICED_ELLPACK, index, base});
        }
    return result;
}

class Conversions : public Sparse {};

TEST_F(Conversions, SparseToDense) {
    Random random(21);
    for (const Format& f : formats(true))
        for (cudaDataType type : kTypes)
            for (auto order : {CUSPARSE_ORDER_ROW, CUSPARSE_ORDER_COL}) {
                const int rows = (2 + random.below(12)) / f.block_rows * f.block_rows;
                const int columns = (3 + random.below(12)) / f.block_columns * f.block_columns;
                const Matrix m = random_sparse(random, type, rows, columns, 0.4);
                Described a(m, type, f);
                DescribedDense b(random_dense(random, type, rows, columns), type, order, 2);
                size_t size = 77;
                ACC_OK(cusparseSparseToDense_bufferSize(handle_, a, b,
                                                        CUSPARSE_SPARSETODENSE_ALG_DEFAULT, &size));
                Memory buffer(size);
                ACC_OK(cusparseSparseToDense(handle_, a, b, CUSPARSE_SPARSETODENSE_ALG_DEFAULT,
                                             buffer.data()));
                expect_near(b.value().values, m.values, 0, "to dense");
                if (HasFatalFailure()) return;
            }
}

/// Of a descriptor without elements: how a program converts.
struct Empty {
    Empty(const Format& f, cudaDataType type, int rows, int columns)
        : lines(f.format == CUSPARSE_FORMAT_CSC ? columns : rows), offsets(size_t(lines + 1) * 8) {
        const auto index = f.index;
        void* o = offsets.data();
        switch (f.format) {
        case CUSPARSE_FORMAT_CSR:
            EXPECT_EQ(cusparseCreateCsr(&m, rows, columns, 0, o, nullptr, nullptr, index, index,
                                        f.base, type),
                      CUSPARSE_STATUS_SUCCESS);
            break;
        case CUSPARSE_FORMAT_CSC:
            EXPECT_EQ(cusparseCreateCsc(&m, rows, columns, 0, o, nullptr, nullptr, index, index,
                                        f.base, type),
                      CUSPARSE_STATUS_SUCCESS);
            break;
        default:
            EXPECT_EQ(cusparseCreateCoo(&m, rows, columns, 0, nullptr, nullptr, nullptr, index,
                                        f.base, type),
                      CUSPARSE_STATUS_SUCCESS);
        }
    }
    ~Empty() { cusparseDestroySpMat(m); }
    int lines;
    Memory offsets;
    cusparseSpMatDescr_t m = nullptr;
};

TEST_F(Conversions, DenseToSparse) {
    Random random(22);
    for (const Format& f : formats(false))
        for (cudaDataType type : kTypes)
            for (auto order : {CUSPARSE_ORDER_ROW, CUSPARSE_ORDER_COL}) {
                const int rows = random.below(14), columns = 1 + random.below(14);
                Matrix m = random_sparse(random, type, rows, columns, 0.4);
                if (rows > 0) m.at(0, 0) = -0.0; // is zero
                DescribedDense a(m, type, order, 1);
                Empty b(f, type, rows, columns);
                const auto alg = CUSPARSE_DENSETOSPARSE_ALG_DEFAULT;
                size_t size = 0;
                ACC_OK(cusparseDenseToSparse_bufferSize(handle_, a, b.m, alg, &size));
                Memory buffer(size);
                ACC_OK(cusparseDenseToSparse_analysis(handle_, a, b.m, alg, buffer.data()));
                int64_t r, c, nnz, wanted = 0;
                ACC_OK(cusparseSpMatGetSize(b.m, &r, &c, &nnz));
                for (Number value : m.values)
                    wanted += value != 0.0;
                ASSERT_EQ(nnz, wanted);
                Memory sorted(size_t(nnz) * 8), indices(size_t(nnz) * 8),
                    values(size_t(nnz) * size_of(type));
                if (f.format == CUSPARSE_FORMAT_COO)
                    ACC_OK(
                        cusparseCooSetPointers(b.m, sorted.data(), indices.data(), values.data()));
                else if (f.format == CUSPARSE_FORMAT_CSC)
                    ACC_OK(cusparseCscSetPointers(b.m, b.offsets.data(), indices.data(),
                                                  values.data()));
                else
                    ACC_OK(cusparseCsrSetPointers(b.m, b.offsets.data(), indices.data(),
                                                  values.data()));
                ACC_OK(cusparseDenseToSparse_convert(handle_, a, b.m, alg, buffer.data()));
                // Back, by what SparseToDense shows.
                DescribedDense back(random_dense(random, type, rows, columns), type, order, 3);
                ACC_OK(cusparseSparseToDense(handle_, b.m, back, CUSPARSE_SPARSETODENSE_ALG_DEFAULT,
                                             nullptr));
                expect_near(back.value().values, m.values, 0, "to sparse and back");
                if (HasFatalFailure()) return;
            }
}

TEST_F(Conversions, DenseToCsrWritesEachArray) {
    Matrix m(3, 4);
    m.at(0, 1) = 5;
    m.at(2, 0) = 6;
    m.at(2, 3) = 7;
    DescribedDense a(m, CUDA_R_32F, CUSPARSE_ORDER_ROW);
    Empty b({CUSPARSE_FORMAT_CSR, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ONE}, CUDA_R_32F, 3, 4);
    const auto alg = CUSPARSE_DENSETOSPARSE_ALG_DEFAULT;
    size_t size = 0;
    ACC_OK(cusparseDenseToSparse_bufferSize(handle_, a, b.m, alg, &size));
    Memory buffer(size), columns(12);
    Array values(CUDA_R_32F, std::vector<Number>(3));
    ACC_OK(cusparseDenseToSparse_analysis(handle_, a, b.m, alg, buffer.data()));
    ACC_OK(cusparseCsrSetPointers(b.m, b.offsets.data(), columns.data(), values.data()));
    ACC_OK(cusparseDenseToSparse_convert(handle_, a, b.m, alg, buffer.data()));
    EXPECT_EQ(ints(b.offsets.data(), 4), (std::vector<int>{1, 2, 2, 4}));
    EXPECT_EQ(ints(columns.data(), 3), (std::vector<int>{2, 1, 4}));
    expect_near(values.values(), {5.0, 6.0, 7.0}, 0, "values");
}

TEST_F(Conversions, DenseToBlockedEllTakesTheBlocksThatAreNamed) {
    Matrix m(4, 6);
    for (int r = 0; r < 4; ++r)
        for (int c = 0; c < 6; ++c)
            m.at(r, c) = 10 * r + c;
    DescribedDense a(m, CUDA_R_32F, CUSPARSE_ORDER_COL);
    Index blocks(CUSPARSE_INDEX_32I, {1, -1, 0, 2});
    Array values(CUDA_R_32F, std::vector<Number>(16, 99.0));
    cusparseSpMatDescr_t b;
    ACC_OK(cusparseCreateBlockedEll(&b, 4, 6, 2, 4, blocks.data(), values.data(),
                                    CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO, CUDA_R_32F));
    const auto alg = CUSPARSE_DENSETOSPARSE_ALG_DEFAULT;
    size_t size = 0;
    ACC_OK(cusparseDenseToSparse_bufferSize(handle_, a, b, alg, &size));
    Memory buffer(size);
    ACC_OK(cusparseDenseToSparse_analysis(handle_, a, b, alg, buffer.data()));
    ACC_OK(cusparseDenseToSparse_convert(handle_, a, b, alg, buffer.data()));
    expect_near(
        values.values(),
        {2.0, 3.0, 0.0, 0.0, 12.0, 13.0, 0.0, 0.0, 20.0, 21.0, 24.0, 25.0, 30.0, 31.0, 34.0, 35.0},
        0, "blocks");
    ACC_OK(cusparseDestroySpMat(b));
}

TEST_F(Conversions, StatusesOfBadArguments) {
    Described a(Matrix(3, 2), CUDA_R_32F, {}), bsr(Matrix(3, 2), CUDA_R_32F, {CUSPARSE_FORMAT_BSR});
    DescribedDense b(Matrix(3, 2), CUDA_R_32F, CUSPARSE_ORDER_COL),
        wide(Matrix(3, 2), CUDA_R_64F, CUSPARSE_ORDER_COL),
        other(Matrix(2, 3), CUDA_R_32F, CUSPARSE_ORDER_COL);
    const auto to = CUSPARSE_SPARSETODENSE_ALG_DEFAULT;
    const auto from = CUSPARSE_DENSETOSPARSE_ALG_DEFAULT;
    const auto bad = CUSPARSE_STATUS_INVALID_VALUE, unsupported = CUSPARSE_STATUS_NOT_SUPPORTED,
               none = CUSPARSE_STATUS_NOT_INITIALIZED;
    size_t size;
    EXPECT_EQ(cusparseSparseToDense(nullptr, a, b, to, nullptr), none);
    EXPECT_EQ(cusparseSparseToDense(handle_, nullptr, b, to, nullptr), bad);
    EXPECT_EQ(cusparseSparseToDense(handle_, a, nullptr, to, nullptr), bad);
    EXPECT_EQ(cusparseSparseToDense(handle_, a, other, to, nullptr), bad);
    EXPECT_EQ(cusparseSparseToDense(handle_, a, wide, to, nullptr), unsupported);
    EXPECT_EQ(cusparseSparseToDense(handle_, a, b, cusparseSparseToDenseAlg_t(1), nullptr), bad);
    EXPECT_EQ(cusparseSparseToDense_bufferSize(handle_, a, b, to, nullptr), bad);
    EXPECT_EQ(cusparseSparseToDense_bufferSize(nullptr, a, b, to, &size), none);
    EXPECT_EQ(cusparseDenseToSparse_bufferSize(nullptr, b, a, from, &size), none);
    EXPECT_EQ(cusparseDenseToSparse_bufferSize(handle_, b, a, from, nullptr), bad);
    EXPECT_EQ(cusparseDenseToSparse_bufferSize(handle_, b, bsr, from, &size), unsupported);
    EXPECT_EQ(cusparseDenseToSparse_analysis(handle_, b, a, from, nullptr), bad);
    EXPECT_EQ(cusparseDenseToSparse_analysis(handle_, wide, a, from, nullptr), unsupported);
    EXPECT_EQ(cusparseDenseToSparse_convert(handle_, other, a, from, nullptr), bad);
    EXPECT_EQ(cusparseDenseToSparse_convert(nullptr, b, a, from, nullptr), none);
}

} // namespace
} // namespace sparse_test
