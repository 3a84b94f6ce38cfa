// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix operations of one warp: ldmatrix, stmatrix, movmatrix, mma. All 32 threads take part;
// fragments as PTX documents them: with g = lane / 4, t = lane % 4 and P elements in a register,
// register r of A holds row g + 8 * (r % 2), columns t * P + i
// (+ K / 2 in registers 2 and 3), register r of B holds rows t * P + i (+ K / 2 in register 1) of
// column g, and an accumulator c[i] is row g (+ 8 for i >= 2), column 2 * t + i % 2.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/simd/float.h"
#include "driver/model/src/interp/simd/shared.h"
#include "driver/model/src/interp/warp_wait.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

ACC_INLINE uint32_t get(const char* row, unsigned reg, unsigned l) {
    return lane(row + reg * kRowBytes, l);
}
ACC_INLINE void set(char* row, unsigned reg, unsigned l, uint32_t v) {
    ((uint32_t*)(row + reg * kRowBytes))[l] = v;
}

// ---- element formats: value(bits, mods) of an element; Bits is its width
struct F16 {
    enum { Bits = 16 };
    typedef double type;
    ACC_MEMBER double value(uint32_t h, uint32_t) {
        const uint32_t magnitude = h & 0x7fff;
        const float f = magnitude >= 0x7c00
                            ? __builtin_bit_cast(float, 0x7f800000u | magnitude << 13)
                            : __builtin_bit_cast(float, magnitude << 13) * 0x1p112f;
        return (double)(h & 0x8000 ? -f : f);
    }
};
struct Bf16 {
    enum { Bits = 16 };
    typedef double type;
    ACC_MEMBER double value(uint32_t h, uint32_t) {
        return (double)__builtin_bit_cast(float, h << 16);
    }
};
struct Tf32 {
    enum { Bits = 32 };
    typedef double type;
    ACC_MEMBER double value(uint32_t x, uint32_t) {
        return (double)__builtin_bit_cast(float, x & ~0x1fffu);
    }
};
/// 8-bit floats; Format: the modifier that says which.
template <isa::ModField Format>
struct F8 {
    enum { Bits = 8 };
    typedef double type;
    static_assert(+mods::MF8A_e5m2 == +mods::MF8B_be5m2);
    ACC_MEMBER double value(uint32_t x, uint32_t mods) {
        if (mod<Format>(mods) == mods::MF8A_e5m2) return F16::value(x << 8, 0);
        const uint32_t field = x >> 3 & 15, fraction = x & 7;
        if ((x & 0x7f) == 0x7f) return __builtin_nan("");
        const double magnitude = field ? (double)(8 + fraction) * (double)(1u << field) * 0x1p-10
                                       : (double)fraction * 0x1p-9;
        return x & 0x80 ? -magnitude : magnitude;
    }
};
/// Integers of Width bits; Signedness: the modifier that says which.
template <int Width, isa::ModField Signedness>
struct Int {
    enum { Bits = Width };
    typedef int32_t type;
    static_assert(+mods::MI8A_u8 == +mods::MI8B_ub);
    ACC_MEMBER int32_t value(uint32_t x, uint32_t mods) {
        return mod<Signedness>(mods) == mods::MI8A_u8
                   ? (int32_t)x
                   : (int32_t)(x << (32 - Width)) >> (32 - Width);
    }
};

template <class E, int M, int K>
void read_a(const char* row, uint32_t mods, typename E::type (&a)[M][K]) {
    constexpr unsigned per = 32 / E::Bits, regs = M * K / 32 / per;
    for (unsigned l = 0; l < kLanes; ++l)
        for (unsigned r = 0; r < regs; ++r)
            for (unsigned i = 0; i < per; ++i) {
                const uint32_t element = (uint32_t)((uint64_t)get(row, r, l) >> (i * E::Bits)) &
                                         (uint32_t)((1ull << E::Bits) - 1);
                a[l / 4 + 8 * (r % 2)][l % 4 * per + i + K / 2 * (r / 2)] = E::value(element, mods);
            }
}
template <class E, int K>
void read_b(const char* row, uint32_t mods, typename E::type (&b)[K][8]) {
    constexpr unsigned per = 32 / E::Bits, regs = K * 8 / 32 / per;
    for (unsigned l = 0; l < kLanes; ++l)
        for (unsigned r = 0; r < regs; ++r)
            for (unsigned i = 0; i < per; ++i) {
                const uint32_t element = (uint32_t)((uint64_t)get(row, r, l) >> (i * E::Bits)) &
                                         (uint32_t)((1ull << E::Bits) - 1);
                b[l % 4 * per + i + K / 2 * r][l / 4] = E::value(element, mods);
            }
}
/// f(row, column, index of the accumulator, lane)
template <int M, class Fn>
ACC_INLINE void each_accumulator(Fn f) {
    for (unsigned l = 0; l < kLanes; ++l)
        for (unsigned i = 0; i < M / 4; ++i)
            f(l / 4 + 8 * (i / 2), l % 4 * 2 + i % 2, i, l);
}

/// Products and their sum are formed in f64 and rounded once to the accumulator's format.
template <class EA, class EB, int K, bool HalfResult>
void mma_float(const Op* op, char* r) {
    double a[16][K], b[K][8], d[16][8];
    read_a<EA, 16, K>(r + op->a, op->mods, a);
    read_b<EB, K>(r + op->b, op->mods, b);
    each_accumulator<16>([&](unsigned row, unsigned column, unsigned i, unsigned l) ACC_LAMBDA {
        const uint32_t word = get(r + op->c, HalfResult ? i / 2 : i, l);
        d[row][column] = HalfResult ? F16::value(word >> (16 * (i % 2)) & 0xffff, 0)
                                    : (double)__builtin_bit_cast(float, word);
    });
    for (int row = 0; row < 16; ++row)
        for (int k = 0; k < K; ++k)
            for (int column = 0; column < 8; ++column)
                d[row][column] += a[row][k] * b[k][column];
    each_accumulator<16>([&](unsigned row, unsigned column, unsigned i, unsigned l) ACC_LAMBDA {
        if (HalfResult) {
            const uint32_t old = i % 2 ? get(r + op->d, i / 2, l) & 0xffff : 0;
            set(r + op->d, i / 2, l,
                old | round_to_f16(d[row][column], mods::MRnd_default) << (16 * (i % 2)));
        } else {
            const float f = (float)d[row][column];
            set(r + op->d, i, l, f != f ? kNan32 : __builtin_bit_cast(uint32_t, f));
        }
    });
}

template <class EA, class EB, int M, int K>
void mma_integer(const Op* op, char* r) {
    int32_t a[M][K], b[K][8];
    int64_t d[M][8];
    read_a<EA, M, K>(r + op->a, op->mods, a);
    read_b<EB, K>(r + op->b, op->mods, b);
    each_accumulator<M>([&](unsigned row, unsigned column, unsigned i, unsigned l)
                            ACC_LAMBDA { d[row][column] = (int32_t)get(r + op->c, i, l); });
    for (int row = 0; row < M; ++row)
        for (int k = 0; k < K; ++k)
            for (int column = 0; column < 8; ++column)
                d[row][column] += a[row][k] * b[k][column];
    each_accumulator<M>([&](unsigned row, unsigned column, unsigned i, unsigned l) ACC_LAMBDA {
        int64_t x = d[row][column];
        if (mod<mods::MSatF>(op->mods))
            x = x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : x;
        set(r + op->d, i, l, (uint32_t)x);
    });
}

template <int M, int K>
void mma_bits(const Op* op, char* r) {
    constexpr unsigned a_regs = M * K / 1024, b_regs = K / 128;
    const bool is_and = mod<mods::MB1Op>(op->mods) == mods::MB1Op_and;
    uint32_t a[M][K / 32], b[8][K / 32], d[M][8];
    for (unsigned l = 0; l < kLanes; ++l) {
        for (unsigned i = 0; i < a_regs; ++i)
            a[l / 4 + 8 * (M == 16 ? i % 2 : 0)][l % 4 + 4 * (M == 16 ? i / 2 : i)] = get(r + op->a,
                                                                                          i, l);
        for (unsigned i = 0; i < b_regs; ++i)
            b[l / 4][l % 4 + 4 * i] = get(r + op->b, i, l);
    }
    each_accumulator<M>([&](unsigned row, unsigned column, unsigned i, unsigned l) ACC_LAMBDA {
        d[row][column] = get(r + op->c, i, l);
        for (int k = 0; k < K / 32; ++k)
            d[row][column] += (uint32_t)__builtin_popcount(is_and ? a[row][k] & b[column][k]
                                                                  : a[row][k] ^ b[column][k]);
    });
    each_accumulator<M>([&](unsigned row, unsigned column, unsigned i, unsigned l)
                            ACC_LAMBDA { set(r + op->d, i, l, d[row][column]); });
}

ACC_INLINE double get_f64(const char* row, unsigned element, unsigned l) {
    return __builtin_bit_cast(double, (uint64_t)get(row, 2 * element + 1, l) << 32 |
                                          get(row, 2 * element, l));
}
template <int M, int K>
void mma_f64(const Op* op, char* r) {
    double a[M][K], b[K][8], d[M][8];
    for (unsigned l = 0; l < kLanes; ++l) {
        for (unsigned i = 0; i < M * K / 32; ++i)
            a[l / 4 + 8 * (i % 2)][l % 4 + 4 * (i / 2)] = get_f64(r + op->a, i, l);
        for (unsigned i = 0; i < K / 4; ++i)
            b[l % 4 + 4 * i][l / 4] = get_f64(r + op->b, i, l);
    }
    each_accumulator<M>([&](unsigned row, unsigned column, unsigned i, unsigned l) ACC_LAMBDA {
        double x = get_f64(r + op->c, i, l);
        for (int k = 0; k < K; ++k)
            x = __builtin_fma(a[row][k], b[k][column], x);
        d[row][column] = x;
    });
    each_accumulator<M>([&](unsigned row, unsigned column, unsigned i, unsigned l) ACC_LAMBDA {
        const double x = d[row][column];
        const uint64_t bits = x != x ? kNan64 : __builtin_bit_cast(uint64_t, x);
        set(r + op->d, 2 * i, l, (uint32_t)bits);
        set(r + op->d, 2 * i + 1, l, (uint32_t)(bits >> 32));
    });
}

// ---- 8x8 matrices of 16-bit elements in shared memory: 8 row addresses each, from lanes 8 *
// matrix ..
/// Row and column of element i (0, 1) of lane l.
ACC_INLINE void matrix_place(unsigned l, unsigned i, bool transposed, unsigned& row,
                             unsigned& column) {
    row = transposed ? l % 4 * 2 + i : l / 4;
    column = transposed ? l / 4 : l % 4 * 2 + i;
}
template <int Count, bool Store>
bool matrix_memory(Gang* g, const Op* op, unsigned w, char* r) {
    const uint32_t users = Count == 4 ? ~0u : (1u << (8 * Count)) - 1;
    const u32v offset = load_row(r + op->a) + (uint32_t)op->imm;
    if ((lanes_inside<16>(offset, g->shared_bytes) & users) != users) {
        raise_offsets<16>(g, op, w, users, offset, g->shared_bytes,
                          Store ? ACC_ACCESS_WRITE : ACC_ACCESS_READ, ACC_SHARED_APERTURE,
                          ACC_FAULT_SHARED_RANGE);
        return false;
    }
    alignas(64) uint32_t at[kLanes];
    store_row((char*)at, offset);
    const bool transposed = mod<mods::MTrans>(op->mods);
    for (unsigned matrix = 0; matrix < Count; ++matrix) {
        uint32_t result[kLanes];
        for (unsigned l = 0; l < kLanes; ++l) {
            result[l] = 0;
            for (unsigned i = 0; i < 2; ++i) {
                unsigned row, column;
                matrix_place(l, i, transposed, row, column);
                uint8_t* p = g->shared + at[8 * matrix + row] + 2 * column;
                uint16_t element = (uint16_t)(Store ? get(r + op->c, matrix, l) >> (16 * i) : 0);
                if (Store)
                    __builtin_memcpy(p, &element, 2);
                else
                    __builtin_memcpy(&element, p, 2);
                result[l] |= (uint32_t)element << (16 * i);
            }
        }
        if (!Store) __builtin_memcpy(r + op->d + matrix * kRowBytes, result, sizeof result);
    }
    return true;
}
void move_matrix(const Op* op, char* r) {
    uint16_t m[8][8];
    for (unsigned l = 0; l < kLanes; ++l)
        for (unsigned i = 0; i < 2; ++i)
            m[l / 4][l % 4 * 2 + i] = (uint16_t)(get(r + op->a, 0, l) >> (16 * i));
    for (unsigned l = 0; l < kLanes; ++l)
        set(r + op->d, 0, l, m[l % 4 * 2][l / 4] | (uint32_t)m[l % 4 * 2 + 1][l / 4] << 16);
}

// ---- handlers
typedef void Compute(const Op*, char*);
template <Compute* F>
struct Pure {
    ACC_MEMBER bool run(Gang*, const Op* op, unsigned, char* r) {
        F(op, r);
        return true;
    }
};
template <int Count, bool Store>
struct Memory {
    ACC_MEMBER bool run(Gang* g, const Op* op, unsigned w, char* r) {
        return matrix_memory<Count, Store>(g, op, w, r);
    }
};
/// Warps that are here as a whole execute it; the lanes of others wait for the rest at this
/// instruction and then come again.
template <class K>
void ACC_HANDLER_CC matrix(ACC_HANDLER_ARGS) {
    bool all = true;
    for (uint64_t w = 0; w < warps; ++w) {
        if (m[w] && m[w] != ~0u && g->live[w] != ~0u) { // a thread has exited: it can never
                                                        // complete
            raise(g, op, ACC_FAULT_WARP_OP, (unsigned)w, m[w]);
            return;
        }
        all &= m[w] == ~0u || m[w] == 0;
    }
    alignas(32) uint32_t lanes[kMaxWarps];
    store_masks(lanes, load_masks(m));
    for (uint64_t w = 0; w < warps; ++w) {
        if (lanes[w] == ~0u && !K::run(g, op, (unsigned)w, regs + w * stride)) return;
        if (lanes[w] != ~0u && lanes[w] != 0) wait_for_members(g, op, (unsigned)w, lanes[w], ~0u);
    }
    if (all) ACC_NEXT();
    complete_warp_waits(g);
    ACC_RESUME(go_on(g, op + 1));
}
template <class K>
void bind_matrix_op(Bind* t, unsigned opcode) {
    t[opcode] = [](const Inst&, Op& op) { op.handler[0] = op.handler[1] = matrix<K>; };
}

} // namespace

void bind_matrix(Bind* t) {
    bind_matrix_op<Memory<1, false>>(t, ACC_OPCODE(LDMATRIX1));
    bind_matrix_op<Memory<2, false>>(t, ACC_OPCODE(LDMATRIX2));
    bind_matrix_op<Memory<4, false>>(t, ACC_OPCODE(LDMATRIX4));
    bind_matrix_op<Memory<1, true>>(t, ACC_OPCODE(STMATRIX1));
    bind_matrix_op<Memory<2, true>>(t, ACC_OPCODE(STMATRIX2));
    bind_matrix_op<Memory<4, true>>(t, ACC_OPCODE(STMATRIX4));
    bind_matrix_op<Pure<move_matrix>>(t, ACC_OPCODE(MOVMATRIX));
    bind_matrix_op<Pure<mma_float<F16, F16, 8, true>>>(t, ACC_OPCODE(MMA_f16_m16n8k8));
    bind_matrix_op<Pure<mma_float<F16, F16, 8, false>>>(t, ACC_OPCODE(MMA_f32f16_m16n8k8));
    bind_matrix_op<Pure<mma_float<F16, F16, 16, true>>>(t, ACC_OPCODE(MMA_f16_m16n8k16));
    bind_matrix_op<Pure<mma_float<F16, F16, 16, false>>>(t, ACC_OPCODE(MMA_f32f16_m16n8k16));
    bind_matrix_op<Pure<mma_float<Bf16, Bf16, 8, false>>>(t, ACC_OPCODE(MMA_f32bf16_m16n8k8));
    bind_matrix_op<Pure<mma_float<Bf16, Bf16, 16, false>>>(t, ACC_OPCODE(MMA_f32bf16_m16n8k16));
    bind_matrix_op<Pure<mma_float<Tf32, Tf32, 4, false>>>(t, ACC_OPCODE(MMA_f32tf32_m16n8k4));
    bind_matrix_op<Pure<mma_float<Tf32, Tf32, 8, false>>>(t, ACC_OPCODE(MMA_f32tf32_m16n8k8));
    bind_matrix_op<Pure<mma_float<F8<mods::MF8A>, F8<mods::MF8B>, 32, false>>>(
        t, ACC_OPCODE(MMA_f32f8_m16n8k32));
    bind_matrix_op<Pure<mma_float<F8<mods::MF8A>, F8<mods::MF8B>, 32, true>>>(
        t, ACC_OPCODE(MMA_f16f8_m16n8k32));
    bind_matrix_op<Pure<mma_f64<8, 4>>>(t, ACC_OPCODE(MMA_f64_m8n8k4));
    bind_matrix_op<Pure<mma_f64<16, 4>>>(t, ACC_OPCODE(MMA_f64_m16n8k4));
    bind_matrix_op<Pure<mma_f64<16, 8>>>(t, ACC_OPCODE(MMA_f64_m16n8k8));
    bind_matrix_op<Pure<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 8, 16>>>(
        t, ACC_OPCODE(MMA_i8_m8n8k16));
    bind_matrix_op<Pure<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 16, 16>>>(
        t, ACC_OPCODE(MMA_i8_m16n8k16));
    bind_matrix_op<Pure<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 16, 32>>>(
        t, ACC_OPCODE(MMA_i8_m16n8k32));
    bind_matrix_op<Pure<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 8, 32>>>(
        t, ACC_OPCODE(MMA_i4_m8n8k32));
    bind_matrix_op<Pure<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 16, 32>>>(
        t, ACC_OPCODE(MMA_i4_m16n8k32));
    bind_matrix_op<Pure<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 16, 64>>>(
        t, ACC_OPCODE(MMA_i4_m16n8k64));
    bind_matrix_op<Pure<mma_bits<8, 128>>>(t, ACC_OPCODE(MMA_b1_m8n8k128));
    bind_matrix_op<Pure<mma_bits<16, 128>>>(t, ACC_OPCODE(MMA_b1_m16n8k128));
    bind_matrix_op<Pure<mma_bits<16, 256>>>(t, ACC_OPCODE(MMA_b1_m16n8k256));
}

} // namespace acc::model::interp::ACC_SIMD
