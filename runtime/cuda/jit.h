// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiling PTX for the driver API: its options and logs, and images that are PTX.
#pragma once

#include "runtime/core/compiler.h"
#include "runtime/cuda/driver.h"

#include <chrono>

namespace acc::cuda {

/// What a call's arrays of options ask for. Logs are written, and the values that tell something
/// set, by finish().
class JitOptions {
  public:
    /// Throws Error(InvalidValue) for an option that does not exist.
    JitOptions(unsigned count, const CUjit_option* options, void** values);

    const rt::CompilerOptions& compiler() const { return compiler_; }
    rt::CompilerLog& log() { return log_; }
    void finish();

  private:
    struct Buffer {
        char* text = nullptr;
        size_t bytes = 0;
        void** used = nullptr; ///< where the number of bytes written is told
    };
    static void write(const Buffer& buffer, const std::string& text);

    rt::CompilerOptions compiler_;
    rt::CompilerLog log_;
    Buffer info_, error_;
    void** wall_time_ = nullptr;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// The code object in an image: its own, or that of PTX text, which is compiled into `storage`.
/// `bytes` 0: not known.
std::pair<const void*, size_t> code_of(const void* image, size_t bytes, JitOptions& options,
                                       std::vector<uint8_t>& storage);

/// All of a file. Throws Error(FileNotFound).
std::vector<char> read_image(const char* function, const char* path);

} // namespace acc::cuda
