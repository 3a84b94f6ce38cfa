// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fat binaries inside host files: objects, executables, shared libraries and static archives.
#pragma once

#include <string>
#include <vector>

#include "compiler/object/bytes.h"

namespace acc::object {

struct EmbeddedFatBinary {
    std::string member; ///< archive member, empty otherwise
    Bytes bytes;        ///< starts with the container; ends where it ends
};

/// All fat binaries in the section .nv_fatbin of a 64-bit ELF file, or of every ELF member of an
/// `ar` archive, in order. Empty when there is none. `file` must outlive the result. Throws Error
/// when the file is malformed.
std::vector<EmbeddedFatBinary> find_fat_binaries(Bytes file);

} // namespace acc::object
