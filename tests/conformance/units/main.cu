// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program of several source files, whose kernels and variables have the same names, and one file
// without device code.
#include "../common/check.h"
#include "shared.h"

int from_plain_cpp(int x);

int main() {
    EXPECT(run_a(5) == 210);
    EXPECT(run_b(5) == 420);
    EXPECT(run_c(5) == 590);
    EXPECT(run_a(6) == 212);
    EXPECT(from_plain_cpp(7) == 214);
    return finish();
}
