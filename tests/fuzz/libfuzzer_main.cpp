// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entry point of libFuzzer for one target (ACC_FUZZ_TARGET).
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    acc::fuzz::ACC_FUZZ_TARGET({data, size});
    return 0;
}
