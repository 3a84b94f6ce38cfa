// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value of the threads of a gang, one warp or several side by side, and what is known of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace llvm {
class Value;
}

namespace acc::model::jit {

inline constexpr unsigned kLanes = 32, kWarpBits = 5; ///< of a warp
inline constexpr unsigned kLaneBits = 8;              ///< of the largest gang
inline constexpr int kMostDynamic = 8;

/// Of two powers of two that divide, the one that divides both; 0 stands for what all divide.
constexpr uint64_t common_align(uint64_t x, uint64_t y) {
    return x == 0 ? y : y == 0 ? x : x < y ? x : y;
}
/// The least power of two that divides x; 0 for 0.
constexpr uint64_t lowest_bit(uint64_t x) {
    return x & (~x + 1);
}

enum class Kind : uint8_t {
    Uniform, ///< one for all threads
    Linear,  ///< base + the sum of the steps of the bits that are set in the lane's number
    Vector,  ///< one for each thread
};

/// What is known of a value before it exists.
struct Shape {
    Kind kind = Kind::Uniform;
    bool raw = false; ///< a floating-point result for sure, but a NaN in it may be another than the
                      ///< canonical one
    bool regular = false; ///< of 1 bit: made of comparisons of what is not Vector, so that it
                          ///< changes with the lane's number a few times only
    std::array<int64_t, kLaneBits> step{};
    /// Bits whose step is known at run time only (it is 0 in `step`), at most kMostDynamic: a row's
    /// number, where a warp spans two, times the length of a row.
    uint8_t dynamic = 0;
    uint64_t dynamic_align = 0; ///< power of two that divides those steps; 0: there are none
    /// Bits that those steps may have, of which each has its own and none the base or another step,
    /// as long as nothing has been added; ~0: that is not known.
    uint64_t dynamic_bits = ~0ull;
    /// Uniform, 64 bits: the address of the parameters plus this.
    std::optional<uint64_t> parameter;
    /// Uniform, 64 bits: what the parameters hold at this offset.
    std::optional<uint64_t> word;
    std::optional<uint64_t> known; ///< Uniform: its bits
    uint64_t most = ~0ull;         ///< the base (or the value, Uniform), unsigned, is at most this
    uint64_t align = 1; ///< power of two that divides the base (or the value, Uniform); 0: it is 0

    friend bool operator==(const Shape&, const Shape&) = default;
    bool is_dynamic(unsigned bit) const { return dynamic >> bit & 1; }
    /// The least step to lanes, and the greatest: of Linear, without what is dynamic.
    int64_t lowest() const {
        int64_t sum = 0;
        for (int64_t s : step)
            sum += s < 0 ? s : 0;
        return sum;
    }
    int64_t highest() const {
        int64_t sum = 0;
        for (int64_t s : step)
            sum += s > 0 ? s : 0;
        return sum;
    }
    int64_t at(unsigned lane) const {
        int64_t sum = 0;
        for (unsigned i = 0; i < kLaneBits; ++i)
            sum += lane >> i & 1 ? step[i] : 0;
        return sum;
    }
    bool is_uniform() const { return kind == Kind::Uniform; }
    bool is_linear() const { return kind == Kind::Linear; }
    bool is_vector() const { return kind == Kind::Vector; }
};

/// What holds of a value that is one or the other.
Shape join(const Shape& a, const Shape& b);

struct Value : Shape {
    unsigned bits = 32;       ///< 1, 32 or 64
    llvm::Value* v = nullptr; ///< an integer (Uniform; Linear: the base) or a vector of them; null
                              ///< while only shapes are computed
    std::array<llvm::Value*, kLaneBits> dynamic_step{}; ///< of the bits in `dynamic`
    bool two_words = false;       ///< Vector, 64 bits: a pair as it came from memory
    llvm::Value* exact = nullptr; ///< Linear of many dynamic steps: the vector, if it is there
    /// Linear, 64 bits: it came of 32 bits, and is Linear only where those do not wrap. That is
    /// when `holds` is true; `otherwise` is the vector, right in any case.
    bool guarded = false;
    llvm::Value* holds = nullptr;
    llvm::Value* otherwise = nullptr;
};

} // namespace acc::model::jit
