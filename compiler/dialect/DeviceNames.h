// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host code that names functions of the device. To nvcc a __device__ function has a host side as
// well, which ends the program: its address, its type and what templates do with it are good, and
// only a call that host code outside of templates writes down is an error. To clang a host function
// does not see it.
//   * Unevaluated operands (decltype(f(1)), sizeof f(1)) and the bodies of templates are read as if
//     the function belonged to both sides; what clang then says goes to HostCalls.
//   * The host's object finds the function under the name __acc_no_host_code
//     (include/cuda/acc_impl/device_runtime.h).
#pragma once

#include "clang/AST/Decl.h"

namespace clang {
class Sema;
class Token;
} // namespace clang

namespace acc::dialect {

class DeviceNames {
  public:
    void set_sema(clang::Sema* sema);

    /// At each token on its way to the parser: whether it belongs to an unevaluated operand.
    void see(const clang::Token& token);

    /// Before the code generator sees it: what the host's code calls the functions named in there.
    void see(clang::Decl& declaration) const;

  private:
    clang::Sema* sema_ = nullptr;
    clang::FunctionDecl* operand_of_ = nullptr; ///< the function whose operand is being read
    clang::FunctionDecl* lent_ = nullptr;       ///< the same, while it is on both sides
    int depth_ = 0;                             ///< of brackets in the operand
    bool opens_ = false;                        ///< the last token was an opening bracket
};

/// What the host's code calls `function`.
void name_for_host(clang::FunctionDecl& function);

} // namespace acc::dialect
