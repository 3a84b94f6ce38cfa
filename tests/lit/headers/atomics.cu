// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every atomic function is one instruction, relaxed; see include/cuda/README.md.
// RUN: %cuda_device -O1 %s -o - | FileCheck %s

// CHECK-LABEL: define{{.*}} @integers
extern "C" __global__ void integers(int *i, unsigned *u, unsigned long long *l, long long *s) {
    // CHECK: atomicrmw add ptr %{{.*}}, i32 1 monotonic
    atomicAdd(i, 1);
    // CHECK: atomicrmw add ptr %{{.*}}, i32 2 monotonic
    atomicAdd(u, 2u);
    // CHECK: atomicrmw add ptr %{{.*}}, i64 3 monotonic
    atomicAdd(l, 3ull);
    // CHECK: atomicrmw sub ptr %{{.*}}, i32 4 monotonic
    atomicSub(i, 4);
    // CHECK: atomicrmw xchg ptr %{{.*}}, i64 5 monotonic
    atomicExch(l, 5ull);
    // CHECK: atomicrmw min ptr %{{.*}}, i32 -6 monotonic
    atomicMin(i, -6);
    // CHECK: atomicrmw umin ptr %{{.*}}, i32 6 monotonic
    atomicMin(u, 6u);
    // CHECK: atomicrmw max ptr %{{.*}}, i64 -7 monotonic
    atomicMax(s, -7ll);
    // CHECK: atomicrmw umax ptr %{{.*}}, i64 7 monotonic
    atomicMax(l, 7ull);
    // CHECK: atomicrmw and ptr %{{.*}}, i32 8 monotonic
    atomicAnd(u, 8u);
    // CHECK: atomicrmw or ptr %{{.*}}, i32 9 monotonic
    atomicOr(i, 9);
    // CHECK: atomicrmw xor ptr %{{.*}}, i64 10 monotonic
    atomicXor(l, 10ull);
    // CHECK: atomicrmw uinc_wrap ptr %{{.*}}, i32 11 monotonic
    atomicInc(u, 11u);
    // CHECK: atomicrmw udec_wrap ptr %{{.*}}, i32 12 monotonic
    atomicDec(u, 12u);
    // CHECK: atomicrmw add ptr %{{.*}}, i32 13 monotonic
    atomicAdd_block(i, 13);
    // CHECK: atomicrmw add ptr %{{.*}}, i32 14 monotonic
    atomicAdd_system(i, 14);
}

// CHECK-LABEL: define{{.*}} @floats
extern "C" __global__ void floats(float *f, double *d) {
    // CHECK: atomicrmw fadd ptr %{{.*}}, float 1.000000e+00 monotonic
    atomicAdd(f, 1.0f);
    // CHECK: atomicrmw fadd ptr %{{.*}}, double 2.000000e+00 monotonic
    atomicAdd(d, 2.0);
    // CHECK: atomicrmw xchg ptr %{{.*}}, i32 1077936128 monotonic
    atomicExch(f, 3.0f);
}

// The old value comes back whether or not it was replaced.
// CHECK-LABEL: define{{.*}} @swap
extern "C" __device__ unsigned short swap(int *i, unsigned long long *l, unsigned short *h, int *found) {
    // CHECK: cmpxchg ptr %{{.*}}, i32 1, i32 2 monotonic monotonic
    *found = atomicCAS(i, 1, 2);
    // CHECK: cmpxchg ptr %{{.*}}, i64 3, i64 4 monotonic monotonic
    atomicCAS(l, 3ull, 4ull);
    // CHECK: %[[PAIR:.*]] = cmpxchg ptr %{{.*}}, i16 5, i16 6 monotonic monotonic
    // CHECK: %[[OLD:.*]] = extractvalue { i16, i1 } %[[PAIR]], 0
    // CHECK: ret i16 %[[OLD]]
    return atomicCAS(h, (unsigned short)5, (unsigned short)6);
}

// CHECK-LABEL: define{{.*}} @ordered
extern "C" __device__ unsigned ordered(unsigned *u) {
    // CHECK: atomicrmw add ptr %{{.*}}, i32 1 acq_rel
    __nv_atomic_add(u, 1u, __NV_ATOMIC_ACQ_REL, __NV_THREAD_SCOPE_DEVICE);
    // CHECK: load atomic i32, ptr %{{.*}} acquire
    return __nv_atomic_load_n(u, __NV_ATOMIC_ACQUIRE);
}
