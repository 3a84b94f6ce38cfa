// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Warp functions are nvvm intrinsics with a member mask; the forms without a mask ask for the active threads first.
// RUN: %cuda_device -O1 %s -o - | FileCheck %s

// CHECK-LABEL: define{{.*}} @shuffles
extern "C" __device__ double shuffles(int i, float f, double d, unsigned m, float *out) {
    // CHECK: @llvm.nvvm.shfl.sync.idx.i32(i32 %{{.*}}, i32 %{{.*}}, i32 3, i32 31)
    out[0] = __shfl_sync(m, i, 3);
    // Width 8: clamp 31, sub-warp mask 24.
    // CHECK: @llvm.nvvm.shfl.sync.down.f32(i32 -1, float %{{.*}}, i32 1, i32 6175)
    out[1] = __shfl_down_sync(0xffffffff, f, 1, 8);
    // Up clamps at 0.
    // CHECK: @llvm.nvvm.shfl.sync.up.f32(i32 -1, float %{{.*}}, i32 2, i32 0)
    out[2] = __shfl_up_sync(0xffffffff, f, 2);
    // CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %{{.*}}, i32 16, i32 31)
    // CHECK: @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %{{.*}}, i32 16, i32 31)
    return __shfl_xor_sync(0xffffffff, d, 16);
}

// CHECK-LABEL: define{{.*}} @votes
extern "C" __device__ unsigned votes(int p, unsigned m) {
    unsigned r = 0;
    // CHECK: @llvm.nvvm.vote.all.sync(i32 %{{.*}}, i1 %{{.*}})
    r += __all_sync(m, p);
    // CHECK: @llvm.nvvm.vote.any.sync(i32 %{{.*}}, i1 %{{.*}})
    r += __any_sync(m, p);
    // CHECK: @llvm.nvvm.vote.ballot.sync(i32 %{{.*}}, i1 %{{.*}})
    r += __ballot_sync(m, p);
    // CHECK: @llvm.nvvm.match.any.sync.i32(i32 %{{.*}}, i32 %{{.*}})
    r += __match_any_sync(m, p);
    // CHECK: @llvm.nvvm.match.any.sync.i64(i32 %{{.*}}, i64 %{{.*}})
    r += __match_any_sync(m, 1.5 * p);
    int all;
    // CHECK: @llvm.nvvm.match.all.sync.i32p(i32 %{{.*}}, i32 %{{.*}})
    r += __match_all_sync(m, p, &all);
    // CHECK: @llvm.nvvm.bar.warp.sync(i32 -1)
    __syncwarp();
    return r + all;
}

// CHECK-LABEL: define{{.*}} @without_mask
extern "C" __device__ int without_mask(int v) {
    // CHECK: %[[MASK:.*]] = {{.*}}call{{.*}} i32 @llvm.nvvm.activemask()
    // CHECK: @llvm.nvvm.shfl.sync.down.i32(i32 %[[MASK]], i32 %{{.*}}, i32 1, i32 31)
    v += __shfl_down(v, 1);
    // CHECK: %[[MASK2:.*]] = {{.*}}call{{.*}} i32 @llvm.nvvm.activemask()
    // CHECK: @llvm.nvvm.vote.ballot.sync(i32 %[[MASK2]], i1 %{{.*}})
    return v + __ballot(v);
}

// CHECK-LABEL: define{{.*}} @reductions
extern "C" __device__ int reductions(int v, unsigned u, unsigned m) {
    // CHECK: @llvm.nvvm.redux.sync.add(i32 %{{.*}}, i32 %{{.*}})
    v += __reduce_add_sync(m, v);
    // CHECK: @llvm.nvvm.redux.sync.min(i32 %{{.*}}, i32 %{{.*}})
    v += __reduce_min_sync(m, v);
    // CHECK: @llvm.nvvm.redux.sync.umax(i32 %{{.*}}, i32 %{{.*}})
    v += __reduce_max_sync(m, u);
    // CHECK: @llvm.nvvm.redux.sync.xor(i32 %{{.*}}, i32 %{{.*}})
    return v + __reduce_xor_sync(m, u);
}
