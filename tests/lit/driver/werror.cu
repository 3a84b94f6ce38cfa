// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -Werror kinds: a warning of that kind is an error, status 1, no object; others stay warnings.
// REQUIRES: accc, accdevicelib
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -DWARN -c %s -o ok.o 2>&1 | FileCheck --check-prefix=WARNING %s
// WARNING: werror.cu:[[#]]:{{[0-9]+}}: warning: look here
// RUN: ls ok.o
// RUN: not accc -DWARN -Werror all-warnings -c %s -o bad.o 2>&1 | FileCheck --check-prefix=ERROR %s
// ERROR: werror.cu:[[#]]:{{[0-9]+}}: error: look here
// RUN: not ls bad.o
// RUN: not accc -DWARN --Werror=all-warnings -cubin %s -o bad.cubin
// RUN: accc -Werror all-warnings -c %s -o ok.o
// RUN: accc -DWARN -Werror reorder -c %s -o ok.o
// RUN: accc -DREORDER -c %s -o ok.o && not accc -DREORDER -Werror reorder -c %s -o bad.o
// RUN: accc -DDEPRECATED -c %s -o ok.o && not accc -DDEPRECATED -Werror=deprecated-declarations -c %s -o bad.o
// RUN: accc -Werror cross-execution-space-call,default-stream-launch,missing-launch-bounds,ext-lambda-captures-this -c %s -o ok.o
// RUN: not accc -Werror nonsense -c %s 2>&1 | FileCheck --check-prefix=KIND %s
// KIND: '-Werror': unknown kind 'nonsense'; known: all-warnings
// Warnings of the dialect's plugin, too.
// RUN: accc -DDIALECT -c %s -o ok.o && not accc -DDIALECT -Werror all-warnings -c %s -o bad.o 2>&1 | FileCheck --check-prefix=DIALECT %s
// DIALECT: error: without -rdc, extern variable 'later' of the device
// RUN: not ls bad.o
// RUN: accc -DDIALECT -Werror all-warnings -diag-suppress 20044 -c %s -o ok.o
__global__ void kernel(int* p) { *p = 1; }
#ifdef DIALECT
extern __device__ int later;
__device__ int use() { return later; }
#endif
#ifdef WARN
#warning look here
#endif
#ifdef REORDER
struct S {
  int a, b;
  S() : b(1), a(2) {}
};
int reordered() { return S().a; }
#endif
#ifdef DEPRECATED
[[deprecated]] int old();
int caller() { return old(); }
#endif
