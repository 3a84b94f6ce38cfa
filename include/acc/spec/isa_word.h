// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The 128-bit instruction word and its fields; isa/Schema.td documents them. LLVM-free, no
// semantics.
#pragma once

#include <cstdint>
#include <cstring>

namespace acc::isa {

inline constexpr unsigned kWordBytes = 16;
inline constexpr unsigned kZeroReg = 255; ///< rz
inline constexpr unsigned kMaxReg = 254;  ///< highest register with storage
inline constexpr unsigned kTruePred = 7;  ///< pt; as a destination: discard
inline constexpr unsigned kNumForms = 3;  ///< 0 registers, 1 imm replaces rb, 2 imm replaces rc
inline constexpr unsigned kModsBit = 96;  ///< first bit of the modifiers

/// One instruction: bits 63:0 and 127:64.
struct Word {
    uint64_t lo = 0;
    uint64_t hi = 0;
    friend constexpr bool operator==(const Word&, const Word&) = default;
};

/// Named fields of the word. imm64 (bits 127:64) exists in Wide64 rows instead of imm and mods.
enum class Field : uint8_t {
    opcode,
    guard,
    gneg,
    rd,
    ra,
    rb,
    rc,
    pd,
    pe,
    ps,
    psneg,
    pq,
    pqneg,
    form,
    imm,
    mods,
    imm64
};

/// Place of a field; fields do not cross bit 64.
struct FieldPlace {
    uint8_t bit;
    uint8_t width;
};
inline constexpr FieldPlace kFieldPlaces[] = {
    {0, 12}, {12, 3}, {15, 1}, {16, 8}, {24, 8}, {32, 8},  {40, 8},  {48, 3}, {51, 3},
    {54, 3}, {57, 1}, {58, 3}, {61, 1}, {62, 2}, {64, 32}, {96, 32}, {64, 64}};
inline constexpr const char* kFieldNames[] = {"opcode", "guard", "gneg", "rd",   "ra",    "rb",
                                              "rc",     "pd",    "pe",   "ps",   "psneg", "pq",
                                              "pqneg",  "form",  "imm",  "mods", "imm"};

constexpr FieldPlace place(Field f) {
    return kFieldPlaces[static_cast<unsigned>(f)];
}
constexpr const char* name(Field f) {
    return kFieldNames[static_cast<unsigned>(f)];
}
constexpr uint64_t low_bits(unsigned width) {
    return width >= 64 ? ~0ull : (1ull << width) - 1;
}

/// Value of a field, not sign-extended.
constexpr uint64_t get(Word word, Field f) {
    const FieldPlace p = place(f);
    return ((p.bit < 64 ? word.lo >> p.bit : word.hi >> (p.bit - 64))) & low_bits(p.width);
}

/// Replaces a field by the low bits of `value`.
constexpr void set(Word& word, Field f, uint64_t value) {
    const FieldPlace p = place(f);
    uint64_t& half = p.bit < 64 ? word.lo : word.hi;
    const unsigned shift = p.bit % 64;
    half = (half & ~(low_bits(p.width) << shift)) | ((value & low_bits(p.width)) << shift);
}

/// Bit 0..127 of the word.
constexpr bool bit(Word word, unsigned n) {
    return ((n < 64 ? word.lo : word.hi) >> (n % 64)) & 1;
}

/// A modifier: its place in bits 127:96 (bit counts from 96).
struct ModField {
    uint8_t bit;
    uint8_t width;
    /// Its bits.
    constexpr uint32_t mask() const { return static_cast<uint32_t>(low_bits(width)) << bit; }
    /// Encoded value in the modifier bits of a word.
    constexpr uint32_t get(uint32_t mods) const {
        return (mods >> bit) & static_cast<uint32_t>(low_bits(width));
    }
    /// The modifier bits that encode `value`; combine several with |.
    constexpr uint32_t of(uint32_t value) const {
        return (value & static_cast<uint32_t>(low_bits(width))) << bit;
    }
};

/// Fields of register b of shfl whose source is `cr` (Warp.td): lane or distance, clamp value,
/// segment mask.
inline constexpr ModField kShflLane{0, 5}, kShflClamp{8, 5}, kShflSegment{16, 5};

/// Reads and writes a word as it stands in memory (little endian, as the host is).
inline Word load_word(const void* bytes) {
    Word word;
    std::memcpy(&word.lo, bytes, 8);
    std::memcpy(&word.hi, static_cast<const char*>(bytes) + 8, 8);
    return word;
}
inline void store_word(void* bytes, Word word) {
    std::memcpy(bytes, &word.lo, 8);
    std::memcpy(static_cast<char*>(bytes) + 8, &word.hi, 8);
}

} // namespace acc::isa
