// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions on arrays: structures, incomplete factors, systems of diagonals, blocks, sums.
#include "formats.h"

#include <algorithm>
#include <numeric>

namespace sparse_test {
namespace {

constexpr auto kBad = CUSPARSE_STATUS_INVALID_VALUE;

class Legacy : public Sparse {
  protected:
    void SetUp() override {
        Sparse::SetUp();
        ACC_OK(cusparseCreateMatDescr(&matrix_));
    }
    void TearDown() override {
        ACC_OK(cusparseDestroyMatDescr(matrix_));
        Sparse::TearDown();
    }
    cusparseMatDescr_t matrix_ = nullptr;
};

Memory device(const std::vector<int>& values) {
    return Memory(values.data(), values.size() * sizeof(int));
}

TEST_F(Legacy, OffsetsAndCoordinates) {
    for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE}) {
        const int b = base;
        const Memory rows = device({0 + b, 0 + b, 2 + b, 3 + b, 3 + b, 3 + b}), offsets(6 * 4),
                     back(6 * 4);
        ACC_OK(cusparseXcoo2csr(handle_, rows.as<int>(), 6, 5, offsets.as<int>(), base));
        EXPECT_EQ(ints(offsets.data(), 6),
                  (std::vector<int>{b, 2 + b, 2 + b, 3 + b, 6 + b, 6 + b}));
        ACC_OK(cusparseXcsr2coo(handle_, offsets.as<int>(), 6, 5, back.as<int>(), base));
        EXPECT_EQ(ints(back.data(), 6), ints(rows.data(), 6));
    }
    const Memory p(4 * 5);
    ACC_OK(cusparseCreateIdentityPermutation(handle_, 5, p.as<int>()));
    EXPECT_EQ(ints(p.data(), 5), (std::vector<int>{0, 1, 2, 3, 4}));
    EXPECT_EQ(cusparseXcoo2csr(nullptr, p.as<int>(), 1, 1, p.as<int>(), CUSPARSE_INDEX_BASE_ZERO),
              CUSPARSE_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cusparseXcoo2csr(handle_, p.as<int>(), -1, 1, p.as<int>(), CUSPARSE_INDEX_BASE_ZERO),
              kBad);
    EXPECT_EQ(cusparseXcsr2coo(handle_, nullptr, 1, 1, p.as<int>(), CUSPARSE_INDEX_BASE_ZERO),
              kBad);
    EXPECT_EQ(cusparseCreateIdentityPermutation(handle_, 1, nullptr), kBad);
}

TEST_F(Legacy, CoordinatesAreSorted) {
    Random random(51);
    for (int n : {1, 2, 30, 5000})
        for (bool by_row : {true, false}) {
            std::vector<int> rows, columns, p(static_cast<size_t>(n));
            for (int i = 0; i < n; ++i)
                rows.push_back(random.below(300)), columns.push_back(random.below(7));
            std::iota(p.begin(), p.end(), 0);
            std::vector<int> wanted = p;
            std::sort(wanted.begin(), wanted.end(), [&](int i, int j) {
                const std::pair a{rows[size_t(i)], columns[size_t(i)]},
                    b{rows[size_t(j)], columns[size_t(j)]};
                const std::pair c{a.second, a.first}, d{b.second, b.first};
                return by_row ? std::pair{a, i} < std::pair{b, j}
                              : std::pair{c, i} < std::pair{d, j};
            });
            const Memory r = device(rows), c = device(columns), q = device(p);
            size_t size = 0;
            ACC_OK(cusparseXcoosort_bufferSizeExt(handle_, 300, 7, n, r.as<int>(), c.as<int>(),
                                                  &size));
            const Memory buffer(size);
            ACC_OK((by_row ? cusparseXcoosortByRow : cusparseXcoosortByColumn)(
                handle_, 300, 7, n, r.as<int>(), c.as<int>(), q.as<int>(), buffer.data()));
            EXPECT_EQ(ints(q.data(), size_t(n)), wanted);
            std::vector<int> sorted_rows, sorted_columns;
            for (int i : wanted)
                sorted_rows.push_back(rows[size_t(i)]),
                    sorted_columns.push_back(columns[size_t(i)]);
            EXPECT_EQ(ints(r.data(), size_t(n)), sorted_rows);
            EXPECT_EQ(ints(c.data(), size_t(n)), sorted_columns);
        }
}

TEST_F(Legacy, RowsAreSorted) {
    ACC_OK(cusparseSetMatIndexBase(matrix_, CUSPARSE_INDEX_BASE_ONE));
    const Memory offsets = device({1, 4, 4, 6}), columns = device({3, 1, 2, 9, 4}),
                 p = device({0, 1, 2, 3, 4});
    size_t size = 0;
    ACC_OK(cusparseXcsrsort_bufferSizeExt(handle_, 3, 9, 5, offsets.as<int>(), columns.as<int>(),
                                          &size));
    const Memory buffer(size);
    ACC_OK(cusparseXcsrsort(handle_, 3, 9, 5, matrix_, offsets.as<int>(), columns.as<int>(),
                            p.as<int>(), buffer.data()));
    EXPECT_EQ(ints(columns.data(), 5), (std::vector<int>{1, 2, 3, 4, 9}));
    EXPECT_EQ(ints(p.data(), 5), (std::vector<int>{1, 2, 0, 4, 3}));
    // The same arrays as the columns of a matrix.
    const Memory rows = device({3, 1, 2, 9, 4});
    ACC_OK(cusparseXcscsort(handle_, 9, 3, 5, matrix_, offsets.as<int>(), rows.as<int>(), nullptr,
                            buffer.data()));
    EXPECT_EQ(ints(rows.data(), 5), (std::vector<int>{1, 2, 3, 4, 9}));
    EXPECT_EQ(cusparseXcsrsort(handle_, 3, 9, 5, nullptr, offsets.as<int>(), columns.as<int>(),
                               p.as<int>(), buffer.data()),
              kBad);
    EXPECT_EQ(cusparseXcsrsort_bufferSizeExt(handle_, 3, 9, -1, nullptr, nullptr, &size), kBad);
}

TEST_F(Legacy, CsrBecomesCsc) {
    Random random(52);
    for (cudaDataType type :
         {CUDA_R_32F, CUDA_R_64F, CUDA_C_32F, CUDA_C_64F, CUDA_R_16F, CUDA_R_16BF, CUDA_R_8I})
        for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE}) {
            const int rows = 1 + random.below(20), columns = 1 + random.below(20);
            const Matrix m = random_sparse(random, type, rows, columns, 0.3);
            Described a(m, type, {CUSPARSE_FORMAT_CSR, CUSPARSE_INDEX_32I, base}),
                wanted(m, type, {CUSPARSE_FORMAT_CSC, CUSPARSE_INDEX_32I, base});
            const int nnz = int(a.nnz());
            Index o(CUSPARSE_INDEX_32I, a.offsets()), c(CUSPARSE_INDEX_32I, a.indices());
            Memory offsets(size_t(columns + 1) * 4), indices(size_t(nnz) * 4);
            Array values(type, std::vector<Number>(size_t(nnz)));
            const auto in = static_cast<const int*>(o.data()),
                       in2 = static_cast<const int*>(c.data());
            size_t size = 0;
            ACC_OK(cusparseCsr2cscEx2_bufferSize(handle_, rows, columns, nnz, a.value_data(), in,
                                                 in2, values.data(), offsets.as<int>(),
                                                 indices.as<int>(), type, CUSPARSE_ACTION_NUMERIC,
                                                 base, CUSPARSE_CSR2CSC_ALG_DEFAULT, &size));
            Memory buffer(size);
            ACC_OK(cusparseCsr2cscEx2(handle_, rows, columns, nnz, a.value_data(), in, in2,
                                      values.data(), offsets.as<int>(), indices.as<int>(), type,
                                      CUSPARSE_ACTION_NUMERIC, base, CUSPARSE_CSR2CSC_ALG1,
                                      buffer.data()));
            const auto narrow = [](const std::vector<int64_t>& v) {
                return std::vector<int>(v.begin(), v.end());
            };
            EXPECT_EQ(ints(offsets.data(), size_t(columns + 1)), narrow(wanted.offsets()));
            EXPECT_EQ(ints(indices.data(), size_t(nnz)), narrow(wanted.indices()));
            expect_near(values.values(), wanted.values(), 0, "csc");
            EXPECT_EQ(cusparseCsr2cscEx2(handle_, rows, columns, nnz, a.value_data(), in, in2,
                                         values.data(), offsets.as<int>(), indices.as<int>(), type,
                                         CUSPARSE_ACTION_NUMERIC, base, CUSPARSE_CSR2CSC_ALG1,
                                         nullptr),
                      kBad);
        }
}

// The four types under one name.
template <class T>
struct Names;
#define ACC_NAMES(L, T, TYPE)                                                                      \
    template <>                                                                                    \
    struct Names<T> {                                                                              \
        static constexpr cudaDataType type = TYPE;                                                 \
        static constexpr auto ilu_size = cusparse##L##csrilu02_bufferSize;                         \
        static constexpr auto ilu_analysis = cusparse##L##csrilu02_analysis;                       \
        static constexpr auto ilu = cusparse##L##csrilu02;                                         \
        static constexpr auto ic_size = cusparse##L##csric02_bufferSize;                           \
        static constexpr auto ic_analysis = cusparse##L##csric02_analysis;                         \
        static constexpr auto ic = cusparse##L##csric02;                                           \
        static constexpr auto gtsv_size = cusparse##L##gtsv2_bufferSizeExt;                        \
        static constexpr auto gtsv = cusparse##L##gtsv2;                                           \
        static constexpr auto nopivot_size = cusparse##L##gtsv2_nopivot_bufferSizeExt;             \
        static constexpr auto nopivot = cusparse##L##gtsv2_nopivot;                                \
        static constexpr auto strided_size = cusparse##L##gtsv2StridedBatch_bufferSizeExt;         \
        static constexpr auto strided = cusparse##L##gtsv2StridedBatch;                            \
        static constexpr auto gpsv_size = cusparse##L##gpsvInterleavedBatch_bufferSizeExt;         \
        static constexpr auto gpsv = cusparse##L##gpsvInterleavedBatch;                            \
        static constexpr auto interleaved_size = cusparse##L##gtsvInterleavedBatch_bufferSizeExt;  \
        static constexpr auto interleaved = cusparse##L##gtsvInterleavedBatch;                     \
        static constexpr auto bsrmv = cusparse##L##bsrmv;                                          \
        static constexpr auto bsrmm = cusparse##L##bsrmm;                                          \
        static constexpr auto geam_size = cusparse##L##csrgeam2_bufferSizeExt;                     \
        static constexpr auto geam = cusparse##L##csrgeam2;                                        \
        static constexpr auto nnz = cusparse##L##nnz;                                              \
    };
ACC_NAMES(S, float, CUDA_R_32F)
ACC_NAMES(D, double, CUDA_R_64F)
ACC_NAMES(C, cuComplex, CUDA_C_32F)
ACC_NAMES(Z, cuDoubleComplex, CUDA_C_64F)

template <class F>
void each_type(F f) {
    f(float{});
    f(double{});
    f(cuComplex{});
    f(cuDoubleComplex{});
}

/// Square with all of the diagonal, a pattern with some more.
Matrix well_conditioned(Random& random, cudaDataType type, int n, bool hermitian) {
    Matrix m = random_sparse(random, type, n, n, 0.25);
    for (int i = 0; i < n; ++i) {
        m.at(i, i) = 8;
        for (int j = 0; j < i && hermitian; ++j)
            m.at(i, j) = std::conj(m.at(j, i));
    }
    return m;
}

/// Incomplete LU of the pattern, by its definition: the loops of Saad's algorithm 10.3.
Matrix ilu_of(Matrix a) {
    const Matrix pattern = a;
    const auto there = [&](int i, int j) { return pattern.at(i, j) != 0.0; };
    for (int i = 1; i < a.rows; ++i)
        for (int k = 0; k < i; ++k) {
            if (!there(i, k)) continue;
            a.at(i, k) /= a.at(k, k);
            for (int j = k + 1; j < a.rows; ++j)
                if (there(i, j) && there(k, j)) a.at(i, j) -= a.at(i, k) * a.at(k, j);
        }
    return a;
}

/// Incomplete Cholesky factor in the lower triangle; the upper one stays.
Matrix ic_of(Matrix a) {
    const Matrix pattern = a;
    for (int k = 0; k < a.rows; ++k) {
        a.at(k, k) = std::sqrt(a.at(k, k).real());
        for (int i = k + 1; i < a.rows; ++i)
            if (pattern.at(i, k) != 0.0) a.at(i, k) /= a.at(k, k);
        for (int j = k + 1; j < a.rows; ++j)
            for (int i = j; i < a.rows; ++i)
                if (pattern.at(i, j) != 0.0 && pattern.at(i, k) != 0.0 && pattern.at(j, k) != 0.0)
                    a.at(i, j) -= a.at(i, k) * std::conj(a.at(j, k));
    }
    return a;
}

std::vector<Number> at_places(const Matrix& pattern, const Matrix& values) {
    std::vector<Number> result;
    for (size_t i = 0; i < pattern.values.size(); ++i)
        if (pattern.values[i] != 0.0) result.push_back(values.values[i]);
    return result;
}

TEST_F(Legacy, IncompleteFactors) {
    Random random(53);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE})
            for (int n : {1, 5, 40, 90}) {
                ACC_OK(cusparseSetMatIndexBase(matrix_, base));
                const Format f = {CUSPARSE_FORMAT_CSR, CUSPARSE_INDEX_32I, base};
                const auto policy = CUSPARSE_SOLVE_POLICY_USE_LEVEL;
                for (bool cholesky : {false, true}) {
                    const Matrix m = well_conditioned(random, N::type, n, cholesky);
                    Described a(m, N::type, f);
                    Index o(CUSPARSE_INDEX_32I, a.offsets()), c(CUSPARSE_INDEX_32I, a.indices());
                    auto* v = static_cast<T*>(a.value_data());
                    const auto *rows = static_cast<const int*>(o.data()),
                               *columns = static_cast<const int*>(c.data());
                    const int nnz = int(a.nnz());
                    int size = 0, position = 77;
                    if (cholesky) {
                        csric02Info_t info;
                        ACC_OK(cusparseCreateCsric02Info(&info));
                        ACC_OK(N::ic_size(handle_, n, nnz, matrix_, v, rows, columns, info, &size));
                        Memory buffer(static_cast<size_t>(size));
                        ACC_OK(N::ic_analysis(handle_, n, nnz, matrix_, v, rows, columns, info,
                                              policy, buffer.data()));
                        ACC_OK(cusparseXcsric02_zeroPivot(handle_, info, &position));
                        ACC_OK(N::ic(handle_, n, nnz, matrix_, v, rows, columns, info, policy,
                                     buffer.data()));
                        ACC_OK(cusparseXcsric02_zeroPivot(handle_, info, &position));
                        ACC_OK(cusparseDestroyCsric02Info(info));
                    } else {
                        csrilu02Info_t info;
                        ACC_OK(cusparseCreateCsrilu02Info(&info));
                        ACC_OK(
                            N::ilu_size(handle_, n, nnz, matrix_, v, rows, columns, info, &size));
                        Memory buffer(static_cast<size_t>(size));
                        ACC_OK(N::ilu_analysis(handle_, n, nnz, matrix_, v, rows, columns, info,
                                               policy, buffer.data()));
                        ACC_OK(cusparseXcsrilu02_zeroPivot(handle_, info, &position));
                        ACC_OK(N::ilu(handle_, n, nnz, matrix_, v, rows, columns, info, policy,
                                      buffer.data()));
                        ACC_OK(cusparseXcsrilu02_zeroPivot(handle_, info, &position));
                        ACC_OK(cusparseDestroyCsrilu02Info(info));
                    }
                    EXPECT_EQ(position, -1);
                    expect_near(a.values(), at_places(m, cholesky ? ic_of(m) : ilu_of(m)),
                                200 * epsilon(N::type), cholesky ? "ic" : "ilu");
                }
            }
    });
}

TEST_F(Legacy, ZeroPivotsAreFoundOrReplaced) {
    Matrix m(3, 3);
    m.at(0, 0) = 2;
    m.at(1, 1) = 1;
    m.at(1, 0) = m.at(0, 1) = 1e-30;
    m.at(2, 2) = 4;
    Matrix start = m;
    start.at(1, 1) = 1e-300; // stored, and a zero as a float
    ACC_OK(cusparseSetMatIndexBase(matrix_, CUSPARSE_INDEX_BASE_ONE));
    Described a(start, CUDA_R_32F,
                {CUSPARSE_FORMAT_CSR, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ONE});
    Index o(CUSPARSE_INDEX_32I, a.offsets()), c(CUSPARSE_INDEX_32I, a.indices());
    auto* v = static_cast<float*>(a.value_data());
    const auto *rows = static_cast<const int*>(o.data()),
               *columns = static_cast<const int*>(c.data());
    csrilu02Info_t info;
    int size = 0, position = 0;
    ACC_OK(cusparseCreateCsrilu02Info(&info));
    ACC_OK(cusparseScsrilu02_bufferSize(handle_, 3, 5, matrix_, v, rows, columns, info, &size));
    Memory buffer(static_cast<size_t>(size));
    const auto policy = CUSPARSE_SOLVE_POLICY_NO_LEVEL;
    ACC_OK(cusparseScsrilu02_analysis(handle_, 3, 5, matrix_, v, rows, columns, info, policy,
                                      buffer.data()));
    ACC_OK(
        cusparseScsrilu02(handle_, 3, 5, matrix_, v, rows, columns, info, policy, buffer.data()));
    EXPECT_EQ(cusparseXcsrilu02_zeroPivot(handle_, info, &position), CUSPARSE_STATUS_ZERO_PIVOT);
    EXPECT_EQ(position, 2); // counted from one
    double tolerance = 1e-10;
    float boost = 0.5f;
    EXPECT_EQ(cusparseScsrilu02_numericBoost(handle_, info, 1, nullptr, &boost), kBad);
    ACC_OK(cusparseScsrilu02_numericBoost(handle_, info, 1, &tolerance, &boost));
    ACC_OK(
        cusparseScsrilu02(handle_, 3, 5, matrix_, v, rows, columns, info, policy, buffer.data()));
    ACC_OK(cusparseXcsrilu02_zeroPivot(handle_, info, &position));
    EXPECT_EQ(position, -1);
    EXPECT_EQ(a.values()[3], 0.5);
    EXPECT_EQ(
        cusparseScsrilu02(handle_, 3, 5, matrix_, v, rows, columns, nullptr, policy, buffer.data()),
        kBad);
    EXPECT_EQ(cusparseScsrilu02(handle_, 3, 5, matrix_, v, rows, columns, info, policy, nullptr),
              kBad);
    EXPECT_EQ(cusparseXcsrilu02_zeroPivot(handle_, nullptr, &position), kBad);
    ACC_OK(cusparseSetMatType(matrix_, CUSPARSE_MATRIX_TYPE_SYMMETRIC));
    EXPECT_EQ(
        cusparseScsrilu02(handle_, 3, 5, matrix_, v, rows, columns, info, policy, buffer.data()),
        CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED);
    ACC_OK(cusparseDestroyCsrilu02Info(info));
}

TEST_F(Legacy, PivotsThatHaveNoPlaceAreMissedByTheAnalysis) {
    // Row 1 of 2 has nothing on the diagonal.
    Index o(CUSPARSE_INDEX_32I, {0, 1, 2}), c(CUSPARSE_INDEX_32I, {0, 0});
    Array v(CUDA_R_32F, {1.0, 1.0});
    auto* values = static_cast<float*>(v.data());
    const auto *rows = static_cast<const int*>(o.data()),
               *columns = static_cast<const int*>(c.data());
    csrilu02Info_t info;
    int size = 0, position = -7;
    ACC_OK(cusparseCreateCsrilu02Info(&info));
    ACC_OK(
        cusparseScsrilu02_bufferSize(handle_, 2, 2, matrix_, values, rows, columns, info, &size));
    Memory buffer(static_cast<size_t>(size));
    ACC_OK(cusparseScsrilu02_analysis(handle_, 2, 2, matrix_, values, rows, columns, info,
                                      CUSPARSE_SOLVE_POLICY_NO_LEVEL, buffer.data()));
    EXPECT_EQ(cusparseXcsrilu02_zeroPivot(handle_, info, &position), CUSPARSE_STATUS_ZERO_PIVOT);
    EXPECT_EQ(position, 1);
    ACC_OK(cusparseDestroyCsrilu02Info(info));
}

/// |a x - b| by roundings of |a| |x|, with room for the growth of elimination.
void expect_solves(const Matrix& a, const std::vector<Number>& x, const std::vector<Number>& b,
                   cudaDataType type, const std::string& where) {
    double norm = 0;
    for (Number v : x)
        norm = std::max(norm, std::abs(v));
    for (int r = 0; r < a.rows; ++r) {
        Number sum = 0;
        double size = std::abs(b[size_t(r)]);
        for (int c = 0; c < a.columns; ++c) {
            sum += a.at(r, c) * x[size_t(c)];
            size += std::abs(a.at(r, c)) * norm;
        }
        ASSERT_LE(std::abs(sum - b[size_t(r)]), 60 * epsilon(type) * size) << where << " " << r;
    }
}

/// A system's diagonals, from the lowest to the highest, by rows; and the matrix of them.
struct Band {
    Band(Random& random, cudaDataType type, int m, int below, bool dominant)
        : matrix(m, m), diagonals(size_t(2 * below + 1)) {
        for (int d = 0; d <= 2 * below; ++d)
            for (int i = 0; i < m; ++i) {
                const int column = i + d - below;
                Number value = random.one(type);
                if (d == below && dominant) value = 4;
                if (column < 0 || column >= m)
                    value = 0;
                else
                    matrix.at(i, column) = value;
                diagonals[size_t(d)].push_back(value);
            }
    }
    Matrix matrix;
    std::vector<std::vector<Number>> diagonals;
};

TEST_F(Legacy, SystemsOfThreeDiagonals) {
    Random random(54);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (int m : {3, 4, 9, 100})
            for (bool pivoting : {true, false}) {
                const Band band(random, N::type, m, 1, !pivoting);
                Array dl(N::type, band.diagonals[0]), d(N::type, band.diagonals[1]),
                    du(N::type, band.diagonals[2]);
                const int n = 3, ldb = m + 2;
                const std::vector<Number> b = random.many(N::type, size_t(n * ldb));
                Array x(N::type, b);
                const auto as = [](const Array& a) { return static_cast<T*>(a.data()); };
                size_t size = 0;
                ACC_OK((pivoting ? N::gtsv_size : N::nopivot_size)(handle_, m, n, as(dl), as(d),
                                                                   as(du), as(x), ldb, &size));
                Memory buffer(size);
                ACC_OK((pivoting ? N::gtsv : N::nopivot)(handle_, m, n, as(dl), as(d), as(du),
                                                         as(x), ldb, buffer.data()));
                const std::vector<Number> got = x.values();
                for (int c = 0; c < n; ++c) {
                    const auto column = [&](const std::vector<Number>& v) {
                        return std::vector<Number>(v.begin() + c * ldb, v.begin() + c * ldb + m);
                    };
                    expect_solves(band.matrix, column(got), column(b), N::type, "gtsv2");
                    EXPECT_EQ(got[size_t(c * ldb + m)], b[size_t(c * ldb + m)]);
                }
                EXPECT_EQ(N::gtsv(handle_, 2, n, as(dl), as(d), as(du), as(x), ldb, buffer.data()),
                          kBad);
                EXPECT_EQ(
                    N::gtsv(handle_, m, n, as(dl), as(d), as(du), as(x), m - 1, buffer.data()),
                    kBad);
                EXPECT_EQ(N::gtsv(handle_, m, n, nullptr, as(d), as(du), as(x), ldb, buffer.data()),
                          kBad);
                EXPECT_EQ(N::gtsv(nullptr, m, n, as(dl), as(d), as(du), as(x), ldb, buffer.data()),
                          CUSPARSE_STATUS_NOT_INITIALIZED);
            }
    });
}

TEST_F(Legacy, BatchesOfSystems) {
    Random random(55);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        const int m = 17, count = 5, stride = 20;
        for (int kind = 0; kind < 3; ++kind) {
            const int below = kind == 2 ? 2 : 1;
            std::vector<Band> bands;
            std::vector<std::vector<Number>> arrays(size_t(2 * below + 1),
                                                    std::vector<Number>(stride * count));
            std::vector<Number> b(stride * count);
            const auto at = [&](int s, int i) {
                return size_t(kind == 0 ? s * stride + i : i * count + s);
            };
            for (int s = 0; s < count; ++s) {
                bands.emplace_back(random, N::type, m, below, false);
                for (int i = 0; i < m; ++i) {
                    for (size_t d = 0; d < arrays.size(); ++d)
                        arrays[d][at(s, i)] = bands.back().diagonals[d][size_t(i)];
                    b[at(s, i)] = random.one(N::type);
                }
            }
            std::vector<std::unique_ptr<Array>> on_device;
            for (const auto& values : arrays)
                on_device.push_back(std::make_unique<Array>(N::type, values));
            Array x(N::type, b);
            const auto d = [&](size_t i) { return static_cast<T*>(on_device[i]->data()); };
            auto* px = static_cast<T*>(x.data());
            size_t size = 0;
            if (kind == 0) {
                ACC_OK(N::strided_size(handle_, m, d(0), d(1), d(2), px, count, stride, &size));
                Memory buffer(size);
                ACC_OK(N::strided(handle_, m, d(0), d(1), d(2), px, count, stride, buffer.data()));
                EXPECT_EQ(N::strided(handle_, m, d(0), d(1), d(2), px, count, m - 1, buffer.data()),
                          kBad);
            } else if (kind == 1) {
                ACC_OK(N::interleaved_size(handle_, 1, m, d(0), d(1), d(2), px, count, &size));
                Memory buffer(size);
                ACC_OK(N::interleaved(handle_, 1, m, d(0), d(1), d(2), px, count, buffer.data()));
                EXPECT_EQ(N::interleaved(handle_, 3, m, d(0), d(1), d(2), px, count, buffer.data()),
                          kBad);
            } else {
                ACC_OK(N::gpsv_size(handle_, 0, m, d(0), d(1), d(2), d(3), d(4), px, count, &size));
                Memory buffer(size);
                ACC_OK(
                    N::gpsv(handle_, 0, m, d(0), d(1), d(2), d(3), d(4), px, count, buffer.data()));
                EXPECT_EQ(
                    N::gpsv(handle_, 1, m, d(0), d(1), d(2), d(3), d(4), px, count, buffer.data()),
                    kBad);
            }
            const std::vector<Number> got = x.values();
            for (int s = 0; s < count; ++s) {
                std::vector<Number> solution, right;
                for (int i = 0; i < m; ++i)
                    solution.push_back(got[at(s, i)]), right.push_back(b[at(s, i)]);
                expect_solves(bands[size_t(s)].matrix, solution, right, N::type,
                              "batch of kind " + std::to_string(kind));
            }
        }
    });
}

TEST_F(Legacy, Blocks) {
    Random random(56);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (auto direction : {CUSPARSE_DIRECTION_ROW, CUSPARSE_DIRECTION_COLUMN}) {
            const int block = 3, mb = 4, nb = 5, n = 6, ldb = 19, ldc = 14;
            const Matrix m = random_sparse(random, N::type, mb * block, nb * block, 0.2);
            Described a(
                m, N::type,
                {CUSPARSE_FORMAT_BSR, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO, block, block,
                 direction == CUSPARSE_DIRECTION_ROW ? CUSPARSE_ORDER_ROW : CUSPARSE_ORDER_COL});
            Index o(CUSPARSE_INDEX_32I, a.offsets()), c(CUSPARSE_INDEX_32I, a.indices());
            const auto *rows = static_cast<const int*>(o.data()),
                       *columns = static_cast<const int*>(c.data());
            const T* v = static_cast<const T*>(a.value_data());
            const int count = int(a.nnz());
            const Number alpha = random.one(N::type), beta = random.one(N::type);
            const Scalar s(N::type, alpha), u(N::type, beta);
            const auto *ps = static_cast<const T*>(s.data()), *pu = static_cast<const T*>(u.data());
            const std::vector<Number> b = random.many(N::type, size_t(ldb * n));
            std::vector<Number> y = random.many(N::type, size_t(ldc * n));
            Array db(N::type, b), dy(N::type, y), dc(N::type, y);
            ACC_OK(N::bsrmv(handle_, direction, kN, mb, nb, count, ps, matrix_, v, rows, columns,
                            block, static_cast<T*>(db.data()), pu, static_cast<T*>(dy.data())));
            ACC_OK(N::bsrmm(handle_, direction, kN, kN, mb, n, nb, count, ps, matrix_, v, rows,
                            columns, block, static_cast<T*>(db.data()), ldb, pu,
                            static_cast<T*>(dc.data()), ldc));
            std::vector<Number> wanted = y, wanted_mv = y;
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < m.rows; ++i) {
                    Number sum = 0;
                    for (int k = 0; k < m.columns; ++k)
                        sum += m.at(i, k) * b[size_t(j * ldb + k)];
                    Number& w = wanted[size_t(j * ldc + i)];
                    w = alpha * sum + beta * w;
                    if (j == 0) wanted_mv[size_t(i)] = w;
                }
            expect_near(dy.values(), wanted_mv, 80 * epsilon(N::type), "bsrmv");
            expect_near(dc.values(), wanted, 80 * epsilon(N::type), "bsrmm");
            EXPECT_EQ(N::bsrmv(handle_, direction, kT, mb, nb, count, ps, matrix_, v, rows, columns,
                               block, static_cast<T*>(db.data()), pu, static_cast<T*>(dy.data())),
                      CUSPARSE_STATUS_NOT_SUPPORTED);
            EXPECT_EQ(N::bsrmv(handle_, direction, kN, mb, nb, count, nullptr, matrix_, v, rows,
                               columns, block, static_cast<T*>(db.data()), pu,
                               static_cast<T*>(dy.data())),
                      kBad);
            EXPECT_EQ(N::bsrmm(handle_, direction, kN, kN, mb, n, nb, count, ps, matrix_, v, rows,
                               columns, block, static_cast<T*>(db.data()), 14, pu,
                               static_cast<T*>(dc.data()), ldc),
                      kBad);
        }
    });
}

TEST_F(Legacy, SumsOfMatrices) {
    Random random(57);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        for (bool on_device : {false, true}) {
            const int m = 12, n = 9;
            const Matrix ma = random_sparse(random, N::type, m, n, 0.3),
                         mb = random_sparse(random, N::type, m, n, 0.3);
            Described a(ma, N::type, {}), b(mb, N::type, {});
            Index ao(CUSPARSE_INDEX_32I, a.offsets()), ac(CUSPARSE_INDEX_32I, a.indices()),
                bo(CUSPARSE_INDEX_32I, b.offsets()), bc(CUSPARSE_INDEX_32I, b.indices());
            const auto i = [](const Index& x) { return static_cast<const int*>(x.data()); };
            const Number alpha = random.one(N::type), beta = random.one(N::type);
            const Scalar s(N::type, alpha), u(N::type, beta);
            Array ds(N::type, {alpha}), du(N::type, {beta});
            const auto* ps = static_cast<const T*>(on_device ? ds.data() : s.data());
            const auto* pu = static_cast<const T*>(on_device ? du.data() : u.data());
            cusparseMatDescr_t c;
            ACC_OK(cusparseCreateMatDescr(&c));
            ACC_OK(cusparseSetMatIndexBase(c, CUSPARSE_INDEX_BASE_ONE));
            const int an = int(a.nnz()), bn = int(b.nnz());
            const T *av = static_cast<T*>(a.value_data()), *bv = static_cast<T*>(b.value_data());
            size_t size = 0;
            ACC_OK(N::geam_size(handle_, m, n, ps, matrix_, an, av, i(ao), i(ac), pu, matrix_, bn,
                                bv, i(bo), i(bc), c, nullptr, nullptr, nullptr, &size));
            Memory buffer(size), offsets(size_t(m + 1) * 4), device_total(4);
            int total = -1;
            ACC_OK(cusparseSetPointerMode(handle_, on_device ? CUSPARSE_POINTER_MODE_DEVICE
                                                             : CUSPARSE_POINTER_MODE_HOST));
            ACC_OK(cusparseXcsrgeam2Nnz(
                handle_, m, n, matrix_, an, i(ao), i(ac), matrix_, bn, i(bo), i(bc), c,
                offsets.as<int>(), on_device ? device_total.as<int>() : &total, buffer.data()));
            if (on_device) total = ints(device_total.data(), 1)[0];
            std::vector<Number> wanted;
            std::vector<int> columns;
            for (size_t k = 0; k < ma.values.size(); ++k)
                if (ma.values[k] != 0.0 || mb.values[k] != 0.0) {
                    wanted.push_back(alpha * ma.values[k] + beta * mb.values[k]);
                    columns.push_back(int(k) % n + 1);
                }
            ASSERT_EQ(total, int(wanted.size()));
            Memory indices(wanted.size() * 4);
            Array values(N::type, std::vector<Number>(wanted.size()));
            ACC_OK(N::geam(handle_, m, n, ps, matrix_, an, av, i(ao), i(ac), pu, matrix_, bn, bv,
                           i(bo), i(bc), c, static_cast<T*>(values.data()), offsets.as<int>(),
                           indices.as<int>(), buffer.data()));
            EXPECT_EQ(ints(indices.data(), wanted.size()), columns);
            EXPECT_EQ(ints(offsets.data(), size_t(m + 1)).back(), total + 1);
            expect_near(values.values(), wanted, 8 * epsilon(N::type), "geam");
            ACC_OK(cusparseSetPointerMode(handle_, CUSPARSE_POINTER_MODE_HOST));
            EXPECT_EQ(cusparseXcsrgeam2Nnz(handle_, m, n, nullptr, an, i(ao), i(ac), matrix_, bn,
                                           i(bo), i(bc), c, offsets.as<int>(), &total,
                                           buffer.data()),
                      kBad);
            ACC_OK(cusparseDestroyMatDescr(c));
        }
    });
}

TEST_F(Legacy, NonzerosAreCounted) {
    Random random(58);
    each_type([&]<class T>(T) {
        using N = Names<T>;
        const int m = 7, n = 5, lda = 9;
        std::vector<Number> a(lda * n);
        std::vector<int> in_rows(m), in_columns(n);
        int wanted = 0;
        for (int c = 0; c < n; ++c)
            for (int r = 0; r < m; ++r)
                if (random.below(2)) {
                    a[size_t(c * lda + r)] = random.one(N::type);
                    ++in_rows[size_t(r)], ++in_columns[size_t(c)], ++wanted;
                }
        Array da(N::type, a);
        Memory counts(4 * 8);
        int total = 0;
        const T* pa = static_cast<const T*>(da.data());
        ACC_OK(N::nnz(handle_, CUSPARSE_DIRECTION_ROW, m, n, matrix_, pa, lda, counts.as<int>(),
                      &total));
        EXPECT_EQ(total, wanted);
        EXPECT_EQ(ints(counts.data(), size_t(m)), in_rows);
        ACC_OK(N::nnz(handle_, CUSPARSE_DIRECTION_COLUMN, m, n, matrix_, pa, lda, counts.as<int>(),
                      &total));
        EXPECT_EQ(total, wanted);
        EXPECT_EQ(ints(counts.data(), size_t(n)), in_columns);
        EXPECT_EQ(
            N::nnz(handle_, CUSPARSE_DIRECTION_ROW, m, n, matrix_, pa, 6, counts.as<int>(), &total),
            kBad);
        EXPECT_EQ(N::nnz(handle_, CUSPARSE_DIRECTION_ROW, m, n, nullptr, pa, lda, counts.as<int>(),
                         &total),
                  kBad);
    });
}

} // namespace
} // namespace sparse_test
