// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A variable in shared or local memory never has the null pointer's address, wherever it lies, and
// null is null in every place where a pointer may be to such a variable.
#include "../common/check.h"

struct Node {
    Node* next;
    int value;
};

__device__ __noinline__ int is_null(const void* p) {
    return p == nullptr;
}
__device__ __noinline__ const char* choose(bool take, const char* p) {
    return take ? p : nullptr;
}

/// The first variables of their spaces: offset 0.
__global__ void first_variable(int* out, int n) {
    __shared__ char bytes[64];
    char local[16];
    for (int i = 0; i < 16; ++i)
        local[i] = (char)(n + i);
    char* p = bytes;
    out[0] = bytes == nullptr;
    out[1] = &bytes[n] == nullptr;
    out[2] = p ? 0 : 1;
    out[3] = is_null(bytes);
    out[4] = is_null(p + n);
    out[5] = local == nullptr;
    out[6] = is_null(local);
    out[7] = is_null(&local[n]);
    out[8] = local[n + 1] - n - 1;
}

/// Null where the other way leads to shared or local memory.
__global__ void null_or_variable(int* out, int n) {
    __shared__ int numbers[32];
    int own[8];
    for (int i = 0; i < 8; ++i)
        own[i] = n + i;
    numbers[threadIdx.x] = 3;
    __syncthreads();
    const int* chosen = n == 0 ? numbers : nullptr;
    const int* none = n != 0 ? numbers : nullptr;
    out[0] = chosen == nullptr;
    out[1] = none != nullptr;
    out[2] = is_null(chosen);
    out[3] = !is_null(none);
    out[4] = chosen ? *chosen - 3 : 1;
    out[5] = none ? 1 : 0;
    const int* mine = n != 0 ? own + n : nullptr;
    out[6] = !is_null(mine) || mine != nullptr;
    out[7] = choose(n != 0, (const char*)numbers) != nullptr;
    out[8] = reinterpret_cast<unsigned long long>(none) != 0;
}

/// A list in shared memory that ends with null, its first node at offset 0.
__global__ void list(int* out, int n) {
    __shared__ Node nodes[4];
    if (threadIdx.x == 0)
        for (int i = 0; i < 4; ++i)
            nodes[i] = Node{i + 1 < 4 - n ? &nodes[i + 1] : nullptr, i};
    __syncthreads();
    int sum = 0, length = 0;
    for (Node* node = nodes; node && length < 10; node = node->next, ++length)
        sum += node->value;
    out[0] = sum - 6;
    out[1] = length - 4;
}

template <class Kernel>
static void all_zero(const char* what, Kernel kernel, int count) {
    int* out = nullptr;
    int result[16];
    CHECK(cudaMalloc(&out, sizeof(result)));
    CHECK(cudaMemset(out, 0xff, sizeof(result)));
    kernel<<<1, 32>>>(out, 0);
    CHECK(cudaMemcpy(result, out, sizeof(result), cudaMemcpyDeviceToHost));
    for (int i = 0; i < count; ++i)
        EXPECT(result[i] == 0, "%s: result %d is %d", what, i, result[i]);
    CHECK(cudaFree(out));
}

int main() {
    all_zero("first_variable", first_variable, 9);
    all_zero("null_or_variable", null_or_variable, 9);
    all_zero("list", list, 2);
    return finish();
}
