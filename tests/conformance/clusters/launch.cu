// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clusters whose size the launch gives: sizes, limits, errors, occupancy, one kernel in several
// sizes.
// Options: -arch=sm_90
#include "check.h"

#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__global__ void size_of(unsigned* out) {
    extern __shared__ unsigned mine[];
    cg::cluster_group cluster = cg::this_cluster();
    mine[0] = blockIdx.x;
    cluster.sync();
    if (threadIdx.x == 0) {
        unsigned sum = 0;
        for (unsigned r = 0; r < cluster.num_blocks(); ++r)
            sum += *cluster.map_shared_rank(mine, r) + 1;
        out[2 * blockIdx.x] = cluster.num_blocks() * 2 + __clusterDimIsSpecified();
        out[2 * blockIdx.x + 1] = sum;
    }
    cluster.sync();
}
__global__ void __cluster_dims__(4, 1, 1) of_four(unsigned* out) {
    if (threadIdx.x == 0) out[blockIdx.x] = cg::this_cluster().block_rank();
}

static cudaError_t launch(unsigned blocks, dim3 cluster, unsigned* out, bool four = false) {
    cudaLaunchAttribute attribute;
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = cluster.x;
    attribute.val.clusterDim.y = cluster.y;
    attribute.val.clusterDim.z = cluster.z;
    cudaLaunchConfig_t config = {};
    config.gridDim = blocks;
    config.blockDim = 96;
    config.dynamicSmemBytes = 16;
    config.attrs = &attribute;
    config.numAttrs = cluster.x != 0;
    const cudaError_t status = four ? cudaLaunchKernelEx(&config, of_four, out)
                                    : cudaLaunchKernelEx(&config, size_of, out);
    cudaGetLastError();
    return status;
}

static void check_size(unsigned blocks, unsigned size, Array<unsigned>& out) {
    CUDA_CHECK(launch(blocks, dim3(size), out.device()));
    wait_for_kernel();
    out.download();
    for (unsigned b = 0; b < blocks; ++b) {
        unsigned sum = 0;
        for (unsigned i = 0; i < size; ++i)
            sum += b / size * size + i + 1;
        expect_equal("size", out[2 * b], size * 2 + 1, size, b);
        expect_equal("sum", out[2 * b + 1], sum, size, b);
    }
}

static void check_occupancy() {
    cudaLaunchAttribute attribute;
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = 4, attribute.val.clusterDim.y = 1, attribute.val.clusterDim.z = 1;
    cudaLaunchConfig_t config = {};
    config.gridDim = 16;
    config.blockDim = 128;
    config.attrs = &attribute;
    config.numAttrs = 1;
    int size = 0, clusters = 0;
    CUDA_CHECK(cudaOccupancyMaxPotentialClusterSize(&size, size_of, &config));
    CUDA_CHECK(cudaOccupancyMaxActiveClusters(&clusters, size_of, &config));
    expect_equal("largest cluster", size >= 8, true, size);
    expect_equal("active clusters", clusters >= 1, true, clusters);
    cudaFuncAttributes attributes;
    CUDA_CHECK(cudaFuncGetAttributes(&attributes, of_four));
    expect_equal("required width", attributes.requiredClusterWidth, 4);
    expect_equal("required height", attributes.requiredClusterHeight, 1);
    CUDA_CHECK(cudaFuncGetAttributes(&attributes, size_of));
    expect_equal("no required width", attributes.requiredClusterWidth, 0);
    int supported = 0;
    CUDA_CHECK(cudaDeviceGetAttribute(&supported, cudaDevAttrClusterLaunch, 0));
    expect_equal("cluster launch", supported, 1);
}

int main() {
    Array<unsigned> out(2 * 480);
    for (unsigned size = 1; size <= 8; ++size)
        check_size(480 / size * size, size, out);
    expect_equal("too large", launch(16, dim3(16), out.device()), cudaErrorInvalidClusterSize);
    CUDA_CHECK(cudaFuncSetAttribute(size_of, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    check_size(64, 16, out);
    expect_equal("beyond all limits", launch(32, dim3(32), out.device()),
                 cudaErrorInvalidClusterSize);
    expect_equal("no multiple", launch(6, dim3(4), out.device()) != cudaSuccess, true);

    // Without a size, every block is a cluster of its own.
    CUDA_CHECK(launch(8, dim3(0), out.device()));
    wait_for_kernel();
    out.download();
    for (unsigned b = 0; b < 8; ++b) {
        expect_equal("alone", out[2 * b], 2u, b);
        expect_equal("alone, sum", out[2 * b + 1], b + 1, b);
    }

    // A size that stands at the kernel.
    of_four<<<12, 32>>>(out.device());
    wait_for_kernel();
    out.download();
    for (unsigned b = 0; b < 12; ++b)
        expect_equal("rank", out[b], b % 4, b);
    of_four<<<6, 32>>>(out.device());
    expect_equal("no multiple of what is required", cudaGetLastError() != cudaSuccess, true);
    CUDA_CHECK(launch(8, dim3(4), out.device(), true));
    expect_equal("another size", launch(8, dim3(2), out.device(), true) != cudaSuccess, true);
    wait_for_kernel();
    check_occupancy();
    return finish();
}
