// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <new>

namespace acc::lib {

/// code(), which gives a status. No exception reaches the program: it becomes `no_memory` or, when
/// it is another one, `internal`.
template <class Status, class F>
Status without_exceptions(Status no_memory, Status internal, F code) {
    try {
        return code();
    } catch (const std::bad_alloc&) {
        return no_memory;
    } catch (...) {
        return internal;
    }
}

} // namespace acc::lib
