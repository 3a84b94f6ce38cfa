// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer functions. Most are one instruction after the backend's pattern matching.
#include "device.h"

NV int __nv_abs(int a) {
    return a < 0 ? int(0u - u32(a)) : a;
}
NV i64 __nv_llabs(i64 a) {
    return a < 0 ? i64(0ull - u64(a)) : a;
}
NV int __nv_min(int a, int b) {
    return a < b ? a : b;
}
NV int __nv_max(int a, int b) {
    return a > b ? a : b;
}
NV u32 __nv_umin(u32 a, u32 b) {
    return a < b ? a : b;
}
NV u32 __nv_umax(u32 a, u32 b) {
    return a > b ? a : b;
}
NV i64 __nv_llmin(i64 a, i64 b) {
    return a < b ? a : b;
}
NV i64 __nv_llmax(i64 a, i64 b) {
    return a > b ? a : b;
}
NV u64 __nv_ullmin(u64 a, u64 b) {
    return a < b ? a : b;
}
NV u64 __nv_ullmax(u64 a, u64 b) {
    return a > b ? a : b;
}

NV int __nv_brev(int a) {
    return int(__builtin_bitreverse32(u32(a)));
}
NV i64 __nv_brevll(i64 a) {
    return i64(__builtin_bitreverse64(u64(a)));
}
NV int __nv_clz(int a) {
    return a ? __builtin_clz(u32(a)) : 32;
}
NV int __nv_clzll(i64 a) {
    return a ? __builtin_clzll(u64(a)) : 64;
}
NV int __nv_ffs(int a) {
    return a ? __builtin_ctz(u32(a)) + 1 : 0;
}
NV int __nv_ffsll(i64 a) {
    return a ? __builtin_ctzll(u64(a)) + 1 : 0;
}
NV int __nv_popc(u32 a) {
    return __builtin_popcount(a);
}
NV int __nv_popcll(u64 a) {
    return __builtin_popcountll(a);
}
NV int __nv_byte_perm(int a, int b, int c) {
    return int(__nvvm_prmt(u32(a), u32(b), u32(c) & 0x7777u));
}

NV int __nv_mul24(int a, int b) {
    return __nvvm_mul24_i(a, b);
}
NV u32 __nv_umul24(u32 a, u32 b) {
    return __nvvm_mul24_ui(a, b);
}
NV int __nv_mulhi(int a, int b) {
    return int((i64(a) * b) >> 32);
}
NV u32 __nv_umulhi(u32 a, u32 b) {
    return u32((u64(a) * b) >> 32);
}
NV i64 __nv_mul64hi(i64 a, i64 b) {
    return i64((__int128(a) * b) >> 64);
}
NV u64 __nv_umul64hi(u64 a, u64 b) {
    return u64((static_cast<unsigned __int128>(a) * b) >> 64);
}

NV int __nv_sad(int a, int b, int c) {
    return int((a > b ? u32(a) - u32(b) : u32(b) - u32(a)) + u32(c));
}
NV u32 __nv_usad(u32 a, u32 b, u32 c) {
    return (a > b ? a - b : b - a) + c;
}
NV int __nv_hadd(int a, int b) {
    return (a & b) + ((a ^ b) >> 1);
}
NV int __nv_rhadd(int a, int b) {
    return (a | b) - ((a ^ b) >> 1);
}
NV u32 __nv_uhadd(u32 a, u32 b) {
    return (a & b) + ((a ^ b) >> 1);
}
NV u32 __nv_urhadd(u32 a, u32 b) {
    return (a | b) - ((a ^ b) >> 1);
}
