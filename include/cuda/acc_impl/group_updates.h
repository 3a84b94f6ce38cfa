// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How reductions and scans of cooperative groups get into a cuda::atomic or what a cuda::atomic_ref
// names. The headers of those are not needed here: whoever has such an object has included them.
#pragma once
#include "../cooperative_groups.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L
namespace cooperative_groups {
namespace details {

template <class T>
T&& some(); // only for decltype

/// What an atomic object holds; plain pointers have no load().
template <class Atomic>
using value_in = plain<decltype(some<Atomic>().load())>;

/// object = op(object, value), atomically; returns what was there before. Integers have
/// instructions for the usual operations.
template <class T, class Atomic, class Op>
static __inline__ __device__ T update(Atomic& object, T value, Op& op) {
    T before = object.load();
    while (!object.compare_exchange_weak(before, (T)op(before, value))) {
    }
    return before;
}
template <class T, class Atomic, class = typename only_if<__is_integral(T)>::type>
static __inline__ __device__ T update(Atomic& object, T value, const plus<T>&) {
    return object.fetch_add(value);
}
template <class T, class Atomic, class = typename only_if<__is_integral(T)>::type>
static __inline__ __device__ T update(Atomic& object, T value, const bit_and<T>&) {
    return object.fetch_and(value);
}
template <class T, class Atomic, class = typename only_if<__is_integral(T)>::type>
static __inline__ __device__ T update(Atomic& object, T value, const bit_or<T>&) {
    return object.fetch_or(value);
}
template <class T, class Atomic, class = typename only_if<__is_integral(T)>::type>
static __inline__ __device__ T update(Atomic& object, T value, const bit_xor<T>&) {
    return object.fetch_xor(value);
}

} // namespace details
} // namespace cooperative_groups
#endif
