// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// reduce: the same value in every member, op applied over all members' values in an unspecified
// order. reduce_store_async and reduce_update_async put it into memory; they are done when the call
// is, which the interface allows.
#pragma once
#include "../acc_impl/group_updates.h"
#include "../cooperative_groups.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L
namespace cooperative_groups {

namespace details {
/// Within a warp: a butterfly.
template <unsigned Size, class T, class Op>
static __inline__ __device__ T reduce_tile(const tile<Size, true>& group, T value, Op& op) {
    for (unsigned distance = Size / 2; distance > 0; distance /= 2)
        value = op(value, group.shfl_xor(value, distance));
    return value;
}
/// Several warps: each warp's result, which every thread combines in the same order.
template <unsigned Size, class T, class Op>
static __inline__ __device__ T reduce_tile(const tile<Size, false>& group, T value, Op& op) {
    const T mine = reduce_tile(tile<32, true>(), value, op);
    const T* warps = group.from_warps(mine, lane() == 0);
    T result = warps[0];
    for (unsigned i = 1; i < Size / 32; ++i)
        result = op(result, warps[i]);
    return result;
}
} // namespace details

template <unsigned Size, class Parent, class T, class Op>
static __inline__ __device__ T reduce(const thread_block_tile<Size, Parent>& group, T value,
                                      Op&& op) {
    return details::reduce_tile(group, value, op);
}

/// Any number of members: a tree towards rank 0, then a broadcast.
template <class T, class Op>
static __inline__ __device__ T reduce(const coalesced_group& group, T value, Op&& op) {
    const unsigned rank = group.thread_rank(), count = group.size();
    for (unsigned distance = 16; distance > 0; distance /= 2) {
        const T other = group.shfl_down(value, distance);
        if (rank + distance < count) value = op(value, other);
    }
    return group.shfl(value, 0);
}

/// One member stores the reduction: into plain memory, a cuda::atomic or what a cuda::atomic_ref
/// names.
template <class Group, class T, class V, class Op>
static __inline__ __device__ void reduce_store_async(const Group& group, T* to, V&& value,
                                                     Op&& op) {
    const T result = reduce(group, (T)value, op);
    if (group.thread_rank() == 0) *to = result;
}
template <class Group, class Atomic, class V, class Op, class T = details::value_in<Atomic>>
static __inline__ __device__ void reduce_store_async(const Group& group, Atomic&& to, V&& value,
                                                     Op&& op) {
    const T result = reduce(group, (T)value, op);
    if (group.thread_rank() == 0) to.store(result);
}
/// to = op(to, reduction), as one atomic operation.
template <class Group, class Atomic, class V, class Op, class T = details::value_in<Atomic>>
static __inline__ __device__ void reduce_update_async(const Group& group, Atomic&& to, V&& value,
                                                      Op&& op) {
    const T result = reduce(group, (T)value, op);
    if (group.thread_rank() == 0) details::update<T>(to, result, op);
}

} // namespace cooperative_groups
#endif
