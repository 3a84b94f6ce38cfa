// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER's sparse solvers: residuals on the host, for every way to the solution.
#include "rig.h"

#include <cusolverRf.h>
#include <cusolverSp_LOWLEVEL_PREVIEW.h>

namespace solver_test {
namespace {

constexpr int kBase = 1;

/// A matrix with few elements, as rows.
template <class T>
struct Rows {
    int n, nnz;
    Matrix dense;
    std::vector<int> offsets{kBase}, columns;
    std::vector<T> values;

    explicit Rows(const Matrix& m) : n(m.rows), nnz(0), dense(m) {
        for (int r = 0; r < n; ++r) {
            for (int c = 0; c < n; ++c)
                if (m.at(r, c) != 0.0) {
                    columns.push_back(c + kBase);
                    values.push_back(as<T>(m.at(r, c)));
                }
            offsets.push_back(int(columns.size()) + kBase);
        }
        nnz = int(columns.size());
    }
};

/// The five-point stencil on a grid, `more` off its symmetry, far elements here and there.
template <class T>
Matrix grid(Random& random, int width, int height, bool hermitian) {
    const int n = width * height;
    Matrix m(n, n);
    const auto join = [&](int i, int j) {
        m.at(i, j) = number(as<T>({random.real(), random.real()}));
        m.at(j, i) = hermitian ? std::conj(m.at(i, j))
                               : number(as<T>({random.real(), random.real()}));
    };
    for (int i = 0; i < n; ++i) {
        m.at(i, i) = hermitian ? 9.0 : (i % 3 == 0 ? 0.0 : 1.0 + random.real());
        if (i % width + 1 < width) join(i, i + 1);
        if (i + width < n) join(i, i + width);
    }
    join(0, n - 1);
    return m;
}

class Sparse : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(cusolverSpCreate(&handle_), CUSOLVER_STATUS_SUCCESS);
        ASSERT_EQ(cusparseCreateMatDescr(&descriptor_), CUSPARSE_STATUS_SUCCESS);
        cusparseSetMatIndexBase(descriptor_, CUSPARSE_INDEX_BASE_ONE);
    }
    void TearDown() override {
        cusparseDestroyMatDescr(descriptor_);
        ASSERT_EQ(cusolverSpDestroy(handle_), CUSOLVER_STATUS_SUCCESS);
    }
    template <class T>
    static void expect_solves(const Rows<T>& a, const std::vector<T>& x, const std::vector<T>& b,
                              const char* how) {
        Matrix mx(a.n, 1), mb(a.n, 1);
        for (int i = 0; i < a.n; ++i) {
            mx.at(i, 0) = number(x[size_t(i)]);
            mb.at(i, 0) = number(b[size_t(i)]);
        }
        EXPECT_LE((a.dense * mx - mb).norm(),
                  100 * epsilon<T>() * a.dense.norm() * std::max(1.0, mx.norm()))
            << how;
    }
    cusolverSpHandle_t handle_ = nullptr;
    cusparseMatDescr_t descriptor_ = nullptr;
};

template <class T>
std::vector<T> right_side(Random& random, int n) {
    std::vector<T> b;
    for (int i = 0; i < n; ++i)
        b.push_back(as<T>({random.real(), random.real()}));
    return b;
}

template <class T>
struct Solvers;
#define ACC_SOLVERS(L, T)                                                                          \
    template <>                                                                                    \
    struct Solvers<T> {                                                                            \
        static constexpr auto* lu = cusolverSp##L##csrlsvluHost;                                   \
        static constexpr auto* qr = cusolverSp##L##csrlsvqrHost;                                   \
        static constexpr auto* chol = cusolverSp##L##csrlsvcholHost;                               \
        static constexpr auto* device_qr = cusolverSp##L##csrlsvqr;                                \
        static constexpr auto* device_chol = cusolverSp##L##csrlsvchol;                            \
    };
ACC_SOLVERS(S, float)
ACC_SOLVERS(D, double)
ACC_SOLVERS(C, cuComplex)
ACC_SOLVERS(Z, cuDoubleComplex)

TEST_F(Sparse, SystemsInOneCall) {
    Random random(41);
    each_type([&]<class T>(T) {
        using S = Solvers<T>;
        for (bool hermitian : {false, true}) {
            const Rows<T> a(grid<T>(random, 5, 4, hermitian));
            const std::vector<T> b = right_side<T>(random, a.n);
            std::vector<T> x(b.size());
            int singular = -7;
            const auto on_host = [&](auto* solve, const char* how) {
                for (int reorder : {0, 1}) {
                    ACC_OK(solve(handle_, a.n, a.nnz, descriptor_, a.values.data(),
                                 a.offsets.data(), a.columns.data(), b.data(), 0, reorder, x.data(),
                                 &singular));
                    EXPECT_EQ(singular, -1) << how;
                    expect_solves(a, x, b, how);
                }
            };
            Device<T> values(a.values), db(b), dx(b.size());
            Device<int> offsets(a.offsets), columns(a.columns);
            const auto on_device = [&](auto* solve, const char* how) {
                ACC_OK(solve(handle_, a.n, a.nnz, descriptor_, values.data(), offsets.data(),
                             columns.data(), db.data(), 0, 0, dx.data(), &singular));
                EXPECT_EQ(singular, -1) << how;
                expect_solves(a, dx.values(), b, how);
            };
            on_host(S::lu, "lu");
            on_host(S::qr, "qr");
            on_device(S::device_qr, "qr on the device");
            if (!hermitian) continue;
            on_host(S::chol, "chol");
            on_device(S::device_chol, "chol on the device");
        }
    });
}

TEST_F(Sparse, SingularMatricesAreNoticed) {
    Matrix m = Matrix::identity(3);
    m.at(1, 1) = 0;
    m.at(1, 0) = m.at(0, 1) = 1e-3; // so that row 1 is there
    m.at(0, 0) = 1e-300;
    m.at(0, 1) = m.at(1, 0) = 0;
    m.at(1, 2) = 1;
    const Rows<double> a(m);
    const std::vector<double> b(3, 1.0);
    std::vector<double> x(3);
    int singular = -7;
    ACC_OK(cusolverSpDcsrlsvluHost(handle_, 3, a.nnz, descriptor_, a.values.data(),
                                   a.offsets.data(), a.columns.data(), b.data(), 1e-12, 0, x.data(),
                                   &singular));
    EXPECT_GE(singular, 0);
    Device<double> values(a.values), db(b), dx(size_t(3));
    Device<int> offsets(a.offsets), columns(a.columns);
    ACC_OK(cusolverSpDcsrlsvqr(handle_, 3, a.nnz, descriptor_, values.data(), offsets.data(),
                               columns.data(), db.data(), 1e-12, 0, dx.data(), &singular));
    EXPECT_GE(singular, 0);
    EXPECT_EQ(cusolverSpDcsrlsvqr(handle_, 3, a.nnz + 1, descriptor_, values.data(), offsets.data(),
                                  columns.data(), db.data(), 0, 0, dx.data(), &singular),
              kBad);
    EXPECT_EQ(cusolverSpDcsrlsvqr(nullptr, 3, a.nnz, descriptor_, values.data(), offsets.data(),
                                  columns.data(), db.data(), 0, 0, dx.data(), &singular),
              kNone);
}

TEST_F(Sparse, BatchesOfOneStructure) {
    Random random(42);
    const int count = 3;
    std::vector<Rows<float>> all;
    std::vector<float> values, b;
    const Matrix first = grid<float>(random, 4, 4, false);
    for (int i = 0; i < count; ++i) {
        Matrix m = first;
        for (Number& v : m.values)
            v *= double(1 << i);
        all.emplace_back(m);
        values.insert(values.end(), all.back().values.begin(), all.back().values.end());
        const auto side = right_side<float>(random, m.rows);
        b.insert(b.end(), side.begin(), side.end());
    }
    const int n = all[0].n, nnz = all[0].nnz;
    Device<float> dv(values), db(b), dx(b.size());
    Device<int> offsets(all[0].offsets), columns(all[0].columns);
    csrqrInfo_t info;
    size_t internal = 0, bytes = 0;
    ACC_OK(cusolverSpCreateCsrqrInfo(&info));
    ACC_OK(cusolverSpXcsrqrAnalysisBatched(handle_, n, n, nnz, descriptor_, offsets.data(),
                                           columns.data(), info));
    ACC_OK(cusolverSpScsrqrBufferInfoBatched(handle_, n, n, nnz, descriptor_, dv.data(),
                                             offsets.data(), columns.data(), count, info, &internal,
                                             &bytes));
    Device<char> buffer(bytes);
    ACC_OK(cusolverSpScsrqrsvBatched(handle_, n, n, nnz, descriptor_, dv.data(), offsets.data(),
                                     columns.data(), db.data(), dx.data(), count, info,
                                     buffer.data()));
    const std::vector<float> x = dx.values();
    for (int i = 0; i < count; ++i)
        expect_solves(all[size_t(i)], {x.begin() + i * n, x.begin() + (i + 1) * n},
                      {b.begin() + i * n, b.begin() + (i + 1) * n}, "batch");
    ACC_OK(cusolverSpDestroyCsrqrInfo(info));
}

/// Squares of a column's numbers neither vanish nor overflow: [[1,2],[3,4]] x = (5, 11).
TEST_F(Sparse, QrOfSmallAndLargeNumbers) {
    for (const float unit : {1e-25f, 1e25f}) {
        const std::vector<float> values{unit, 2 * unit, 3 * unit, 4 * unit}, b{5 * unit, 11 * unit};
        const std::vector<int> offsets{1, 3, 5}, columns{1, 2, 1, 2};
        std::vector<float> x(2);
        int singular = 0;
        ACC_OK(cusolverSpScsrlsvqrHost(handle_, 2, 4, descriptor_, values.data(), offsets.data(),
                                       columns.data(), b.data(), 0, 0, x.data(), &singular));
        Device<float> dv(values), db(b), dx(b.size());
        Device<int> doff(offsets), dcol(columns);
        ACC_OK(cusolverSpScsrlsvqr(handle_, 2, 4, descriptor_, dv.data(), doff.data(), dcol.data(),
                                   db.data(), 0, 0, dx.data(), &singular));
        EXPECT_EQ(singular, -1);
        for (const std::vector<float>& got : {x, dx.values()}) {
            EXPECT_NEAR(got[0], 1, 1e-5);
            EXPECT_NEAR(got[1], 2, 1e-5);
        }
    }
}

/// ([[0,1],[1,0]] - mu) of a matrix without its diagonal, mu = 2: x of (0, -3) is (1, 2). And the
/// room that one type's call made is for no other's.
TEST_F(Sparse, ShiftWithoutADiagonal) {
    Device<float> dv(std::vector<float>{1, 1}), db(std::vector<float>{0, -3}), dx(size_t(2));
    Device<double> wide(std::vector<double>{1, 1});
    Device<int> offsets(std::vector<int>{1, 2, 3}), columns(std::vector<int>{2, 1});
    csrqrInfo_t info;
    size_t internal = 0, bytes = 0;
    ACC_OK(cusolverSpCreateCsrqrInfo(&info));
    ACC_OK(cusolverSpXcsrqrAnalysis(handle_, 2, 2, 2, descriptor_, offsets.data(), columns.data(),
                                    info));
    ACC_OK(cusolverSpScsrqrBufferInfo(handle_, 2, 2, 2, descriptor_, dv.data(), offsets.data(),
                                      columns.data(), info, &internal, &bytes));
    EXPECT_EQ(cusolverSpDcsrqrSetup(handle_, 2, 2, 2, descriptor_, wide.data(), offsets.data(),
                                    columns.data(), 0, info),
              CUSOLVER_STATUS_INVALID_VALUE);
    EXPECT_EQ(cusolverSpScsrqrsvBatched(handle_, 2, 2, 2, descriptor_, dv.data(), offsets.data(),
                                        columns.data(), db.data(), dx.data(), 2, info, nullptr),
              CUSOLVER_STATUS_INVALID_VALUE);
    ACC_OK(cusolverSpScsrqrSetup(handle_, 2, 2, 2, descriptor_, dv.data(), offsets.data(),
                                 columns.data(), 2, info));
    ACC_OK(cusolverSpScsrqrFactor(handle_, 2, 2, 2, db.data(), dx.data(), info, nullptr));
    EXPECT_NEAR(dx.values()[0], 1, 1e-5);
    EXPECT_NEAR(dx.values()[1], 2, 1e-5);
    ACC_OK(cusolverSpDestroyCsrqrInfo(info));
}

TEST_F(Sparse, OrderingsArePermutationsAndNarrowTheBand) {
    Random random(43);
    const Rows<double> a(grid<double>(random, 3, 12, true));
    std::vector<int> p(size_t(a.n)), sorted, map(size_t(a.nnz));
    for (auto* order :
         {cusolverSpXcsrsymrcmHost, cusolverSpXcsrsymamdHost, cusolverSpXcsrsymmdqHost}) {
        ACC_OK(
            order(handle_, a.n, a.nnz, descriptor_, a.offsets.data(), a.columns.data(), p.data()));
        sorted = p;
        std::sort(sorted.begin(), sorted.end());
        for (int i = 0; i < a.n; ++i)
            EXPECT_EQ(sorted[size_t(i)], i);
    }
    ACC_OK(cusolverSpXcsrsymrcmHost(handle_, a.n, a.nnz, descriptor_, a.offsets.data(),
                                    a.columns.data(), p.data()));
    std::iota(map.begin(), map.end(), 0);
    Rows<double> b = a;
    size_t bytes = 0;
    ACC_OK(cusolverSpXcsrperm_bufferSizeHost(handle_, a.n, a.n, a.nnz, descriptor_,
                                             b.offsets.data(), b.columns.data(), p.data(), p.data(),
                                             &bytes));
    std::vector<char> buffer(bytes);
    ACC_OK(cusolverSpXcsrpermHost(handle_, a.n, a.n, a.nnz, descriptor_, b.offsets.data(),
                                  b.columns.data(), p.data(), p.data(), map.data(), buffer.data()));
    std::vector<int> twice = p;
    twice[0] = twice[1];
    EXPECT_EQ(cusolverSpXcsrpermHost(handle_, a.n, a.n, a.nnz, descriptor_, b.offsets.data(),
                                     b.columns.data(), p.data(), twice.data(), map.data(),
                                     buffer.data()),
              CUSOLVER_STATUS_INVALID_VALUE);
    int width = 0;
    for (int i = 0; i < a.n; ++i)
        for (int k = b.offsets[size_t(i)] - kBase; k < b.offsets[size_t(i) + 1] - kBase; ++k) {
            const int j = b.columns[size_t(k)] - kBase;
            width = std::max(width, std::abs(i - j));
            EXPECT_EQ(a.values[size_t(map[size_t(k)])],
                      a.dense.at(p[size_t(i)], p[size_t(j)]).real());
        }
    EXPECT_LE(width, 9); // of a cylinder of 3 by 12 with one far element: 35 before
    int symmetric = -1;
    ACC_OK(cusolverSpXcsrissymHost(handle_, a.n, a.nnz, descriptor_, a.offsets.data(),
                                   a.offsets.data() + 1, a.columns.data(), &symmetric));
    EXPECT_EQ(symmetric, 1);
}

TEST_F(Sparse, StepByStep) {
    Random random(44);
    using T = cuDoubleComplex;
    const Rows<T> a(grid<T>(random, 4, 3, true));
    const std::vector<T> b = right_side<T>(random, a.n);
    std::vector<T> x(b.size()), side = b;
    size_t internal = 0, bytes = 0;
    int position = -7;
    {
        csrcholInfoHost_t info;
        ACC_OK(cusolverSpCreateCsrcholInfoHost(&info));
        ACC_OK(cusolverSpXcsrcholAnalysisHost(handle_, a.n, a.nnz, descriptor_, a.offsets.data(),
                                              a.columns.data(), info));
        ACC_OK(cusolverSpZcsrcholBufferInfoHost(handle_, a.n, a.nnz, descriptor_, a.values.data(),
                                                a.offsets.data(), a.columns.data(), info, &internal,
                                                &bytes));
        ACC_OK(cusolverSpZcsrcholFactorHost(handle_, a.n, a.nnz, descriptor_, a.values.data(),
                                            a.offsets.data(), a.columns.data(), info, nullptr));
        ACC_OK(cusolverSpZcsrcholZeroPivotHost(handle_, info, 1e-12, &position));
        EXPECT_EQ(position, -1);
        ACC_OK(cusolverSpZcsrcholSolveHost(handle_, a.n, b.data(), x.data(), info, nullptr));
        expect_solves(a, x, b, "chol");
        ACC_OK(cusolverSpDestroyCsrcholInfoHost(info));
    }
    {
        csrqrInfoHost_t info;
        ACC_OK(cusolverSpCreateCsrqrInfoHost(&info));
        ACC_OK(cusolverSpXcsrqrAnalysisHost(handle_, a.n, a.n, a.nnz, descriptor_, a.offsets.data(),
                                            a.columns.data(), info));
        ACC_OK(cusolverSpZcsrqrSetupHost(handle_, a.n, a.n, a.nnz, descriptor_, a.values.data(),
                                         a.offsets.data(), a.columns.data(), T{0, 0}, info));
        ACC_OK(cusolverSpZcsrqrFactorHost(handle_, a.n, a.n, a.nnz, side.data(), x.data(), info,
                                          nullptr));
        ACC_OK(cusolverSpZcsrqrZeroPivotHost(handle_, info, 1e-12, &position));
        EXPECT_EQ(position, -1);
        expect_solves(a, x, b, "qr");
        ACC_OK(cusolverSpDestroyCsrqrInfoHost(info));
    }
    Device<T> values(a.values), db(b), dx(b.size());
    Device<int> offsets(a.offsets), columns(a.columns);
    {
        csrcholInfo_t info;
        ACC_OK(cusolverSpCreateCsrcholInfo(&info));
        ACC_OK(cusolverSpXcsrcholAnalysis(handle_, a.n, a.nnz, descriptor_, offsets.data(),
                                          columns.data(), info));
        ACC_OK(cusolverSpZcsrcholBufferInfo(handle_, a.n, a.nnz, descriptor_, values.data(),
                                            offsets.data(), columns.data(), info, &internal,
                                            &bytes));
        ACC_OK(cusolverSpZcsrcholFactor(handle_, a.n, a.nnz, descriptor_, values.data(),
                                        offsets.data(), columns.data(), info, nullptr));
        ACC_OK(cusolverSpZcsrcholZeroPivot(handle_, info, 1e-12, &position));
        EXPECT_EQ(position, -1);
        ACC_OK(cusolverSpZcsrcholSolve(handle_, a.n, db.data(), dx.data(), info, nullptr));
        expect_solves(a, dx.values(), b, "chol on the device");
        ACC_OK(cusolverSpDestroyCsrcholInfo(info));
    }
    {
        csrqrInfo_t info;
        ACC_OK(cusolverSpCreateCsrqrInfo(&info));
        ACC_OK(cusolverSpXcsrqrAnalysis(handle_, a.n, a.n, a.nnz, descriptor_, offsets.data(),
                                        columns.data(), info));
        ACC_OK(cusolverSpZcsrqrBufferInfo(handle_, a.n, a.n, a.nnz, descriptor_, values.data(),
                                          offsets.data(), columns.data(), info, &internal, &bytes));
        ACC_OK(cusolverSpZcsrqrSetup(handle_, a.n, a.n, a.nnz, descriptor_, values.data(),
                                     offsets.data(), columns.data(), T{0, 0}, info));
        ACC_OK(cusolverSpZcsrqrFactor(handle_, a.n, a.n, a.nnz, nullptr, nullptr, info, nullptr));
        ACC_OK(cusolverSpZcsrqrSolve(handle_, a.n, a.n, db.data(), dx.data(), info, nullptr));
        expect_solves(a, dx.values(), b, "qr on the device");
        ACC_OK(cusolverSpDestroyCsrqrInfo(info));
    }
}

/// P A Q^T = L U by the host, then new values refactored and solved on the device.
TEST_F(Sparse, FactorsOfNewValues) {
    Random random(45);
    const Matrix m = grid<double>(random, 4, 4, false);
    const Rows<double> a(m);
    const int n = a.n;
    csrluInfoHost_t info;
    int nnz_l = 0, nnz_u = 0, position = 0;
    ACC_OK(cusolverSpCreateCsrluInfoHost(&info));
    ACC_OK(cusolverSpXcsrluAnalysisHost(handle_, n, a.nnz, descriptor_, a.offsets.data(),
                                        a.columns.data(), info));
    ACC_OK(cusolverSpDcsrluFactorHost(handle_, n, a.nnz, descriptor_, a.values.data(),
                                      a.offsets.data(), a.columns.data(), info, 1.0, nullptr));
    ACC_OK(cusolverSpDcsrluZeroPivotHost(handle_, info, 1e-12, &position));
    EXPECT_EQ(position, -1);
    const std::vector<double> b = right_side<double>(random, n);
    std::vector<double> x(b.size());
    ACC_OK(cusolverSpDcsrluSolveHost(handle_, n, b.data(), x.data(), info, nullptr));
    expect_solves(a, x, b, "lu");
    ACC_OK(cusolverSpXcsrluNnzHost(handle_, &nnz_l, &nnz_u, info));
    std::vector<int> p(static_cast<size_t>(n)), q(static_cast<size_t>(n)), offsets_l(size_t(n) + 1),
        offsets_u(size_t(n) + 1), columns_l(static_cast<size_t>(nnz_l)),
        columns_u(static_cast<size_t>(nnz_u));
    std::vector<double> values_l(static_cast<size_t>(nnz_l)), values_u(static_cast<size_t>(nnz_u));
    cusparseMatDescr_t zero;
    ASSERT_EQ(cusparseCreateMatDescr(&zero), CUSPARSE_STATUS_SUCCESS);
    ACC_OK(cusolverSpDcsrluExtractHost(handle_, p.data(), q.data(), zero, values_l.data(),
                                       offsets_l.data(), columns_l.data(), zero, values_u.data(),
                                       offsets_u.data(), columns_u.data(), info, nullptr));
    ACC_OK(cusolverSpDestroyCsrluInfoHost(info));
    Matrix l(n, n), u(n, n), turned(n, n);
    for (int i = 0; i < n; ++i) {
        for (int k = offsets_l[size_t(i)]; k < offsets_l[size_t(i) + 1]; ++k)
            l.at(i, columns_l[size_t(k)]) = values_l[size_t(k)];
        for (int k = offsets_u[size_t(i)]; k < offsets_u[size_t(i) + 1]; ++k)
            u.at(i, columns_u[size_t(k)]) = values_u[size_t(k)];
        for (int j = 0; j < n; ++j)
            turned.at(i, j) = m.at(p[size_t(i)], q[size_t(j)]);
    }
    EXPECT_LE((l * u - turned).norm(), 1e-13 * m.norm());

    std::vector<int> offsets = a.offsets, columns = a.columns;
    for (int& o : offsets)
        o -= kBase;
    for (int& c : columns)
        c -= kBase;
    std::vector<double> values = a.values;
    cusolverRfHandle_t rf;
    ACC_OK(cusolverRfCreate(&rf));
    EXPECT_EQ(cusolverRfAnalyze(rf), CUSOLVER_STATUS_NOT_INITIALIZED);
    ACC_OK(cusolverRfSetupHost(n, a.nnz, offsets.data(), columns.data(), values.data(), nnz_l,
                               offsets_l.data(), columns_l.data(), values_l.data(), nnz_u,
                               offsets_u.data(), columns_u.data(), values_u.data(), p.data(),
                               q.data(), rf));
    ACC_OK(cusolverRfAnalyze(rf));
    Matrix changed = m;
    for (Number& v : changed.values)
        v *= 1 + 0.1 * random.real();
    const Rows<double> other(changed);
    const int sides = 2;
    std::vector<double> both = b;
    both.insert(both.end(), b.rbegin(), b.rend());
    Device<double> dv(other.values), dx(both), temp(size_t(n * sides));
    Device<int> dp(p), dq(q), doff(offsets), dcol(columns);
    ACC_OK(cusolverRfResetValues(n, a.nnz, doff.data(), dcol.data(), dv.data(), dp.data(),
                                 dq.data(), rf));
    ACC_OK(cusolverRfSetNumericProperties(rf, 1e-30, 1e-20));
    ACC_OK(cusolverRfRefactor(rf));
    cusolverRfNumericBoostReport_t report;
    ACC_OK(cusolverRfGetNumericBoostReport(rf, &report));
    EXPECT_EQ(report, CUSOLVERRF_NUMERIC_BOOST_NOT_USED); // no pivot is that small
    ACC_OK(cusolverRfSolve(rf, dp.data(), dq.data(), sides, temp.data(), n, dx.data(), n));
    const std::vector<double> got = dx.values();
    expect_solves(other, {got.begin(), got.begin() + n}, b, "refactored");
    expect_solves(other, {got.begin() + n, got.end()}, {b.rbegin(), b.rend()}, "second side");
    // Every pivot is too small.
    ACC_OK(cusolverRfResetValues(n, a.nnz, doff.data(), dcol.data(), dv.data(), dp.data(),
                                 dq.data(), rf));
    ACC_OK(cusolverRfSetNumericProperties(rf, 1e30, 0.5));
    ACC_OK(cusolverRfRefactor(rf));
    ACC_OK(cusolverRfGetNumericBoostReport(rf, &report));
    EXPECT_EQ(report, CUSOLVERRF_NUMERIC_BOOST_USED);
    ACC_OK(cusolverRfDestroy(rf));
    cusparseDestroyMatDescr(zero);
}

} // namespace
} // namespace solver_test
