// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Errors in device code: once, with file, line and column; status 1; no object.
// REQUIRES: accc, accdevicelib
// RUN: rm -f %t.o
// RUN: not accc -DSYNTAX -c %s -o %t.o > %t.txt 2>&1
// RUN: FileCheck --check-prefix=SYNTAX %s < %t.txt
// RUN: not ls %t.o
// RUN: not accc -DUNDEFINED -c %s -o %t.o 2>&1 | FileCheck --check-prefix=UNDEFINED %s
// RUN: not accc -DPTX -c %s -o %t.o 2>&1 | FileCheck --check-prefix=PTX %s
// RUN: not accc -DHOST -c %s -o %t.o 2>&1 | FileCheck --check-prefix=HOST %s
// RUN: not ls %t.o

__device__ int elsewhere(int);
__global__ void kernel(int* p) {
#ifdef SYNTAX
  // SYNTAX: diagnostics.cu:[[#@LINE+2]]:8: error: use of undeclared identifier 'missing'
  // SYNTAX-NOT: undeclared identifier
  *p = missing;
#endif
#ifdef UNDEFINED
  // UNDEFINED: diagnostics.cu:[[#@LINE+1]]:{{[0-9]+}}: error: device function 'elsewhere(int)' is used but not defined {{.*}}-rdc=true{{.*}}, in function 'kernel(int*)'
  *p = elsewhere(1);
#endif
#ifdef PTX
  // PTX: diagnostics.cu:[[#@LINE+1]]:{{[0-9]+}}: error: inline PTX 'frobnicate.b32 %0, 1': instruction 'frobnicate' is not supported
  asm("frobnicate.b32 %0, 1;" : "=r"(*p));
#endif
}
#ifdef HOST
// HOST: diagnostics.cu:[[#@LINE+1]]:21: error: use of undeclared identifier 'nowhere'
int host() { return nowhere; }
#endif
