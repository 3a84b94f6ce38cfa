// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The link of relocatable device code (-rdc=true): IR of all inputs → one program → an object that
// registers it.
#pragma once

#include "compiler/driver/Invocation.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace acc::driver {

/// A linked device program.
struct DeviceProgram {
    std::vector<uint8_t> fat_binary;
    std::set<std::string> names;      ///< kernels and variables in it
    std::set<std::string> references; ///< functions kLinkedBinary... that its units' objects need
};

/// Host IR (bitcode) of the registration: the fat binary; a constructor that hands it to the
/// runtime together with its kernels and variables, as far as the host objects list them in their
/// `llvm_offload_entries` sections; and the functions that those objects refer to, which do
/// nothing. `name` makes internal names unique. On failure returns nothing and sets `error`.
std::string registration_module(const DeviceProgram& program, const std::string& name,
                                std::string& error);

/// The files in which -l and input arguments may bring device code: inputs first, then static
/// libraries found in the -L directories.
std::vector<std::string> device_link_inputs(const Invocation& invocation,
                                            const std::vector<std::string>& objects);

} // namespace acc::driver
