// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true -DCUDA_FORCE_CDP1_IF_SUPPORTED -D__CDPRT_SUPPRESS_SYNC_DEPRECATION_WARNING
// What has been handed over and cannot begin yet takes nothing away from threads that wait.
#include "../common/check.h"

__global__ void grandchild(int* done) {
    atomicAdd(done, 1);
}
__global__ void child(volatile int* flag, int* done) {
    while (*flag == 0)
        __nanosleep(10000);
    grandchild<<<1, 1>>>(done);
    cudaDeviceSynchronize();
    if (atomicAdd(done, 0) == 1) atomicAdd(done + 1, 1);
}

// As many fills as are taken stand behind the child; then it goes on.
__global__ void parent(int* flag, int* done, char* bytes, int* counts) {
    cudaStream_t stream;
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    child<<<1, 1, 0, stream>>>(flag, done);
    int count = 0;
    cudaError_t error = cudaSuccess;
    while (count < 1000000 && (error = cudaMemsetAsync(bytes, 1, 4, stream)) == cudaSuccess)
        ++count;
    counts[0] = count;
    counts[1] = error;
    // All planes or none: these are more than can be taken.
    cudaPitchedPtr planes = {bytes + 4, 1, 1, 2};
    counts[2] = cudaMemset3DAsync(planes, 1, cudaExtent{1, 1, 10}, 0);
    __threadfence();
    *flag = 1;
}

// Planes that are apart need a record each; these are more than there are.
__global__ void too_many_planes(char* bytes, int* errors) {
    cudaPitchedPtr planes = {bytes, 1, 1, 2};
    errors[0] = cudaMemset3DAsync(planes, 1, cudaExtent{1, 1, 100000}, 0);
    errors[1] = cudaMemset3DAsync(planes, 1, cudaExtent{1, 1, 1000}, 0);
}

// Threads of a warp that wait, together and apart.
__global__ void one(int* to) {
    atomicAdd(to, 1);
}
__global__ void waiters(int* values, int* bad) {
    int* mine = values + blockIdx.x * blockDim.x + threadIdx.x;
    one<<<1, 1>>>(mine);
    cudaDeviceSynchronize();
    if (atomicAdd(mine, 0) != 1) atomicAdd(bad, 1);
    if (threadIdx.x % 3 == 0) {
        one<<<1, 1>>>(mine);
        cudaDeviceSynchronize();
        if (atomicAdd(mine, 0) != 2) atomicAdd(bad, 1);
    } else if (threadIdx.x % 3 == 1) {
        cudaDeviceSynchronize();
    }
}

int main() {
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 32768));
    Buffer<int> flag(1), done(2), counts(3);
    Buffer<char> bytes(64);
    parent<<<1, 1>>>(flag.device(), done.device(), bytes.device(), counts.device());
    SYNC();
    counts.download();
    done.download();
    EXPECT(done[0] == 1 && done[1] == 1, "%d %d", done[0], done[1]);
    EXPECT(counts[0] > 1000 && counts[1] == cudaErrorLaunchPendingCountExceeded, "%d, then %d",
           counts[0], counts[1]);
    EXPECT(counts[2] == cudaErrorLaunchPendingCountExceeded, "%d", counts[2]);
    bytes.download();
    EXPECT(bytes[0] == 1 && bytes[4] == 0);

    Buffer<char> many(200000);
    Buffer<int> errors(2);
    too_many_planes<<<1, 1>>>(many.device(), errors.device());
    SYNC();
    errors.download();
    EXPECT(errors[0] == cudaErrorLaunchPendingCountExceeded, "%d", errors[0]);
    EXPECT(errors[1] == cudaSuccess, "%d", errors[1]); // all records are back
    many.download();
    for (int i = 0; i < 200000; ++i)
        EXPECT(many[i] == (i < 2000 && i % 2 == 0), "byte %d: %d", i, many[i]);

    const int blocks = 200, threads = 70;
    Buffer<int> values(blocks * threads), bad(1);
    waiters<<<blocks, threads>>>(values.device(), bad.device());
    SYNC();
    EXPECT(bad.download()[0] == 0, "%d", bad[0]);
    values.download();
    for (int i = 0; i < blocks * threads; ++i)
        EXPECT(values[i] == (i % threads % 3 == 0 ? 2 : 1), "%d: %d", i, values[i]);
    return finish();
}
