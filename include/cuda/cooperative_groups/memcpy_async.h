// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// memcpy_async: a copy shared by the group's members, complete for all of them after wait(group).
// It is done at once here; wait is the group's barrier.
#pragma once
#include "../cooperative_groups.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L
namespace cooperative_groups {

namespace details {
template <class Word, class Group>
static __inline__ __device__ void copy_words(const Group& group, void* to, const void* from,
                                             size_t bytes) {
    for (size_t i = group.thread_rank(); i < bytes / sizeof(Word); i += group.size())
        ((Word*)to)[i] = ((const Word*)from)[i];
}
} // namespace details

template <class Group>
static __inline__ __device__ void memcpy_async(const Group& group, void* to, const void* from,
                                               size_t bytes) {
    const size_t alignment = (size_t)to | (size_t)from | bytes;
    if (alignment % 16 == 0)
        details::copy_words<uint4>(group, to, from, bytes);
    else if (alignment % 4 == 0)
        details::copy_words<unsigned>(group, to, from, bytes);
    else
        details::copy_words<unsigned char>(group, to, from, bytes);
}
template <class Group, class T>
static __inline__ __device__ void memcpy_async(const Group& group, T* to, size_t to_count,
                                               const T* from, size_t from_count) {
    memcpy_async(group, (void*)to, (const void*)from,
                 (to_count < from_count ? to_count : from_count) * sizeof(T));
}
template <class Group>
static __inline__ __device__ void wait(const Group& group) {
    group.sync();
}
template <unsigned Pending, class Group>
static __inline__ __device__ void wait_prior(const Group& group) {
    group.sync();
}

} // namespace cooperative_groups
#endif
