// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies follow the default stream's rules as kernels do, whoever does them: also those of pageable
// memory, which the device cannot reach. The work before is held for a while by a host function.
#include "../common/check.h"

#include <chrono>
#include <thread>

constexpr int kWords = 1 << 18; // 1 MiB: too much to be taken along with a submission
__device__ int symbol;

__global__ void store(int* to, int count, int value) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) to[i] = value;
    if (i == 0) symbol = value;
}

static void CUDART_CB hold(void*) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

/// Fills the device's words with `value` in `stream`, some time from now.
static void later(cudaStream_t stream, int* words, int value) {
    CHECK(cudaLaunchHostFunc(stream, hold, nullptr));
    store<<<kWords / 256, 256, 0, stream>>>(words, kWords, value);
    CHECK(cudaGetLastError());
}

/// Each kind of copy in `second` comes after a kernel in `first`.
static void check(const char* what, cudaStream_t first, cudaStream_t second) {
    Buffer<int> device(kWords, 0);
    int* words = device.device();
    std::vector<int> pageable(kWords, 0);
    int one = 0;

    later(first, words, 1);
    CHECK(cudaMemcpyAsync(&one, words + 7, sizeof one, cudaMemcpyDeviceToHost, second));
    CHECK(cudaStreamSynchronize(second));
    EXPECT(one == 1, "%s: small copy to the host: %d", what, one);

    later(first, words, 2);
    CHECK(cudaMemcpyAsync(pageable.data(), words, kWords * sizeof(int), cudaMemcpyDeviceToHost,
                          second));
    CHECK(cudaStreamSynchronize(second));
    EXPECT(pageable[0] == 2 && pageable[kWords - 1] == 2, "%s: large copy to the host", what);

    later(first, words, 3);
    CHECK(cudaMemcpy2DAsync(pageable.data(), 4096, words, 4096, 2048, 64, cudaMemcpyDeviceToHost,
                            second));
    CHECK(cudaStreamSynchronize(second));
    EXPECT(pageable[0] == 3 && pageable[1024] == 3, "%s: rectangle to the host", what);

    later(first, words, 4);
    CHECK(cudaMemcpyFromSymbolAsync(&one, symbol, sizeof one, 0, cudaMemcpyDeviceToHost, second));
    CHECK(cudaStreamSynchronize(second));
    EXPECT(one == 4, "%s: from a symbol: %d", what, one);

    // The other direction: what the copy brings is not overwritten by what came before it.
    std::fill(pageable.begin(), pageable.end(), 9);
    later(first, words, 5);
    CHECK(cudaMemcpyAsync(words, pageable.data(), kWords * sizeof(int), cudaMemcpyHostToDevice,
                          second));
    CHECK(cudaStreamSynchronize(second));
    CHECK(cudaDeviceSynchronize());
    device.download();
    EXPECT(device[0] == 9 && device[kWords - 1] == 9, "%s: large copy to the device: %d %d", what,
           device[0], device[kWords - 1]);
}

int main() {
    cudaStream_t a;
    CHECK(cudaStreamCreate(&a));
    check("default, then another", 0, a);
    check("another, then default", a, 0);
    check("default, then the thread's", cudaStreamLegacy, cudaStreamPerThread);
    check("the thread's, then default", cudaStreamPerThread, cudaStreamLegacy);
    check("the same", a, a);
    CHECK(cudaStreamDestroy(a));
    return finish();
}
