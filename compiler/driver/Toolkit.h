// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where things are. Everything is found relative to the accc program, so that a toolkit can be
// moved as a tree; the only thing outside is LLVM (Debian's clang-22).
#pragma once

#include <string>
#include <vector>

namespace acc::driver {

struct Toolkit {
    std::string root;           ///< the toolkit: bin/, include/, lib64/
    std::string include;        ///< CUDA-named headers
    std::string library;        ///< lib64
    std::string device_library; ///< lib64/acc/devicelib.bc
    std::string clang;          ///< clang++-22
    std::string archiver;       ///< llvm-ar-22
    std::string gcc_include; ///< where GCC's omp.h is, when clang has no OpenMP runtime of its own;
                             ///< else empty
};

/// Finds the toolkit of the program at `program_path` (argv[0]); an error text says what is
/// missing.
std::string find_toolkit(const std::string& program_path, Toolkit& toolkit);

/// True for the include or library directory of another CUDA toolkit. Makefiles name the usual
/// place of one by habit; its headers and libraries must never be mixed with ours.
bool is_foreign_toolkit_path(const Toolkit& toolkit, const std::string& directory);

/// Removes foreign toolkits from the environment variables that clang and the linker read.
void scrub_environment(const Toolkit& toolkit);

} // namespace acc::driver
