/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Names of C++ in device code, as their authors wrote them: libcufilt.a. */
#pragma once

#include <stddef.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* The text of the mangled name `id`, in `output_buffer` (null, or from malloc, with its size in
 * `length`; made larger as needed), which the caller frees. `status`, if not null: 0; -1, there is
 * no memory; -2, `id` is not a mangled name; -3, an argument is wrong. Null unless it is 0. */
char* __cu_demangle(const char* id, char* output_buffer, size_t* length, int* status);

#if defined(__cplusplus)
}
#endif
