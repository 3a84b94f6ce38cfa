// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that mostly compute, in float.

#include "device.h"

namespace {

// Tiles of 256 bodies pass through shared memory.
__global__ void nbody(int n, float softening, const float4* bodies, float4* accelerations) {
    __shared__ float4 tile[256];
    int i = blockIdx.x * 256 + threadIdx.x;
    float4 me = bodies[i];
    float ax = 0, ay = 0, az = 0;
    for (int start = 0; start < n; start += 256) {
        tile[threadIdx.x] = bodies[start + threadIdx.x];
        __syncthreads();
        for (int j = 0; j < 256; ++j) {
            float4 other = tile[j];
            float dx = other.x - me.x;
            float dy = other.y - me.y;
            float dz = other.z - me.z;
            float inverse = rsqrtf(dx * dx + dy * dy + dz * dz + softening);
            float strength = other.w * inverse * inverse * inverse;
            ax += dx * strength;
            ay += dy * strength;
            az += dz * strength;
        }
        __syncthreads();
    }
    accelerations[i] = make_float4(ax, ay, az, 0);
}

__global__ void mandelbrot(int n, int limit, float step, int* out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= n || y >= n) return;
    float cx = fmaf(x, step, -2.0f), cy = fmaf(y, step, -1.5f);
    float zx = 0, zy = 0;
    int turns = 0;
    while (turns < limit && fmaf(zx, zx, zy * zy) <= 4.0f) {
        float next = fmaf(zx, zx, fmaf(-zy, zy, cx));
        zy = fmaf(2.0f * zx, zy, cy);
        zx = next;
        ++turns;
    }
    out[y * n + x] = turns;
}

// The normal distribution's integral: Abramowitz and Stegun, 26.2.17.
__device__ float normal_integral(float d) {
    float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
    float tail = 0.39894228f * expf(-0.5f * d * d) *
                 (k * (0.31938153f +
                       k * (-0.356563782f +
                            k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f)))));
    return d > 0 ? 1.0f - tail : tail;
}

__global__ void black_scholes(int n, float rate, float volatility, const float* price,
                              const float* strike, const float* years, float* call, float* put) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float s = price[i], x = strike[i], t = years[i];
    float spread = volatility * sqrtf(t);
    float d1 = (logf(s / x) + (rate + 0.5f * volatility * volatility) * t) / spread;
    float d2 = d1 - spread;
    float n1 = normal_integral(d1), n2 = normal_integral(d2);
    float discounted = x * expf(-rate * t);
    call[i] = s * n1 - discounted * n2;
    put[i] = discounted * (1.0f - n2) - s * (1.0f - n1);
}

} // namespace

void run_nbody(bench::Session& session) {
    const bench::Nbody p(session.scale());
    Buffer<float> bodies(p.bodies), out(p.bodies.size());
    auto launch = [&] {
        nbody<<<p.n / 256, 256>>>(p.n, p.softening, reinterpret_cast<const float4*>(bodies.get()),
                                  reinterpret_cast<float4*>(out.get()));
    };
    session.run(p, launch, out);
}

void run_mandelbrot(bench::Session& session) {
    const bench::Mandelbrot p(session.scale());
    Buffer<int> out(size_t(p.n) * p.n);
    const dim3 block(32, 8), grid(divide_up(p.n, 32), divide_up(p.n, 8));
    session.run(p, [&] { mandelbrot<<<grid, block>>>(p.n, p.limit, p.step, out.get()); }, out);
}

void run_black_scholes(bench::Session& session) {
    const bench::BlackScholes p(session.scale());
    Buffer<float> price(p.price), strike(p.strike), years(p.years), out(size_t{2} * p.n);
    auto launch = [&] {
        black_scholes<<<divide_up(p.n, 256), 256>>>(p.n, p.rate, p.volatility, price.get(),
                                                    strike.get(), years.get(), out.get(),
                                                    out.get() + p.n);
    };
    session.run(p, launch, out);
}
