// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host function called in a __host__ __device__ function: a warning, once, at the call; an error
// when asked for, and in device functions.
// REQUIRES: accc, accdevicelib
// RUN: accc -c %s -o %t.o 2>&1 | FileCheck --check-prefix=WARN %s
// RUN: accc -w -c %s -o %t.o 2>&1 | FileCheck --allow-empty --check-prefix=QUIET %s
// RUN: not accc -Werror cross-execution-space-call -c %s -o %t.o 2>&1 | FileCheck --check-prefix=STRICT %s
// RUN: not accc -DDEVICE -c %s -o %t.o 2>&1 | FileCheck --check-prefix=DEVICE %s
// QUIET-NOT: warning

int host(int x);
__host__ __device__ int both(int x) {
    // WARN: host-calls.cu:[[#@LINE+3]]:24: warning: calling __host__ function 'host' from a __host__ __device__ function; on the device this call stops the kernel [#20014-D]
    // WARN-NOT: warning: calling
    // STRICT: host-calls.cu:[[#@LINE+1]]:24: error: reference to __host__ function 'host' in __host__ __device__ function
    return x < 0 ? x : host(x);
}
__global__ void kernel(int* p) {
    *p = both(*p);
#ifdef DEVICE
    // DEVICE: host-calls.cu:[[#@LINE+1]]:10: error: no matching function for call to 'host'
    *p = host(*p);
#endif
}
