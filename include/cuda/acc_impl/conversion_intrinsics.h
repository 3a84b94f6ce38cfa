// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions with a stated rounding (rn nearest even, rz to zero, ru up, rd down). Float to
// integer saturates. NaN gives the value with only the top bit set when the source is double or the
// result has 64 bits, else 0: PTX's rule, and what the nvvm intrinsics mean.
#pragma once
// clang-format off: a table of one-line functions

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

__ACC_DEV int __float2int_rn(float x) { return __nvvm_f2i_rn(x); }
__ACC_DEV int __float2int_rz(float x) { return __nvvm_f2i_rz(x); }
__ACC_DEV int __float2int_ru(float x) { return __nvvm_f2i_rp(x); }
__ACC_DEV int __float2int_rd(float x) { return __nvvm_f2i_rm(x); }
__ACC_DEV unsigned __float2uint_rn(float x) { return __nvvm_f2ui_rn(x); }
__ACC_DEV unsigned __float2uint_rz(float x) { return __nvvm_f2ui_rz(x); }
__ACC_DEV unsigned __float2uint_ru(float x) { return __nvvm_f2ui_rp(x); }
__ACC_DEV unsigned __float2uint_rd(float x) { return __nvvm_f2ui_rm(x); }
__ACC_DEV long long __float2ll_rn(float x) { return __nvvm_f2ll_rn(x); }
__ACC_DEV long long __float2ll_rz(float x) { return __nvvm_f2ll_rz(x); }
__ACC_DEV long long __float2ll_ru(float x) { return __nvvm_f2ll_rp(x); }
__ACC_DEV long long __float2ll_rd(float x) { return __nvvm_f2ll_rm(x); }
__ACC_DEV unsigned long long __float2ull_rn(float x) { return __nvvm_f2ull_rn(x); }
__ACC_DEV unsigned long long __float2ull_rz(float x) { return __nvvm_f2ull_rz(x); }
__ACC_DEV unsigned long long __float2ull_ru(float x) { return __nvvm_f2ull_rp(x); }
__ACC_DEV unsigned long long __float2ull_rd(float x) { return __nvvm_f2ull_rm(x); }
__ACC_DEV int __double2int_rn(double x) { return __nvvm_d2i_rn(x); }
__ACC_DEV int __double2int_rz(double x) { return __nvvm_d2i_rz(x); }
__ACC_DEV int __double2int_ru(double x) { return __nvvm_d2i_rp(x); }
__ACC_DEV int __double2int_rd(double x) { return __nvvm_d2i_rm(x); }
__ACC_DEV unsigned __double2uint_rn(double x) { return __nvvm_d2ui_rn(x); }
__ACC_DEV unsigned __double2uint_rz(double x) { return __nvvm_d2ui_rz(x); }
__ACC_DEV unsigned __double2uint_ru(double x) { return __nvvm_d2ui_rp(x); }
__ACC_DEV unsigned __double2uint_rd(double x) { return __nvvm_d2ui_rm(x); }
__ACC_DEV long long __double2ll_rn(double x) { return __nvvm_d2ll_rn(x); }
__ACC_DEV long long __double2ll_rz(double x) { return __nvvm_d2ll_rz(x); }
__ACC_DEV long long __double2ll_ru(double x) { return __nvvm_d2ll_rp(x); }
__ACC_DEV long long __double2ll_rd(double x) { return __nvvm_d2ll_rm(x); }
__ACC_DEV unsigned long long __double2ull_rn(double x) { return __nvvm_d2ull_rn(x); }
__ACC_DEV unsigned long long __double2ull_rz(double x) { return __nvvm_d2ull_rz(x); }
__ACC_DEV unsigned long long __double2ull_ru(double x) { return __nvvm_d2ull_rp(x); }
__ACC_DEV unsigned long long __double2ull_rd(double x) { return __nvvm_d2ull_rm(x); }
__ACC_DEV float __double2float_rn(double x) { return (float)x; }
__ACC_DEV float __double2float_rz(double x) { return __nvvm_d2f_rz(x); }
__ACC_DEV float __double2float_ru(double x) { return __nvvm_d2f_rp(x); }
__ACC_DEV float __double2float_rd(double x) { return __nvvm_d2f_rm(x); }
__ACC_DEV float __int2float_rn(int x) { return (float)x; }
__ACC_DEV float __int2float_rz(int x) { return __nvvm_i2f_rz(x); }
__ACC_DEV float __int2float_ru(int x) { return __nvvm_i2f_rp(x); }
__ACC_DEV float __int2float_rd(int x) { return __nvvm_i2f_rm(x); }
__ACC_DEV double __int2double_rn(int x) { return (double)x; }
__ACC_DEV float __uint2float_rn(unsigned x) { return (float)x; }
__ACC_DEV float __uint2float_rz(unsigned x) { return __nvvm_ui2f_rz(x); }
__ACC_DEV float __uint2float_ru(unsigned x) { return __nvvm_ui2f_rp(x); }
__ACC_DEV float __uint2float_rd(unsigned x) { return __nvvm_ui2f_rm(x); }
__ACC_DEV double __uint2double_rn(unsigned x) { return (double)x; }
__ACC_DEV float __ll2float_rn(long long x) { return (float)x; }
__ACC_DEV float __ll2float_rz(long long x) { return __nvvm_ll2f_rz(x); }
__ACC_DEV float __ll2float_ru(long long x) { return __nvvm_ll2f_rp(x); }
__ACC_DEV float __ll2float_rd(long long x) { return __nvvm_ll2f_rm(x); }
__ACC_DEV double __ll2double_rn(long long x) { return (double)x; }
__ACC_DEV double __ll2double_rz(long long x) { return __nvvm_ll2d_rz(x); }
__ACC_DEV double __ll2double_ru(long long x) { return __nvvm_ll2d_rp(x); }
__ACC_DEV double __ll2double_rd(long long x) { return __nvvm_ll2d_rm(x); }
__ACC_DEV float __ull2float_rn(unsigned long long x) { return (float)x; }
__ACC_DEV float __ull2float_rz(unsigned long long x) { return __nvvm_ull2f_rz(x); }
__ACC_DEV float __ull2float_ru(unsigned long long x) { return __nvvm_ull2f_rp(x); }
__ACC_DEV float __ull2float_rd(unsigned long long x) { return __nvvm_ull2f_rm(x); }
__ACC_DEV double __ull2double_rn(unsigned long long x) { return (double)x; }
__ACC_DEV double __ull2double_rz(unsigned long long x) { return __nvvm_ull2d_rz(x); }
__ACC_DEV double __ull2double_ru(unsigned long long x) { return __nvvm_ull2d_rp(x); }
__ACC_DEV double __ull2double_rd(unsigned long long x) { return __nvvm_ull2d_rm(x); }

#undef __ACC_DEV
