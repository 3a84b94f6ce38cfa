// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The linker step: one relocatable file of the code generator becomes a code object
// (include/acc/spec/acc_code_object.h).
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/object/bytes.h"

namespace acc::object {

/// What the code generator hands over: an ET_REL file of e_machine ACC_ELF_MACHINE with
///  - code, read-only data, data and bss in allocated sections (any names),
///  - `.acc.kernels`: an allocated section of acc_kernel_descriptor, 64-byte aligned, with a symbol
///  `K.kd` of size 64 for
///    each kernel K, a defined function. Fields are final except `name` and `entry`, which the
///    linker fills in,
///  - `.acc.params`: the acc_kernel_param records the descriptors index (not allocated),
///  - `.debug_*` sections (not allocated), relocated to image offsets,
///  - no undefined symbols: device code is linked as IR before. Sizes of shared memory etc. may be
///  absolute symbols.
/// Everything else that is not allocated is dropped. Throws Error; the text names the symbol or
/// section.
std::vector<uint8_t> link_code_object(Bytes relocatable);

} // namespace acc::object
