/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the generated stubs of functions that are not there call (scripts/gen/library_names.py). C.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/** Logs once for each `said` (false at first) that `library` has no `name`; gives `status`. */
__attribute__((visibility("hidden"))) int
acc_library_unsupported(const char* library, const char* name, int status, int* said);

#ifdef __cplusplus
}
#endif
