// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operations between the threads of a warp. `mask` names the participating threads; each waits for
// all of them.
#pragma once
// clang-format off: a table of one-line functions

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

__ACC_DEV void __syncwarp(unsigned mask = 0xffffffff) { __nvvm_bar_warp_sync(mask); }
__ACC_DEV unsigned __activemask() { return __nvvm_activemask(); }

// Votes.
__ACC_DEV int __all_sync(unsigned mask, int predicate) { return __nvvm_vote_all_sync(mask, predicate); }
__ACC_DEV int __any_sync(unsigned mask, int predicate) { return __nvvm_vote_any_sync(mask, predicate); }
__ACC_DEV int __uni_sync(unsigned mask, int predicate) { return __nvvm_vote_uni_sync(mask, predicate); }
__ACC_DEV unsigned __ballot_sync(unsigned mask, int predicate) { return __nvvm_vote_ballot_sync(mask, predicate); }

// Forms without a mask (removed from CUDA for independent thread scheduling): the threads that arrive together take part.
__ACC_DEV int __all(int predicate) { return __all_sync(__activemask(), predicate); }
__ACC_DEV int __any(int predicate) { return __any_sync(__activemask(), predicate); }
__ACC_DEV unsigned __ballot(int predicate) { return __ballot_sync(__activemask(), predicate); }

// Shuffles. The last operand of the intrinsic packs the clamp (low 5 bits) and the sub-warp mask (bits 8..12), which is
// 32 - width for the power-of-two widths that are allowed.
#define __ACC_SHUFFLE(NAME, OP, CLAMP, LANE)                                                                           \
  __ACC_DEV int NAME##_sync(unsigned mask, int value, LANE lane, int width = 32) {                                     \
    return __nvvm_shfl_sync_##OP##_i32(mask, value, (int)lane, ((32 - width) << 8) | CLAMP);                           \
  }                                                                                                                    \
  __ACC_DEV float NAME##_sync(unsigned mask, float value, LANE lane, int width = 32) {                                 \
    return __nvvm_shfl_sync_##OP##_f32(mask, value, (int)lane, ((32 - width) << 8) | CLAMP);                           \
  }                                                                                                                    \
  __ACC_DEV unsigned NAME##_sync(unsigned mask, unsigned value, LANE lane, int width = 32) {                           \
    return (unsigned)NAME##_sync(mask, (int)value, lane, width);                                                       \
  }                                                                                                                    \
  __ACC_DEV long long NAME##_sync(unsigned mask, long long value, LANE lane, int width = 32) {                         \
    const unsigned lo = (unsigned)NAME##_sync(mask, (int)value, lane, width);                                          \
    const unsigned hi = (unsigned)NAME##_sync(mask, (int)(value >> 32), lane, width);                                  \
    return (long long)(((unsigned long long)hi << 32) | lo);                                                           \
  }                                                                                                                    \
  __ACC_DEV unsigned long long NAME##_sync(unsigned mask, unsigned long long value, LANE lane, int width = 32) {       \
    return (unsigned long long)NAME##_sync(mask, (long long)value, lane, width);                                       \
  }                                                                                                                    \
  __ACC_DEV long NAME##_sync(unsigned mask, long value, LANE lane, int width = 32) {                                   \
    return (long)NAME##_sync(mask, (long long)value, lane, width);                                                     \
  }                                                                                                                    \
  __ACC_DEV unsigned long NAME##_sync(unsigned mask, unsigned long value, LANE lane, int width = 32) {                 \
    return (unsigned long)NAME##_sync(mask, (long long)value, lane, width);                                            \
  }                                                                                                                    \
  __ACC_DEV double NAME##_sync(unsigned mask, double value, LANE lane, int width = 32) {                               \
    return __builtin_bit_cast(double, NAME##_sync(mask, __builtin_bit_cast(long long, value), lane, width));           \
  }                                                                                                                    \
  __ACC_SHUFFLE_NO_MASK(NAME, int, LANE)                                                                               \
  __ACC_SHUFFLE_NO_MASK(NAME, unsigned, LANE)                                                                          \
  __ACC_SHUFFLE_NO_MASK(NAME, long, LANE)                                                                              \
  __ACC_SHUFFLE_NO_MASK(NAME, unsigned long, LANE)                                                                     \
  __ACC_SHUFFLE_NO_MASK(NAME, long long, LANE)                                                                         \
  __ACC_SHUFFLE_NO_MASK(NAME, unsigned long long, LANE)                                                                \
  __ACC_SHUFFLE_NO_MASK(NAME, float, LANE)                                                                             \
  __ACC_SHUFFLE_NO_MASK(NAME, double, LANE)
#define __ACC_SHUFFLE_NO_MASK(NAME, T, LANE)                                                                           \
  __ACC_DEV T NAME(T value, LANE lane, int width = 32) { return NAME##_sync(__activemask(), value, lane, width); }

__ACC_SHUFFLE(__shfl, idx, 31, int)
__ACC_SHUFFLE(__shfl_up, up, 0, unsigned)
__ACC_SHUFFLE(__shfl_down, down, 31, unsigned)
__ACC_SHUFFLE(__shfl_xor, bfly, 31, int)
#undef __ACC_SHUFFLE
#undef __ACC_SHUFFLE_NO_MASK

// Matches: the threads of mask whose value equals the caller's (any), or mask if all are equal, else 0 (all).
#define __ACC_MATCH(T, BITS, AS)                                                                                       \
  __ACC_DEV unsigned __match_any_sync(unsigned mask, T value) {                                                        \
    return __nvvm_match_any_sync_##BITS(mask, __builtin_bit_cast(AS, value));                                          \
  }                                                                                                                    \
  __ACC_DEV unsigned __match_all_sync(unsigned mask, T value, int *predicate) {                                        \
    return __nvvm_match_all_sync_##BITS##p(mask, __builtin_bit_cast(AS, value), predicate);                            \
  }
__ACC_MATCH(int, i32, unsigned)
__ACC_MATCH(unsigned, i32, unsigned)
__ACC_MATCH(float, i32, unsigned)
__ACC_MATCH(long, i64, unsigned long long)
__ACC_MATCH(unsigned long, i64, unsigned long long)
__ACC_MATCH(long long, i64, unsigned long long)
__ACC_MATCH(unsigned long long, i64, unsigned long long)
__ACC_MATCH(double, i64, unsigned long long)
#undef __ACC_MATCH

// Reductions.
__ACC_DEV unsigned __reduce_add_sync(unsigned mask, unsigned value) {
  return (unsigned)__nvvm_redux_sync_add((int)value, (int)mask);
}
__ACC_DEV int __reduce_add_sync(unsigned mask, int value) { return __nvvm_redux_sync_add(value, (int)mask); }
__ACC_DEV unsigned __reduce_min_sync(unsigned mask, unsigned value) {
  return __nvvm_redux_sync_umin(value, (int)mask);
}
__ACC_DEV int __reduce_min_sync(unsigned mask, int value) { return __nvvm_redux_sync_min(value, (int)mask); }
__ACC_DEV unsigned __reduce_max_sync(unsigned mask, unsigned value) {
  return __nvvm_redux_sync_umax(value, (int)mask);
}
__ACC_DEV int __reduce_max_sync(unsigned mask, int value) { return __nvvm_redux_sync_max(value, (int)mask); }
__ACC_DEV unsigned __reduce_and_sync(unsigned mask, unsigned value) {
  return (unsigned)__nvvm_redux_sync_and((int)value, (int)mask);
}
__ACC_DEV unsigned __reduce_or_sync(unsigned mask, unsigned value) {
  return (unsigned)__nvvm_redux_sync_or((int)value, (int)mask);
}
__ACC_DEV unsigned __reduce_xor_sync(unsigned mask, unsigned value) {
  return (unsigned)__nvvm_redux_sync_xor((int)value, (int)mask);
}

#undef __ACC_DEV
