// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;

// One library is driver and runtime: both speak the API release of the headers.
ACC_API cudaError_t cudaDriverGetVersion(int* version) {
    return guard(__func__, [&] {
        require(version, "driverVersion");
        *version = CUDART_VERSION;
    });
}

ACC_API cudaError_t cudaRuntimeGetVersion(int* version) {
    return guard(__func__, [&] {
        require(version, "runtimeVersion");
        *version = CUDART_VERSION;
    });
}
