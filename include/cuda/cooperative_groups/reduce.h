// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// reduce: the same value in every member, op applied over all members' values in an unspecified
// order.
#pragma once
#include "../cooperative_groups.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L
namespace cooperative_groups {

namespace details {
/// Within a warp: a butterfly.
template <unsigned Size, class T, class Op>
static __inline__ __device__ T reduce_tile(const tile<Size, true>& group, T value, Op op) {
    for (unsigned distance = Size / 2; distance > 0; distance /= 2)
        value = op(value, group.shfl_xor(value, distance));
    return value;
}
/// Several warps: each warp's result through shared memory, then every thread combines them in the
/// same order.
template <unsigned Size, class T, class Op>
static __inline__ __device__ T reduce_tile(const tile<Size, false>& group, T value, Op op) {
    __shared__ T partial[32];
    const T mine = reduce_tile(tile<32, true>(), value, op);
    const unsigned warp = block_rank() / 32, first = warp & ~(Size / 32 - 1);
    group.sync(); // an earlier call's readers are done
    if (lane() == 0) partial[warp] = mine;
    group.sync();
    T result = partial[first];
    for (unsigned i = 1; i < Size / 32; ++i)
        result = op(result, partial[first + i]);
    return result;
}
} // namespace details

template <unsigned Size, class Parent, class T, class Op>
static __inline__ __device__ T reduce(const thread_block_tile<Size, Parent>& group, T value,
                                      Op op) {
    return details::reduce_tile(group, value, op);
}

/// Any number of members: a tree towards rank 0, then a broadcast.
template <class T, class Op>
static __inline__ __device__ T reduce(const coalesced_group& group, T value, Op op) {
    const unsigned rank = group.thread_rank(), count = group.size();
    for (unsigned distance = 16; distance > 0; distance /= 2) {
        const T other = group.shfl_down(value, distance);
        if (rank + distance < count) value = op(value, other);
    }
    return group.shfl(value, 0);
}

} // namespace cooperative_groups
#endif
