// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arithmetic with a named rounding mode, and conversions. Each is one instruction.
#include "device.h"

// r: suffix of the mode in CUDA's names (rd = down) and in LLVM's intrinsics (rm = toward minus
// infinity).
#define MODES(X) X(rn, rn) X(rz, rz) X(rd, rm) X(ru, rp)

#define ARITHMETIC(r, m)                                                                           \
    NV float __nv_fadd_##r(float a, float b) {                                                     \
        return __nvvm_add_##m##_f(a, b);                                                           \
    }                                                                                              \
    NV float __nv_fsub_##r(float a, float b) {                                                     \
        return __nvvm_add_##m##_f(a, -b);                                                          \
    }                                                                                              \
    NV float __nv_fmul_##r(float a, float b) {                                                     \
        return __nvvm_mul_##m##_f(a, b);                                                           \
    }                                                                                              \
    NV float __nv_fdiv_##r(float a, float b) {                                                     \
        return __nvvm_div_##m##_f(a, b);                                                           \
    }                                                                                              \
    NV float __nv_frcp_##r(float a) {                                                              \
        return __nvvm_rcp_##m##_f(a);                                                              \
    }                                                                                              \
    NV float __nv_fsqrt_##r(float a) {                                                             \
        return __nvvm_sqrt_##m##_f(a);                                                             \
    }                                                                                              \
    NV float __nv_fmaf_##r(float a, float b, float c) {                                            \
        return __nvvm_fma_##m##_f(a, b, c);                                                        \
    }                                                                                              \
    NV float __nv_fmaf_ieee_##r(float a, float b, float c) {                                       \
        return __nvvm_fma_##m##_f(a, b, c);                                                        \
    }                                                                                              \
    NV double __nv_dadd_##r(double a, double b) {                                                  \
        return __nvvm_add_##m##_d(a, b);                                                           \
    }                                                                                              \
    NV double __nv_dsub_##r(double a, double b) {                                                  \
        return __nvvm_add_##m##_d(a, -b);                                                          \
    }                                                                                              \
    NV double __nv_dmul_##r(double a, double b) {                                                  \
        return __nvvm_mul_##m##_d(a, b);                                                           \
    }                                                                                              \
    NV double __nv_ddiv_##r(double a, double b) {                                                  \
        return __nvvm_div_##m##_d(a, b);                                                           \
    }                                                                                              \
    NV double __nv_drcp_##r(double a) {                                                            \
        return __nvvm_rcp_##m##_d(a);                                                              \
    }                                                                                              \
    NV double __nv_dsqrt_##r(double a) {                                                           \
        return __nvvm_sqrt_##m##_d(a);                                                             \
    }                                                                                              \
    NV double __nv_fma_##r(double a, double b, double c) {                                         \
        return __nvvm_fma_##m##_d(a, b, c);                                                        \
    }
MODES(ARITHMETIC)

#define CONVERSIONS(r, m)                                                                          \
    NV float __nv_double2float_##r(double a) {                                                     \
        return __nvvm_d2f_##m(a);                                                                  \
    }                                                                                              \
    NV int __nv_double2int_##r(double a) {                                                         \
        return __nvvm_d2i_##m(a);                                                                  \
    }                                                                                              \
    NV u32 __nv_double2uint_##r(double a) {                                                        \
        return u32(__nvvm_d2ui_##m(a));                                                            \
    }                                                                                              \
    NV i64 __nv_double2ll_##r(double a) {                                                          \
        return __nvvm_d2ll_##m(a);                                                                 \
    }                                                                                              \
    NV u64 __nv_double2ull_##r(double a) {                                                         \
        return u64(__nvvm_d2ull_##m(a));                                                           \
    }                                                                                              \
    NV int __nv_float2int_##r(float a) {                                                           \
        return __nvvm_f2i_##m(a);                                                                  \
    }                                                                                              \
    NV u32 __nv_float2uint_##r(float a) {                                                          \
        return u32(__nvvm_f2ui_##m(a));                                                            \
    }                                                                                              \
    NV i64 __nv_float2ll_##r(float a) {                                                            \
        return __nvvm_f2ll_##m(a);                                                                 \
    }                                                                                              \
    NV u64 __nv_float2ull_##r(float a) {                                                           \
        return u64(__nvvm_f2ull_##m(a));                                                           \
    }                                                                                              \
    NV float __nv_int2float_##r(int a) {                                                           \
        return __nvvm_i2f_##m(a);                                                                  \
    }                                                                                              \
    NV float __nv_uint2float_##r(u32 a) {                                                          \
        return __nvvm_ui2f_##m(a);                                                                 \
    }                                                                                              \
    NV float __nv_ll2float_##r(i64 a) {                                                            \
        return __nvvm_ll2f_##m(a);                                                                 \
    }                                                                                              \
    NV float __nv_ull2float_##r(u64 a) {                                                           \
        return __nvvm_ull2f_##m(a);                                                                \
    }                                                                                              \
    NV double __nv_ll2double_##r(i64 a) {                                                          \
        return __nvvm_ll2d_##m(a);                                                                 \
    }                                                                                              \
    NV double __nv_ull2double_##r(u64 a) {                                                         \
        return __nvvm_ull2d_##m(a);                                                                \
    }
MODES(CONVERSIONS)

NV double __nv_int2double_rn(int a) {
    return a;
}
NV double __nv_uint2double_rn(u32 a) {
    return a;
}
NV u16 __nv_float2half_rn(float a) {
    return __builtin_bit_cast(u16, _Float16(a));
}
NV float __nv_half2float(u16 a) {
    return float(__builtin_bit_cast(_Float16, a));
}

NV int __nv_double2hiint(double a) {
    return int(bits(a) >> 32);
}
NV int __nv_double2loint(double a) {
    return int(bits(a));
}
NV double __nv_hiloint2double(int high, int low) {
    return as_double(u64(u32(high)) << 32 | u32(low));
}
NV u64 __nv_double_as_longlong(double a) {
    return bits(a);
}
NV double __nv_longlong_as_double(i64 a) {
    return as_double(u64(a));
}
NV int __nv_float_as_int(float a) {
    return int(bits(a));
}
NV u32 __nv_float_as_uint(float a) {
    return bits(a);
}
NV float __nv_int_as_float(int a) {
    return as_float(u32(a));
}
NV float __nv_uint_as_float(u32 a) {
    return as_float(a);
}
