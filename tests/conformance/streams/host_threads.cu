// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Several host threads at once: allocate, copy, launch, synchronise, destroy; each has its own last
// error.
#include "../common/check.h"

#include <atomic>
#include <thread>

__global__ void scale(float* data, int n, float by) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] *= by;
}

static std::atomic<int> wrong{0};

static void worker(int id) {
    const int n = 3000;
    for (int round = 0; round < 20; ++round) {
        cudaStream_t stream;
        float* device;
        std::vector<float> host(n);
        for (int i = 0; i < n; ++i)
            host[i] = (float)(i + id);
        bool ok = cudaStreamCreateWithFlags(&stream, round % 2 ? cudaStreamNonBlocking
                                                               : cudaStreamDefault) == cudaSuccess;
        ok = ok && cudaMalloc(&device, n * sizeof(float)) == cudaSuccess;
        ok = ok && cudaMemcpyAsync(device, host.data(), n * sizeof(float), cudaMemcpyHostToDevice,
                                   stream) == cudaSuccess;
        scale<<<(n + 255) / 256, 256, 0, stream>>>(device, n, 2.0f);
        scale<<<(n + 255) / 256, 256, 0, stream>>>(device, n, 3.0f);
        ok = ok && cudaMemcpyAsync(host.data(), device, n * sizeof(float), cudaMemcpyDeviceToHost,
                                   stream) == cudaSuccess;
        ok = ok && cudaStreamSynchronize(stream) == cudaSuccess;
        for (int i = 0; i < n && ok; ++i)
            ok = host[i] == 6.0f * (i + id);
        ok = ok && cudaFree(device) == cudaSuccess && cudaStreamDestroy(stream) == cudaSuccess;
        if (id == 0 && round == 5) cudaSetDevice(12345); // an error in one thread
        if (id != 0) ok = ok && cudaGetLastError() == cudaSuccess;
        if (!ok) ++wrong;
    }
    if (id == 0 && cudaGetLastError() != cudaErrorInvalidDevice) ++wrong;
}

int main() {
    std::vector<std::thread> threads;
    for (int id = 0; id < 6; ++id)
        threads.emplace_back(worker, id);
    for (auto& thread : threads)
        thread.join();
    EXPECT(wrong == 0, "%d rounds failed", wrong.load());
    return finish();
}
