// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "acc/spec/acc_mmu.h"
#include "runtime/core/demangle.h"
#include "runtime/core/launch.h"
#include "runtime/cuda/kernel_attributes.h"
#include "runtime/cuda/launch_attributes.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void check_block(int threads) {
    if (threads <= 0) rt::fail(rt::Status::InvalidValue, "a block of {} threads", threads);
}

void max_blocks(int* blocks, const void* function, int threads, size_t shared) {
    require(blocks, "numBlocks");
    check_block(threads);
    ApiContext& context = current();
    *blocks = static_cast<int>(rt::blocks_per_compute_unit(kernel_of(context, function),
                                                           static_cast<unsigned>(threads), shared));
}

rt::LaunchConfig launch_config(const cudaLaunchConfig_t& config) {
    rt::LaunchConfig wanted{{config.gridDim.x, config.gridDim.y, config.gridDim.z},
                            {config.blockDim.x, config.blockDim.y, config.blockDim.z},
                            config.dynamicSmemBytes,
                            false};
    apply(wanted, config.attrs, config.numAttrs);
    return wanted;
}

} // namespace

ACC_API cudaError_t cudaOccupancyMaxPotentialClusterSize(int* size, const void* function,
                                                         const cudaLaunchConfig_t* config) {
    return guard(__func__, [&] {
        require(size, "clusterSize");
        require(config, "launchConfig");
        ApiContext& context = current();
        *size = static_cast<int>(
            largest_cluster(kernel_of(context, function), launch_config(*config)));
    });
}

ACC_API cudaError_t cudaOccupancyMaxActiveClusters(int* clusters, const void* function,
                                                   const cudaLaunchConfig_t* config) {
    return guard(__func__, [&] {
        require(clusters, "numClusters");
        require(config, "launchConfig");
        ApiContext& context = current();
        *clusters = static_cast<int>(
            active_clusters(context.core, kernel_of(context, function), launch_config(*config)));
    });
}

ACC_API cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* function,
                                                                  int threads, size_t shared) {
    return guard(__func__, [&] { max_blocks(blocks, function, threads, shared); });
}

ACC_API cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
    int* blocks, const void* function, int threads, size_t shared, unsigned flags) {
    return guard(__func__, [&] {
        check_flags(flags, cudaOccupancyDisableCachingOverride, "occupancy");
        max_blocks(blocks, function, threads, shared);
    });
}

ACC_API cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t* bytes, const void* function,
                                                              int blocks, int threads) {
    return guard(__func__, [&] {
        require(bytes, "dynamicSmemSize");
        check_block(threads);
        ApiContext& context = current();
        const rt::Kernel& kernel = kernel_of(context, function);
        if (blocks <= 0 ||
            static_cast<unsigned>(blocks) >
                rt::blocks_per_compute_unit(kernel, static_cast<unsigned>(threads), 0))
            rt::fail(rt::Status::InvalidValue,
                     "kernel {}: {} blocks of {} threads do not fit on a compute unit",
                     rt::demangled(kernel.name), blocks, threads);
        // Shared memory is given out in units of 128 bytes; the static part comes first, rounded
        // to 16.
        const uint64_t each = ACC_SHARED_PER_CU / static_cast<unsigned>(blocks) / 128 * 128;
        const uint64_t fixed = (uint64_t{kernel.descriptor.shared_bytes} + 15) / 16 * 16;
        const uint64_t most = rt::dynamic_shared_limit(kernel);
        *bytes = each > fixed ? std::min(each - fixed, most) : 0;
    });
}
