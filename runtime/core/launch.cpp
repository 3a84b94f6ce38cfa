// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/launch.h"

#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_occupancy.h"
#include "runtime/core/context.h"
#include "runtime/core/demangle.h"
#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

uint64_t round_up(uint64_t value, uint64_t to) {
    return (value + to - 1) / to * to;
}

void check_config(const Kernel& kernel, const LaunchConfig& config) {
    const Dim3 &grid = config.grid, &block = config.block;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > ACC_MAX_GRID_X ||
        grid.y > ACC_MAX_GRID_Y || grid.z > ACC_MAX_GRID_Z)
        fail(Status::InvalidConfiguration,
             "kernel {}: grid ({}, {}, {}) is not between (1, 1, 1) and ({}, {}, {})",
             demangled(kernel.name), grid.x, grid.y, grid.z, ACC_MAX_GRID_X, ACC_MAX_GRID_Y,
             ACC_MAX_GRID_Z);
    const uint64_t threads = uint64_t{block.x} * block.y * block.z;
    if (threads == 0 || block.x > ACC_MAX_BLOCK_X || block.y > ACC_MAX_BLOCK_Y ||
        block.z > ACC_MAX_BLOCK_Z || threads > ACC_MAX_THREADS_PER_BLOCK)
        fail(Status::InvalidConfiguration,
             "kernel {}: block ({}, {}, {}) is not between (1, 1, 1) and ({}, {}, {}), at most {} "
             "threads",
             demangled(kernel.name), block.x, block.y, block.z, ACC_MAX_BLOCK_X, ACC_MAX_BLOCK_Y,
             ACC_MAX_BLOCK_Z, ACC_MAX_THREADS_PER_BLOCK);
    if (kernel.descriptor.max_threads != 0 && threads > kernel.descriptor.max_threads)
        fail(Status::InvalidConfiguration,
             "kernel {}: {} threads per block, but it was compiled for at most {} "
             "(__launch_bounds__)",
             demangled(kernel.name), threads, kernel.descriptor.max_threads);
    if (config.dynamic_shared > kernel.max_dynamic_shared.load(std::memory_order_relaxed))
        fail(Status::InvalidValue,
             "kernel {}: {} bytes of dynamic shared memory; {} static bytes leave at most {} "
             "(cudaFuncSetAttribute with "
             "cudaFuncAttributeMaxDynamicSharedMemorySize raises this to {})",
             demangled(kernel.name), config.dynamic_shared, kernel.descriptor.shared_bytes,
             kernel.max_dynamic_shared.load(), dynamic_shared_limit(kernel));
    if (blocks_per_compute_unit(kernel, static_cast<unsigned>(threads), config.dynamic_shared) == 0)
        fail(Status::LaunchOutOfResources,
             "kernel {}: a block of {} threads with {} registers each does not fit on a compute "
             "unit",
             demangled(kernel.name), threads, kernel.descriptor.num_regs);
}

Dim3 required_cluster(const Kernel& kernel) {
    const auto& cluster = kernel.descriptor.cluster;
    return {cluster[0], cluster[1], cluster[2]};
}

bool is_given(const Dim3& cluster) {
    return (cluster.x | cluster.y | cluster.z) != 0;
}

} // namespace

unsigned cluster_limit(const Kernel& kernel) {
    return kernel.large_clusters.load(std::memory_order_relaxed) ? ACC_MAX_CLUSTER_BLOCKS
                                                                 : ACC_PORTABLE_CLUSTER_BLOCKS;
}

unsigned cluster_blocks(const Kernel& kernel, const LaunchConfig& config) {
    const Dim3 required = required_cluster(kernel), &given = config.cluster, &grid = config.grid;
    if (!is_given(required) && !is_given(given)) return 1;
    const Dim3& size = is_given(given) ? given : required;
    const std::string name = demangled(kernel.name);
    if (is_given(required) &&
        (size.x != required.x || size.y != required.y || size.z != required.z))
        fail(Status::InvalidClusterSize,
             "kernel {}: launched in clusters of ({}, {}, {}), compiled for ({}, {}, {}) "
             "(__cluster_dims__)",
             name, size.x, size.y, size.z, required.x, required.y, required.z);
    const unsigned __int128 blocks = static_cast<unsigned __int128>(size.x) * size.y * size.z;
    const unsigned limit = cluster_limit(kernel);
    if (blocks == 0 || blocks > limit)
        fail(Status::InvalidClusterSize,
             "kernel {}: a cluster of ({}, {}, {}) blocks; at most {} are possible{}", name, size.x,
             size.y, size.z, limit,
             limit < ACC_MAX_CLUSTER_BLOCKS
                 ? " without cudaFuncAttributeNonPortableClusterSizeAllowed"
                 : "");
    if (grid.x % size.x || grid.y % size.y || grid.z % size.z)
        fail(Status::InvalidClusterSize,
             "kernel {}: the grid ({}, {}, {}) is no multiple of the cluster ({}, {}, {})", name,
             grid.x, grid.y, grid.z, size.x, size.y, size.z);
    return static_cast<unsigned>(blocks);
}

unsigned clusters_per_compute_unit(const Kernel& kernel, const LaunchConfig& config) {
    const unsigned threads = config.block.x * config.block.y * config.block.z;
    const unsigned blocks = blocks_per_compute_unit(kernel, threads, config.dynamic_shared);
    return blocks == 0 ? 0 : std::max(blocks / cluster_blocks(kernel, config), 1u);
}

namespace {

void check_cooperative(Context& context, const Kernel& kernel, const LaunchConfig& config) {
    const uint64_t blocks = uint64_t{config.grid.x} * config.grid.y * config.grid.z;
    const uint64_t fits = uint64_t{clusters_per_compute_unit(kernel, config)} *
                          cluster_blocks(kernel, config) * context.backend().info().compute_units;
    if (blocks > fits)
        fail(Status::CooperativeTooLarge,
             "cooperative launch of {}: {} blocks, but only {} can be resident together",
             demangled(kernel.name), blocks, fits);
}

void fill(acc_packet_dispatch& packet, Context& context, const Kernel& kernel,
          const LaunchConfig& config) {
    packet.header.type = ACC_PKT_DISPATCH;
    if (config.cooperative) packet.header.flags = ACC_PKT_F_COOPERATIVE;
    packet.grid[0] = config.grid.x;
    packet.grid[1] = config.grid.y;
    packet.grid[2] = config.grid.z;
    packet.block[0] = static_cast<uint16_t>(config.block.x);
    packet.block[1] = static_cast<uint16_t>(config.block.y);
    packet.block[2] = static_cast<uint16_t>(config.block.z);
    if (is_given(config.cluster)) {
        const Dim3& size = config.cluster;
        packet.cluster = static_cast<uint16_t>(ACC_CLUSTER_GIVEN | (size.x - 1) |
                                               (size.y - 1) << 4 | (size.z - 1) << 8);
    }
    packet.dynamic_shared = static_cast<uint32_t>(config.dynamic_shared);
    if ((kernel.descriptor.flags & ACC_KD_DYNAMIC_STACK) != 0)
        packet.stack_bytes = static_cast<uint32_t>(context.limits().stack_bytes);
    packet.kernel = kernel.descriptor_va;
}

void submit(Stream& stream, Kernel& kernel, const LaunchConfig& config,
            const KernelArguments& arguments) {
    Context& context = stream.context();
    check_config(kernel, config);
    cluster_blocks(kernel, config); // throws when they cannot be
    if (config.cooperative) check_cooperative(context, kernel, config);
    trace("launch {} grid ({}, {}, {}) block ({}, {}, {}) dynamic shared {} stream {}{}",
          kernel.name, config.grid.x, config.grid.y, config.grid.z, config.block.x, config.block.y,
          config.block.z, config.dynamic_shared, stream.id(),
          config.cooperative ? " cooperative" : "");
    Work work; // a launch; filled in its place, because this is the path that has to be short
    auto& launch = *std::get_if<work::Launch>(&work.what);
    launch.kernel = &kernel;
    launch.arguments = arguments;
    fill(launch.packet, context, kernel, config);
    stream.submit(work);
}

} // namespace

void launch(Stream& stream, Kernel& kernel, const LaunchConfig& config, void* const* arguments) {
    submit(stream, kernel, config,
           {kernel.descriptor.kernarg_bytes, nullptr, arguments, kernel.params});
}

void launch_packed(Stream& stream, Kernel& kernel, const LaunchConfig& config, const void* buffer,
                   size_t bytes) {
    if (bytes < kernel.descriptor.kernarg_bytes)
        fail(Status::InvalidValue, "kernel {}: {} bytes of parameters given, {} needed",
             demangled(kernel.name), bytes, kernel.descriptor.kernarg_bytes);
    submit(stream, kernel, config,
           {kernel.descriptor.kernarg_bytes, static_cast<const uint8_t*>(buffer), nullptr, {}});
}

unsigned blocks_per_compute_unit(const Kernel& kernel, unsigned threads, uint64_t dynamic_shared) {
    if (threads == 0 || threads > ACC_MAX_THREADS_PER_BLOCK) return 0;
    if (kernel.descriptor.max_threads != 0 && threads > kernel.descriptor.max_threads) return 0;
    const uint64_t shared = round_up(kernel.descriptor.shared_bytes, 16) + dynamic_shared;
    if (shared > ACC_SHARED_PER_BLOCK_OPTIN) return 0;
    return acc_blocks_per_cu(kernel.descriptor.num_regs, threads, static_cast<uint32_t>(shared));
}

uint32_t dynamic_shared_limit(const Kernel& kernel) {
    const uint32_t fixed = static_cast<uint32_t>(round_up(kernel.descriptor.shared_bytes, 16));
    return fixed < ACC_SHARED_PER_BLOCK_OPTIN ? ACC_SHARED_PER_BLOCK_OPTIN - fixed : 0;
}

} // namespace acc::rt
