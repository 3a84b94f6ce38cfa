// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Classes as variable arguments on the device: f(n, make_float4(…)).
#pragma once

namespace clang {
class CallExpr;
class Sema;
} // namespace clang

namespace acc::dialect {

/// clang hands such an argument over member by member, each where its own alignment puts it, which
/// forgets the class's alignment and what is unused behind its last member; va_arg reads a whole
/// object. Passes it as an array of words as large and as aligned as the class instead.
void keep_layout_of_variable_arguments(clang::Sema& sema, clang::CallExpr& call);

} // namespace acc::dialect
