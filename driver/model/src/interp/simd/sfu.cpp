// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Special functions.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/sfu_math.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

struct Rcp {
    ACC_MEMBER f32v of(f32v x) { return 1.0f / x; }
};
struct Rsqrt {
    ACC_MEMBER f32v of(f32v x) { return rsqrt_of(x); }
};
struct Sqrt {
    ACC_MEMBER f32v of(f32v x) { return __builtin_elementwise_sqrt(x); }
};
struct Sin {
    ACC_MEMBER f32v of(f32v x) { return sincos_of<0>(x); }
};
struct Cos {
    ACC_MEMBER f32v of(f32v x) { return sincos_of<1>(x); }
};
struct Ex2 {
    ACC_MEMBER f32v of(f32v x) { return exp2_of(x); }
};
struct Lg2 {
    ACC_MEMBER f32v of(f32v x) { return log2_of(x); }
};
struct Tanh {
    ACC_MEMBER f32v of(f32v x) { return tanh_of(x); }
};

template <class Fn, bool Mods>
struct Sfu {
    enum { D = 1, A = 1, B = 0, C = 0 };
    ACC_MEMBER u32v apply(const Op& op, u32v a, None, None) {
        if (!Mods) return canonical(Fn::of(as_f32(a)));
        u32v x = with_sign(a, op.mods, kAbsA, kNegA);
        if (op.mods & kFtz) x = flush(x);
        const u32v r = canonical(Fn::of(as_f32(x)));
        return op.mods & kFtz ? flush(r) : r;
    }
};
template <class Fn>
void bind_sfu_op(const Inst& in, Op& op) {
    return in.mods ? bind_rare<Sfu<Fn, true>>(in, op) : bind_rare<Sfu<Fn, false>>(in, op);
}

template <bool Root>
struct Reciprocal64 {
    enum { D = 2, A = 2, B = 0, C = 0 };
    ACC_MEMBER f64h of(f64h x) { return Root ? 1.0 / __builtin_elementwise_sqrt(x) : 1.0 / x; }
    ACC_MEMBER Wide apply(const Op&, Wide a, None, None) {
        // subnormal inputs count as zero
        const i32v tiny = (a.hi & 0x7ff00000u) == 0u;
        const auto x = join_f64(
            Wide{choose(tiny, splat(0), a.lo), choose(tiny, a.hi & kSign32, a.hi)});
        return split_canonical(of(x.a), of(x.b));
    }
};

} // namespace

void bind_sfu(Bind* t) {
    t[ACC_OPCODE(RCP)] = bind_sfu_op<Rcp>;
    t[ACC_OPCODE(RSQRT)] = bind_sfu_op<Rsqrt>;
    t[ACC_OPCODE(SQRT)] = bind_sfu_op<Sqrt>;
    t[ACC_OPCODE(SIN)] = bind_sfu_op<Sin>;
    t[ACC_OPCODE(COS)] = bind_sfu_op<Cos>;
    t[ACC_OPCODE(EX2)] = bind_sfu_op<Ex2>;
    t[ACC_OPCODE(LG2)] = bind_sfu_op<Lg2>;
    t[ACC_OPCODE(TANH)] = bind_sfu_op<Tanh>;
    t[ACC_OPCODE(RCP64)] = bind_rare<Reciprocal64<false>>;
    t[ACC_OPCODE(RSQRT64)] = bind_rare<Reciprocal64<true>>;
}

} // namespace acc::model::interp::ACC_SIMD
