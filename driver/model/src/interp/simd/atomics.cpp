// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomics. In global memory with host atomics, because other workers run at the same time; in
// shared and local memory as plain read-modify-write, because a block is on one host thread. Lanes
// are served in order.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/float.h"
#include "driver/model/src/interp/simd/shared.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

typedef unsigned __int128 u128;

ACC_INLINE float f32_of(uint32_t x) {
    return __builtin_bit_cast(float, x);
}
ACC_INLINE double f64_of(uint64_t x) {
    return __builtin_bit_cast(double, x);
}
ACC_INLINE uint32_t canonical_bits(float x) {
    return x != x ? kNan32 : __builtin_bit_cast(uint32_t, x);
}
ACC_INLINE uint64_t canonical_bits(double x) {
    return x != x ? kNan64 : __builtin_bit_cast(uint64_t, x);
}
ACC_INLINE double half_value(uint32_t h, bool bf) {
    if (bf) return (double)f32_of(h << 16);
    const uint32_t magnitude = h & 0x7fff;
    const float f = magnitude >= 0x7c00 ? f32_of(0x7f800000u | magnitude << 13)
                                        : f32_of(magnitude << 13) * 0x1p112f;
    return (double)(h & 0x8000 ? -f : f);
}
/// Sums of two halves are exact in f64 but for bf16 numbers far apart, where the rounding to f64
/// cannot reach a tie of bf16.
ACC_INLINE uint32_t half_sum(uint32_t x, uint32_t y, bool bf) {
    const double s = half_value(x & 0xffff, bf) + half_value(y & 0xffff, bf);
    return bf ? round_to_bf16(s, mods::MRnd_default) : round_to_f16(s, mods::MRnd_default);
}
template <class T>
ACC_INLINE T number_min_max(T x, T y, bool max) {
    constexpr T sign = (T)1 << (sizeof(T) * 8 - 1),
                exponent = sizeof(T) == 4 ? (T)0x7f800000u : (T)0x7ff0000000000000ull;
    const T nan = (T)~sign;
    const bool x_nan = (x & ~sign) > exponent, y_nan = (y & ~sign) > exponent;
    if (x_nan || y_nan) return x_nan && y_nan ? nan : x_nan ? y : x;
    const T kx = x & sign ? ~x : x | sign, ky = y & sign ? ~y : y | sign; // order of the numbers as
                                                                          // unsigned integers
    return (max ? kx > ky : kx < ky) ? x : y;
}

// An operation: memory type, and the new value from old, operand c (and b for cas).
enum Kind {
    kAdd,
    kAddF32,
    kAddF64,
    kAddHalf,
    kAddHalf2,
    kMinS,
    kMinU,
    kMaxS,
    kMaxU,
    kAnd,
    kOr,
    kXor,
    kExch,
    kInc,
    kDec,
    kMinF,
    kMaxF,
    kCas
};
template <Kind K, class T, bool Bf>
ACC_INLINE T new_value(T old, T b, T c) {
    if constexpr (K == kCas)
        return old == b ? c : old;
    else if constexpr (K == kExch)
        return c;
    else if constexpr (K == kAdd)
        return old + c;
    else if constexpr (K == kAddF32)
        return canonical_bits(f32_of((uint32_t)old) + f32_of((uint32_t)c));
    else if constexpr (K == kAddF64)
        return canonical_bits(f64_of(old) + f64_of(c));
    else if constexpr (K == kAddHalf)
        return (T)half_sum(old, c, Bf);
    else if constexpr (K == kAddHalf2)
        return (T)(half_sum(old, c, Bf) | half_sum(old >> 16, c >> 16, Bf) << 16);
    else if constexpr (K == kMinS || K == kMaxS) {
        constexpr T flip = (T)1 << (sizeof(T) * 8 - 1);
        return ((old ^ flip) < (c ^ flip)) == (K == kMinS) ? old : c;
    } else if constexpr (K == kMinU || K == kMaxU)
        return (old < c) == (K == kMinU) ? old : c;
    else if constexpr (K == kAnd)
        return old & c;
    else if constexpr (K == kOr)
        return old | c;
    else if constexpr (K == kXor)
        return old ^ c;
    else if constexpr (K == kInc)
        return old >= c ? 0 : old + 1;
    else if constexpr (K == kDec)
        return old == 0 || old > c ? c : old - 1;
    else
        return number_min_max(old, c, K == kMaxF);
}

template <class T>
ACC_INLINE T exchange_if(T* p, T expected, T desired) {
    return __sync_val_compare_and_swap(p, expected, desired);
}

/// One lane in global memory. Returns the old value.
template <Kind K, class T, bool Bf>
ACC_INLINE T update_global(T* p, T b, T c) {
    if constexpr (K == kAdd)
        return __atomic_fetch_add(p, c, __ATOMIC_SEQ_CST);
    else if constexpr (K == kAnd)
        return __atomic_fetch_and(p, c, __ATOMIC_SEQ_CST);
    else if constexpr (K == kOr)
        return __atomic_fetch_or(p, c, __ATOMIC_SEQ_CST);
    else if constexpr (K == kXor)
        return __atomic_fetch_xor(p, c, __ATOMIC_SEQ_CST);
    else if constexpr (K == kExch && sizeof(T) <= 8)
        return __atomic_exchange_n(p, c, __ATOMIC_SEQ_CST);
    else if constexpr (K == kCas)
        return exchange_if(p, b, c);
    else {
        T old = *(volatile T*)p;
        for (;;) {
            const T seen = exchange_if(p, old, new_value<K, T, Bf>(old, b, c));
            if (seen == old) return old;
            old = seen;
        }
    }
}

/// Operand of a lane as a memory value.
template <class T>
ACC_INLINE T read_operand(const char* row, unsigned l) {
    if constexpr (sizeof(T) <= 4)
        return (T)lane(row, l);
    else if constexpr (sizeof(T) == 8)
        return (T)lane(row + kRowBytes, l) << 32 | lane(row, l);
    else
        return (((u128)lane(row + 3 * kRowBytes, l) << 32 | lane(row + 2 * kRowBytes, l)) << 64) |
               ((uint64_t)lane(row + kRowBytes, l) << 32 | lane(row, l));
}
template <class T>
struct Results {
    enum { Rows = sizeof(T) <= 4 ? 1 : sizeof(T) / 4 };
    alignas(64) uint32_t rows[Rows][kLanes];
    __attribute__((always_inline)) void set(unsigned l, T v) {
        for (int i = 0; i < Rows; ++i)
            rows[i][l] = (uint32_t)(v >> (sizeof(T) <= 4 ? 0 : 32 * i));
    }
    __attribute__((always_inline)) void commit(char* d, uint32_t mask) const {
        for (int i = 0; i < Rows; ++i)
            store_row_masked(d + i * kRowBytes, load_row((const char*)rows[i]), mask);
    }
};

/// All lanes at one address: one host operation that stands for theirs, one after the other.
template <Kind K, class T, bool Bf>
ACC_INLINE void update_together(T* p, const Op* op, const char* r, uint32_t mask, Results<T>& out) {
    T seen = *(volatile T*)p;
    for (;;) {
        T value = seen;
        for (uint32_t left = mask; left; left &= left - 1) {
            const unsigned l = (unsigned)__builtin_ctz(left);
            out.set(l, value);
            value = new_value<K, T, Bf>(value, read_operand<T>(r + op->b, l),
                                        read_operand<T>(r + op->c, l));
        }
        const T before = exchange_if(p, seen, value);
        if (before == seen) return;
        seen = before;
    }
}

template <Kind K, class T, bool Bf>
__attribute__((noinline)) bool atomic_global(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                             LaneAddresses& at, char* r) {
    if (!check_global_lanes(g, op, w, mask, at, sizeof(T), kPermRead | kPermWrite,
                            ACC_ACCESS_ATOMIC))
        return false;
    uint8_t* memory = g->window - g->vm_base;
    const uint64_t first = at.va[__builtin_ctz(mask)];
    bool together = (mask & (mask - 1)) != 0;
    for (uint32_t left = mask; left; left &= left - 1)
        together &= at.va[__builtin_ctz(left)] == first;
    Results<T> out;
    if (together) {
        update_together<K, T, Bf>((T*)(memory + first), op, r, mask, out);
    } else {
        for (uint32_t left = mask; left; left &= left - 1) {
            const unsigned l = (unsigned)__builtin_ctz(left);
            out.set(l,
                    update_global<K, T, Bf>((T*)(memory + at.va[l]), read_operand<T>(r + op->b, l),
                                            read_operand<T>(r + op->c, l)));
        }
    }
    end_global(g);
    out.commit(r + op->d, mask);
    return true;
}
template <Kind K, class T, bool Bf>
__attribute__((noinline)) bool atomic_shared(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                             const LaneAddresses& at, char* r) {
    uint64_t bad = 0;
    const uint64_t limit = g->shared_bytes;
    uint8_t* places[kLanes];
    for (uint32_t left = mask; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        const uint64_t offset = at.va[l];
        bad |= (offset & (sizeof(T) - 1)) | (offset + sizeof(T) > limit);
        places[l] = g->shared + offset;
    }
    if (bad && !shared_places(g, op, w, mask, at.va, sizeof(T), ACC_ACCESS_ATOMIC, places))
        return false;
    Results<T> out;
    for (uint32_t left = mask; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        T* p = (T*)places[l];
        const T old = *p;
        *p = new_value<K, T, Bf>(old, read_operand<T>(r + op->b, l), read_operand<T>(r + op->c, l));
        out.set(l, old);
    }
    out.commit(r + op->d, mask);
    return true;
}

/// A thread's own memory, which nobody else sees: a plain read and write, word by word as it lies.
template <Kind K, class T, bool Bf>
__attribute__((noinline)) bool atomic_local(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                            const LaneAddresses& at, char* r) {
    uint64_t bad = 0;
    const uint64_t limit = g->local_bytes;
    for (uint32_t left = mask; left; left &= left - 1) {
        const uint64_t offset = at.va[__builtin_ctz(left)];
        bad |= (offset & (sizeof(T) - 1)) | (offset + sizeof(T) > limit);
    }
    if (bad) {
        raise_window(g, op, w, mask, at, limit, sizeof(T), ACC_ACCESS_ATOMIC, ACC_LOCAL_APERTURE,
                     ACC_FAULT_LOCAL_RANGE);
        return false;
    }
    constexpr unsigned part = sizeof(T) < 4 ? sizeof(T) : 4;
    uint8_t* memory = g->local + w * g->local_warp_bytes;
    Results<T> out;
    for (uint32_t left = mask; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        const uint32_t offset = (uint32_t)at.va[l];
        T old = 0;
        for (unsigned i = 0; i < sizeof(T); i += part)
            __builtin_memcpy((char*)&old + i, memory + local_place(offset + i, l), part);
        const T value = new_value<K, T, Bf>(old, read_operand<T>(r + op->b, l),
                                            read_operand<T>(r + op->c, l));
        for (unsigned i = 0; i < sizeof(T); i += part)
            __builtin_memcpy(memory + local_place(offset + i, l), (const char*)&value + i, part);
        out.set(l, old);
    }
    out.commit(r + op->d, mask);
    return true;
}

enum { kGeneric, kGlobal, kShared };
template <Kind K, class T, bool Bf, int Space>
void ACC_HANDLER_CC atomic(ACC_HANDLER_ARGS) {
    note_strong(g, op);
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        LaneAddresses at;
        uint32_t shared = mask, local = 0;
        if constexpr (Space == kShared) {
            lane_addresses(at, Wide{address32<false>(op, r), splat(0)}, 0);
        } else {
            lane_addresses(at, address64<false>(op, r), op->imm);
            shared = 0;
        }
        if constexpr (Space == kGeneric) {
            for (uint32_t left = mask; left; left &= left - 1) {
                const unsigned l = (unsigned)__builtin_ctz(left);
                if (at.va[l] >> ACC_AS_TAG_SHIFT == ACC_AS_TAG_SHARED) {
                    shared |= 1u << l;
                    at.va[l] -= ACC_SHARED_APERTURE;
                } else if (at.va[l] >> ACC_AS_TAG_SHIFT == ACC_AS_TAG_LOCAL) {
                    local |= 1u << l;
                    at.va[l] -= ACC_LOCAL_APERTURE;
                }
            }
        }
        const uint32_t global = mask & ~(shared | local);
        if (global && !atomic_global<K, T, Bf>(g, op, (unsigned)w, global, at, r)) return;
        if (local && !atomic_local<K, T, Bf>(g, op, (unsigned)w, local, at, r)) return;
        if (shared && !atomic_shared<K, T, Bf>(g, op, (unsigned)w, shared, at, r)) return;
    }
    ACC_NEXT();
}

template <Kind K, class T, bool Bf, int Space>
void bind_atomic(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = atomic<K, T, Bf, Space>;
}

} // namespace

// One operation in the three spaces.
#define ACC_BIND_ATOMIC(name, K, T, Bf)                                                            \
    t[ACC_OPCODE(ATOM_generic_##name)] = bind_atomic<K, T, Bf, kGeneric>;                          \
    t[ACC_OPCODE(ATOM_global_##name)] = bind_atomic<K, T, Bf, kGlobal>;                            \
    t[ACC_OPCODE(ATOM_shared_##name)] = bind_atomic<K, T, Bf, kShared>

void bind_atomics(Bind* t) {
    ACC_BIND_ATOMIC(add_b32, kAdd, uint32_t, false);
    ACC_BIND_ATOMIC(add_b64, kAdd, uint64_t, false);
    ACC_BIND_ATOMIC(add_f32, kAddF32, uint32_t, false);
    ACC_BIND_ATOMIC(add_f64, kAddF64, uint64_t, false);
    ACC_BIND_ATOMIC(add_f16, kAddHalf, uint16_t, false);
    ACC_BIND_ATOMIC(add_bf16, kAddHalf, uint16_t, true);
    ACC_BIND_ATOMIC(add_f16x2, kAddHalf2, uint32_t, false);
    ACC_BIND_ATOMIC(add_bf16x2, kAddHalf2, uint32_t, true);
    ACC_BIND_ATOMIC(min_s32, kMinS, uint32_t, false);
    ACC_BIND_ATOMIC(min_u32, kMinU, uint32_t, false);
    ACC_BIND_ATOMIC(min_s64, kMinS, uint64_t, false);
    ACC_BIND_ATOMIC(min_u64, kMinU, uint64_t, false);
    ACC_BIND_ATOMIC(max_s32, kMaxS, uint32_t, false);
    ACC_BIND_ATOMIC(max_u32, kMaxU, uint32_t, false);
    ACC_BIND_ATOMIC(max_s64, kMaxS, uint64_t, false);
    ACC_BIND_ATOMIC(max_u64, kMaxU, uint64_t, false);
    ACC_BIND_ATOMIC(and_b32, kAnd, uint32_t, false);
    ACC_BIND_ATOMIC(and_b64, kAnd, uint64_t, false);
    ACC_BIND_ATOMIC(or_b32, kOr, uint32_t, false);
    ACC_BIND_ATOMIC(or_b64, kOr, uint64_t, false);
    ACC_BIND_ATOMIC(xor_b32, kXor, uint32_t, false);
    ACC_BIND_ATOMIC(xor_b64, kXor, uint64_t, false);
    ACC_BIND_ATOMIC(exch_b32, kExch, uint32_t, false);
    ACC_BIND_ATOMIC(exch_b64, kExch, uint64_t, false);
    ACC_BIND_ATOMIC(inc_u32, kInc, uint32_t, false);
    ACC_BIND_ATOMIC(dec_u32, kDec, uint32_t, false);
    ACC_BIND_ATOMIC(exch_b128, kExch, u128, false);
    ACC_BIND_ATOMIC(cas_b16, kCas, uint16_t, false);
    ACC_BIND_ATOMIC(cas_b32, kCas, uint32_t, false);
    ACC_BIND_ATOMIC(cas_b64, kCas, uint64_t, false);
    ACC_BIND_ATOMIC(cas_b128, kCas, u128, false);
    ACC_BIND_ATOMIC(min_f32, kMinF, uint32_t, false);
    ACC_BIND_ATOMIC(max_f32, kMaxF, uint32_t, false);
    ACC_BIND_ATOMIC(min_f64, kMinF, uint64_t, false);
    ACC_BIND_ATOMIC(max_f64, kMaxF, uint64_t, false);
}

} // namespace acc::model::interp::ACC_SIMD
