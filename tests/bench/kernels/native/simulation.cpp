// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace {

// 1 / sqrt(x): the processor's estimate and one step of Newton's, or the exact operations.
float16 reciprocal_root(float16 x) {
#ifdef __AVX512F__
    const float16 y = _mm512_rsqrt14_ps(x);
    return y * (splat(1.5f) - splat(0.5f) * x * y * y);
#else
    float16 y;
    for (int i = 0; i < 16; ++i)
        y[i] = 1.0f / std::sqrt(x[i]);
    return y;
#endif
}

// The accelerations of bodies i to i + 15.
void accelerate(const bench::Nbody& p, int i, float* out) {
    float16 x, y, z, ax{}, ay{}, az{};
    for (int lane = 0; lane < 16; ++lane) {
        x[lane] = p.bodies[4 * (i + lane)];
        y[lane] = p.bodies[4 * (i + lane) + 1];
        z[lane] = p.bodies[4 * (i + lane) + 2];
    }
    for (int j = 0; j < p.n; ++j) {
        const float* other = &p.bodies[4 * j];
        const float16 dx = splat(other[0]) - x, dy = splat(other[1]) - y, dz = splat(other[2]) - z;
        const float16 inverse = reciprocal_root(dx * dx + dy * dy + dz * dz + splat(p.softening));
        const float16 strength = splat(other[3]) * inverse * inverse * inverse;
        ax += dx * strength;
        ay += dy * strength;
        az += dz * strength;
    }
    for (int lane = 0; lane < 16; ++lane) {
        float* to = out + 4 * (i + lane);
        to[0] = ax[lane], to[1] = ay[lane], to[2] = az[lane], to[3] = 0;
    }
}

} // namespace

void run_nbody(bench::Session& session) {
    const bench::Nbody p(session.scale());
    Array<float> out(p.bodies.size());
    auto launch = [&] {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < p.n; i += 16)
            accelerate(p, i, out.get());
    };
    session.run(p, launch, out);
}
