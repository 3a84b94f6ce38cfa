// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every thread of a launch runs once, with the right built-in variables, for many shapes of grids
// and blocks.
#include "../common/check.h"

__global__ void visit(unsigned* count, unsigned* wrong, dim3 grid, dim3 block) {
    if (gridDim.x != grid.x || gridDim.y != grid.y || gridDim.z != grid.z ||
        blockDim.x != block.x || blockDim.y != block.y || blockDim.z != block.z || warpSize != 32)
        atomicAdd(wrong, 1u);
    const size_t in_block = (threadIdx.z * (size_t)blockDim.y + threadIdx.y) * blockDim.x +
                            threadIdx.x;
    const size_t in_grid = (blockIdx.z * (size_t)gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    if (threadIdx.x >= blockDim.x || threadIdx.y >= blockDim.y || threadIdx.z >= blockDim.z ||
        blockIdx.x >= gridDim.x || blockIdx.y >= gridDim.y || blockIdx.z >= gridDim.z)
        atomicAdd(wrong, 1u);
    atomicAdd(&count[in_grid * blockDim.x * blockDim.y * blockDim.z + in_block], 1u);
}

static void shape(dim3 grid, dim3 block) {
    const size_t threads = (size_t)grid.x * grid.y * grid.z * block.x * block.y * block.z;
    Buffer<unsigned> count(threads, 0u), wrong(1, 0u);
    visit<<<grid, block>>>(count.device(), wrong.device(), grid, block);
    SYNC();
    count.download();
    EXPECT(wrong.download()[0] == 0, "grid %u,%u,%u block %u,%u,%u", grid.x, grid.y, grid.z,
           block.x, block.y, block.z);
    size_t bad = 0;
    for (size_t i = 0; i < threads; ++i)
        bad += count[i] != 1;
    EXPECT(bad == 0, "grid %u,%u,%u block %u,%u,%u: %zu threads", grid.x, grid.y, grid.z, block.x,
           block.y, block.z, bad);
}

__global__ void mark(unsigned char* seen) {
    seen[blockIdx.x + blockIdx.y + blockIdx.z] = 1;
}

int main() {
    shape(dim3(1), dim3(1));
    shape(dim3(7), dim3(33));
    shape(dim3(3), dim3(1024));
    shape(dim3(2), dim3(31, 3, 5));
    shape(dim3(2), dim3(1, 1024));
    shape(dim3(2), dim3(4, 4, 64));
    shape(dim3(5, 4, 3), dim3(8, 8));
    shape(dim3(1, 300, 2), dim3(16));
    shape(dim3(1000), dim3(1));
    shape(dim3(2, 2, 200), dim3(3, 7, 2));
    Buffer<unsigned char> seen(70000, 0);
    mark<<<dim3(1, 65535), 1>>>(seen.device()); // the longest y and z
    mark<<<dim3(1, 1, 65535), 1>>>(seen.device());
    SYNC();
    seen.download();
    for (int i = 0; i < 65535; ++i)
        EXPECT(seen[i] == 1, "block %d", i);
    return finish();
}
