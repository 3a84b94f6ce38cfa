// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions to and from 16-bit, tf32 and 8-bit floats.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/float.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

constexpr uint32_t kRelu = mods::MRelu.mask(), kSatFinite = mods::MCvtSat.mask();

ACC_INLINE double as_double(uint32_t f32_bits) {
    return (double)__builtin_bit_cast(float, f32_bits);
}

/// Negative values and NaN become +0.
ACC_INLINE u32v relu(u32v x) {
    return choose(as_f32(x) > 0.0f, x, splat(0));
}

/// f32 row to f16 or bf16 in the low halves, with rounding mode.
template <bool Bf>
ACC_INLINE u32v to_half(u32v x, uint32_t rnd) {
    if (rnd == mods::MRnd_default) return Bf ? narrow_bf16(x) : narrow_f16(x);
    return per_lane(
        [rnd](uint32_t v, uint32_t, uint32_t) ACC_LAMBDA {
            return Bf ? round_to_bf16(as_double(v), rnd) : round_to_f16(as_double(v), rnd);
        },
        x);
}
template <bool Bf>
struct FromF32 {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        return to_half<Bf>(op.mods & kSat ? saturate(as_f32(a)) : a, mod<mods::MRnd>(op.mods));
    }
};
template <bool Bf>
struct FromF64 {
    enum { D = 1, A = 2, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, Wide a, None, None) {
        u32v r;
        for (int l = 0; l < 32; ++l) {
            const double v = __builtin_bit_cast(double, wide_lane(a, l));
            r[l] = Bf ? round_to_bf16(v, mod<mods::MRnd>(op.mods))
                      : round_to_f16(v, mod<mods::MRnd>(op.mods));
        }
        return r;
    }
};
template <bool Bf>
struct ToF32 {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op&, u32v a, None, None) {
        return canonical(as_f32(Bf ? widen_bf16(a) : widen_f16(a)));
    }
};
template <bool Bf>
struct ToF64 {
    enum { D = 2, A = 1, B = 0, C = 0 };
    ACC_MEMBER Wide apply(const Op&, u32v a, None, None) {
        const auto w = widen_f32(Bf ? widen_bf16(a) : widen_f16(a));
        return split_canonical(w.a, w.b);
    }
};
/// Two values packed: high from a, low from b.
template <bool Bf>
struct PackF32 {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        if (op.mods & kRelu) a = relu(a), b = relu(b);
        return to_half<Bf>(a, mod<mods::MRnd>(op.mods)) << 16 |
               to_half<Bf>(b, mod<mods::MRnd>(op.mods));
    }
};
struct Tf32 {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        const u32v x = op.mods & kRelu ? relu(a) : a;
        const u32v nearest = x + (mod<mods::CVT_tf32_f32::tfrnd>(op.mods)
                                      ? splat(0x1000u)
                                      : 0xfffu + (x >> 13 & 1u));
        const u32v magnitude = x & 0x7fffffffu;
        u32v r = choose(magnitude >= 0x7f800000u, x, nearest);
        r = choose(magnitude > 0x7f800000u, splat(kNan32), r);
        return r & ~0x1fffu;
    }
};

// ---- 8-bit formats. e4m3: no infinity, 0x7f is NaN, largest 448 (0x7e). e5m2: as f16 without its
// low byte, largest 57344 (0x7b).
template <bool E5>
ACC_INLINE uint32_t to_byte(double v, uint32_t mods) {
    constexpr uint32_t largest = E5 ? 0x7b : 0x7e, overflow = E5 ? 0x7c : 0x7f;
    if (mods & kRelu) v = v > 0 ? v : 0.0;
    if (v != v) return 0x7f;
    const uint32_t sign = __builtin_bit_cast(uint64_t, v) >> 63 ? 0x80 : 0;
    uint32_t magnitude = overflow;
    if (v - v == 0)
        magnitude = E5 ? round_magnitude<2, 15>(v, mods::MRnd_default)
                       : round_magnitude<3, 7>(v, mods::MRnd_default);
    if (magnitude > largest) magnitude = mods & kSatFinite ? largest : overflow;
    return sign | magnitude;
}
/// Exact, as f16 bits.
template <bool E5>
ACC_INLINE uint32_t byte_to_f16(uint32_t byte) {
    const uint32_t sign = (byte & 0x80) << 8, magnitude = byte & 0x7f;
    if (E5) return magnitude > 0x7c ? 0x7fff : sign | magnitude << 8;
    if (magnitude == 0x7f) return 0x7fff;
    const uint32_t field = magnitude >> 3, fraction = magnitude & 7;
    if (field) return sign | (field + 8) << 10 | fraction << 7;
    if (!fraction) return sign;
    // subnormal e4m3: fraction * 2^-9 is a normal f16
    const uint32_t top = 31u - (uint32_t)__builtin_clz(fraction);
    return sign | (top + 6) << 10 | ((fraction << (10 - top)) & 0x3ff);
}
template <bool E5>
struct BytesFromF32 {
    enum { D = 1, A = 1, B = 1, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, u32v b, None) {
        const uint32_t mods = op.mods;
        return per_lane(
            [mods](uint32_t x, uint32_t y, uint32_t) ACC_LAMBDA {
                return to_byte<E5>(as_double(x), mods) << 8 | to_byte<E5>(as_double(y), mods);
            },
            a, b);
    }
};
template <bool E5>
struct BytesFromHalves {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        const uint32_t mods = op.mods;
        const u32v high = widen_f16(a >> 16), low = widen_f16(a & 0xffffu);
        return per_lane(
            [mods](uint32_t x, uint32_t y, uint32_t) ACC_LAMBDA {
                return to_byte<E5>(as_double(x), mods) << 8 | to_byte<E5>(as_double(y), mods);
            },
            high, low);
    }
};
template <bool E5>
struct HalvesFromBytes {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        const bool clamp = op.mods & kRelu;
        return per_lane(
            [clamp](uint32_t x, uint32_t, uint32_t) ACC_LAMBDA {
                uint32_t high = byte_to_f16<E5>(x >> 8 & 255), low = byte_to_f16<E5>(x & 255);
                if (clamp) {
                    high = high > 0x7c00 ? 0 : high;
                    low = low > 0x7c00 ? 0 : low;
                }
                return high << 16 | low;
            },
            a);
    }
};

// ---- integers, saturated
struct Isat {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v clamp_s(u32v a, int32_t low, int32_t high) {
        return (u32v)__builtin_elementwise_min(__builtin_elementwise_max((i32v)a, (i32v)low),
                                               (i32v)high);
    }
    ACC_MEMBER u32v clamp_u(u32v a, uint32_t high) {
        return __builtin_elementwise_min(a, splat(high));
    }
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        switch (mod<mods::ISATOP::sto>(op.mods)) {
        case mods::ISATOP::sto_u8s: return clamp_s(a, 0, 255);
        case mods::ISATOP::sto_s8s: return clamp_s(a, -128, 127);
        case mods::ISATOP::sto_u16s: return clamp_s(a, 0, 65535);
        case mods::ISATOP::sto_s16s: return clamp_s(a, -32768, 32767);
        case mods::ISATOP::sto_s8u: return clamp_u(a, 127);
        case mods::ISATOP::sto_u8u: return clamp_u(a, 255);
        case mods::ISATOP::sto_s16u: return clamp_u(a, 32767);
        default: return clamp_u(a, 65535); // u16u
        }
    }
};
struct Isat64 {
    enum { D = 1, A = 2, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, Wide a, None, None) {
        const i32v negative = (i32v)a.hi < 0;
        switch (mod<mods::ISAT64::sto>(op.mods)) {
        case mods::ISAT64::sto_s32s: {
            const i32v fits = (u32v)((i32v)a.lo >> 31) == a.hi;
            return choose(fits, a.lo, choose(negative, splat(0x80000000u), splat(0x7fffffffu)));
        }
        case mods::ISAT64::sto_u32s:
            return choose(negative, splat(0), choose(a.hi == 0u, a.lo, splat(~0u)));
        case mods::ISAT64::sto_s32u:
            return choose((a.hi == 0u) & (a.lo < 0x80000000u), a.lo, splat(0x7fffffffu));
        default: return choose(a.hi == 0u, a.lo, splat(~0u)); // u32u
        }
    }
};

} // namespace

void bind_convert_narrow(Bind* t) {
    t[ACC_OPCODE(ISATOP)] = bind_rare<Isat>;
    t[ACC_OPCODE(ISAT64)] = bind_rare<Isat64>;
    t[ACC_OPCODE(CVT_f32_f16)] = bind_rare<ToF32<false>>;
    t[ACC_OPCODE(CVT_f16_f32)] = bind_rare<FromF32<false>>;
    t[ACC_OPCODE(CVT_f32_bf16)] = bind_rare<ToF32<true>>;
    t[ACC_OPCODE(CVT_bf16_f32)] = bind_rare<FromF32<true>>;
    t[ACC_OPCODE(CVT_f64_f16)] = bind_rare<ToF64<false>>;
    t[ACC_OPCODE(CVT_f16_f64)] = bind_rare<FromF64<false>>;
    t[ACC_OPCODE(CVT_f64_bf16)] = bind_rare<ToF64<true>>;
    t[ACC_OPCODE(CVT_bf16_f64)] = bind_rare<FromF64<true>>;
    t[ACC_OPCODE(CVT_f16x2_f32)] = bind_rare<PackF32<false>>;
    t[ACC_OPCODE(CVT_bf16x2_f32)] = bind_rare<PackF32<true>>;
    t[ACC_OPCODE(CVT_tf32_f32)] = bind_rare<Tf32>;
    t[ACC_OPCODE(CVT_e4m3x2_f32)] = bind_rare<BytesFromF32<false>>;
    t[ACC_OPCODE(CVT_e5m2x2_f32)] = bind_rare<BytesFromF32<true>>;
    t[ACC_OPCODE(CVT_e4m3x2_f16x2)] = bind_rare<BytesFromHalves<false>>;
    t[ACC_OPCODE(CVT_e5m2x2_f16x2)] = bind_rare<BytesFromHalves<true>>;
    t[ACC_OPCODE(CVT_f16x2_e4m3x2)] = bind_rare<HalvesFromBytes<false>>;
    t[ACC_OPCODE(CVT_f16x2_e5m2x2)] = bind_rare<HalvesFromBytes<true>>;
}

} // namespace acc::model::interp::ACC_SIMD
