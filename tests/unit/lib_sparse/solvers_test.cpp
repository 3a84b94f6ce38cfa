// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Triangular solvers. A solution is right when A x differs from alpha b by roundings of the sums
// (the backward error), computed on the host in double precision.
#include "formats.h"

#include <cstdlib>

namespace sparse_test {
namespace {

constexpr cudaDataType kTypes[] = {CUDA_R_32F, CUDA_R_64F, CUDA_C_32F, CUDA_C_64F};

/// Square, with a strong diagonal and elements on both sides: a solver must not look at the other.
Matrix square(Random& random, cudaDataType type, int n) {
    Matrix m = random_sparse(random, type, n, n, 0.3);
    for (int i = 0; i < n; ++i)
        m.at(i, i) = random.one(type) + Number(2);
    for (int i = 0; i < n; ++i) {
        char bytes[16];
        put(type, m.at(i, i), bytes);
        m.at(i, i) = get(type, bytes);
    }
    return m;
}

Matrix triangle(const Matrix& m, cusparseFillMode_t fill, cusparseDiagType_t diag) {
    Matrix t(m.rows, m.columns);
    for (int r = 0; r < m.rows; ++r)
        for (int c = 0; c < m.columns; ++c)
            if (r == c)
                t.at(r, c) = diag == CUSPARSE_DIAG_TYPE_UNIT ? Number(1) : m.at(r, c);
            else if ((c < r) == (fill == CUSPARSE_FILL_MODE_LOWER))
                t.at(r, c) = m.at(r, c);
    return t;
}

/// |a x - b| <= roundings * |a| |x|, element by element.
void expect_solves(const Matrix& a, const Matrix& x, const Matrix& b, cudaDataType type,
                   const std::string& where) {
    for (int r = 0; r < a.rows; ++r)
        for (int j = 0; j < x.columns; ++j) {
            Number sum = 0;
            double size = std::abs(b.at(r, j));
            for (int c = 0; c < a.columns; ++c) {
                sum += a.at(r, c) * x.at(c, j);
                size += std::abs(a.at(r, c)) * std::abs(x.at(c, j));
            }
            ASSERT_LE(std::abs(sum - b.at(r, j)), (2 * a.rows + 16) * epsilon(type) * size)
                << where << " row " << r << " column " << j;
        }
}

class Solvers : public Sparse {
  protected:
    static void set(cusparseSpMatDescr_t m, cusparseFillMode_t fill, cusparseDiagType_t diag) {
        ACC_OK(cusparseSpMatSetAttribute(m, CUSPARSE_SPMAT_FILL_MODE, &fill, sizeof fill));
        ACC_OK(cusparseSpMatSetAttribute(m, CUSPARSE_SPMAT_DIAG_TYPE, &diag, sizeof diag));
    }
    /// Combinations of what a triangle can be; all of them with ACC_TEST_ALL in the environment.
    template <class F>
    void each(bool slices, F f) {
        std::vector<Format> formats;
        for (auto index : {CUSPARSE_INDEX_32I, CUSPARSE_INDEX_64I})
            for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE})
                for (auto format : {CUSPARSE_FORMAT_CSR, CUSPARSE_FORMAT_CSC, CUSPARSE_FORMAT_COO})
                    formats.push_back({format, index, base});
        if (slices) formats.push_back({CUSPARSE_FORMAT_SLICED_ELLPACK});
        const bool all = std::getenv("ACC_TEST_ALL") != nullptr;
        int turn = 0;
        for (const Format& format : formats)
            for (cudaDataType type : kTypes)
                for (auto fill : {CUSPARSE_FILL_MODE_LOWER, CUSPARSE_FILL_MODE_UPPER})
                    for (auto diag : {CUSPARSE_DIAG_TYPE_NON_UNIT, CUSPARSE_DIAG_TYPE_UNIT})
                        for (auto op : {kN, kT, kC}) {
                            if (!all && turn++ % 5 != 0) continue;
                            f(format, type, fill, diag, op);
                            if (HasFatalFailure()) return;
                        }
    }
};

Matrix scaled(Number alpha, Matrix m) {
    for (Number& value : m.values)
        value *= alpha;
    return m;
}

TEST_F(Solvers, SpSVOfEveryTriangle) {
    Random random(31);
    each(true, [&](const Format& f, cudaDataType type, auto fill, auto diag, auto op) {
        const int n = 1 + random.below(30);
        const Matrix m = square(random, type, n);
        Described a(m, type, f);
        set(a, fill, diag);
        Matrix b = random_dense(random, type, n, 1);
        DescribedVector x(b.values, type), y(std::vector<Number>(size_t(n)), type);
        const Number alpha = random.one(type);
        const Scalar s(type, alpha);
        cusparseSpSVDescr_t solver;
        const auto alg = CUSPARSE_SPSV_ALG_DEFAULT;
        ACC_OK(cusparseSpSV_createDescr(&solver));
        size_t size = 0;
        ACC_OK(cusparseSpSV_bufferSize(handle_, op, s.data(), a, x, y, type, alg, solver, &size));
        Memory buffer(size);
        ACC_OK(cusparseSpSV_analysis(handle_, op, s.data(), a, x, y, type, alg, solver,
                                     buffer.data()));
        ACC_OK(cusparseSpSV_solve(handle_, op, s.data(), a, x, y, type, alg, solver));
        Matrix got(n, 1);
        got.values = y.values();
        expect_solves(triangle(m, fill, diag).op(op), got, scaled(alpha, b), type, "spsv");

        // New values, then a new diagonal.
        if (f.format == CUSPARSE_FORMAT_CSR) {
            Matrix twice = scaled(2.0, m);
            Described other(twice, type, f);
            ACC_OK(cusparseSpSV_updateMatrix(handle_, solver, other.value_data(),
                                             CUSPARSE_SPSV_UPDATE_GENERAL));
            ACC_OK(cusparseSpSV_solve(handle_, op, s.data(), a, x, y, type, alg, solver));
            got.values = y.values();
            expect_solves(triangle(twice, fill, diag).op(op), got, scaled(alpha, b), type,
                          "updated");
            const std::vector<Number> diagonal(size_t(n), 3.0);
            Array values(type, diagonal);
            for (int i = 0; i < n; ++i)
                twice.at(i, i) = 3;
            ACC_OK(cusparseSpSV_updateMatrix(handle_, solver, values.data(),
                                             CUSPARSE_SPSV_UPDATE_DIAGONAL));
            ACC_OK(cusparseSpSV_solve(handle_, op, s.data(), a, x, y, type, alg, solver));
            got.values = y.values();
            expect_solves(triangle(twice, fill, diag).op(op), got, scaled(alpha, b), type,
                          "diagonal");
        }
        ACC_OK(cusparseSpSV_destroyDescr(solver));
    });
}

TEST_F(Solvers, SpSVOfALongChain) {
    // Each row depends on the one before: the whole order in which rows wait for each other.
    const int n = 500;
    const cudaDataType type = CUDA_R_64F;
    std::vector<int64_t> offsets{0}, columns;
    std::vector<Number> values;
    for (int i = 0; i < n; ++i) {
        if (i > 0) columns.push_back(i - 1), values.push_back(-1.0);
        columns.push_back(i), values.push_back(1.0);
        offsets.push_back(int64_t(columns.size()));
    }
    Index o(CUSPARSE_INDEX_32I, offsets), c(CUSPARSE_INDEX_32I, columns);
    Array v(type, values);
    cusparseSpMatDescr_t a;
    ACC_OK(cusparseCreateCsr(&a, n, n, int64_t(columns.size()), o.data(), c.data(), v.data(),
                             CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO,
                             type));
    for (auto op : {kN, kT}) {
        DescribedVector x(std::vector<Number>(size_t(n), 1.0), type),
            y(std::vector<Number>(size_t(n)), type);
        const double one = 1;
        cusparseSpSVDescr_t solver;
        const auto alg = CUSPARSE_SPSV_ALG_DEFAULT;
        ACC_OK(cusparseSpSV_createDescr(&solver));
        size_t size = 0;
        ACC_OK(cusparseSpSV_bufferSize(handle_, op, &one, a, x, y, type, alg, solver, &size));
        Memory buffer(size);
        ACC_OK(cusparseSpSV_analysis(handle_, op, &one, a, x, y, type, alg, solver, buffer.data()));
        ACC_OK(cusparseSpSV_solve(handle_, op, &one, a, x, y, type, alg, solver));
        std::vector<Number> wanted;
        for (int i = 0; i < n; ++i)
            wanted.push_back(op == kN ? i + 1 : n - i);
        expect_near(y.values(), wanted, 0, "chain");
        ACC_OK(cusparseSpSV_destroyDescr(solver));
    }
    ACC_OK(cusparseDestroySpMat(a));
}

TEST_F(Solvers, SpSMOfEveryTriangle) {
    Random random(32);
    int turn = 0;
    each(false, [&](const Format& f, cudaDataType type, auto fill, auto diag, auto op) {
        const int n = 1 + random.below(20), columns = turn % 5 == 0 ? 40 : 1 + random.below(7);
        const auto op_b = std::array{kN, kT, kC}[size_t(turn % 3)];
        const auto order = turn++ % 2 == 0 ? CUSPARSE_ORDER_ROW : CUSPARSE_ORDER_COL;
        const Matrix m = square(random, type, n);
        Described a(m, type, f);
        set(a, fill, diag);
        const Matrix b = op_b == kN ? random_dense(random, type, n, columns)
                                    : random_dense(random, type, columns, n);
        DescribedDense mb(b, type, order, 1), mc(Matrix(n, columns), type, CUSPARSE_ORDER_COL, 2);
        const Number alpha = random.one(type);
        const Scalar s(type, alpha);
        cusparseSpSMDescr_t solver;
        const auto alg = CUSPARSE_SPSM_ALG_DEFAULT;
        ACC_OK(cusparseSpSM_createDescr(&solver));
        size_t size = 0;
        ACC_OK(cusparseSpSM_bufferSize(handle_, op, op_b, s.data(), a, mb, mc, type, alg, solver,
                                       &size));
        Memory buffer(size);
        ACC_OK(cusparseSpSM_analysis(handle_, op, op_b, s.data(), a, mb, mc, type, alg, solver,
                                     buffer.data()));
        ACC_OK(cusparseSpSM_solve(handle_, op, op_b, s.data(), a, mb, mc, type, alg, solver));
        expect_solves(triangle(m, fill, diag).op(op), mc.value(), scaled(alpha, b.op(op_b)), type,
                      "spsm");
        ACC_OK(cusparseSpSM_destroyDescr(solver));
    });
}

TEST_F(Solvers, StatusesOfBadArguments) {
    Matrix m(2, 2), wide(2, 3);
    m.at(0, 0) = m.at(1, 1) = 1;
    Described a(m, CUDA_R_32F, {}), rectangle(wide, CUDA_R_32F, {}),
        bsr(m, CUDA_R_32F, {CUSPARSE_FORMAT_BSR});
    DescribedVector x({1.0, 1.0}, CUDA_R_32F), y({1.0, 1.0}, CUDA_R_32F),
        longer({1.0, 1.0, 1.0}, CUDA_R_32F), d({1.0, 1.0}, CUDA_R_64F);
    const float one = 1;
    size_t size;
    const auto alg = CUSPARSE_SPSV_ALG_DEFAULT;
    cusparseSpSVDescr_t solver;
    ACC_OK(cusparseSpSV_createDescr(&solver));
    EXPECT_EQ(cusparseSpSV_createDescr(nullptr), CUSPARSE_STATUS_INVALID_VALUE);
    const auto check = [&](cusparseHandle_t h, cusparseOperation_t op, const void* s,
                           cusparseSpMatDescr_t ma, cusparseDnVecDescr_t vx,
                           cusparseDnVecDescr_t vy, cudaDataType type, cusparseSpSVDescr_t sv) {
        const cusparseStatus_t status = cusparseSpSV_bufferSize(h, op, s, ma, vx, vy, type, alg, sv,
                                                                &size);
        EXPECT_EQ(cusparseSpSV_analysis(h, op, s, ma, vx, vy, type, alg, sv, nullptr), status);
        EXPECT_EQ(cusparseSpSV_solve(h, op, s, ma, vx, vy, type, alg, sv), status);
        return status;
    };
    const auto bad = CUSPARSE_STATUS_INVALID_VALUE, unsupported = CUSPARSE_STATUS_NOT_SUPPORTED;
    EXPECT_EQ(check(nullptr, kN, &one, a, x, y, CUDA_R_32F, solver),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(check(handle_, cusparseOperation_t(7), &one, a, x, y, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, nullptr, a, x, y, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, &one, nullptr, x, y, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, nullptr, y, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, x, nullptr, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, x, y, CUDA_R_32F, nullptr), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, longer, y, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, &one, rectangle, x, y, CUDA_R_32F, solver), bad);
    EXPECT_EQ(check(handle_, kN, &one, a, x, y, CUDA_R_64F, solver), unsupported);
    EXPECT_EQ(check(handle_, kN, &one, a, d, y, CUDA_R_32F, solver), unsupported);
    EXPECT_EQ(check(handle_, kN, &one, bsr, x, y, CUDA_R_32F, solver), unsupported);
    // Solving without analysis, and analysis without memory.
    EXPECT_EQ(cusparseSpSV_solve(handle_, kN, &one, a, x, y, CUDA_R_32F, alg, solver), bad);
    EXPECT_EQ(cusparseSpSV_analysis(handle_, kN, &one, a, x, y, CUDA_R_32F, alg, solver, nullptr),
              bad);
    EXPECT_EQ(
        cusparseSpSV_updateMatrix(handle_, solver, a.value_data(), CUSPARSE_SPSV_UPDATE_GENERAL),
        bad);
    EXPECT_EQ(cusparseSpSV_bufferSize(handle_, kN, &one, a, x, y, CUDA_R_32F, alg, solver, nullptr),
              bad);
    ACC_OK(cusparseSpSV_destroyDescr(solver));
    ACC_OK(cusparseSpSV_destroyDescr(nullptr));

    DescribedDense b(Matrix(2, 3), CUDA_R_32F, CUSPARSE_ORDER_COL),
        c(Matrix(2, 3), CUDA_R_32F, CUSPARSE_ORDER_COL),
        other(Matrix(2, 2), CUDA_R_32F, CUSPARSE_ORDER_COL);
    cusparseSpSMDescr_t sm;
    ACC_OK(cusparseSpSM_createDescr(&sm));
    const auto ms = CUSPARSE_SPSM_ALG_DEFAULT;
    EXPECT_EQ(cusparseSpSM_bufferSize(nullptr, kN, kN, &one, a, b, c, CUDA_R_32F, ms, sm, &size),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(
        cusparseSpSM_bufferSize(handle_, kN, kN, &one, a, b, other, CUDA_R_32F, ms, sm, &size),
        bad);
    EXPECT_EQ(
        cusparseSpSM_bufferSize(handle_, kN, kN, &one, nullptr, b, c, CUDA_R_32F, ms, sm, &size),
        bad);
    EXPECT_EQ(cusparseSpSM_bufferSize(handle_, kN, kN, &one, a, b, c, CUDA_R_64F, ms, sm, &size),
              unsupported);
    EXPECT_EQ(cusparseSpSM_solve(handle_, kN, kN, &one, a, b, c, CUDA_R_32F, ms, sm), bad);
    ACC_OK(cusparseSpSM_destroyDescr(sm));
}

} // namespace
} // namespace sparse_test
