// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libcufilt.a: device code is mangled as the host's C++ is.
#include <cxxabi.h>

#include "nv_decode.h"

extern "C" char* __cu_demangle(const char* id, char* output_buffer, size_t* length, int* status) {
    return abi::__cxa_demangle(id, output_buffer, length, status);
}
