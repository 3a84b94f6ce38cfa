// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Thread-block clusters: where a block is in its cluster, their barrier, and shared memory of other
// blocks, whose addresses hold 1 + the block's rank in bits 31:24 (docs/isa/abi.md).
#pragma once
#include "machine_op.h"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

extern "C" {
__device__ __attribute__((const)) unsigned __acc_sr_cluster_nctaid_x();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_nctaid_y();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_nctaid_z();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_ctaid_x();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_ctaid_y();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_ctaid_z();
__device__ __attribute__((const)) unsigned __acc_sr_clusterid_x();
__device__ __attribute__((const)) unsigned __acc_sr_clusterid_y();
__device__ __attribute__((const)) unsigned __acc_sr_clusterid_z();
__device__ __attribute__((const)) unsigned __acc_sr_nclusterid_x();
__device__ __attribute__((const)) unsigned __acc_sr_nclusterid_y();
__device__ __attribute__((const)) unsigned __acc_sr_nclusterid_z();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_ctarank();
__device__ __attribute__((const)) unsigned __acc_sr_cluster_nctarank();
__device__ __attribute__((const)) unsigned __acc_sr_is_explicit_cluster();
__ACC_MACHINE_OP(unsigned long long, __acc_op_mapa, (unsigned, unsigned), "mapa");
}

__ACC_DEV unsigned __clusterDimIsSpecified() {
    return __acc_sr_is_explicit_cluster();
}
__ACC_DEV dim3 __clusterDim() {
    return dim3(__acc_sr_cluster_nctaid_x(), __acc_sr_cluster_nctaid_y(),
                __acc_sr_cluster_nctaid_z());
}
__ACC_DEV dim3 __clusterRelativeBlockIdx() {
    return dim3(__acc_sr_cluster_ctaid_x(), __acc_sr_cluster_ctaid_y(), __acc_sr_cluster_ctaid_z());
}
__ACC_DEV dim3 __clusterGridDimInClusters() {
    return dim3(__acc_sr_nclusterid_x(), __acc_sr_nclusterid_y(), __acc_sr_nclusterid_z());
}
__ACC_DEV dim3 __clusterIdx() {
    return dim3(__acc_sr_clusterid_x(), __acc_sr_clusterid_y(), __acc_sr_clusterid_z());
}
__ACC_DEV unsigned __clusterRelativeBlockRank() {
    return __acc_sr_cluster_ctarank();
}
__ACC_DEV unsigned __clusterSizeInBlocks() {
    return __acc_sr_cluster_nctarank();
}

__ACC_DEV void __cluster_barrier_arrive() {
    __nvvm_barrier_cluster_arrive();
}
__ACC_DEV void __cluster_barrier_arrive_relaxed() {
    __nvvm_barrier_cluster_arrive_relaxed();
}
__ACC_DEV void __cluster_barrier_wait() {
    __nvvm_barrier_cluster_wait();
}

__ACC_DEV unsigned __isClusterShared(const void* p) {
    return (unsigned)((unsigned long long)p >> 32) == 0x01000000u;
}
/// Of a pointer to shared memory: the block that it belongs to.
__ACC_DEV unsigned __cluster_query_shared_rank(const void* p) {
    const unsigned named = (unsigned)(unsigned long long)p >> 24;
    return named ? named - 1 : __acc_sr_cluster_ctarank();
}
/// The same variable in another block.
__ACC_DEV void* __cluster_map_shared_rank(const void* p, unsigned rank) {
    return (void*)__acc_op_mapa((unsigned)(unsigned long long)p, rank);
}
__ACC_DEV unsigned __isShared(const void* p) {
    return __isClusterShared(p) && __cluster_query_shared_rank(p) == __acc_sr_cluster_ctarank();
}

#undef __ACC_DEV
#endif
