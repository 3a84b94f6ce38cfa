// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __device__ and __constant__ variables: initial values, copies to and from them, their addresses
// and sizes.
#include "../common/check.h"

struct Pair {
    int a;
    double b;
};

__device__ int counter = 41;
__device__ float table[100];
__constant__ int factors[4] = {2, 3, 5, 7};
__constant__ Pair pair = {9, 2.5};
__device__ Pair pairs[3] = {{1, 1.5}, {2, 2.5}, {3, 3.5}};
static __device__ long long hidden = 1ll << 40;
__device__ const char message[] = "constant text";
__device__ int* pointer_to_counter = &counter;
namespace space {
__constant__ unsigned char small = 200;
}

__global__ void use(long long* out) {
    out[0] = ++counter;
    out[1] = factors[0] * factors[1] * factors[2] * factors[3];
    out[2] = pair.a + (long long)(pair.b * 4);
    out[3] = pairs[1].a + (long long)(pairs[2].b * 2);
    out[4] = hidden;
    out[5] = message[3];
    out[6] = *pointer_to_counter;
    out[7] = space::small;
    for (int i = 0; i < 100; ++i)
        table[i] = table[i] * 2 + i;
}

int main() {
    Buffer<long long> out(8);
    use<<<1, 1>>>(out.device());
    SYNC();
    out.download();
    const long long first[8] = {42, 210, 19, 9, 1ll << 40, 's', 42, 200};
    for (int i = 0; i < 8; ++i)
        EXPECT(out[i] == first[i], "value %d is %lld", i, out[i]);

    const int new_factors[2] = {11, 13};
    CHECK(cudaMemcpyToSymbol(factors, new_factors, sizeof new_factors, sizeof(int)));
    const Pair new_pair = {100, 0.25};
    CHECK(cudaMemcpyToSymbol(pair, &new_pair, sizeof new_pair));
    const long long new_hidden = -5;
    CHECK(cudaMemcpyToSymbolAsync(hidden, &new_hidden, sizeof new_hidden, 0, cudaMemcpyHostToDevice,
                                  0));
    float ramp[100];
    for (int i = 0; i < 100; ++i)
        ramp[i] = (float)i;
    CHECK(cudaMemcpyToSymbol(table, ramp, sizeof ramp));
    use<<<1, 1>>>(out.device());
    SYNC();
    out.download();
    EXPECT(out[0] == 43 && out[1] == 2 * 11 * 13 * 7 && out[2] == 101 && out[4] == -5);

    float got[100];
    CHECK(cudaMemcpyFromSymbol(got, table, sizeof got));
    for (int i = 0; i < 100; ++i)
        EXPECT(got[i] == 3.0f * i, "table[%d] = %g", i, got[i]);
    float tenth = 0;
    CHECK(cudaMemcpyFromSymbol(&tenth, table, sizeof tenth, 10 * sizeof(float)));
    EXPECT(tenth == 30.0f);
    CHECK(cudaMemcpyFromSymbolAsync(&tenth, table, sizeof tenth, 20 * sizeof(float),
                                    cudaMemcpyDeviceToHost, 0));
    CHECK(cudaStreamSynchronize(0));
    EXPECT(tenth == 60.0f);

    size_t bytes = 0;
    CHECK(cudaGetSymbolSize(&bytes, table));
    EXPECT(bytes == sizeof table);
    void* address = nullptr;
    CHECK(cudaGetSymbolAddress(&address, counter));
    CHECK(cudaMemset(address, 0, sizeof(int)));
    int now = -1;
    CHECK(cudaMemcpyFromSymbol(&now, counter, sizeof now));
    EXPECT(now == 0);

    EXPECT_ERROR(cudaErrorInvalidValue,
                 cudaMemcpyToSymbol(factors, new_factors, sizeof new_factors, 3 * sizeof(int)));
    EXPECT_ERROR(cudaErrorInvalidSymbol, cudaMemcpyToSymbol(new_factors, new_factors, 4));
    return finish();
}
