// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of matrices as functions that translated code calls. They are the interpreter's
// (driver/model/src/interp/simd/products.h), compiled for hosts with AVX-512 and for others.
#pragma once

#include <cstddef>
#include <cstdint>

namespace acc::model::jit {

struct Product {
    uint32_t opcode;
    /// Rows of the registers of A, B, C, D: 32 words each. D may be where another one is.
    void (*on_rows)(uint32_t mods, const char* a, const char* b, const char* c, char* d);
    /// Products of floats on hosts with AVX-512, else null: one, and two that have A in common.
    /// Arguments of the function (whose calling convention is regcall): modifiers; rows of A (null:
    /// it has been unpacked) and where it is unpacked; the same of each B; and accumulators, of
    /// each register of C two vectors of 16 floats, which are also its result.
    void* fused[2];
};

struct Products {
    static constexpr size_t kMost = 32;
    Product all[kMost];
    size_t count;
    /// Its number; `count`: there is none.
    size_t find(uint32_t opcode) const {
        size_t i = 0;
        while (i < count && all[i].opcode != opcode)
            ++i;
        return i;
    }
};

/// Room for an unpacked operand of any product, in floats.
inline constexpr unsigned kUnpackedA = 512, kUnpackedB = 256;

/// What the process keeps of them. masks: for a host with AVX-512.
const Products& products(bool masks);

} // namespace acc::model::jit
