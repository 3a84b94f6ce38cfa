// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace acc::driver {

// The CUDA version whose sources we accept. include/cuda defines __CUDACC_VER_* to the same.
constexpr unsigned kCudaMajor = 12;
constexpr unsigned kCudaMinor = 9;
constexpr unsigned kCudaBuild = 41;

/// Text of --version. Build systems look for "release 12.9, V12.9.41" in it.
std::string version_text();

} // namespace acc::driver
