// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bessel functions in kernels against the C library's, and the modified ones against their power
// series. (Their errors near the zeros: tests/unit/devicelib.)
#include "../common/check.h"

#include <cmath>

namespace {

constexpr int kFunctions = 8, kOrder = 5;

/// j0, j1, jn, y0, y1, yn, cyl_bessel_i0, cyl_bessel_i1.
__global__ void all(const double* x, double* out, float* out_f, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const double a = x[i],
                 values[kFunctions] = {j0(a), j1(a),         jn(kOrder, a),    y0(a),
                                       y1(a), yn(kOrder, a), cyl_bessel_i0(a), cyl_bessel_i1(a)};
    const float f = float(a), values_f[kFunctions] = {
                                  j0f(f), j1f(f),         jnf(kOrder, f),    y0f(f),
                                  y1f(f), ynf(kOrder, f), cyl_bessel_i0f(f), cyl_bessel_i1f(f)};
    for (int k = 0; k < kFunctions; ++k) {
        out[kFunctions * i + k] = values[k];
        out_f[kFunctions * i + k] = values_f[k];
    }
    __prof_trigger(7); // nothing but a count for a profiler
}

/// All terms are positive.
long double series(int order, long double x) {
    long double term = order ? x / 2 : 1, sum = 0;
    for (int k = 1; k < 300; ++k) {
        sum += term;
        term *= x * x / 4 / (static_cast<long double>(k) * (k + order));
    }
    return sum;
}

} // namespace

int main() {
    std::vector<double> x;
    for (int i = 0; i < 192; ++i)
        x.push_back(std::exp2(i / 16.0 - 5)); // to 2^7
    const int n = int(x.size());
    Buffer<double> d(x), out(kFunctions * n);
    Buffer<float> out_f(kFunctions * n);
    all<<<(n + 63) / 64, 64>>>(d.device(), out.device(), out_f.device(), n);
    SYNC();
    out.download();
    out_f.download();
    for (int i = 0; i < n; ++i) {
        const double a = x[i];
        const long double want[kFunctions] = {j0(a), j1(a),         jn(kOrder, a), y0(a),
                                              y1(a), yn(kOrder, a), series(0, a),  series(1, a)};
        for (int k = 0; k < kFunctions; ++k) {
            const double size = std::max(1.0, double(std::fabs(want[k])));
            const double error = double(std::fabs(out[kFunctions * i + k] - want[k])) / size;
            EXPECT(error < 5e-14, "function %d of %g: %g", k, a, out[kFunctions * i + k]);
            // Of single precision only the argument differs: at most by 2^-25 of it.
            const double error_f = double(std::fabs(out_f[kFunctions * i + k] - want[k])) / size;
            if (std::isinf(out_f[kFunctions * i + k]) && want[k] > 3.4e38L) continue;
            EXPECT(error_f < 1e-5, "function %d of %gf: %g", k, a, out_f[kFunctions * i + k]);
        }
    }
    return finish();
}
