// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The device library compiled for the host: the same IR, with the machine's special functions
// replaced by functions of the C library (their own error comes on top on the device, within what
// the ISA documents).
#pragma once

#include <cstdint>

namespace test {

/// Address of a function of the device library, for this process. Fails the test when there is
/// none.
void* device_function(const char* name);

template <typename Function>
Function* device(const char* name) {
    return reinterpret_cast<Function*>(device_function(name));
}

} // namespace test
