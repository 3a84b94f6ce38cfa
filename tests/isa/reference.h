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
#include <vector>

namespace acc::test {

/// How a value is drawn at random and how many registers it takes.
enum class Kind { None, Int32, Int64, F32, F64, Half, Shift, Pred };

struct Values {
    uint64_t a = 0, b = 0, c = 0;
    bool ps = false;
};
struct Result {
    uint64_t d = 0;
    bool p = false;
};

struct AluCase {
    std::string mnemonic; ///< with modifiers
    Kind d, a, b, c;
    bool writes_pred = false, reads_pred = false;
    std::function<Result(const Values&)> reference;
    double tolerance = 0; ///< relative error allowed (special functions); 0: exact bits
};

const std::vector<AluCase>& integer_cases();
const std::vector<AluCase>& float_cases();
const std::vector<AluCase>& convert_cases();

} // namespace acc::test
