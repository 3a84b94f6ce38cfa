// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which section of the code object a global goes to.
#pragma once

#include "llvm/CodeGen/TargetLoweringObjectFileImpl.h"

namespace llvm {

class ACCObjectFile : public TargetLoweringObjectFileELF {
public:
  /// __constant__ variables go to `.constant`, among the writable data: kernels only read them, but the
  /// program writes them with copies and fills that the device carries out, and through their address.
  /// Literals stay in
  /// `.rodata`, next to the kernel descriptors, which nobody may write.
  MCSection *SelectSectionForGlobal(const GlobalObject *Object, SectionKind Kind,
                                    const TargetMachine &Machine) const override;
};

} // namespace llvm
