// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cache hints and address spaces.
// RUN: %cuda_device -O1 %s -o - | FileCheck %s

// CHECK-LABEL: define{{.*}} @loads
extern "C" __device__ void loads(const float *f, const float4 *v, const int *i, float *out) {
    // CHECK: load float, ptr addrspace(1) %{{.*}}, align 4, !invariant.load
    out[0] = __ldg(f);
    // A vector may be split into its elements here; the backend's load vectoriser joins them again.
    // CHECK: load {{.*}}, ptr addrspace(1) %{{.*}}, align 16
    *(float4 *)(out + 4) = __ldg(v);
    // CHECK: load volatile i32, ptr %{{.*}}, align 4
    out[2] = __ldcg(i);
    // CHECK: load float, ptr %{{.*}}, align 4{{.*}}!nontemporal
    out[3] = __ldcs(f);
}

// CHECK-LABEL: define{{.*}} @stores
extern "C" __device__ void stores(float *f, float4 *v, float4 value) {
    // CHECK: store <4 x float> %{{.*}}, ptr %{{.*}}, align 16{{.*}}!nontemporal
    __stcs(v, value);
    // CHECK: store volatile float 1.000000e+00, ptr %{{.*}}, align 4
    __stwt(f, 1.0f);
}

// CHECK-LABEL: define{{.*}} @spaces
extern "C" __device__ unsigned long spaces(void *p) {
    // CHECK: @llvm.nvvm.isspacep.shared(
    // CHECK: addrspacecast ptr %{{.*}} to ptr addrspace(3)
    return __isShared(p) ? __cvta_generic_to_shared(p) : 0;
}

// CHECK-LABEL: define{{.*}} @sync
extern "C" __device__ int sync(int p) {
    // CHECK: @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
    __syncthreads();
    // CHECK: @llvm.nvvm.barrier{{.*}}popc
    p += __syncthreads_count(p);
    // CHECK: @llvm.nvvm.barrier{{.*}}and
    p += __syncthreads_and(p);
    // CHECK: @llvm.nvvm.membar.cta()
    __threadfence_block();
    // CHECK: @llvm.nvvm.membar.gl()
    __threadfence();
    // CHECK: @llvm.nvvm.membar.sys()
    __threadfence_system();
    // CHECK: @llvm.nvvm.read.ptx.sreg.clock64()
    return p + (int)clock64();
}
