// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Floats that do not fit the small integer that they are converted to: as in nvcc's code, the low
// bits of the saturated 32-bit conversion.
#include <climits>
#include <cmath>
#include <cstdio>

template <typename F>
__global__ void convert(const F* in, int* out) {
    const F x = in[threadIdx.x];
    int* o = out + 6 * threadIdx.x;
    o[0] = (unsigned char)x;
    o[1] = (signed char)x;
    o[2] = (unsigned short)x;
    o[3] = (short)x;
    const unsigned char stored = x;
    o[4] = stored > 200 ? stored + 1 : stored;
    o[5] = (bool)x;
}

static int saturated(double x) {
    return x >= INT_MAX ? INT_MAX : x <= INT_MIN ? INT_MIN : (int)x;
}
static unsigned saturated_unsigned(double x) {
    return x >= UINT_MAX ? UINT_MAX : x <= 0 ? 0 : (unsigned)x;
}

template <typename F>
int check(const char* name) {
    const F values[] = {0,      1.9,    127.5, 128,  200.5, 255.9, 256,   300,   511,   -0.5,
                        -1,     -5,     -128,  -129, -300,  32767, 32768, 65535, 65536, 70000,
                        -32769, -70000, 1e6,   3e9,  -3e9,  1e10,  -1e10, 1e30};
    constexpr int n = sizeof values / sizeof *values;
    F* in;
    int *out, failures = 0;
    cudaMallocManaged(&in, sizeof values);
    cudaMallocManaged(&out, n * 6 * sizeof *out);
    for (int i = 0; i < n; ++i)
        in[i] = values[i];
    convert<<<1, n>>>(in, out);
    cudaDeviceSynchronize();
    for (int i = 0; i < n; ++i) {
        const unsigned u = saturated_unsigned(values[i]);
        const int s = saturated(values[i]), byte = (unsigned char)u;
        const int expected[] = {byte,
                                (signed char)s,
                                (unsigned short)u,
                                (short)s,
                                byte > 200 ? byte + 1 : byte,
                                values[i] != 0};
        for (int j = 0; j < 6; ++j)
            if (out[6 * i + j] != expected[j]) {
                std::printf("%s %g [%d]: %d, expected %d\n", name, (double)values[i], j,
                            out[6 * i + j], expected[j]);
                ++failures;
            }
    }
    return failures;
}

int main() {
    return check<float>("float") + check<double>("double") != 0;
}
