// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUDA device IR → IR that the acc backend selects. The contract with the backend: README.md.
#pragma once

#include "compiler/frontend/Options.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace llvm {
class TargetMachine;
}

namespace acc::frontend {

/// First half, for one translation unit: everything that depends on its options or needs the IR as
/// clang wrote it. After it, modules of different units can be linked. Errors are reported through
/// the module's LLVMContext.
void prepare_module(llvm::Module& module, llvm::TargetMachine& machine, const DeviceFlags& flags);

/// Links the functions of the device library (bitcode) that the module needs.
llvm::Error link_device_library(llvm::Module& module, llvm::MemoryBufferRef library);

/// Second half, for the whole device program: hides everything but kernels and exported variables,
/// lowers and optimises.
void finish_module(llvm::Module& module, llvm::TargetMachine& machine, const DeviceFlags& flags);

/// Instead of all that: a unit as clang wrote it becomes what LLVM's backend for PTX (`machine`)
/// takes. Asm statements stay as they are. `relocatable`: other modules may use its functions.
llvm::Error make_ptx_module(llvm::Module& module, llvm::TargetMachine& machine,
                            const DeviceFlags& flags, bool relocatable,
                            llvm::MemoryBufferRef library);

} // namespace acc::frontend
