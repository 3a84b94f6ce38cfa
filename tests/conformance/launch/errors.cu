// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches that cannot run give the documented error, run nothing, and leave the device usable.
#include "../common/check.h"

__global__ void plain(int* ran) {
    atomicAdd(ran, 1);
}
__global__ void __launch_bounds__(64) bounded(int* ran) {
    atomicAdd(ran, 1);
}
extern __shared__ int dynamic[];
__global__ void with_shared(int* ran) {
    dynamic[threadIdx.x] = 1;
    atomicAdd(ran, dynamic[threadIdx.x]);
}

template <class K>
static void refuse(cudaError_t expected, K kernel, dim3 grid, dim3 block, size_t shared, int* ran) {
    kernel<<<grid, block, shared>>>(ran);
    const cudaError_t got = cudaGetLastError();
    EXPECT(got == expected, "grid %u,%u,%u block %u,%u,%u shared %zu: %s, expected %s", grid.x,
           grid.y, grid.z, block.x, block.y, block.z, shared, cudaGetErrorName(got),
           cudaGetErrorName(expected));
    CHECK(cudaDeviceSynchronize());
}

int main() {
    Buffer<int> ran(1, 0);
    int* p = ran.device();
    refuse(cudaErrorInvalidConfiguration, plain, dim3(0), dim3(1), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1), dim3(0), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1), dim3(1025), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1), dim3(32, 33), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1), dim3(1, 1, 65), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1, 65536), dim3(1), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1, 1, 65536), dim3(1), 0, p);
    refuse(cudaErrorInvalidConfiguration, plain, dim3(1, 0, 1), dim3(1), 0, p);
    refuse(cudaErrorInvalidValue, with_shared, dim3(1), dim3(1), 1 << 20, p);

    // __launch_bounds__: which error a larger block gives differs between releases; it must be
    // refused.
    bounded<<<1, 65>>>(p);
    const cudaError_t got = cudaGetLastError();
    EXPECT(got == cudaErrorInvalidValue || got == cudaErrorInvalidConfiguration ||
               got == cudaErrorLaunchOutOfResources,
           "%s", cudaGetErrorName(got));
    EXPECT_ERROR(cudaErrorInvalidDeviceFunction,
                 cudaLaunchKernel((const void*)&main, dim3(1), dim3(1), nullptr, 0, 0));

    CHECK(cudaDeviceSynchronize());
    EXPECT(ran.download()[0] == 0, "%d threads ran", ran[0]);
    plain<<<1, 3>>>(p);
    bounded<<<1, 64>>>(p);
    with_shared<<<1, 5, 5 * sizeof(int)>>>(p);
    SYNC();
    EXPECT(ran.download()[0] == 72);
    return finish();
}
