// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The legacy default stream waits for all blocking streams and they wait for it. A host function
// that holds one stream shows who waits. cudaStreamPerThread is a blocking stream; non-blocking
// streams take no part.
#include "../common/check.h"

#include <atomic>
#include <chrono>
#include <thread>

__global__ void store(int* to, int value) {
    *to = value;
}

struct Gate {
    std::atomic<bool> open{false};
    static void CUDART_CB wait(void* self) {
        while (!static_cast<Gate*>(self)->open.load())
            std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
};

/// Whether work put into `second` waits for work put before into `first`. Work that is expected to
/// go on gets all the time it may need on a busy machine.
static bool waits(cudaStream_t first, cudaStream_t second, bool expected = true) {
    Gate gate;
    Buffer<int> cell(2, 0);
    cudaEvent_t event;
    CHECK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    CHECK(cudaLaunchHostFunc(first, Gate::wait, &gate));
    store<<<1, 1, 0, first>>>(cell.device(), 1);
    store<<<1, 1, 0, second>>>(cell.device() + 1, 2);
    CHECK(cudaEventRecord(event, second));
    bool done = false;
    for (int i = 0; i < (expected ? 50 : 60000) && !done; ++i) {
        done = cudaEventQuery(event) == cudaSuccess;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    gate.open = true;
    CHECK(cudaStreamSynchronize(first));
    CHECK(cudaStreamSynchronize(second));
    cell.download();
    EXPECT(cell[0] == 1 && cell[1] == 2);
    CHECK(cudaEventDestroy(event));
    cudaGetLastError(); // cudaErrorNotReady
    return !done;
}

int main() {
    cudaStream_t a, b, free_a, free_b;
    CHECK(cudaStreamCreate(&a));
    CHECK(cudaStreamCreate(&b));
    CHECK(cudaStreamCreateWithFlags(&free_a, cudaStreamNonBlocking));
    CHECK(cudaStreamCreateWithFlags(&free_b, cudaStreamNonBlocking));
    EXPECT(waits(a, cudaStreamLegacy));
    EXPECT(waits(cudaStreamLegacy, a));
    EXPECT(waits(cudaStreamPerThread, 0));
    EXPECT(waits(0, cudaStreamPerThread));
    EXPECT(waits(a, a));
    EXPECT(!waits(a, b, false));
    EXPECT(!waits(free_a, cudaStreamLegacy, false));
    EXPECT(!waits(cudaStreamLegacy, free_a, false));
    EXPECT(!waits(free_a, free_b, false));
    EXPECT(!waits(a, cudaStreamPerThread, false));
    for (cudaStream_t s : {a, b, free_a, free_b})
        CHECK(cudaStreamDestroy(s));
    return finish();
}
