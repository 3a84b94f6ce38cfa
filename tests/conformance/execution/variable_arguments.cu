// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions with variable arguments on the device: scalars of all sizes, structures with and
// without gaps, aligned ones.
#include <cstdarg>
#include <cstdio>

struct Bytes {
    char a, b, c;
};
struct Shorts {
    short x[5];
};
struct Doubles {
    double a, b;
};

__device__ __noinline__ long sum(int n, ...) {
    va_list list;
    va_start(list, n);
    long total = 0;
    for (int i = 0; i < n; ++i) {
        Bytes bytes = va_arg(list, Bytes);
        total = 1000 * total + 100 * bytes.a + 10 * bytes.b + bytes.c;
    }
    total += va_arg(list, long);
    total += va_arg(list, int);
    __int128 wide = va_arg(list, __int128);
    total += long(wide >> 64) + long(wide);
    Shorts shorts = va_arg(list, Shorts);
    for (short s : shorts.x)
        total += s;
    total += long(va_arg(list, double));
    Doubles doubles = va_arg(list, Doubles);
    total += long(doubles.a * doubles.b);
    va_end(list);
    return total;
}

struct Tail { // 7 bytes unused at the end
    double a;
    char b;
};
struct Gap {
    char a;
    double b;
    short c;
};
struct Nothing {};
struct alignas(16) Aligned {
    int a;
};
template <class T>
struct Holder {
    T value;
    __device__ __host__ int half() const { return int(value) / 2; }
};

__device__ __noinline__ double aligned(int n, ...) {
    va_list list;
    va_start(list, n);
    double total = va_arg(list, int);
    float4 four = va_arg(list, float4);
    total += 10 * four.x + 100 * four.y + 1e3 * four.z + 1e4 * four.w;
    total += 1e5 * va_arg(list, int);
    Tail tail = va_arg(list, Tail);
    total += 1e6 * tail.a + 1e7 * tail.b;
    total += 1e8 * va_arg(list, int);
    Gap gap = va_arg(list, Gap);
    total += 1e9 * gap.a + 1e10 * gap.b + 1e11 * gap.c;
    va_arg(list, Nothing);
    total += 1e12 * va_arg(list, int);
    Aligned one = va_arg(list, Aligned);
    total += 1e13 * one.a;
    Holder<long> holder = va_arg(list, Holder<long>);
    total += 1e14 * holder.half();
    va_end(list);
    return total;
}

/// Called through a pointer, from a template and from a lambda.
template <class T>
__device__ double call_aligned(T function) {
    auto inner = [=] {
        Tail tail{7, 8};
        return function(0, 1, make_float4(2, 3, 4, 5), 6, tail, 9, Gap{1, 2, 3}, Nothing{}, 4,
                        Aligned{5}, Holder<long>{12});
    };
    return inner();
}
__device__ double (*volatile pointer)(int, ...) = aligned;

__global__ void structures(double* out) {
    out[0] = aligned(0, 1, make_float4(2, 3, 4, 5), 6, Tail{7, 8}, 9, Gap{1, 2, 3}, Nothing{}, 4,
                     Aligned{5}, Holder<long>{12});
    out[1] = call_aligned(pointer);
}

__global__ void kernel(long* out) {
    *out = sum(2, Bytes{1, 2, 3}, Bytes{4, 5, 6}, 1000000L, 7000000,
               (__int128(20000000) << 64) + 300000000, Shorts{{1, 2, 3, 4, 5}}, 4e9,
               Doubles{5e5, 1e5});
}

int main() {
    long* out;
    cudaMallocManaged(&out, sizeof *out);
    kernel<<<1, 1>>>(out);
    cudaError_t error = cudaDeviceSynchronize();
    const long expected = 123456 + 1000000 + 7000000 + 20000000 + 300000000 + 15 + 4000000000 +
                          50000000000;
    std::printf("%s: %ld, expected %ld\n", cudaGetErrorString(error), *out, expected);
    double* sums;
    cudaMallocManaged(&sums, 2 * sizeof *sums);
    structures<<<1, 1>>>(sums);
    cudaError_t second = cudaDeviceSynchronize();
    const double digits = 654321987654321.; // each value is a digit, from the last on
    std::printf("%s: %.0f and %.0f, expected %.0f\n", cudaGetErrorString(second), sums[0], sums[1],
                digits);
    return *out != expected || sums[0] != digits || sums[1] != digits;
}
