// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cooperative groups reduce to barriers and warp functions with the group's mask.
// RUN: %cuda_device -O2 -std=c++17 %s -o - | FileCheck %s
// RUN: %cuda_host -O1 %s -o /dev/null
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
namespace cg = cooperative_groups;

// CHECK-LABEL: define{{.*}} @block
extern "C" __global__ void block(int *out) {
    cg::thread_block block = cg::this_thread_block();
    // CHECK: @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
    cg::sync(block);
    out[block.thread_rank()] = block.size() + block.group_index().x;
}

// A full-warp reduction of ints: five butterfly steps, distances 16 to 1.
// CHECK-LABEL: define{{.*}} @tile
// CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 {{.*}}, i32 %{{.*}}, i32 16, i32 31)
// CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 {{.*}}, i32 %{{.*}}, i32 8, i32 31)
// CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 {{.*}}, i32 %{{.*}}, i32 4, i32 31)
// CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 {{.*}}, i32 %{{.*}}, i32 2, i32 31)
// CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 {{.*}}, i32 %{{.*}}, i32 1, i32 31)
extern "C" __global__ void tile(int *v) {
    auto tile = cg::tiled_partition<32>(cg::this_thread_block());
    v[0] = cg::reduce(tile, v[tile.thread_rank()], cg::plus<int>());
}

struct Pair {
    double key;
    int value;
};

// A structure of four words is shuffled word by word; width 8 gives clamp 31 and sub-warp mask 24.
// CHECK-LABEL: define{{.*}} @structure
// CHECK-COUNT-4: @llvm.nvvm.shfl.sync.idx.i32(i32 %{{.*}}, i32 %{{.*}}, i32 3, i32 6175)
extern "C" __global__ void structure(Pair *p) {
    cg::thread_block_tile<8> tile = cg::tiled_partition<8>(cg::this_thread_block());
    p[0] = tile.shfl(p[1], 3);
}

// CHECK-LABEL: define{{.*}} @grid
extern "C" __global__ void grid(unsigned long long *out) {
    cg::grid_group grid = cg::this_grid();
    // CHECK: call void @__acc_bar_grid()
    grid.sync();
    out[grid.thread_rank()] = grid.size();
}

// CHECK-LABEL: define{{.*}} @others
extern "C" __global__ void others(float *f) {
    cg::coalesced_group active = cg::coalesced_threads();
    f[0] = cg::reduce(active, f[1], cg::greater<float>()) + cg::inclusive_scan(active, f[2]);
    cg::thread_group group = cg::tiled_partition(cg::this_thread_block(), 16);
    group.sync();
    auto wide = cg::tiled_partition<128>(cg::this_thread_block());
    // CHECK: @llvm.nvvm.barrier{{.*}}, i32 128)
    wide.sync();
    f[3] = cg::reduce(wide, f[4], cg::plus<float>());
    __shared__ float scratch[64];
    cg::memcpy_async(cg::this_thread_block(), scratch, f, sizeof(scratch));
    cg::wait(cg::this_thread_block());
    f[5] = scratch[threadIdx.x];
}
