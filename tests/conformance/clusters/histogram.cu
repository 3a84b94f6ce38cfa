// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A histogram whose bins are spread over the shared memory of a cluster: every block adds to the
// bins of all blocks.
// Options: -arch=sm_90
#include "check.h"

#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__global__ void histogram(int* bins, int num_bins, int bins_per_block, const int* data, int n) {
    extern __shared__ int mine[];
    cg::cluster_group cluster = cg::this_cluster();
    for (int i = threadIdx.x; i < bins_per_block; i += blockDim.x)
        mine[i] = 0;
    cluster.sync(); // all bins are zero, and all blocks there
    for (int i = cg::this_grid().thread_rank(); i < n; i += gridDim.x * blockDim.x) {
        int bin = data[i];
        bin = bin < 0 ? 0 : bin >= num_bins ? num_bins - 1 : bin;
        atomicAdd(cluster.map_shared_rank(mine, bin / bins_per_block) + bin % bins_per_block, 1);
    }
    cluster.sync(); // nobody adds any more
    int* const place = bins + cluster.block_rank() * bins_per_block;
    for (int i = threadIdx.x; i < bins_per_block; i += blockDim.x)
        atomicAdd(place + i, mine[i]);
}

static void check(int num_bins, int cluster_size, Array<int>& data, int n) {
    const int per_block = num_bins / cluster_size;
    Array<int> bins(num_bins);
    bins.upload();
    cudaLaunchAttribute attribute;
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = cluster_size;
    attribute.val.clusterDim.y = attribute.val.clusterDim.z = 1;
    cudaLaunchConfig_t config = {};
    config.gridDim = cluster_size * 3;
    config.blockDim = 256;
    config.dynamicSmemBytes = per_block * sizeof(int);
    config.attrs = &attribute;
    config.numAttrs = 1;
    CUDA_CHECK(cudaFuncSetAttribute(histogram, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                    (int)config.dynamicSmemBytes));
    CUDA_CHECK(cudaLaunchKernelEx(&config, histogram, bins.device(), num_bins, per_block,
                                  (const int*)data.device(), n));
    wait_for_kernel();
    bins.download();
    int* want = (int*)std::calloc(num_bins, sizeof(int));
    for (int i = 0; i < n; ++i)
        ++want[data[i] < 0 ? 0 : data[i] >= num_bins ? num_bins - 1 : data[i]];
    for (int i = 0; i < num_bins; ++i)
        expect_equal("bin", bins[i], want[i], i, cluster_size);
    std::free(want);
}

int main() {
    const int n = 30000;
    Array<int> data(n);
    for (int i = 0; i < n; ++i)
        data[i] = (int)(next_random() % 70000) - 1000;
    data.upload();
    for (int size = 1; size <= 8; size *= 2)
        check(8192 * size, size, data, n);
    return finish();
}
