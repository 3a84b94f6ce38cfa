// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Version.h"

namespace acc::driver {

std::string version_text() {
    std::string release = std::to_string(kCudaMajor) + "." + std::to_string(kCudaMinor);
    // The first line is how build systems (CMake's vendor test) tell an nvcc command line from
    // others.
    return "nvcc: NVIDIA (R) Cuda compiler driver\n"
           "(compatible with: this is accc, the compiler for acc, which is no product of NVIDIA)\n"
           "Cuda compilation tools, release " +
           release + ", V" + release + "." + std::to_string(kCudaBuild) +
           "\n"
           "Build acc_" +
           release + ".r" + release + "\n";
}

} // namespace acc::driver
