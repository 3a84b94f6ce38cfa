// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that are not inlined, recursion, function pointers, virtual functions, arrays on the
// stack.
#include "../common/check.h"

__device__ __noinline__ int ackermann(int m, int n) {
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

__device__ __noinline__ unsigned fibonacci(unsigned n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

__device__ __noinline__ bool is_odd(unsigned n);
__device__ __noinline__ bool is_even(unsigned n) {
    return n == 0 || is_odd(n - 1);
}
__device__ __noinline__ bool is_odd(unsigned n) {
    return n != 0 && is_even(n - 1);
}

__device__ double add(double a, double b) {
    return a + b;
}
__device__ double sub(double a, double b) {
    return a - b;
}
__device__ double mul(double a, double b) {
    return a * b;
}
typedef double (*Operation)(double, double);
__device__ Operation operations[3] = {add, sub, mul};

struct Shape {
    __device__ virtual float area() const = 0;
    __device__ virtual ~Shape() {}
};
struct Square : Shape {
    float side;
    __device__ explicit Square(float s) : side(s) {}
    __device__ float area() const override { return side * side; }
};
struct Box : Shape {
    float w, h;
    __device__ Box(float a, float b) : w(a), h(b) {}
    __device__ float area() const override { return w * h; }
};

__device__ __noinline__ float area_of(const Shape& shape) {
    return shape.area();
}

/// Many arguments: some travel on the stack.
__device__ __noinline__ double weigh(int a, double b, long long c, float d, short e, char f,
                                     double g, int h, int i, int j, double k, int l, int m, int n,
                                     int o, double p) {
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10 + k * 11 +
           l * 12 + m * 13 + n * 14 + o * 15 + p * 16;
}

__global__ void numbers(unsigned* out) {
    const unsigned t = threadIdx.x;
    out[t] = t % 3 == 0   ? (unsigned)ackermann(2, (int)(t % 8))
             : t % 3 == 1 ? fibonacci(t % 15)
                          : (unsigned)is_even(t);
}

__global__ void indirect(double* out) {
    const int t = threadIdx.x;
    out[t] = operations[t % 3](t, t + 0.5);
}

__global__ void objects(float* out) {
    Square square((float)threadIdx.x);
    Box box((float)threadIdx.x, 3);
    const Shape* chosen = threadIdx.x % 2 ? (const Shape*)&square : (const Shape*)&box;
    out[threadIdx.x] = area_of(*chosen);
}

__global__ void stack_array(int* out, int n) {
    int local[64];
    for (int i = 0; i < 64; ++i)
        local[i] = i * (int)threadIdx.x;
    for (int i = 0; i < n; ++i)
        local[(i * 7) % 64] += local[(i * 13 + 5) % 64];
    int sum = 0;
    for (int i = 0; i < 64; ++i)
        sum += local[i] ^ i;
    out[threadIdx.x] = sum;
}

__global__ void weigh_all(double* out) {
    const int t = threadIdx.x;
    out[t] = weigh(t, t, t, t, (short)t, (char)t, t, t, t, t, t, t, t, t, t, t);
}

static unsigned numbers_on_host(unsigned t) {
    static const unsigned ackermann2[8] = {3, 5, 7, 9, 11, 13, 15, 17};
    static const unsigned fib[15] = {0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377};
    return t % 3 == 0 ? ackermann2[t % 8] : t % 3 == 1 ? fib[t % 15] : t % 2 == 0;
}

int main() {
    CHECK(cudaDeviceSetLimit(cudaLimitStackSize, 16384));
    Buffer<unsigned> n(64);
    numbers<<<1, 64>>>(n.device());
    SYNC();
    n.download();
    for (unsigned t = 0; t < 64; ++t)
        EXPECT(n[t] == numbers_on_host(t), "thread %u: %u", t, n[t]);

    Buffer<double> d(64);
    indirect<<<1, 64>>>(d.device());
    SYNC();
    d.download();
    for (int t = 0; t < 64; ++t) {
        const double expected = t % 3 == 0   ? t + (t + 0.5)
                                : t % 3 == 1 ? t - (t + 0.5)
                                             : t * (t + 0.5);
        EXPECT(d[t] == expected, "indirect %d: %g", t, d[t]);
    }
    weigh_all<<<1, 64>>>(d.device());
    SYNC();
    d.download();
    for (int t = 0; t < 64; ++t)
        EXPECT(d[t] == 136.0 * t, "weigh %d: %g", t, d[t]);

    Buffer<float> f(64);
    objects<<<1, 64>>>(f.device());
    SYNC();
    f.download();
    for (int t = 0; t < 64; ++t)
        EXPECT(f[t] == (t % 2 ? (float)t * t : 3.0f * t), "object %d: %g", t, f[t]);

    Buffer<int> sums(32);
    stack_array<<<1, 32>>>(sums.device(), 500);
    SYNC();
    sums.download();
    for (int t = 0; t < 32; ++t) {
        int local[64], sum = 0;
        for (int i = 0; i < 64; ++i)
            local[i] = i * t;
        for (int i = 0; i < 500; ++i)
            local[(i * 7) % 64] = (int)((unsigned)local[(i * 7) % 64] +
                                        (unsigned)local[(i * 13 + 5) % 64]);
        for (int i = 0; i < 64; ++i)
            sum = (int)((unsigned)sum + (unsigned)(local[i] ^ i));
        EXPECT(sums[t] == sum, "stack %d", t);
    }
    return finish();
}
