// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// inclusive_scan and exclusive_scan over a group's members in rank order.
#pragma once
#include "../cooperative_groups.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L
namespace cooperative_groups {

template <class Group, class T, class Op>
static __inline__ __device__ T inclusive_scan(const Group& group, T value, Op op) {
    const unsigned rank = group.thread_rank(), count = group.size();
    for (unsigned distance = 1; distance < count; distance *= 2) {
        const T before = group.shfl_up(value, distance);
        if (rank >= distance) value = op(before, value);
    }
    return value;
}
template <class Group, class T>
static __inline__ __device__ T inclusive_scan(const Group& group, T value) {
    return inclusive_scan(group, value, plus<T>());
}

/// Rank 0 gets T().
template <class Group, class T, class Op>
static __inline__ __device__ T exclusive_scan(const Group& group, T value, Op op) {
    const T before = group.shfl_up(inclusive_scan(group, value, op), 1);
    return group.thread_rank() == 0 ? T() : before;
}
template <class Group, class T>
static __inline__ __device__ T exclusive_scan(const Group& group, T value) {
    return exclusive_scan(group, value, plus<T>());
}

} // namespace cooperative_groups
#endif
