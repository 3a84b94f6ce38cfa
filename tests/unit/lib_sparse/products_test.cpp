// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SpMV, SpMM and SDDMM against dense products on the host, in double precision.
#include "formats.h"

namespace sparse_test {
namespace {

struct Types {
    cudaDataType a, x, y, compute;
};
constexpr Types kTypes[] = {
    {CUDA_R_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F},
    {CUDA_R_64F, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F},
    {CUDA_C_32F, CUDA_C_32F, CUDA_C_32F, CUDA_C_32F},
    {CUDA_C_64F, CUDA_C_64F, CUDA_C_64F, CUDA_C_64F},
    {CUDA_R_8I, CUDA_R_8I, CUDA_R_32I, CUDA_R_32I},
    {CUDA_R_8I, CUDA_R_8I, CUDA_R_32F, CUDA_R_32F},
    {CUDA_R_16F, CUDA_R_16F, CUDA_R_16F, CUDA_R_32F},
    {CUDA_R_16F, CUDA_R_16F, CUDA_R_32F, CUDA_R_32F},
    {CUDA_R_16BF, CUDA_R_16BF, CUDA_R_16BF, CUDA_R_32F},
    {CUDA_R_16BF, CUDA_R_16BF, CUDA_R_32F, CUDA_R_32F},
    {CUDA_C_16F, CUDA_C_16F, CUDA_C_16F, CUDA_C_32F},
    {CUDA_C_16BF, CUDA_C_16BF, CUDA_C_16BF, CUDA_C_32F},
};
constexpr Types kVectorTypes[] = {
    {CUDA_R_32F, CUDA_R_64F, CUDA_R_64F, CUDA_R_64F},
    {CUDA_R_32F, CUDA_C_32F, CUDA_C_32F, CUDA_C_32F},
    {CUDA_R_64F, CUDA_C_64F, CUDA_C_64F, CUDA_C_64F},
};

/// What sums of `terms` products of numbers of about one may differ by.
double bound(const Types& t, int terms) {
    return (4 * terms + 16) * epsilon(t.compute) +
           (t.y == t.compute ? 0 : 1) * epsilon(t.y) * 4 * std::max(1, terms);
}

Number scalar_of(Random& random, cudaDataType type) {
    return random.one(type);
}

class Buffer {
  public:
    explicit Buffer(size_t size) : memory_(size) {}
    void* data() const { return memory_.data(); }

  private:
    Memory memory_;
};

class Products : public Sparse {
  protected:
    void spmv(const Matrix& m, const Types& t, const Format& f, cusparseOperation_t op,
              Number alpha, Number beta, Random& random, const std::string& where) {
        const Matrix a = m.op(op);
        Described matrix(m, t.a, f);
        const std::vector<Number> x = random.many(t.x, size_t(a.columns));
        std::vector<Number> y = random.many(t.y, size_t(a.rows));
        DescribedVector vx(x, t.x), vy(y, t.y);
        const Scalar s(t.compute, alpha), u(t.compute, beta);
        size_t size = 77;
        ACC_OK(cusparseSpMV_bufferSize(handle_, op, s.data(), matrix, vx, u.data(), vy, t.compute,
                                       CUSPARSE_SPMV_ALG_DEFAULT, &size));
        Buffer buffer(size);
        ACC_OK(cusparseSpMV_preprocess(handle_, op, s.data(), matrix, vx, u.data(), vy, t.compute,
                                       CUSPARSE_SPMV_ALG_DEFAULT, buffer.data()));
        ACC_OK(cusparseSpMV(handle_, op, s.data(), matrix, vx, u.data(), vy, t.compute,
                            CUSPARSE_SPMV_ALG_DEFAULT, buffer.data()));
        for (int r = 0; r < a.rows; ++r) {
            Number sum = 0;
            for (int c = 0; c < a.columns; ++c)
                sum += a.at(r, c) * x[size_t(c)];
            y[size_t(r)] = alpha * sum + beta * y[size_t(r)];
        }
        const double scale = t.a == CUDA_R_8I ? 81 : 1;
        expect_near(vy.values(), y, scale * bound(t, a.columns), where);
    }

    void spmm(const Matrix& m, const Types& t, const Format& f, cusparseOperation_t op_a,
              cusparseOperation_t op_b, cusparseOrder_t order, int n, Number alpha, Number beta,
              Random& random, const std::string& where) {
        const Matrix a = m.op(op_a);
        Described matrix(m, t.a, f);
        const Matrix b = op_b == kN ? random_dense(random, t.x, a.columns, n)
                                    : random_dense(random, t.x, n, a.columns);
        Matrix c = random_dense(random, t.y, a.rows, n);
        DescribedDense mb(b, t.x, order, 2),
            mc(c, t.y, order == CUSPARSE_ORDER_COL ? CUSPARSE_ORDER_ROW : CUSPARSE_ORDER_COL, 1);
        const Scalar s(t.compute, alpha), u(t.compute, beta);
        size_t size = 77;
        ACC_OK(cusparseSpMM_bufferSize(handle_, op_a, op_b, s.data(), matrix, mb, u.data(), mc,
                                       t.compute, CUSPARSE_SPMM_ALG_DEFAULT, &size));
        Buffer buffer(size);
        ACC_OK(cusparseSpMM_preprocess(handle_, op_a, op_b, s.data(), matrix, mb, u.data(), mc,
                                       t.compute, CUSPARSE_SPMM_ALG_DEFAULT, buffer.data()));
        ACC_OK(cusparseSpMM(handle_, op_a, op_b, s.data(), matrix, mb, u.data(), mc, t.compute,
                            CUSPARSE_SPMM_ALG_DEFAULT, buffer.data()));
        const Matrix sum = product(a, b.op(op_b));
        for (size_t i = 0; i < c.values.size(); ++i)
            c.values[i] = alpha * sum.values[i] + beta * c.values[i];
        const double scale = t.a == CUDA_R_8I ? 81 : 1;
        expect_near(mc.value().values, c.values, scale * bound(t, a.columns), where);
    }
};

std::vector<Format> formats_of(bool vectors) {
    std::vector<Format> result;
    for (auto index : {CUSPARSE_INDEX_32I, CUSPARSE_INDEX_64I})
        for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE}) {
            for (auto format : {CUSPARSE_FORMAT_CSR, CUSPARSE_FORMAT_CSC, CUSPARSE_FORMAT_COO})
                result.push_back({format, index, base});
            for (auto order : {CUSPARSE_ORDER_ROW, CUSPARSE_ORDER_COL})
                result.push_back({CUSPARSE_FORMAT_BSR, index, base, 2, 3, order});
            if (vectors)
                result.push_back(
                    {CUSPARSE_FORMAT_SLICED_ELLPACK, index, base, 1, 1, CUSPARSE_ORDER_ROW, 4});
            else
                result.push_back({CUSPARSE_FORMAT_BLOCKED_ELL, index, base, 2, 2});
        }
    return result;
}

/// Sizes that the format's blocks divide.
int fitting(int n, int block) {
    return n / block * block;
}

TEST_F(Products, SpMVOfEveryFormatAndOperation) {
    Random random(1);
    for (const Format& f : formats_of(true))
        for (auto op : {kN, kT, kC})
            for (const Types& t : kTypes) {
                const int rows = fitting(1 + random.below(24), f.block_rows);
                const int columns = fitting(3 + random.below(24), f.block_columns);
                const Number beta = random.below(3) == 0 ? 0 : scalar_of(random, t.compute);
                spmv(random_sparse(random, t.a, rows, columns, 0.3), t, f, op,
                     scalar_of(random, t.compute), beta, random,
                     "format " + std::to_string(f.format) + " op " + std::to_string(op) + " type " +
                         std::to_string(t.a) + " " + std::to_string(rows) + "x" +
                         std::to_string(columns));
                if (HasFatalFailure()) return;
            }
}

TEST_F(Products, SpMVOfMixedTypes) {
    Random random(2);
    for (const Types& t : kVectorTypes)
        for (auto op : {kN, kT, kC})
            spmv(random_sparse(random, t.a, 17, 13, 0.3), t, {}, op, scalar_of(random, t.compute),
                 scalar_of(random, t.compute), random, "mixed");
}

TEST_F(Products, SpMVOfEverySize) {
    Random random(3);
    const Types t = kTypes[0];
    for (int rows = 0; rows <= 20; ++rows)
        for (int columns = 0; columns <= 20; columns += 1 + rows % 3)
            for (auto op : {kN, kT})
                spmv(random_sparse(random, t.a, rows, columns, 0.4), t, {}, op, 1.5, -0.5, random,
                     std::to_string(rows) + "x" + std::to_string(columns));
}

TEST_F(Products, SpMVOfRowsOfAllLengths) {
    Random random(4);
    for (const Types& t : {kTypes[0], kTypes[1], kTypes[3]})
        for (int columns : {5, 40, 100, 300, 700})
            for (auto op : {kN, kC})
                spmv(random_sparse(random, t.a, 70, columns, 0.9), t, {}, op, 0.5, 2, random,
                     "long rows");
}

TEST_F(Products, BetaZeroDoesNotReadY) {
    const Types t = kTypes[0];
    Matrix m(2, 2);
    m.at(0, 0) = 3;
    Described matrix(m, t.a, {});
    DescribedVector x({1.0, 1.0}, t.x), y({NAN, NAN}, t.y);
    const float one = 1, zero = 0;
    ACC_OK(cusparseSpMV(handle_, kN, &one, matrix, x, &zero, y, CUDA_R_32F,
                        CUSPARSE_SPMV_ALG_DEFAULT, nullptr));
    expect_near(y.values(), {3.0, 0.0}, 0, "beta zero");
    DescribedVector nan({NAN, 1.0}, t.x);
    ACC_OK(cusparseSpMV(handle_, kN, &one, matrix, nan, &zero, y, CUDA_R_32F,
                        CUSPARSE_SPMV_ALG_DEFAULT, nullptr));
    EXPECT_TRUE(std::isnan(y.values()[0].real()));
    EXPECT_EQ(y.values()[1], 0.0);
}

TEST_F(Products, ScalarsOnTheDevice) {
    Matrix m(1, 1);
    m.at(0, 0) = 3;
    Described matrix(m, CUDA_R_64F, {});
    DescribedVector x({5.0}, CUDA_R_64F), y({7.0}, CUDA_R_64F);
    Array scalars(CUDA_R_64F, {2.0, 10.0});
    ACC_OK(cusparseSetPointerMode(handle_, CUSPARSE_POINTER_MODE_DEVICE));
    const auto* s = static_cast<const double*>(scalars.data());
    ACC_OK(cusparseSpMV(handle_, kN, s, matrix, x, s + 1, y, CUDA_R_64F, CUSPARSE_SPMV_ALG_DEFAULT,
                        nullptr));
    expect_near(y.values(), {100.0}, 0, "device scalars");
}

TEST_F(Products, SpMMOfEveryFormatAndOperation) {
    Random random(5);
    int turn = 0;
    for (const Format& f : formats_of(false))
        for (auto op_a : {kN, kT, kC})
            for (const Types& t : kTypes) {
                const auto op_b = std::array{kN, kT, kC}[size_t(turn % 3)];
                const auto order = turn++ % 2 == 0 ? CUSPARSE_ORDER_ROW : CUSPARSE_ORDER_COL;
                const int rows = fitting(2 + random.below(16), f.block_rows);
                const int columns = fitting(3 + random.below(16), f.block_columns);
                spmm(random_sparse(random, t.a, rows, columns, 0.3), t, f, op_a, op_b, order,
                     1 + random.below(9), scalar_of(random, t.compute),
                     random.below(3) == 0 ? 0 : scalar_of(random, t.compute), random,
                     "format " + std::to_string(f.format) + " ops " + std::to_string(op_a) +
                         std::to_string(op_b) + " type " + std::to_string(t.a));
                if (HasFatalFailure()) return;
            }
}

TEST_F(Products, SpMMOfBatches) {
    // Two matrices of a structure each, one B for both: op(A) as it is and transposed.
    const std::vector<int64_t> offsets = {0, 1, 3, 0, 2, 3}, columns = {1, 0, 1, 0, 1, 1};
    const std::vector<Number> values = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
    Index o(CUSPARSE_INDEX_32I, offsets), c(CUSPARSE_INDEX_32I, columns);
    Array v(CUDA_R_32F, values), b(CUDA_R_32F, {1.0, 10.0});
    for (auto op : {kN, kT}) {
        Array y(CUDA_R_32F, std::vector<Number>(4));
        cusparseSpMatDescr_t a;
        cusparseDnMatDescr_t mb, mc;
        ACC_OK(cusparseCreateCsr(&a, 2, 2, 3, o.data(), c.data(), v.data(), CUSPARSE_INDEX_32I,
                                 CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO, CUDA_R_32F));
        ACC_OK(cusparseCsrSetStridedBatch(a, 2, 3, 3));
        ACC_OK(cusparseCreateDnMat(&mb, 2, 1, 2, b.data(), CUDA_R_32F, CUSPARSE_ORDER_COL));
        ACC_OK(cusparseDnMatSetStridedBatch(mb, 2, 0));
        ACC_OK(cusparseCreateDnMat(&mc, 2, 1, 2, y.data(), CUDA_R_32F, CUSPARSE_ORDER_COL));
        ACC_OK(cusparseDnMatSetStridedBatch(mc, 2, 2));
        const float one = 1, zero = 0;
        size_t size = 0;
        ACC_OK(cusparseSpMM_bufferSize(handle_, op, kN, &one, a, mb, &zero, mc, CUDA_R_32F,
                                       CUSPARSE_SPMM_CSR_ALG2, &size));
        Memory buffer(size);
        ACC_OK(cusparseSpMM(handle_, op, kN, &one, a, mb, &zero, mc, CUDA_R_32F,
                            CUSPARSE_SPMM_CSR_ALG2, buffer.data()));
        // The matrices are (0 1; 2 3) and (4 5; 0 6).
        if (op == kN)
            expect_near(y.values(), {10.0, 32.0, 54.0, 60.0}, 0, "batch");
        else
            expect_near(y.values(), {20.0, 31.0, 4.0, 65.0}, 0, "transposed batch");
        ACC_OK(cusparseDestroySpMat(a));
        ACC_OK(cusparseDestroyDnMat(mb));
        ACC_OK(cusparseDestroyDnMat(mc));
    }
}

TEST_F(Products, ManyBatches) {
    const int count = 66000; // more than a grid has in y
    std::vector<Number> numbers(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i)
        numbers[size_t(i)] = double(i);
    Index o(CUSPARSE_INDEX_32I, {0, 1}), c(CUSPARSE_INDEX_32I, {0});
    Array three(CUDA_R_32F, {3.0}), x(CUDA_R_32F, numbers), y(CUDA_R_32F, numbers);
    cusparseSpMatDescr_t a;
    cusparseDnMatDescr_t mb, mc;
    ACC_OK(cusparseCreateCsr(&a, 1, 1, 1, o.data(), c.data(), three.data(), CUSPARSE_INDEX_32I,
                             CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO, CUDA_R_32F));
    ACC_OK(cusparseCreateDnMat(&mb, 1, 1, 1, x.data(), CUDA_R_32F, CUSPARSE_ORDER_COL));
    ACC_OK(cusparseDnMatSetStridedBatch(mb, count, 1));
    ACC_OK(cusparseCreateDnMat(&mc, 1, 1, 1, y.data(), CUDA_R_32F, CUSPARSE_ORDER_COL));
    ACC_OK(cusparseDnMatSetStridedBatch(mc, count, 1));
    const float one = 1, zero = 0;
    ACC_OK(cusparseSpMM(handle_, kN, kN, &one, a, mb, &zero, mc, CUDA_R_32F, CUSPARSE_SPMM_CSR_ALG2,
                        nullptr));
    const std::vector<Number> got = y.values();
    for (int i : {0, 1, 65534, 65535, count - 1})
        EXPECT_EQ(got[size_t(i)], 3.0 * i);
    ACC_OK(cusparseDestroySpMat(a));
    ACC_OK(cusparseDestroyDnMat(mb));
    ACC_OK(cusparseDestroyDnMat(mc));
}

TEST_F(Products, SDDMMOfEveryFormatAndOperation) {
    Random random(6);
    int turn = 0;
    std::vector<Format> formats = {
        {}, {CUSPARSE_FORMAT_CSR, CUSPARSE_INDEX_64I, CUSPARSE_INDEX_BASE_ONE}};
    for (auto order : {CUSPARSE_ORDER_ROW, CUSPARSE_ORDER_COL})
        formats.push_back(
            {CUSPARSE_FORMAT_BSR, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ONE, 2, 2, order});
    for (const Format& f : formats)
        for (auto op_a : {kN, kT})
            for (auto op_b : {kN, kT})
                for (size_t type : {0, 1, 2, 3, 6, 7}) {
                    const Types& t = kTypes[type];
                    const auto order = turn++ % 2 == 0 ? CUSPARSE_ORDER_ROW : CUSPARSE_ORDER_COL;
                    const int m = fitting(2 + random.below(16), 2);
                    const int n = fitting(2 + random.below(16), 2), k = random.below(12);
                    Matrix pattern = random_sparse(random, t.y, m, n, 0.4);
                    const Matrix a = op_a == kN ? random_dense(random, t.a, m, k)
                                                : random_dense(random, t.a, k, m);
                    const Matrix b = op_b == kN ? random_dense(random, t.x, k, n)
                                                : random_dense(random, t.x, n, k);
                    const Number alpha = random.one(t.compute), beta = random.one(t.compute);
                    Described c(pattern, t.y, f);
                    DescribedDense ma(a, t.a, order, 1), mb(b, t.x, order, 3);
                    const Scalar s(t.compute, alpha), u(t.compute, beta);
                    size_t size = 0;
                    ACC_OK(cusparseSDDMM_bufferSize(handle_, op_a, op_b, s.data(), ma, mb, u.data(),
                                                    c, t.compute, CUSPARSE_SDDMM_ALG_DEFAULT,
                                                    &size));
                    Memory buffer(size);
                    ACC_OK(cusparseSDDMM_preprocess(handle_, op_a, op_b, s.data(), ma, mb, u.data(),
                                                    c, t.compute, CUSPARSE_SDDMM_ALG_DEFAULT,
                                                    buffer.data()));
                    ACC_OK(cusparseSDDMM(handle_, op_a, op_b, s.data(), ma, mb, u.data(), c,
                                         t.compute, CUSPARSE_SDDMM_ALG_DEFAULT, buffer.data()));
                    const Matrix sum = product(a.op(op_a), b.op(op_b));
                    Matrix full(m, n);
                    for (size_t i = 0; i < sum.values.size(); ++i)
                        full.values[i] = alpha * sum.values[i] + beta * pattern.values[i];
                    // The result in C's order, from a matrix that is stored the same way.
                    std::vector<Number> wanted;
                    if (f.format == CUSPARSE_FORMAT_CSR) {
                        for (size_t i = 0; i < full.values.size(); ++i)
                            if (pattern.values[i] != 0.0) wanted.push_back(full.values[i]);
                    } else {
                        const auto& columns = c.indices();
                        for (int r = 0; r < m; r += 2)
                            for (int64_t p = c.offsets()[size_t(r / 2)] - 1;
                                 p < c.offsets()[size_t(r / 2 + 1)] - 1; ++p)
                                for (int i = 0; i < 4; ++i) {
                                    const int high = i / 2, low = i % 2;
                                    const int column = int(columns[size_t(p)] - 1) * 2;
                                    wanted.push_back(f.order == CUSPARSE_ORDER_ROW
                                                         ? full.at(r + high, column + low)
                                                         : full.at(r + low, column + high));
                                }
                    }
                    expect_near(c.values(), wanted, bound(t, k), "sddmm");
                    if (HasFatalFailure()) return;
                }
}

TEST_F(Products, StatusesOfBadArguments) {
    Matrix m(3, 2);
    m.at(0, 0) = 1;
    Described a(m, CUDA_R_32F, {}), c(m, CUDA_R_32F, {}),
        ell(Matrix(2, 2), CUDA_R_32F,
            {CUSPARSE_FORMAT_BLOCKED_ELL, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO, 2, 2}),
        slices(m, CUDA_R_32F, {CUSPARSE_FORMAT_SLICED_ELLPACK});
    DescribedVector x({1.0, 1.0}, CUDA_R_32F), y({1.0, 1.0, 1.0}, CUDA_R_32F),
        wide({1.0, 1.0}, CUDA_R_64F), z({1.0, 1.0}, CUDA_R_32F);
    DescribedDense b(Matrix(2, 4), CUDA_R_32F, CUSPARSE_ORDER_COL),
        r(Matrix(3, 4), CUDA_R_32F, CUSPARSE_ORDER_COL),
        left(Matrix(3, 4), CUDA_R_32F, CUSPARSE_ORDER_COL),
        right(Matrix(4, 2), CUDA_R_32F, CUSPARSE_ORDER_COL);
    const float one = 1;
    const auto alg = CUSPARSE_SPMV_ALG_DEFAULT;
    const auto bad_op = cusparseOperation_t(3);
    size_t size;
    const auto spmv = [&](auto h, auto op, const void* s, auto ma, auto vx, const void* u, auto vy,
                          cudaDataType type, auto how) {
        const cusparseStatus_t status = cusparseSpMV(h, op, s, ma, vx, u, vy, type, how, nullptr);
        EXPECT_EQ(cusparseSpMV_preprocess(h, op, s, ma, vx, u, vy, type, how, nullptr), status);
        EXPECT_EQ(cusparseSpMV_bufferSize(h, op, s, ma, vx, u, vy, type, how, &size), status);
        return status;
    };
    using V = cusparseDnVecDescr_t;
    using M = cusparseDnMatDescr_t;
    const cusparseSpMatDescr_t A = a;
    EXPECT_EQ(spmv(nullptr, kN, &one, A, V(x), &one, V(y), CUDA_R_32F, alg),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    for (int broken = 0; broken < 5; ++broken)
        EXPECT_EQ(spmv(handle_, kN, broken == 0 ? nullptr : &one, broken == 1 ? nullptr : A,
                       broken == 2 ? nullptr : V(x), broken == 3 ? nullptr : &one,
                       broken == 4 ? nullptr : V(y), CUDA_R_32F, alg),
                  CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmv(handle_, bad_op, &one, A, V(x), &one, V(y), CUDA_R_32F, alg),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmv(handle_, kN, &one, A, V(x), &one, V(y), CUDA_R_32F, cusparseSpMVAlg_t(99)),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmv(handle_, kT, &one, A, V(x), &one, V(y), CUDA_R_32F, alg),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmv(handle_, kN, &one, A, V(wide), &one, V(y), CUDA_R_32F, alg),
              CUSPARSE_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(spmv(handle_, kN, &one, A, V(x), &one, V(y), CUDA_R_16F, alg),
              CUSPARSE_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(spmv(handle_, kN, &one, cusparseSpMatDescr_t(ell), V(x), &one, V(z), CUDA_R_32F, alg),
              CUSPARSE_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(cusparseSpMV_bufferSize(handle_, kN, &one, a, x, &one, y, CUDA_R_32F, alg, nullptr),
              CUSPARSE_STATUS_INVALID_VALUE);
    // Transposing needs the buffer.
    EXPECT_EQ(cusparseSpMV(handle_, kT, &one, a, y, &one, x, CUDA_R_32F, alg, nullptr),
              CUSPARSE_STATUS_INVALID_VALUE);

    const auto spmm = [&](auto h, auto op, const void* s, auto ma, M mb, const void* u, M mc,
                          cudaDataType type, auto how) {
        const cusparseStatus_t status = cusparseSpMM(h, op, kN, s, ma, mb, u, mc, type, how,
                                                     nullptr);
        EXPECT_EQ(cusparseSpMM_preprocess(h, op, kN, s, ma, mb, u, mc, type, how, nullptr), status);
        EXPECT_EQ(cusparseSpMM_bufferSize(h, op, kN, s, ma, mb, u, mc, type, how, &size), status);
        return status;
    };
    const auto mm = CUSPARSE_SPMM_ALG_DEFAULT;
    EXPECT_EQ(spmm(nullptr, kN, &one, A, b, &one, r, CUDA_R_32F, mm),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    for (int broken = 0; broken < 5; ++broken)
        EXPECT_EQ(spmm(handle_, kN, broken == 0 ? nullptr : &one, broken == 1 ? nullptr : A,
                       broken == 2 ? nullptr : M(b), broken == 3 ? nullptr : &one,
                       broken == 4 ? nullptr : M(r), CUDA_R_32F, mm),
                  CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmm(handle_, bad_op, &one, A, b, &one, r, CUDA_R_32F, mm),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmm(handle_, kN, &one, A, r, &one, b, CUDA_R_32F, mm),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(spmm(handle_, kN, &one, A, b, &one, r, CUDA_R_64F, mm),
              CUSPARSE_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(spmm(handle_, kN, &one, cusparseSpMatDescr_t(slices), b, &one, r, CUDA_R_32F, mm),
              CUSPARSE_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(spmm(handle_, kN, &one, A, b, &one, r, CUDA_R_32F, cusparseSpMMAlg_t(99)),
              CUSPARSE_STATUS_INVALID_VALUE);

    const auto sddmm = [&](auto h, auto op, const void* s, M ma, M mb, const void* u,
                           cusparseSpMatDescr_t mc, cudaDataType type) {
        const auto how = CUSPARSE_SDDMM_ALG_DEFAULT;
        const cusparseStatus_t status = cusparseSDDMM(h, op, kN, s, ma, mb, u, mc, type, how,
                                                      nullptr);
        EXPECT_EQ(cusparseSDDMM_preprocess(h, op, kN, s, ma, mb, u, mc, type, how, nullptr),
                  status);
        EXPECT_EQ(cusparseSDDMM_bufferSize(h, op, kN, s, ma, mb, u, mc, type, how, &size), status);
        return status;
    };
    EXPECT_EQ(sddmm(nullptr, kN, &one, left, right, &one, c, CUDA_R_32F),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    for (int broken = 0; broken < 5; ++broken)
        EXPECT_EQ(sddmm(handle_, kN, broken == 0 ? nullptr : &one, broken == 1 ? nullptr : M(left),
                        broken == 2 ? nullptr : M(right), broken == 3 ? nullptr : &one,
                        broken == 4 ? nullptr : cusparseSpMatDescr_t(c), CUDA_R_32F),
                  CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(sddmm(handle_, kT, &one, left, right, &one, c, CUDA_R_32F),
              CUSPARSE_STATUS_INVALID_VALUE);
    EXPECT_EQ(sddmm(handle_, kN, &one, left, right, &one, c, CUDA_R_64F),
              CUSPARSE_STATUS_NOT_SUPPORTED);
    EXPECT_EQ(sddmm(handle_, kN, &one, left, right, &one, slices, CUDA_R_32F),
              CUSPARSE_STATUS_NOT_SUPPORTED);
}

} // namespace
} // namespace sparse_test
