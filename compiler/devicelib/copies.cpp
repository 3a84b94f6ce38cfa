// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bulk copies that the machine has no instruction for. The thread that starts one does it; the
// calls come from PTX (compiler/ptx/Cluster.cpp).
#include "device.h"

extern "C" {
void __acc_bulk_load(u32 to, u64 from, u32 barrier, u32 bytes);
u64 __acc_map_shared(u32 address, u32 rank) __asm__("__acc_op.mapa") __attribute__((const));
}

#define COPY extern "C" __attribute__((noinline))

/// To the same place in every block of the mask, each with its own mbarrier.
COPY void __acc_cp_bulk_multicast(u32 to, u64 from, u32 barrier, u32 bytes, u32 blocks) {
    for (u32 rank = 0; blocks >> rank; ++rank)
        if (blocks >> rank & 1)
            __acc_bulk_load(u32(__acc_map_shared(to, rank)), from,
                            u32(__acc_map_shared(barrier, rank)), bytes);
}

namespace {
using Shared = __attribute__((address_space(3))) void;

template <class T, class Operation>
LOCAL void reduce(u64 to, u32 from, u32 bytes, Operation operation) {
    const auto* source = (const __attribute__((address_space(3))) T*)(Shared*)u64(from);
    for (u32 i = 0; i < bytes / sizeof(T); ++i)
        operation((T*)to + i, source[i]);
}
} // namespace

#define REDUCTION(OP, NAME, T, CALL)                                                               \
    COPY void __acc_cp_reduce_##OP##_##NAME(u64 to, u32 from, u32 bytes) {                         \
        reduce<T>(to, from, bytes, [](T* at, T value) __attribute__((always_inline)) {             \
            CALL(at, value, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);                              \
        });                                                                                        \
    }
#define BITS(NAME, T)                                                                              \
    REDUCTION(and, NAME, T, __scoped_atomic_fetch_and)                                             \
    REDUCTION(or, NAME, T, __scoped_atomic_fetch_or)                                               \
    REDUCTION(xor, NAME, T, __scoped_atomic_fetch_xor)
#define EXTREMES(NAME, T)                                                                          \
    REDUCTION(min, NAME, T, __scoped_atomic_fetch_min)                                             \
    REDUCTION(max, NAME, T, __scoped_atomic_fetch_max)
#define SUM(NAME, T) REDUCTION(add, NAME, T, __scoped_atomic_fetch_add)

BITS(b32, u32)
BITS(b64, u64)
EXTREMES(u32, u32)
EXTREMES(s32, int)
EXTREMES(u64, u64)
EXTREMES(s64, i64)
EXTREMES(f16, _Float16)
EXTREMES(bf16, __bf16)
SUM(u32, u32)
SUM(s32, int)
SUM(u64, u64)
SUM(f32, float)
SUM(f64, double)
SUM(f16, _Float16)
SUM(bf16, __bf16)

COPY void __acc_cp_reduce_inc_u32(u64 to, u32 from, u32 bytes) {
    reduce<u32>(to, from, bytes, [](u32* at, u32 most) __attribute__((always_inline)) {
        __nvvm_atom_inc_gen_ui(at, most);
    });
}
COPY void __acc_cp_reduce_dec_u32(u64 to, u32 from, u32 bytes) {
    reduce<u32>(to, from, bytes, [](u32* at, u32 most) __attribute__((always_inline)) {
        __nvvm_atom_dec_gen_ui(at, most);
    });
}
