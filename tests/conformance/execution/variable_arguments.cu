// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions with variable arguments on the device: scalars of all sizes, and structures without
// gaps.
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
    return *out != expected;
}
