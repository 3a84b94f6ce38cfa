// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 1 against OpenBLAS: every size up to 20 and some of several blocks, strides of both signs,
// in four types.
#include "functions1.h"

namespace blas_test {
namespace {

template <class T>
class Level1 : public Blas {};
using Types = testing::Types<float, double, CF, CD>;
TYPED_TEST_SUITE(Level1, Types);

const std::vector<int> kSizes = {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 20, 1025, 9000};
const std::vector<int> kStrides = {1, 2, 3, -1, -2};

template <class Test>
void for_sizes(Test test) {
    for (int n : kSizes)
        for (int ix : kStrides)
            for (int iy : kStrides)
                if (n <= 20 || (ix == iy && std::abs(ix) < 3)) test(n, ix, iy);
}

std::string where(int n, int ix, int iy) {
    return "n " + std::to_string(n) + " strides " + std::to_string(ix) + " " + std::to_string(iy);
}

TYPED_TEST(Level1, UpdatesOfVectors) {
    using T = TypeParam;
    Values values(1);
    for_sizes([&](int n, int ix, int iy) {
        const auto x = values.many<T>(span(n, ix)), y = values.many<T>(span(n, iy));
        const T a = values.one<T>();
        Device<T> dx(x), dy(y);
        auto rx = x, ry = y;
        ACC_OK(axpy(this->handle_, n, &a, dx.data(), ix, dy.data(), iy));
        ref_axpy(n, a, rx.data(), ix, ry.data(), iy);
        expect_near(dy.values(), ry, bound<T>(2), "axpy " + where(n, ix, iy));

        ACC_OK(copy(this->handle_, n, dx.data(), ix, dy.data(), iy));
        ref_copy(n, rx.data(), ix, ry.data(), iy);
        ACC_OK(scal(this->handle_, n, &a, dx.data(), ix));
        if (ix > 0) ref_scal(n, a, rx.data(), ix);
        ACC_OK(swap(this->handle_, n, dx.data(), ix, dy.data(), iy));
        ref_swap(n, rx.data(), ix, ry.data(), iy);
        expect_near(dx.values(), rx, bound<T>(2), "copy, scal, swap " + where(n, ix, iy));
        expect_near(dy.values(), ry, bound<T>(2), "copy, scal, swap " + where(n, ix, iy));
    });
}

TYPED_TEST(Level1, DotProducts) {
    using T = TypeParam;
    Values values(2);
    for_sizes([&](int n, int ix, int iy) {
        const auto x = values.many<T>(span(n, ix)), y = values.many<T>(span(n, iy));
        Device<T> dx(x), dy(y);
        for (bool conj : {false, true}) {
            T got = T(7);
            ACC_OK(dot(this->handle_, conj, n, dx.data(), ix, dy.data(), iy, &got));
            const CD wanted = ref_dot(conj, n, x.data(), ix, y.data(), iy);
            ASSERT_LE(std::abs(CD(got) - wanted), bound<T>(n)) << where(n, ix, iy);
        }
    });
}

TYPED_TEST(Level1, SumsAndPlaces) {
    using T = TypeParam;
    Values values(3);
    for_sizes([&](int n, int ix, int) {
        const auto x = values.many<T>(span(n, ix));
        Device<T> dx(x);
        Real<T> norm = 7, sum = 7;
        int place = 7;
        ACC_OK(nrm2(this->handle_, n, dx.data(), ix, &norm));
        ACC_OK(asum(this->handle_, n, dx.data(), ix, &sum));
        ACC_OK(amax(this->handle_, n, dx.data(), ix, &place));
        if (n == 0 || ix < 0) {
            ASSERT_TRUE(norm == 0 && sum == 0 && place == 0) << where(n, ix, 0);
            return;
        }
        ASSERT_NEAR(norm, ref_nrm2(n, x.data(), ix), bound<T>(n)) << where(n, ix, 0);
        ASSERT_EQ(place, ref_amax(n, x.data(), ix)) << where(n, ix, 0);
        ACC_OK(amin(this->handle_, n, dx.data(), ix, &place));
        const auto size = [&](int i) {
            return std::abs(std::real(x[size_t(i * ix)])) + std::abs(std::imag(x[size_t(i * ix)]));
        };
        int least = 0;
        double all = 0;
        for (int i = 0; i < n; ++i) {
            if (size(i) < size(least)) least = i;
            all += size(i);
        }
        // Added up here: the sums of complex floats of OpenBLAS 0.3.21 are wrong on some
        // processors.
        ASSERT_NEAR(sum, all, bound<T>(n) * n) << where(n, ix, 0);
        ASSERT_EQ(place, least + 1) << where(n, ix, 0);
    });
}

TYPED_TEST(Level1, TheFirstOfEqualsIsThePlace) {
    using T = TypeParam;
    std::vector<T> x(3000, T(1));
    x[1200] = x[2500] = T(-2);
    x[700] = x[2200] = T(0);
    Device<T> dx(x);
    int place = 0;
    ACC_OK(amax(this->handle_, 3000, dx.data(), 1, &place));
    EXPECT_EQ(place, 1201);
    ACC_OK(amin(this->handle_, 3000, dx.data(), 1, &place));
    EXPECT_EQ(place, 701);
}

TYPED_TEST(Level1, NormsOfLargeAndSmallNumbersNeitherOverflowNorVanish) {
    using T = TypeParam;
    using R = Real<T>;
    for (R size : {std::numeric_limits<R>::max() / 4, std::numeric_limits<R>::min() * 4, R(1)}) {
        const std::vector<T> x = {T(size), T(0), T(size), T(size), T(size)};
        Device<T> dx(x);
        R norm = 0;
        ACC_OK(nrm2(this->handle_, 5, dx.data(), 1, &norm));
        EXPECT_NEAR(norm / size, R(2), bound<T>(4));
    }
    const R infinity = std::numeric_limits<R>::infinity(),
            nan = std::numeric_limits<R>::quiet_NaN();
    for (R special : {infinity, nan})
        for (R other : {R(1), std::numeric_limits<R>::max(), std::numeric_limits<R>::min()}) {
            Device<T> dx({T(other), T(special), T(other)});
            R norm = 0;
            ACC_OK(nrm2(this->handle_, 3, dx.data(), 1, &norm));
            EXPECT_TRUE(std::isnan(special) ? std::isnan(norm) : norm == infinity)
                << special << " " << other;
        }
}

TYPED_TEST(Level1, PointerModeDevice) {
    using T = TypeParam;
    Values values(4);
    const int n = 300;
    const auto x = values.many<T>(n), y = values.many<T>(n);
    const T a = values.one<T>();
    Device<T> dx(x), dy(y), da({a}), dr({T(7)});
    Device<Real<T>> dnorm({7});
    Device<int> dplace({7});
    ACC_OK(cublasSetPointerMode(this->handle_, CUBLAS_POINTER_MODE_DEVICE));
    ACC_OK(axpy(this->handle_, n, da.data(), dx.data(), 1, dy.data(), 1));
    ACC_OK(dot(this->handle_, true, n, dx.data(), 1, dy.data(), 1, dr.data()));
    ACC_OK(nrm2(this->handle_, n, dx.data(), 1, dnorm.data()));
    ACC_OK(amax(this->handle_, n, dx.data(), 1, dplace.data()));
    auto ry = y;
    ref_axpy(n, a, x.data(), 1, ry.data(), 1);
    expect_near(dy.values(), ry, bound<T>(2), "axpy");
    ASSERT_LE(std::abs(CD(dr.values()[0]) - ref_dot(true, n, x.data(), 1, ry.data(), 1)),
              bound<T>(n));
    EXPECT_NEAR(dnorm.values()[0], ref_nrm2(n, x.data(), 1), bound<T>(n));
    EXPECT_EQ(dplace.values()[0], ref_amax(n, x.data(), 1));
    ACC_OK(dot(this->handle_, true, 0, dx.data(), 1, dy.data(), 1, dr.data()));
    EXPECT_EQ(dr.values()[0], T(0));
}

TYPED_TEST(Level1, Rotations) {
    using T = TypeParam;
    using R = Real<T>;
    Values values(5);
    for_sizes([&](int n, int ix, int iy) {
        const auto x = values.many<T>(span(n, ix)), y = values.many<T>(span(n, iy));
        T a = values.one<T>(), b = values.one<T>(), s = T(0);
        R c = 0;
        const T old_a = a, old_b = b;
        ACC_OK(rotg(this->handle_, &a, &b, &c, &s));
        // The rotation takes (a, b) to (r, 0).
        const CD sine(s), conj(std::conj(sine));
        ASSERT_LE(std::abs(double(c) * CD(old_a) + sine * CD(old_b) - CD(a)), bound<T>(8));
        ASSERT_LE(std::abs(double(c) * CD(old_b) - conj * CD(old_a)), bound<T>(8));
        ASSERT_NEAR(double(c) * c + std::norm(sine), 1, bound<T>(8));
        Device<T> dx(x), dy(y);
        ACC_OK(rot(this->handle_, n, dx.data(), ix, dy.data(), iy, &c, &s));
        auto rx = x, ry = y;
        for (int i = 0; i < n; ++i) {
            T& p = rx[size_t((ix < 0 ? i - n + 1 : i) * ix)];
            T& q = ry[size_t((iy < 0 ? i - n + 1 : i) * iy)];
            const CD u(p), v(q);
            const CD p_new = double(c) * u + sine * v, q_new = double(c) * v - conj * u;
            if constexpr (is_complex<T>) {
                p = T(p_new);
                q = T(q_new);
            } else {
                p = T(p_new.real());
                q = T(q_new.real());
            }
        }
        expect_near(dx.values(), rx, bound<T>(4), "rot " + where(n, ix, iy));
        expect_near(dy.values(), ry, bound<T>(4), "rot " + where(n, ix, iy));
    });
}

template <class T>
class Modified : public Blas {};
using RealTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(Modified, RealTypes);

cublasStatus_t rotmg(cublasHandle_t h, float* d1, float* d2, float* x, const float* y, float* p) {
    return cublasSrotmg(h, d1, d2, x, y, p);
}
cublasStatus_t rotmg(cublasHandle_t h, double* d1, double* d2, double* x, const double* y,
                     double* p) {
    return cublasDrotmg(h, d1, d2, x, y, p);
}
cublasStatus_t rotm(cublasHandle_t h, int n, float* x, int ix, float* y, int iy, const float* p) {
    return cublasSrotm(h, n, x, ix, y, iy, p);
}
cublasStatus_t rotm(cublasHandle_t h, int n, double* x, int ix, double* y, int iy,
                    const double* p) {
    return cublasDrotm(h, n, x, ix, y, iy, p);
}
void ref_rotmg(float* d1, float* d2, float* x, float y, float* p) {
    cblas_srotmg(d1, d2, x, y, p);
}
void ref_rotmg(double* d1, double* d2, double* x, double y, double* p) {
    cblas_drotmg(d1, d2, x, y, p);
}
void ref_rotm(int n, float* x, int ix, float* y, int iy, const float* p) {
    cblas_srotm(n, x, ix, y, iy, p);
}
void ref_rotm(int n, double* x, int ix, double* y, int iy, const double* p) {
    cblas_drotm(n, x, ix, y, iy, p);
}

TYPED_TEST(Modified, RotationsAreOpenBlass) {
    using T = TypeParam;
    Values values(6);
    for (int round = 0; round < 200; ++round) {
        T d1 = values.one<T>(), d2 = values.one<T>(), x = values.one<T>();
        const T y = round % 17 == 0 ? T(0) : values.one<T>();
        if (round % 5 == 0) d1 *= T(1e-9);
        if (round % 7 == 0) d2 *= T(1e9);
        if (round % 3 != 0) d1 = std::abs(d1);
        T r1 = d1, r2 = d2, rx = x, got[5] = {9, 9, 9, 9, 9}, wanted[5] = {9, 9, 9, 9, 9};
        ACC_OK(rotmg(this->handle_, &d1, &d2, &x, &y, got));
        ref_rotmg(&r1, &r2, &rx, y, wanted);
        ASSERT_EQ(got[0], wanted[0]) << round;
        const double near = bound<T>(8);
        EXPECT_NEAR(d1, r1, near * std::abs(r1)) << round;
        EXPECT_NEAR(d2, r2, near * std::abs(r2)) << round;
        EXPECT_NEAR(x, rx, near * (std::abs(rx) + 1)) << round;
        // What the flag says is there.
        for (int i = 1; i < 5; ++i)
            if (got[0] == -1 || (got[0] == 0 && (i == 2 || i == 3)) ||
                (got[0] == 1 && (i == 1 || i == 4)))
                EXPECT_NEAR(got[i], wanted[i], near * (std::abs(wanted[i]) + 1))
                    << round << " " << i;
    }
    for (T flag : {T(-2), T(-1), T(0), T(1)}) {
        const std::vector<T> param = {flag, T(0.5), T(-0.25), T(2), T(0.75)};
        const auto u = values.many<T>(50), v = values.many<T>(50);
        Device<T> du(u), dv(v);
        auto ru = u, rv = v;
        ACC_OK(rotm(this->handle_, 25, du.data(), 2, dv.data(), -1, param.data()));
        ref_rotm(25, ru.data(), 2, rv.data(), -1, param.data());
        expect_near(du.values(), ru, bound<T>(4), "rotm");
        expect_near(dv.values(), rv, bound<T>(4), "rotm");
    }
}

TEST_F(Blas, RealScalarsOfComplexVectors) {
    Values values(7);
    const auto x = values.many<CF>(50), y = values.many<CF>(50);
    Device<CF> dx(x), dy(y);
    const float c = 0.6f, s = 0.8f;
    ACC_OK(cublasCsscal(handle_, 25, &s, api(dx.data()), 2));
    ACC_OK(cublasCsrot(handle_, 50, api(dx.data()), 1, api(dy.data()), 1, &c, &s));
    auto rx = x, ry = y;
    cblas_csscal(25, s, rx.data(), 2);
    for (size_t i = 0; i < 50; ++i) {
        const CF old = rx[i];
        rx[i] = c * old + s * ry[i];
        ry[i] = c * ry[i] - s * old;
    }
    expect_near(dx.values(), rx, bound<float>(4), "csrot");
    expect_near(dy.values(), ry, bound<float>(4), "csrot");
}

TEST_F(Blas, LongIntegers) {
    Values values(8);
    const auto x = values.many<double>(100), y = values.many<double>(100);
    Device<double> dx(x), dy(y);
    const double a = 0.5;
    ACC_OK(cublasDaxpy_64(handle_, 50, &a, dx.data(), 2, dy.data(), 1));
    int64_t place = 0;
    ACC_OK(cublasIdamax_64(handle_, 100, dx.data(), 1, &place));
    auto ry = y;
    ref_axpy(50, a, x.data(), 2, ry.data(), 1);
    expect_near(dy.values(), ry, bound<double>(2), "axpy");
    EXPECT_EQ(place, ref_amax(100, x.data(), 1));
}

TEST_F(Blas, NullScalarsAreInvalid) {
    Device<float> x({1, 2, 3});
    float result = 0;
    EXPECT_EQ(cublasSaxpy(handle_, 3, nullptr, x.data(), 1, x.data(), 1),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSscal(handle_, 3, nullptr, x.data(), 1), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSdot(handle_, 3, x.data(), 1, x.data(), 1, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSnrm2(handle_, 3, x.data(), 1, nullptr), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasIsamax(handle_, 3, x.data(), 1, nullptr), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSrot(handle_, 3, x.data(), 1, x.data(), 1, nullptr, &result),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSrotm(handle_, 3, x.data(), 1, x.data(), 1, nullptr),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSnrm2(nullptr, 3, x.data(), 1, &result), CUBLAS_STATUS_NOT_INITIALIZED);
}

} // namespace
} // namespace blas_test
