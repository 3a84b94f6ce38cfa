// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of sparse matrices: structure exactly, values against the dense product.
#include "formats.h"

namespace sparse_test {
namespace {

struct Types {
    cudaDataType type, compute;
};
constexpr Types kTypes[] = {{CUDA_R_32F, CUDA_R_32F}, {CUDA_R_64F, CUDA_R_64F},
                            {CUDA_C_32F, CUDA_C_32F}, {CUDA_C_64F, CUDA_C_64F},
                            {CUDA_R_16F, CUDA_R_32F}, {CUDA_R_16BF, CUDA_R_32F}};

/// C in the making, and what it has to be.
struct Result {
    Result(const Matrix& a, const Matrix& b, cudaDataType t, const Format& f)
        : type(t), format(f), full(product(a, b)), offsets(size_t(a.rows + 1) * 8) {
        for (int r = 0; r < a.rows; ++r)
            for (int c = 0; c < b.columns; ++c) {
                bool there = false;
                for (int k = 0; k < a.columns; ++k)
                    there |= a.at(r, k) != 0.0 && b.at(k, c) != 0.0;
                if (there) rows.push_back(r), columns.push_back(c);
            }
        EXPECT_EQ(cusparseCreateCsr(&m, a.rows, b.columns, 0, offsets.data(), nullptr, nullptr,
                                    f.index, f.index, f.base, t),
                  CUSPARSE_STATUS_SUCCESS);
    }
    ~Result() { cusparseDestroySpMat(m); }

    /// The size that the library found, and arrays of it; values begin as `before`.
    void allocate(Random& random) {
        int64_t r, c, nnz;
        ACC_OK(cusparseSpMatGetSize(m, &r, &c, &nnz));
        ASSERT_EQ(size_t(nnz), rows.size());
        before = random.many(type, size_t(nnz));
        indices = std::make_unique<Memory>(size_t(nnz) * 8);
        values = std::make_unique<Array>(type, before);
        ACC_OK(cusparseCsrSetPointers(m, offsets.data(), indices->data(), values->data()));
    }
    void expect(Number alpha, Number beta, double limit) {
        const size_t wide = format.index == CUSPARSE_INDEX_64I ? 8 : 4;
        std::vector<char> bytes(rows.size() * 8 + 8);
        indices->read(bytes.data());
        std::vector<Number> wanted;
        for (size_t i = 0; i < rows.size(); ++i) {
            int64_t column = 0;
            std::memcpy(&column, bytes.data() + i * wide, wide);
            ASSERT_EQ(column, columns[i] + (format.base == CUSPARSE_INDEX_BASE_ONE)) << i;
            wanted.push_back(alpha * full.at(rows[i], columns[i]) + beta * before[i]);
        }
        std::vector<char> starts(size_t(full.rows + 1) * 8);
        offsets.read(starts.data());
        for (int r = 0; r <= full.rows; ++r) {
            int64_t start = 0;
            std::memcpy(&start, starts.data() + size_t(r) * wide, wide);
            int64_t count = format.base == CUSPARSE_INDEX_BASE_ONE;
            for (int row : rows)
                count += row < r;
            ASSERT_EQ(start, count) << "row " << r;
        }
        expect_near(values->values(), wanted, limit, "values");
        before = values->values();
    }

    cudaDataType type;
    Format format;
    Matrix full;
    Memory offsets;
    std::vector<int> rows, columns;
    std::vector<Number> before;
    std::unique_ptr<Memory> indices;
    std::unique_ptr<Array> values;
    cusparseSpMatDescr_t m = nullptr;
};

class SpGemm : public Sparse {
  protected:
    /// f(a, b, types, format) for matrices of all kinds.
    template <class F>
    void each(F f) {
        Random random(41);
        for (auto index : {CUSPARSE_INDEX_32I, CUSPARSE_INDEX_64I})
            for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE})
                for (const Types& t : kTypes)
                    for (int turn = 0; turn < 3; ++turn) {
                        const int m = random.below(20), k = 1 + random.below(20),
                                  n = 1 + random.below(20);
                        f(random, random_sparse(random, t.type, m, k, 0.3),
                          random_sparse(random, t.type, k, n, turn == 2 ? 0 : 0.3), t,
                          Format{CUSPARSE_FORMAT_CSR, index, base});
                        if (HasFatalFailure()) return;
                    }
    }
    static double bound(const Types& t) {
        return 60 * epsilon(t.compute) + (t.type == t.compute ? 0 : 16 * epsilon(t.type));
    }
};

TEST_F(SpGemm, InThreeSteps) {
    each([&](Random& random, const Matrix& ma, const Matrix& mb, const Types& t, const Format& f) {
        Described a(ma, t.type, f), b(mb, t.type, f);
        Result c(ma, mb, t.type, f);
        const Number alpha = random.one(t.compute),
                     beta = random.below(2) ? random.one(t.compute) : Number(0);
        const Scalar s(t.compute, alpha), u(t.compute, beta);
        cusparseSpGEMMDescr_t p;
        ACC_OK(cusparseSpGEMM_createDescr(&p));
        const auto alg = CUSPARSE_SPGEMM_DEFAULT;
        const auto step = [&](auto function, size_t* size, void* buffer) {
            return function(handle_, kN, kN, s.data(), a, b, u.data(), c.m, t.compute, alg, p, size,
                            buffer);
        };
        size_t size1 = 0, size2 = 0;
        ACC_OK(step(cusparseSpGEMM_workEstimation, &size1, nullptr));
        Memory buffer1(size1);
        ACC_OK(step(cusparseSpGEMM_workEstimation, &size1, buffer1.data()));
        int64_t products = -1, wanted = 0;
        ACC_OK(cusparseSpGEMM_getNumProducts(p, &products));
        for (int i = 0; i < ma.rows; ++i)
            for (int k = 0; k < ma.columns; ++k)
                for (int j = 0; j < mb.columns; ++j)
                    wanted += ma.at(i, k) != 0.0 && mb.at(k, j) != 0.0;
        EXPECT_EQ(products, wanted);
        ACC_OK(step(cusparseSpGEMM_compute, &size2, nullptr));
        Memory buffer2(size2);
        ACC_OK(step(cusparseSpGEMM_compute, &size2, buffer2.data()));
        c.allocate(random);
        ACC_OK(
            cusparseSpGEMM_copy(handle_, kN, kN, s.data(), a, b, u.data(), c.m, t.compute, alg, p));
        c.expect(alpha, beta, bound(t));
        ACC_OK(cusparseSpGEMM_destroyDescr(p));
    });
}

TEST_F(SpGemm, StructureOnceValuesOften) {
    each([&](Random& random, const Matrix& ma, const Matrix& mb, const Types& t, const Format& f) {
        Described a(ma, t.type, f), b(mb, t.type, f);
        Result c(ma, mb, t.type, f);
        cusparseSpGEMMDescr_t p;
        ACC_OK(cusparseSpGEMM_createDescr(&p));
        const auto alg = CUSPARSE_SPGEMM_DEFAULT;
        size_t s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0;
        const auto estimate = [&](void* b1) {
            return cusparseSpGEMMreuse_workEstimation(handle_, kN, kN, a, b, c.m, alg, p, &s1, b1);
        };
        ACC_OK(estimate(nullptr));
        auto b1 = std::make_unique<Memory>(s1);
        ACC_OK(estimate(b1->data()));
        const auto count = [&](void* b2, void* b3, void* b4) {
            return cusparseSpGEMMreuse_nnz(handle_, kN, kN, a, b, c.m, alg, p, &s2, b2, &s3, b3,
                                           &s4, b4);
        };
        ACC_OK(count(nullptr, nullptr, nullptr));
        auto b2 = std::make_unique<Memory>(s2), b3 = std::make_unique<Memory>(s3);
        Memory b4(s4);
        ACC_OK(count(b2->data(), b3->data(), b4.data()));
        b1.reset(); // as documented
        b2.reset();
        c.allocate(random);
        const auto copy = [&](void* b5) {
            return cusparseSpGEMMreuse_copy(handle_, kN, kN, a, b, c.m, alg, p, &s5, b5);
        };
        ACC_OK(copy(nullptr));
        Memory b5(s5);
        ACC_OK(copy(b5.data()));
        b3.reset();
        for (int turn = 0; turn < 2; ++turn) {
            const Number alpha = random.one(t.compute), beta = random.one(t.compute);
            const Scalar s(t.compute, alpha), u(t.compute, beta);
            ACC_OK(cusparseSpGEMMreuse_compute(handle_, kN, kN, s.data(), a, b, u.data(), c.m,
                                               t.compute, alg, p));
            c.expect(alpha, beta, bound(t));
        }
        ACC_OK(cusparseSpGEMM_destroyDescr(p));
    });
}

TEST_F(SpGemm, OfManyProducts) {
    // More products than one tile of the sort, keys of many digits.
    Random random(42);
    const Types t = kTypes[1];
    const Matrix ma = random_sparse(random, t.type, 60, 70, 0.5),
                 mb = random_sparse(random, t.type, 70, 300, 0.2);
    Described a(ma, t.type, {}), b(mb, t.type, {});
    Result c(ma, mb, t.type, {});
    cusparseSpGEMMDescr_t p;
    ACC_OK(cusparseSpGEMM_createDescr(&p));
    const double one = 1, zero = 0;
    const auto alg = CUSPARSE_SPGEMM_ALG3;
    size_t size1 = 0, size2 = 0, size3 = 0;
    const auto step = [&](auto function, size_t* size, void* buffer) {
        return function(handle_, kN, kN, &one, a, b, &zero, c.m, t.compute, alg, p, size, buffer);
    };
    ACC_OK(step(cusparseSpGEMM_workEstimation, &size1, nullptr));
    Memory buffer1(size1);
    ACC_OK(step(cusparseSpGEMM_workEstimation, &size1, buffer1.data()));
    const auto memory = [&](void* buffer, size_t* size) {
        return cusparseSpGEMM_estimateMemory(handle_, kN, kN, &one, a, b, &zero, c.m, t.compute,
                                             alg, p, 0.2f, &size3, buffer, size);
    };
    ACC_OK(memory(nullptr, nullptr));
    Memory buffer3(size3);
    ACC_OK(memory(buffer3.data(), &size2));
    Memory buffer2(size2);
    ACC_OK(step(cusparseSpGEMM_compute, &size2, buffer2.data()));
    c.allocate(random);
    ACC_OK(cusparseSpGEMM_copy(handle_, kN, kN, &one, a, b, &zero, c.m, t.compute, alg, p));
    c.expect(1, 0, 200 * epsilon(t.compute));
    ACC_OK(cusparseSpGEMM_destroyDescr(p));
}

TEST_F(SpGemm, StatusesOfBadArguments) {
    Matrix m(2, 2);
    m.at(0, 0) = 1;
    Described a(m, CUDA_R_32F, {}), b(m, CUDA_R_32F, {}), c(m, CUDA_R_32F, {}),
        other(Matrix(3, 3), CUDA_R_32F, {}), coo(m, CUDA_R_32F, {CUSPARSE_FORMAT_COO}),
        wide(m, CUDA_R_64F, {});
    cusparseSpGEMMDescr_t p;
    ACC_OK(cusparseSpGEMM_createDescr(&p));
    const float one = 1;
    size_t size;
    int64_t count;
    const auto bad = CUSPARSE_STATUS_INVALID_VALUE, unsupported = CUSPARSE_STATUS_NOT_SUPPORTED;
    const auto check = [&](cusparseHandle_t h, cusparseOperation_t op, const void* s,
                           cusparseSpMatDescr_t ma, cusparseSpMatDescr_t mb,
                           cusparseSpMatDescr_t mc, cudaDataType type, cusparseSpGEMMDescr_t d) {
        const auto alg = CUSPARSE_SPGEMM_DEFAULT;
        const auto status = cusparseSpGEMM_workEstimation(h, op, kN, s, ma, mb, &one, mc, type, alg,
                                                          d, &size, nullptr);
        EXPECT_EQ(
            cusparseSpGEMM_compute(h, op, kN, s, ma, mb, &one, mc, type, alg, d, &size, nullptr),
            status);
        EXPECT_EQ(cusparseSpGEMM_copy(h, op, kN, s, ma, mb, &one, mc, type, alg, d), status);
        return status;
    };
    EXPECT_EQ(check(nullptr, kN, &one, a, b, c, CUDA_R_32F, p), CUSPARSE_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(check(handle_, kN, nullptr, a, b, c, CUDA_R_32F, p), bad);
    EXPECT_EQ(check(handle_, kN, &one, nullptr, b, c, CUDA_R_32F, p), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, nullptr, c, CUDA_R_32F, p), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, b, nullptr, CUDA_R_32F, p), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, b, c, CUDA_R_32F, nullptr), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, other, c, CUDA_R_32F, p), bad);
    EXPECT_EQ(check(handle_, kT, &one, a, b, c, CUDA_R_32F, p), unsupported);
    EXPECT_EQ(check(handle_, kN, &one, coo, b, c, CUDA_R_32F, p), unsupported);
    EXPECT_EQ(check(handle_, kN, &one, a, wide, c, CUDA_R_32F, p), unsupported);
    EXPECT_EQ(check(handle_, kN, &one, a, b, c, CUDA_R_64F, p), unsupported);
    EXPECT_EQ(cusparseSpGEMM_getNumProducts(p, &count), bad); // not known yet
    // Steps out of their order.
    EXPECT_EQ(cusparseSpGEMM_compute(handle_, kN, kN, &one, a, b, &one, c, CUDA_R_32F,
                                     CUSPARSE_SPGEMM_DEFAULT, p, &size, nullptr),
              bad);
    EXPECT_EQ(cusparseSpGEMM_copy(handle_, kN, kN, &one, a, b, &one, c, CUDA_R_32F,
                                  CUSPARSE_SPGEMM_DEFAULT, p),
              bad);
    ACC_OK(cusparseSpGEMM_destroyDescr(p));
    ACC_OK(cusparseSpGEMM_destroyDescr(nullptr));
}

} // namespace
} // namespace sparse_test
