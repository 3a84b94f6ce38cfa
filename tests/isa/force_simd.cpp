// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chooses the interpreter's host instruction set for this test program, before it is first asked
// for.
#include <cstdlib>

namespace {
[[maybe_unused]] const int forced = setenv("ACC_MODEL_SIMD", ACC_TEST_SIMD, 1);
}
