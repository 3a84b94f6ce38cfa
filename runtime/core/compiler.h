// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler for PTX in a running program: libacccompiler.so, loaded when it is first needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acc::rt {

struct CompilerInput {
    std::string name;   ///< for messages
    bool is_ptx = true; ///< else what a relocatable object of accc holds
    std::vector<uint8_t> data;
};

struct CompilerOptions {
    uint32_t max_registers = 0; ///< 0: no limit
    bool debug = false;
};

struct CompilerLog {
    std::string errors, infos;
};

/// The inputs, linked with each other, as a code object. `log` is filled in on errors, too. Throws
/// Error(InvalidPtx, UnsupportedPtxVersion, CompilerNotFound, OutOfMemory).
std::vector<uint8_t> compile(std::span<const CompilerInput> inputs, const CompilerOptions& options,
                             CompilerLog& log);

/// The relocatable code in a fat binary of accc; none when it is something else.
std::vector<CompilerInput> relocatable_inputs(const void* image, size_t bytes,
                                              const std::string& name);

/// PTX in a fat binary of accc that has no code for this device: the newest text that the device
/// runs. Empty when there is none, or it is something else. `bytes` 0: not
/// known. The view is into the image.
std::string_view fat_binary_ptx(const void* image, size_t bytes);

/// Is an image PTX text? `bytes` 0: not known; then it ends with a zero byte.
bool is_ptx(const void* image, size_t bytes);

} // namespace acc::rt
