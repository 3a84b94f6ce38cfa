// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device IR → code object, in this process: front end passes, backend, linker step. The core of
// accc and of Compiler.h.
#pragma once

#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/Invocation.h"
#include "compiler/driver/Resources.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acc::driver {

/// One device program: a translation unit, or all relocatable units of a program together.
/// Not for use by several threads at once; several objects may work in parallel.
/// No failure ends the process: what LLVM itself treats as fatal becomes a diagnostic too. After
/// one of those every further call fails, and the memory that LLVM held for this object is lost.
class DeviceCompiler {
  public:
    /// device_library: path of the device library's bitcode.
    DeviceCompiler(const DeviceOptions& options, std::string device_library);
    ~DeviceCompiler();
    DeviceCompiler(const DeviceCompiler&) = delete;
    DeviceCompiler& operator=(const DeviceCompiler&) = delete;

    /// Adds a unit as clang wrote it (bitcode, or LLVM IR as text), with the options of this
    /// program. `name` is for messages. Returns false on an error; see diagnostics().
    bool add_source_unit(std::string_view ir, const std::string& name);
    /// Adds a PTX module.
    bool add_ptx_unit(std::string_view text, const std::string& name);
    /// Adds a unit that prepared_unit() gave earlier, perhaps in another run and with other
    /// options.
    bool add_prepared_unit(std::string_view bitcode, const std::string& name);

    /// The units added so far as one unit for a later link (-dc). Empty on an error.
    std::string prepared_unit();
    /// Compiles the whole program to a code object. Nothing on an error; an empty one when there
    /// are no kernels and no variables. At least one unit must have been added.
    std::optional<std::vector<uint8_t>> compile();
    /// The optimised IR as text; valid after compile().
    std::string ir_text() const;

    /// Registers that did not fit, by function; valid after compile().
    const std::map<std::string, Spills>& spills() const;

    /// Errors and warnings so far, with their places where they are known.
    const std::vector<Diagnostic>& diagnostics() const;

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace acc::driver
