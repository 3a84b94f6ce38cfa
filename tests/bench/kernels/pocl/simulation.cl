// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/simulation.cu.

kernel void nbody(int n, float softening, global const float4* bodies,
                  global float4* accelerations) {
    local float4 tile[256];
    int i = get_global_id(0), t = get_local_id(0);
    float4 me = bodies[i];
    float ax = 0, ay = 0, az = 0;
    for (int start = 0; start < n; start += 256) {
        tile[t] = bodies[start + t];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int j = 0; j < 256; ++j) {
            float4 other = tile[j];
            float dx = other.x - me.x;
            float dy = other.y - me.y;
            float dz = other.z - me.z;
            float inverse = rsqrt(dx * dx + dy * dy + dz * dz + softening);
            float strength = other.w * inverse * inverse * inverse;
            ax += dx * strength;
            ay += dy * strength;
            az += dz * strength;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    accelerations[i] = (float4)(ax, ay, az, 0);
}

kernel void mandelbrot(int n, int limit, float step, global int* out) {
    int x = get_global_id(0);
    int y = get_global_id(1);
    if (x >= n || y >= n) return;
    float cx = fma((float)x, step, -2.0f), cy = fma((float)y, step, -1.5f);
    float zx = 0, zy = 0;
    int turns = 0;
    while (turns < limit && fma(zx, zx, zy * zy) <= 4.0f) {
        float next = fma(zx, zx, fma(-zy, zy, cx));
        zy = fma(2.0f * zx, zy, cy);
        zx = next;
        ++turns;
    }
    out[y * n + x] = turns;
}

float normal_integral(float d) {
    float k = 1.0f / (1.0f + 0.2316419f * fabs(d));
    float tail = 0.39894228f * exp(-0.5f * d * d) *
                 (k * (0.31938153f +
                       k * (-0.356563782f +
                            k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f)))));
    return d > 0 ? 1.0f - tail : tail;
}

kernel void black_scholes(int n, float rate, float volatility, global const float* price,
                          global const float* strike, global const float* years,
                          global float* out) {
    int i = get_global_id(0);
    if (i >= n) return;
    float s = price[i], x = strike[i], t = years[i];
    float spread = volatility * sqrt(t);
    float d1 = (log(s / x) + (rate + 0.5f * volatility * volatility) * t) / spread;
    float d2 = d1 - spread;
    float n1 = normal_integral(d1), n2 = normal_integral(d2);
    float discounted = x * exp(-rate * t);
    out[i] = s * n1 - discounted * n2;
    out[n + i] = discounted * (1.0f - n2) - s * (1.0f - n1);
}
