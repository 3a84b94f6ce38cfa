// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long and with which random numbers the tests run:
//   ACC_KMD_EFFORT=N   N times as many random steps (default 1: the tier's time limit holds under
//   emulation) ACC_KMD_SEED=N     the first seed; a failure prints the seed that shows it again
#pragma once

#include <cstdint>
#include <cstdlib>

namespace acc::kmd {

inline uint64_t from_environment(const char* name, uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text && *text ? std::strtoull(text, nullptr, 0) : otherwise;
}
inline unsigned effort(unsigned usual) {
    return static_cast<unsigned>(usual * from_environment("ACC_KMD_EFFORT", 1));
}
inline uint64_t first_seed() {
    return from_environment("ACC_KMD_SEED", 1);
}

} // namespace acc::kmd
