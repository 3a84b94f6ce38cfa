// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Version.h"

namespace acc::driver {

std::string version_text() {
    std::string release = std::to_string(kCudaMajor) + "." + std::to_string(kCudaMinor);
    return "accc: CUDA-compatible compiler driver for acc\n"
           "Not a product of NVIDIA; accepts the command line of nvcc\n"
           "Cuda compilation tools, release " + release + ", V" + release + "." + std::to_string(kCudaBuild) + "\n"
           "Build acc_" + release + ".r" + release + "\n";
}

} // namespace acc::driver
