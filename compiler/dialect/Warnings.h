// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The warnings of the plugin. They are numbered as NVIDIA's front end numbers its own, which is how
// programs and command lines name those that they do not want (DiagnosticControl).
#pragma once

#include "compiler/dialect/Dialect.h"

#include "llvm/ADT/SmallVector.h"

namespace clang {
class NamedDecl;
} // namespace clang

namespace acc::dialect {

enum class Warning {
    HostCall,
    DeviceThenBoth,
    DeviceThenHost,
    DeviceInstantiated,
    HostThenDevice,
    HostThenBoth,
    ExternDefinition,
    SharedConstructor,
    UnrollWithoutLoop,
    UnrollNotPositive,
    UnrollTooLarge,
    JumpPastInitialization,
    ImplicitInt,
    HostRead,
    HostWrite,
};

/// Which side of a compilation comes to see what a warning is about. When both do, the host's says
/// it.
enum class Finder { Device, Both };

/// Reports `warning` with the name of `what`, unless warnings are switched off.
void warn(clang::DiagnosticsEngine& engine, const Options& options, clang::SourceLocation place,
          Warning warning, Finder finder, const clang::NamedDecl* what = nullptr);

/// What clang knows the warnings with this number by; empty: none of ours has it.
llvm::SmallVector<unsigned, 2> warnings_of(clang::DiagnosticsEngine& engine, unsigned number);

} // namespace acc::dialect
