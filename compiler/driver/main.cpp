// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// accc, also installed as nvcc.
#include "compiler/driver/Driver.h"

int main(int argc, char** argv) {
    return acc::driver::run_driver(std::vector<std::string>(argv, argv + argc));
}
