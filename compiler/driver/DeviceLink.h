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

/// Host IR (bitcode) of the registration: the fat binary, and a constructor that hands it to the
/// runtime together with every kernel and variable that the host objects list in their
/// `llvm_offload_entries` sections. `name` makes internal names unique. `references` are the
/// functions that the units' host objects ask for (kLinkedBinary): they are defined, and do
/// nothing. On failure returns nothing and sets `error`.
std::string registration_module(const std::vector<uint8_t>& fat_binary, const std::string& name,
                                const std::set<std::string>& references, std::string& error);

/// The files in which -l and input arguments may bring device code: inputs first, then static
/// libraries found in the -L directories.
std::vector<std::string> device_link_inputs(const Invocation& invocation,
                                            const std::vector<std::string>& objects);

} // namespace acc::driver
