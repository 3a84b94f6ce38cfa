// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every kind of memory is read and written by a kernel, and copied in every direction that is
// allowed.
#include "../common/check.h"

__global__ void add_index(int* data, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] += i;
}

static const int kCount = 10000;

static void run(int* device_pointer) {
    add_index<<<(kCount + 127) / 128, 128>>>(device_pointer, kCount);
    SYNC();
}

static void check(const char* what, const int* data, int base) {
    for (int i = 0; i < kCount; ++i)
        EXPECT(data[i] == base + i, "%s[%d] = %d", what, i, data[i]);
}

static void device_memory() {
    std::vector<int> host(kCount, 5), back(kCount);
    int* device;
    CHECK(cudaMalloc(&device, kCount * sizeof(int)));
    CHECK(cudaMemcpy(device, host.data(), kCount * sizeof(int), cudaMemcpyHostToDevice));
    run(device);
    CHECK(cudaMemcpy(back.data(), device, kCount * sizeof(int), cudaMemcpyDefault));
    check("device", back.data(), 5);
    CHECK(cudaFree(device));
}

static void pinned_memory() {
    int *host, *device;
    CHECK(cudaHostAlloc(&host, kCount * sizeof(int), cudaHostAllocMapped));
    for (int i = 0; i < kCount; ++i)
        host[i] = 7;
    CHECK(cudaHostGetDevicePointer(&device, host, 0));
    run(device);
    check("pinned", host, 7);
    // as source and destination of asynchronous copies
    int* other;
    CHECK(cudaMalloc(&other, kCount * sizeof(int)));
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaMemcpyAsync(other, host, kCount * sizeof(int), cudaMemcpyHostToDevice, stream));
    CHECK(cudaMemsetAsync(host, 0, kCount * sizeof(int), stream));
    CHECK(cudaMemcpyAsync(host, other, kCount * sizeof(int), cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    check("pinned copy", host, 7);
    CHECK(cudaStreamDestroy(stream));
    CHECK(cudaFree(other));
    CHECK(cudaFreeHost(host));
}

static void managed_memory() {
    int* data;
    CHECK(cudaMallocManaged(&data, kCount * sizeof(int)));
    for (int i = 0; i < kCount; ++i)
        data[i] = -3;
    run(data);
    check("managed", data, -3);
    run(data); // back and forth
    for (int i = 0; i < kCount; ++i)
        EXPECT(data[i] == -3 + 2 * i, "managed[%d] = %d", i, data[i]);
    CHECK(cudaFree(data));
}

static void registered_memory() {
    std::vector<int> data(kCount, 11);
    const cudaError_t status = cudaHostRegister(data.data(), kCount * sizeof(int),
                                                cudaHostRegisterMapped);
    if (status == cudaErrorNotSupported) {
        cudaGetLastError();
        return;
    }
    CHECK(status);
    int* device;
    CHECK(cudaHostGetDevicePointer(&device, data.data(), 0));
    run(device);
    check("registered", data.data(), 11);
    CHECK(cudaHostUnregister(data.data()));
    check("unregistered", data.data(), 11);
}

static void large_and_many() {
    const size_t bytes = 64 << 20;
    unsigned char* big;
    CHECK(cudaMalloc(&big, bytes));
    CHECK(cudaMemset(big, 0x5a, bytes));
    unsigned char ends[2] = {0, 0};
    CHECK(cudaMemcpy(&ends[0], big, 1, cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpy(&ends[1], big + bytes - 1, 1, cudaMemcpyDeviceToHost));
    EXPECT(ends[0] == 0x5a && ends[1] == 0x5a);
    CHECK(cudaFree(big));
    std::vector<void*> many(500);
    for (size_t i = 0; i < many.size(); ++i)
        CHECK(cudaMalloc(&many[i], i * 100 + 1));
    for (void* p : many)
        CHECK(cudaFree(p));
}

int main() {
    device_memory();
    pinned_memory();
    managed_memory();
    registered_memory();
    large_and_many();
    return finish();
}
