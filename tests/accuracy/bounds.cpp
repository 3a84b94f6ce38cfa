// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "table.h"

#include <cmath>
#include <cstring>
#include <string>

namespace accuracy {
namespace {

/// Texts live as long as the program.
const char* keep(const std::string& text) {
    return strdup(text.c_str());
}
std::string number(double value) {
    char text[40];
    snprintf(text, sizeof text, "%.4g", value);
    return text;
}
constexpr double kUlp = 0x1p-23; // of an f32 near 1

int order(const double* x) {
    return static_cast<int>(x[0]) & 127;
}

Limit fast_tangent_at(const Bound&, const double* x, double exact) {
    if (!(std::fabs(x[0]) <= M_PI)) return {Limit::none, 0};
    double sine = 0x1.8157d9dp-22 / std::fabs(std::sin(x[0])),
           cosine = 0x1.c0d2771p-22 / std::fabs(std::cos(x[0]));
    if (cosine > 0.5) return {Limit::none, 0};
    double relative = (1 + sine) / (1 - cosine) * (1 + 2 * kUlp) - 1;
    return {Limit::absolute, relative * std::fabs(exact) + 0x1p-126};
}
/// The documented error of __log2f in t = y log2 x, the rounding of t, and 2 ulp for exp2f.
Limit fast_power_at(const Bound&, const double* x, double exact) {
    if (!(x[0] > 0 && std::isfinite(x[0]) && std::isfinite(x[1]))) return {Limit::none, 0};
    double l = std::log2(x[0]), t = x[1] * l;
    double error = x[0] >= 0.5 && x[0] <= 2 ? 0x1p-22 : std::fabs(l) * 2 * kUlp;
    double relative = std::exp2(std::fabs(x[1]) * error + std::fabs(t) * kUlp / 2) - 1 + 2 * kUlp;
    if (!(exact * (1 + relative) < 0x1p128)) return {Limit::none, 0};
    return {Limit::absolute, relative * exact + 2 * 0x1p-126};
}

} // namespace

Bound ulp(double n) {
    return {keep(number(n)),
            [](const Bound& s, const double*, double) { return Limit{Limit::ulp, s.a}; }, n, 0, 0};
}
Bound ulp_below(double limit, double n, double absolute) {
    return {keep(number(n) + " for \\|x\\| < " + number(limit) + ", else " + number(absolute) +
                 " absolute"),
            [](const Bound& s, const double* x, double) {
                return std::fabs(x[0]) < s.a ? Limit{Limit::ulp, s.b} : Limit{Limit::absolute, s.c};
            },
            limit, n, absolute};
}
Bound absolute_everywhere(double error) {
    return {keep(number(error) + " absolute"),
            [](const Bound& s, const double*, double) { return Limit{Limit::absolute, s.a}; },
            error, 0, 0};
}
Bound absolute_near_one(double error, double n) {
    return {
        keep("2^" + number(std::log2(error)) + " absolute for x in [0.5, 2], else " + number(n)),
        [](const Bound& s, const double* x, double) {
            return x[0] >= 0.5 && x[0] <= 2 ? Limit{Limit::absolute, s.a} : Limit{Limit::ulp, s.b};
        },
        error, n, 0};
}
Bound absolute_in_period(double error) {
    return {keep("2^" + number(std::log2(error)) + " absolute for x in [-pi, pi]"),
            [](const Bound& s, const double* x, double) {
                return std::fabs(x[0]) <= M_PI ? Limit{Limit::absolute, s.a}
                                               : Limit{Limit::none, 0};
            },
            error, 0, 0};
}
Bound ulp_growing(double slope) {
    return {keep("2 + floor(\\|" + number(slope) + " x\\|)"),
            [](const Bound& s, const double* x, double) {
                return Limit{Limit::ulp, 2 + std::floor(std::fabs(s.a * x[0]))};
            },
            slope, 0, 0};
}
Bound relative(double error) {
    return {keep("2^" + number(std::log2(error)) + " relative"),
            [](const Bound& s, const double*, double exact) {
                return Limit{Limit::absolute, s.a * std::fabs(exact)};
            },
            error, 0, 0};
}
Bound ulp_outside(double low, double high, double n) {
    return {keep(number(n) + " outside of " + std::to_string(low).substr(0, 8) + " … " +
                 std::to_string(high).substr(0, 7)),
            [](const Bound& s, const double* x, double) {
                return x[0] >= s.a && x[0] <= s.b ? Limit{Limit::none, 0} : Limit{Limit::ulp, s.c};
            },
            low, high, n};
}
Bound second_kind(double absolute) {
    return {keep("ceil(2 + 2.5 n) for \\|x\\| < n, else " + number(absolute) + " absolute"),
            [](const Bound& s, const double* x, double) {
                int n = order(x);
                return std::fabs(x[1]) < n ? Limit{Limit::ulp, std::ceil(2 + 2.5 * n)}
                                           : Limit{Limit::absolute, s.a};
            },
            absolute, 0, 0};
}
Bound second_kind_double(double absolute) {
    return {keep(number(absolute) + " absolute for \\|x\\| > 1.5 n"),
            [](const Bound& s, const double* x, double) {
                return std::fabs(x[1]) > 1.5 * order(x) ? Limit{Limit::absolute, s.a}
                                                        : Limit{Limit::none, 0};
            },
            absolute, 0, 0};
}
Bound ulp_of_ordinary_divisor(double n, int divisor) {
    return {keep(number(n) + " for a divisor in 2^-126 … 2^126"),
            [](const Bound& s, const double* x, double) {
                double size = std::fabs(x[static_cast<int>(s.b)]);
                return size >= 0x1p-126 && size <= 0x1p126 ? Limit{Limit::ulp, s.a}
                                                           : Limit{Limit::none, 0};
            },
            n, static_cast<double>(divisor), 0};
}
Bound fast_tangent() {
    return {"that of __sinf / __cosf for x in [-pi, pi]", fast_tangent_at, 0, 0, 0};
}
Bound fast_power() {
    return {"that of exp2f(y * __log2f(x))", fast_power_at, 0, 0, 0};
}

} // namespace accuracy
