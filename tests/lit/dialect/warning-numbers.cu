// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Warnings by the numbers of NVIDIA's front end: pragmas, and options of the command line.
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -Xcompiler -Wall -c %s -o %t.o 2>&1 | FileCheck --implicit-check-not=warning: %s
// RUN: accc -arch=sm_80 -Xcompiler -Wall -diag-suppress 20014,20058 --diag-suppress=177,550,39 -c %s -o %t.o 2>&1 | count 0
// RUN: accc -arch=sm_80 -Xcompiler -Wall -Xcudafe "--diag_suppress=20014 --diag_suppress=20058" -Xcudafe --diag_suppress=divide_by_zero,--display_error_number -Xcudafe --diag_suppress=177-D -Xcudafe --diag_suppress=set_but_not_used -c %s -o %t.o 2>&1 | count 0
// RUN: not accc -arch=sm_80 -diag-error 20014 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=ERROR %s
// RUN: not accc -arch=sm_80 -Xcudafe --diag_error=39 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=DIVISION %s
// RUN: not accc -arch=sm_80 -Xcudafe --promote_warnings -c %s -o %t.o 2>&1 | FileCheck --check-prefix=PROMOTED %s
// RUN: accc -arch=sm_80 -diag-suppress 20014,20058,39 -diag-error 4711 -Xcudafe --diag_suppress=no_such_tag -Xcudafe --no_such_option -c %s -o %t.o 2>&1 | count 0
void host();
// ERROR-NOT: warning: calling
// ERROR: .cu:[[#@LINE+2]]:49: error: calling __host__ function 'host' from a __host__ __device__ function
// CHECK-DAG: .cu:[[#@LINE+1]]:49: warning: calling __host__ function 'host'
__host__ __device__ void first(bool b) { if (b) host(); }
#pragma nv_diag_suppress 20014
__host__ __device__ void second(bool b) { if (b) host(); }
#pragma nv_diag_default 20014
// ERROR: .cu:[[#@LINE+2]]:49: error: calling __host__ function 'host'
// CHECK-DAG: .cu:[[#@LINE+1]]:49: warning: calling __host__ function 'host'
__host__ __device__ void third(bool b) { if (b) host(); }
#pragma nv_diagnostic push
#pragma nv_diag_suppress 20011, 20058, declared_but_not_referenced, set_but_not_used
#pragma diag_suppress divide_by_zero
__host__ __device__ void fourth(bool b) { if (b) host(); }
__global__ void silent(int* p) {
    int unused, set;
    set = 3;
#pragma unroll
    *p = 1 / 0;
}
#pragma nv_diagnostic pop
__global__ void kernel(int* p) {
    // CHECK-DAG: .cu:[[#@LINE+2]]:9: warning: unused variable 'unused'
    // CHECK-DAG: .cu:[[#@LINE+1]]:17: warning: variable 'set' set but not used
    int unused, set;
    set = 3;
#pragma unroll
    // CHECK-DAG: .cu:[[#@LINE+4]]:5: warning: #pragma unroll is not in front of a loop
    // CHECK-DAG: .cu:[[#@LINE+3]]:12: warning: division by zero is undefined
    // DIVISION: .cu:[[#@LINE+2]]:12: error: division by zero is undefined
    // PROMOTED: error: {{.*}}
    *p = 1 / 0;
}
#pragma nv_diag_warning 177
#pragma nv_diag_once 177
#pragma nv_diag_remark 4711
#pragma nv_diag_error 4711, no_such_tag
#pragma nv_diag_suppress
