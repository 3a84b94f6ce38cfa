// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

/// Before the definition of a function of a public header: it is seen outside of the library.
/// (Without the prototype's name in the header the export map hides it all the same.)
#define ACC_LIBRARY_API extern "C" __attribute__((visibility("default")))
