// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels of the driver's tests, in assembly, and what they compute, in C++.
#pragma once

#include <cstdint>
#include <string>

namespace acc::kmd {

/// r10 = global thread number, r2:r3 = parameter buffer, r6:r7 = its first parameter.
inline const std::string kPrologue = R"(
        mov.sr64 r2, sr_kernarg
        ld.const.b64 r6, [r2]
        mov.sr r8, sr_ctaid_x
        mov.sr r9, sr_ntid_x
        mov.sr r10, sr_tid_x
        imad.b32 r10, r8, r9, r10
)";
/// Instructions of the prologue: a fault in the n-th line behind it has pc(kPrologueLength + n).
inline constexpr unsigned kPrologueLength = 6;

/// Parameters: c, a, b. c[i] = a[i] + b[i], 32-bit.
inline const std::string kVectorAdd = kPrologue + R"(
        ld.const.b64 r12, [r2 + 8]
        ld.const.b64 r14, [r2 + 16]
        ld.global.b32 r16, [r12 + r10<<2]
        ld.global.b32 r17, [r14 + r10<<2]
        iadd.b32 r16, r16, r17
        st.global.b32 [r6 + r10<<2], r16
        exit
)";

/// Parameters: out, value. out[i] = value + i, 32-bit.
inline const std::string kNumber = kPrologue + R"(
        ld.const.b32 r12, [r2 + 8]
        iadd.b32 r12, r12, r10
        st.global.b32 [r6 + r10<<2], r12
        exit
)";

/// Parameters: out, rounds. Each thread stirs a number for some time: long_computation() says what
/// comes out.
inline const std::string kLongComputation = kPrologue + R"(
        ld.const.b32 r12, [r2 + 8]
        imad.b32 r13, r10, 0x9e3779b1, r10
        iadd.b32 r13, r13, 1
again:  shl.b32 r14, r13, 13
        xor.b32 r13, r13, r14
        shr.u32 r14, r13, 17
        xor.b32 r13, r13, r14
        shl.b32 r14, r13, 5
        xor.b32 r13, r13, r14
        imul.b32 r13, r13, 0x0019660d
        iadd.b32 r13, r13, 0x3c6ef35f
        iadd.b32 r12, r12, -1
        isetp.u32.ne p0, r12, 0
@p0     bra again
        st.global.b32 [r6 + r10<<2], r13
        exit
)";

/// The value that thread `i` of kLongComputation stores.
inline uint32_t long_computation(uint32_t i, uint32_t rounds) {
    uint32_t x = i * 0x9e3779b1u + i + 1;
    while (rounds--) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        x = x * 0x0019660du + 0x3c6ef35fu;
    }
    return x;
}

inline const std::string kEndless = "forever: bra forever\n";

/// Parameters: address. One 32-bit load, and its value to the second parameter.
inline const std::string kLoad = kPrologue + R"(
        ld.const.b64 r12, [r2 + 8]
        ld.global.b32 r14, [r6]
        st.global.b32 [r12], r14
        exit
)";

/// Parameters: address, value. One 32-bit store.
inline const std::string kStore = kPrologue + R"(
        ld.const.b32 r12, [r2 + 8]
        st.global.b32 [r6], r12
        exit
)";

} // namespace acc::kmd
