// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a PTX module declares besides statements: variables and functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acc::ptx {

enum class Linkage { Internal, Visible, Extern, Weak, Common };

enum class Space { Global, Const, Shared, Local, Param };

/// One number or address of an initialiser.
struct Initial {
    uint64_t index = 0;      ///< of the element; those between are zero
    uint64_t bits = 0;       ///< a number; with a symbol: what is added to its address
    std::string symbol;      ///< empty: a number
    bool is_generic = false; ///< generic(symbol)
    uint64_t mask = 0;       ///< 0xFF00(symbol): this byte of it; 0: all
};

struct Variable {
    Space space = Space::Global;
    Linkage linkage = Linkage::Internal;
    std::string type; ///< "u32"
    std::string name;
    unsigned vector = 1;           ///< 2, 4: .v2, .v4
    uint64_t alignment = 0;        ///< 0: the type's own
    std::optional<uint64_t> count; ///< elements of an array; none: no array
    bool unsized = false;          ///< x[]
    bool managed = false;          ///< .attribute(.managed)
    std::vector<Initial> initials; ///< in order; the rest is zero
    unsigned line = 0;

    uint64_t element_bytes() const;
    uint64_t bytes() const { return element_bytes() * (unsized ? 0 : count.value_or(1)); }
    uint64_t align() const { return alignment ? alignment : element_bytes(); }
};

/// Bytes of a type's value; 0: no type.
unsigned bytes_of_type(const std::string& type);

/// What calls of a function have to agree on. Parameters are variables of .param space, or of no
/// space: registers.
struct Parameter {
    Variable variable;
    bool is_register = false;
};

struct Signature {
    std::vector<Parameter> results, parameters;
    bool no_return = false;
};

/// name: .callprototype (results) _ (parameters);
struct Prototype {
    std::string name;
    unsigned scope = 0;
    Signature signature;
};

} // namespace acc::ptx
