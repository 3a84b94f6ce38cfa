// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar reference for the ALU instructions, written from isa/*.td and independent of the
// interpreter: plain C++ on one thread's values, with wider types or exact integer arithmetic where
// the interpreter uses tricks.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/isa/modifiers.h"

namespace acc::test {

/// How a value is drawn at random and how many registers it takes. Count: small and signed; Lane:
/// 0..31 and a little more; Small: an f32 for which sine and the like are not extreme.
enum class Kind { None, Int32, Int64, F32, F64, Half, Shift, Pred, Count, Lane, Small };

struct Values {
    uint64_t a = 0, b = 0, c = 0;
    bool ps = false;
};
struct Result {
    uint64_t d = 0;
    bool p = false; ///< pd
    bool q = false; ///< pe
};

struct AluCase {
    std::string mnemonic; ///< with modifiers
    Kind d, a, b, c;
    bool writes_pred = false, reads_pred = false;
    std::function<Result(const Values&)> reference;
    /// Where the specification allows an error: whether these bits are right. Else the reference is
    /// to be met exactly.
    std::function<bool(uint64_t got, const Values&)> accepts = nullptr;
    bool writes_second = false; ///< pe, too
};

/// Adds a case for each of the row's choices of modifiers. f(choice, values) gives the result.
template <class F>
void with_modifiers(std::vector<AluCase>& t, const std::string& mnemonic, AluCase shape, F f) {
    for (const Choice& choice : choices(row_of(mnemonic))) {
        shape.mnemonic = choice.mnemonic();
        shape.reference = [=](const Values& v) -> Result { return f(choice, v); };
        t.push_back(shape);
    }
}

const std::vector<AluCase>& integer_cases();
const std::vector<AluCase>& float_cases();
const std::vector<AluCase>& half_cases();
const std::vector<AluCase>& special_function_cases();
const std::vector<AluCase>& convert_cases();

} // namespace acc::test
