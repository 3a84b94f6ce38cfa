// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __managed__ variables: one storage that host and device name alike.
#include "../common/check.h"

__managed__ int counter = 5;
__managed__ float table[1000];
static __managed__ long long hidden = -1;

// Nobody but kernels names these.
static __managed__ int only_kernels = 40;
namespace {
__managed__ int in_namespace;
}

__global__ void use_alone(int* out) {
    out[0] = only_kernels++;
    out[1] = ++in_namespace;
}

__global__ void use() {
    if (threadIdx.x == 0) {
        counter += 10;
        hidden *= 3;
    }
    for (int i = threadIdx.x; i < 1000; i += blockDim.x)
        table[i] = table[i] * 2 + 1;
}

int main() {
    EXPECT(counter == 5);
    counter = 7;
    for (int i = 0; i < 1000; ++i)
        table[i] = (float)i;
    for (int round = 1; round <= 3; ++round) {
        use<<<1, 128>>>();
        SYNC();
        EXPECT(counter == 7 + 10 * round, "%d", counter);
    }
    for (int i = 0; i < 1000; ++i)
        EXPECT(table[i] == 8.0f * i + 7.0f, "table[%d] = %g", i, table[i]);
    EXPECT(hidden == -27);
    counter = 100; // the host's turn again
    use<<<1, 1>>>();
    SYNC();
    EXPECT(counter == 110);
    int* out = nullptr;
    CHECK(cudaMallocManaged((void**)&out, 2 * sizeof(int)));
    for (int round = 0; round < 2; ++round) {
        use_alone<<<1, 1>>>(out);
        SYNC();
        EXPECT(out[0] == 40 + round && out[1] == 1 + round, "%d %d", out[0], out[1]);
    }
    // It is managed memory, and no registered one.
    cudaPointerAttributes attributes{};
    CHECK(cudaPointerGetAttributes(&attributes, &table[10]));
    EXPECT(attributes.type == cudaMemoryTypeManaged, "%d", (int)attributes.type);
    EXPECT(cudaHostUnregister(&counter) != cudaSuccess);
    cudaGetLastError();
    use<<<1, 1>>>();
    SYNC();
    EXPECT(counter == 120);
    return finish();
}
