// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where things are. Everything is found relative to the accc program, so that a toolkit can be
// moved as a tree; the only thing outside is LLVM (Debian's clang-22).
#pragma once

#include "compiler/driver/Environment.h"

#include <string>

namespace acc::driver {

struct Toolkit {
    std::string root;           ///< the toolkit: bin/, include/, lib64/
    std::string include;        ///< CUDA-named headers
    std::string library;        ///< lib64
    std::string device_library; ///< lib64/acc/devicelib.bc
    std::string dialect;        ///< lib64/acc/dialect.so, the plugin of clang
    std::string static_runtime; ///< lib64/libcudart_static.a; empty in builds that have only the
                                ///< shared one (sanitizers)
    std::string clang;          ///< clang++-22
    std::string archiver;       ///< llvm-ar-22
    std::string openmp_library; ///< clang's OpenMP runtime, libomp.so; empty without one
    std::string gcc_include; ///< where GCC's omp.h is, when clang has no OpenMP runtime of its own;
                             ///< else empty
};

/// The root of the toolkit that holds the running program; `program_path` is its argv[0].
std::string toolkit_of_program(const std::string& program_path);

/// Describes the toolkit at `root`, and finds LLVM's tools. An error text says what is missing.
std::string find_toolkit(const std::string& root, Toolkit& toolkit);

/// True for this toolkit's lib64 and lib64/stubs.
bool is_own_library_path(const Toolkit& toolkit, const std::string& directory);

/// True for the include or library directory of another CUDA toolkit. Makefiles name the usual
/// place of one by habit; its headers and libraries must never be mixed with ours.
bool is_foreign_toolkit_path(const Toolkit& toolkit, const std::string& directory);

/// The environment that clang and the linker get: foreign toolkits are taken out of the variables
/// that they read.
Environment tool_environment(const Toolkit& toolkit, Environment environment);

} // namespace acc::driver
