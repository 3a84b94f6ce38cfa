// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void bench::finish() {
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
}
