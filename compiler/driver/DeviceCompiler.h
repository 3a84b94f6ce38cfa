// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device IR → code object, in this process: front end passes, backend, linker step. Used by accc
// and by run-time compilation.
#pragma once

#include "compiler/driver/Invocation.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace acc::driver {

/// One device program: a translation unit, or all relocatable units of a program together.
/// Not for use by several threads at once; several objects may work in parallel.
class DeviceCompiler {
  public:
    /// device_library: path of the device library's bitcode.
    DeviceCompiler(const DeviceOptions& options, std::string device_library);
    ~DeviceCompiler();
    DeviceCompiler(const DeviceCompiler&) = delete;
    DeviceCompiler& operator=(const DeviceCompiler&) = delete;

    /// Adds a unit as clang wrote it (bitcode), with the options of this program. `name` is for
    /// messages. Returns false on an error; see diagnostics().
    bool add_source_unit(const std::string& bitcode, const std::string& name);
    /// Adds a unit that prepared_unit() gave earlier, perhaps in another run and with other
    /// options.
    bool add_prepared_unit(const std::string& bitcode, const std::string& name);

    /// The units added so far as one unit for a later link (-dc).
    std::string prepared_unit();
    /// Compiles the whole program to a code object. Nothing on an error; an empty one when there
    /// are no kernels and no variables.
    std::optional<std::vector<uint8_t>> compile();
    /// The optimised IR as text; valid after compile().
    std::string ir_text() const;

    /// Errors and warnings so far, one per line, "file:line:col: error: ..." where a place is
    /// known.
    const std::string& diagnostics() const;

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// Reports what LLVM treats as fatal as one readable line and ends the process with status 1.
/// `cleanup` runs before.
void install_fatal_error_handler(const std::string& program, void (*cleanup)());

} // namespace acc::driver
