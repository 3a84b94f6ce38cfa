// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// inclusive_scan and exclusive_scan over a group's members in rank order; the _update forms begin
// with what an atomic object holds and leave the whole group's result in it.
#pragma once
#include "../acc_impl/group_updates.h"
#include "../cooperative_groups.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L
namespace cooperative_groups {

namespace details {
/// Both scans of one thread. `before` means nothing in rank 0.
template <class T>
struct scanned {
    T inclusive, before;
};
template <class Group, class T, class Op>
static __inline__ __device__ scanned<T> scan_warp(const Group& group, unsigned count, T value,
                                                  Op& op) {
    const unsigned rank = group.thread_rank();
    for (unsigned distance = 1; distance < count; distance *= 2) {
        const T left = group.shfl_up(value, distance);
        if (rank >= distance) value = op(left, value);
    }
    return {value, group.shfl_up(value, 1)};
}
template <unsigned Size, class T, class Op>
static __inline__ __device__ scanned<T> scan(const tile<Size, true>& group, T value, Op& op) {
    return scan_warp(group, Size, value, op);
}
/// Several warps: a thread's own warp, after all of the warps before it.
template <unsigned Size, class T, class Op>
static __inline__ __device__ scanned<T> scan(const tile<Size, false>& group, T value, Op& op) {
    scanned<T> mine = scan(tile<32, true>(), value, op);
    const T* warps = group.from_warps(mine.inclusive, lane() == 31);
    const unsigned warp = group.thread_rank() / 32;
    if (warp == 0) return mine;
    T left = warps[0];
    for (unsigned i = 1; i < warp; ++i)
        left = op(left, warps[i]);
    return {(T)op(left, mine.inclusive), lane() == 0 ? left : (T)op(left, mine.before)};
}
template <class T, class Op>
static __inline__ __device__ scanned<T> scan(const coalesced_group& group, T value, Op& op) {
    return scan_warp(group, group.size(), value, op);
}

/// The last member updates the object with the result of all; everybody hears what was there.
template <class T, class Group, class Atomic, class Op>
static __inline__ __device__ T update_by_last(const Group& group, Atomic& object, T all, Op& op) {
    const unsigned last = group.size() - 1;
    T before = all;
    if (group.thread_rank() == last) before = update<T>(object, all, op);
    return group.shfl(before, last);
}
} // namespace details

template <class Group, class T, class Op>
static __inline__ __device__ T inclusive_scan(const Group& group, T value, Op&& op) {
    return details::scan(group, value, op).inclusive;
}
template <class Group, class T>
static __inline__ __device__ T inclusive_scan(const Group& group, T value) {
    return inclusive_scan(group, value, plus<T>());
}

/// Rank 0 gets T().
template <class Group, class T, class Op>
static __inline__ __device__ T exclusive_scan(const Group& group, T value, Op&& op) {
    const T before = details::scan(group, value, op).before;
    return group.thread_rank() == 0 ? T() : before;
}
template <class Group, class T>
static __inline__ __device__ T exclusive_scan(const Group& group, T value) {
    return exclusive_scan(group, value, plus<T>());
}

template <class Group, class Atomic, class V, class Op, class T = details::value_in<Atomic>>
static __inline__ __device__ T inclusive_scan_update(const Group& group, Atomic&& object, V&& value,
                                                     Op&& op) {
    const T mine = details::scan(group, (T)value, op).inclusive;
    return op(details::update_by_last<T>(group, object, mine, op), mine);
}
template <class Group, class Atomic, class V, class T = details::value_in<Atomic>>
static __inline__ __device__ T inclusive_scan_update(const Group& group, Atomic&& object,
                                                     V&& value) {
    return inclusive_scan_update(group, object, value, plus<T>());
}
/// Rank 0 gets what the object held.
template <class Group, class Atomic, class V, class Op, class T = details::value_in<Atomic>>
static __inline__ __device__ T exclusive_scan_update(const Group& group, Atomic&& object, V&& value,
                                                     Op&& op) {
    const details::scanned<T> mine = details::scan(group, (T)value, op);
    const T before = details::update_by_last<T>(group, object, mine.inclusive, op);
    return group.thread_rank() == 0 ? before : (T)op(before, mine.before);
}
template <class Group, class Atomic, class V, class T = details::value_in<Atomic>>
static __inline__ __device__ T exclusive_scan_update(const Group& group, Atomic&& object,
                                                     V&& value) {
    return exclusive_scan_update(group, object, value, plus<T>());
}

} // namespace cooperative_groups
#endif
