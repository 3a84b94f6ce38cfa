// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

namespace {

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

namespace {

// 32 pixels of a row at once, until none of them is left: two vectors, since each operation waits
// for the one before.
void turns_of(const float16 cx[2], float16 cy, int limit, int* out) {
    float16 zx[2] = {}, zy[2] = {};
    int16 turns[2] = {};
    for (int i = 0; i < limit; ++i) {
        int16 inside[2];
        for (int k = 0; k < 2; ++k)
            inside[k] = __builtin_elementwise_fma(zx[k], zx[k], zy[k] * zy[k]) <= splat(4.0f);
        if (!any(inside[0] | inside[1])) break;
        for (int k = 0; k < 2; ++k) {
            turns[k] -= inside[k];
            const float16 next = __builtin_elementwise_fma(
                zx[k], zx[k], __builtin_elementwise_fma(-zy[k], zy[k], cx[k]));
            const float16 doubled = splat(2.0f) * zx[k];
            // A pixel that has left stays outside.
            zy[k] = inside[k] ? __builtin_elementwise_fma(doubled, zy[k], cy) : zy[k];
            zx[k] = inside[k] ? next : zx[k];
        }
    }
    store(out, turns[0]);
    store(out + 16, turns[1]);
}

float normal_integral(float d) {
    const float k = 1.0f / (1.0f + 0.2316419f * std::fabs(d));
    const float tail = 0.39894228f * simd_exp(-0.5f * d * d) *
                       (k * (0.31938153f +
                             k * (-0.356563782f +
                                  k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f)))));
    return d > 0 ? 1.0f - tail : tail;
}

} // namespace

void run_mandelbrot(bench::Session& session) {
    const bench::Mandelbrot p(session.scale());
    Array<int> out(size_t(p.n) * p.n);
    auto launch = [&] {
#pragma omp parallel for schedule(dynamic, 8)
        for (int y = 0; y < p.n; ++y) {
            const float16 cy = __builtin_elementwise_fma(splat(y), splat(p.step), splat(-1.5f));
            for (int x = 0; x < p.n; x += 32) {
                float16 cx[2];
                for (int k = 0; k < 2; ++k)
                    cx[k] = __builtin_elementwise_fma(
                        __builtin_convertvector(lanes + (x + 16 * k), float16), splat(p.step),
                        splat(-2.0f));
                turns_of(cx, cy, p.limit, out.get() + size_t(y) * p.n + x);
            }
        }
    };
    session.run(p, launch, out);
}

void run_black_scholes(bench::Session& session) {
    const bench::BlackScholes p(session.scale());
    Array<float> out(size_t{2} * p.n);
    auto launch = [&] {
        const float *price = p.price.data(), *strike = p.strike.data(), *years = p.years.data();
        float *call = out.get(), *put = out.get() + p.n;
        const float rate = p.rate, volatility = p.volatility;
#pragma omp parallel for simd schedule(static)
        for (int i = 0; i < p.n; ++i) {
            const float s = price[i], x = strike[i], t = years[i];
            const float spread = volatility * std::sqrt(t);
            const float d1 = (simd_log(s / x) + (rate + 0.5f * volatility * volatility) * t) /
                             spread;
            const float d2 = d1 - spread;
            const float n1 = normal_integral(d1), n2 = normal_integral(d2);
            const float discounted = x * simd_exp(-rate * t);
            call[i] = s * n1 - discounted * n2;
            put[i] = discounted * (1.0f - n2) - s * (1.0f - n1);
        }
    };
    session.run(p, launch, out);
}
