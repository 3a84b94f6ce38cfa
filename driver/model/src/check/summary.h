// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ACC_MODEL_EXEC=check has found, said on standard error when the process ends.
#pragma once

#include <cstdint>
#include <string>

namespace acc::model {

/// How the check of a launch ended.
enum class CheckEnd {
    Same,          ///< in both executors
    OrderDepends,  ///< the interpreter, too, gives other results in another order
    Different,     ///< an error: the launch fails
    NotTranslated, ///< the interpreter would run it
    NotCompared,   ///< it needs somebody outside, or there is not enough memory
};

/// Counts a launch of the kernel whose descriptor is at `kernel`; `why` it is not compared.
void count_check(CheckEnd end, uint64_t kernel, const std::string& why);

} // namespace acc::model
