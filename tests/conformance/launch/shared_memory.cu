// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Static, dynamic and opted-in shared memory: every block has its own, and all of it.
#include "../common/check.h"

__global__ void reverse_static(int* data) {
    __shared__ int tile[256];
    __shared__ unsigned char other[7];
    if (threadIdx.x < 7) other[threadIdx.x] = (unsigned char)threadIdx.x;
    tile[threadIdx.x] = data[blockIdx.x * 256 + threadIdx.x];
    __syncthreads();
    data[blockIdx.x * 256 + threadIdx.x] = tile[255 - threadIdx.x] + other[threadIdx.x % 7];
}

extern __shared__ unsigned char dynamic[];

__global__ void fill_dynamic(size_t bytes, unsigned* sum) {
    __shared__ unsigned block_sum;
    if (threadIdx.x == 0) block_sum = 0;
    for (size_t i = threadIdx.x; i < bytes; i += blockDim.x)
        dynamic[i] = (unsigned char)(i * 31 + blockIdx.x);
    __syncthreads();
    unsigned mine = 0;
    for (size_t i = threadIdx.x; i < bytes; i += blockDim.x)
        mine += dynamic[bytes - 1 - i];
    atomicAdd(&block_sum, mine);
    __syncthreads();
    if (threadIdx.x == 0) sum[blockIdx.x] = block_sum;
}

/// Two dynamic arrays, carved by hand, with a type that wants 8-byte alignment.
__global__ void carve(double* out, int n) {
    extern __shared__ double doubles[];
    int* ints = (int*)(doubles + n);
    doubles[threadIdx.x] = threadIdx.x * 0.5;
    ints[threadIdx.x] = (int)threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = doubles[n - 1 - threadIdx.x] + ints[threadIdx.x];
}

template <class T>
__global__ void typed(T* out) {
    __shared__ T cells[32];
    cells[threadIdx.x] = (T)(threadIdx.x * 3);
    __syncthreads();
    out[threadIdx.x] = cells[31 - threadIdx.x];
}

static void check_dynamic(size_t bytes) {
    const int blocks = 5;
    Buffer<unsigned> sum(blocks);
    fill_dynamic<<<blocks, 128, bytes>>>(bytes, sum.device());
    SYNC();
    sum.download();
    for (int b = 0; b < blocks; ++b) {
        unsigned expected = 0;
        for (size_t i = 0; i < bytes; ++i)
            expected += (unsigned char)(i * 31 + b);
        EXPECT(sum[b] == expected, "%zu bytes, block %d", bytes, b);
    }
}

int main() {
    Buffer<int> data(256 * 20);
    for (size_t i = 0; i < data.size(); ++i)
        data[i] = (int)i;
    data.upload();
    reverse_static<<<20, 256>>>(data.device());
    SYNC();
    data.download();
    for (int i = 0; i < 256 * 20; ++i)
        EXPECT(data[i] == i / 256 * 256 + 255 - i % 256 + i % 256 % 7, "element %d", i);

    check_dynamic(1);
    check_dynamic(1000);
    check_dynamic(48 * 1024 - 1024);
    int optin = 0;
    CHECK(cudaDeviceGetAttribute(&optin, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0));
    const int most = optin - 1024;
    CHECK(cudaFuncSetAttribute(fill_dynamic, cudaFuncAttributeMaxDynamicSharedMemorySize, most));
    check_dynamic((size_t)most);
    EXPECT_ERROR(
        cudaErrorInvalidValue,
        cudaFuncSetAttribute(fill_dynamic, cudaFuncAttributeMaxDynamicSharedMemorySize, optin + 1));

    Buffer<double> out(64);
    carve<<<1, 64, 64 * 12>>>(out.device(), 64);
    SYNC();
    out.download();
    for (int i = 0; i < 64; ++i)
        EXPECT(out[i] == (63 - i) * 0.5 + i, "carved %d", i);
    Buffer<long long> wide(32);
    typed<<<1, 32>>>(wide.device());
    Buffer<short> narrow(32);
    typed<<<1, 32>>>(narrow.device());
    SYNC();
    wide.download();
    narrow.download();
    for (int i = 0; i < 32; ++i)
        EXPECT(wide[i] == (31 - i) * 3 && narrow[i] == (31 - i) * 3);
    return finish();
}
