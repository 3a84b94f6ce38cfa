// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lambdas of host functions. To clang a lambda without a side belongs to both, and what it may not
// do on the device is an error once the device gets to it by calls. Through a host function the
// device does not get anywhere: such a call stops the kernel (HostCalls).
#pragma once

#include "clang/Basic/Diagnostic.h"

namespace clang {
class Sema;
} // namespace clang

namespace acc::dialect {

class HostLambdas {
  public:
    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// Whether clang says this of code that the device would reach through a host function only.
    bool holds(const clang::Diagnostic& info) const;

  private:
    clang::Sema* sema_ = nullptr;
};

} // namespace acc::dialect
