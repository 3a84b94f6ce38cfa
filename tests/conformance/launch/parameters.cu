// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernel parameters of every kind and alignment, by value, up to 4 KiB.
#include "../common/check.h"

struct Mixed {
    char c;
    double d;
    short s;
    float f[3];
    bool b;
};

struct alignas(16) Aligned {
    int v[4];
};

struct Large {
    int v[960];
};

struct Empty {};

__global__ void many(bool b, char c, unsigned char uc, short s, int i, long long l, float f,
                     double d, Mixed m, Aligned a, float3 v, Empty, const int* p, double* out) {
    out[0] = b;
    out[1] = c;
    out[2] = uc;
    out[3] = s;
    out[4] = i;
    out[5] = (double)l;
    out[6] = f;
    out[7] = d;
    out[8] = m.c + m.d + m.s + m.f[0] + m.f[1] + m.f[2] + m.b;
    out[9] = a.v[0] + a.v[1] * 10 + a.v[2] * 100 + a.v[3] * 1000;
    out[10] = v.x + v.y * 10 + v.z * 100;
    out[11] = *p;
    m.s = 5; // a kernel may write to its own copy
    m.f[threadIdx.x] += 1;
    out[12] = m.s + m.f[0];
}

__global__ void large(Large l, int* sum) {
    int total = 0;
    for (int i = 0; i < 960; ++i)
        total += l.v[i];
    *sum = total;
}

int main() {
    Buffer<double> out(13);
    Buffer<int> value(1, 77);
    Mixed m = {3, 0.5, -7, {1, 2, 4}, true};
    Aligned a = {{1, 2, 3, 4}};
    many<<<1, 1>>>(true, -5, 250, -1234, 1 << 30, -(1ll << 45), 1.5f, 2.25, m, a,
                   make_float3(1, 2, 3), Empty(), value.device(), out.device());
    SYNC();
    out.download();
    const double expected[13] = {1,   -5,   250, -1234, 1 << 30, -(double)(1ll << 45), 1.5, 2.25,
                                 4.5, 4321, 321, 77,    7};
    for (int i = 0; i < 13; ++i)
        EXPECT(out[i] == expected[i], "parameter %d: %g", i, out[i]);

    Large l;
    int sum = 0;
    for (int i = 0; i < 960; ++i)
        sum += l.v[i] = i * i % 1001;
    Buffer<int> got(1);
    large<<<1, 1>>>(l, got.device());
    SYNC();
    EXPECT(got.download()[0] == sum);

    // the same through cudaLaunchKernel: the arguments are copied at the call
    for (int round = 0; round < 3; ++round) {
        int* target = got.device();
        l.v[0] = round * 1000;
        void* arguments[] = {&l, &target};
        CHECK(cudaLaunchKernel((const void*)large, dim3(1), dim3(1), arguments, 0, 0));
        target = nullptr;
        l.v[0] = -1;
        SYNC();
        EXPECT(got.download()[0] == sum + round * 1000, "round %d: %d", round, got[0]);
    }
    return finish();
}
