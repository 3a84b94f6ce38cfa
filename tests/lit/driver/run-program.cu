// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// --run of a program that is there: what it is called does not matter, and a shell's quotes are taken off (Meson's check of the compiler).
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf "%t folder" && mkdir "%t folder" && accc %s -o "%t folder/check.exe"
// RUN: accc --run '"%t folder/check.exe"' | FileCheck %s
// RUN: accc --run '"%t folder/check.exe"' --run-args one,two | FileCheck --check-prefix=ARGUMENTS %s
// RUN: accc --dryrun --run "'%t folder/check.exe'" 2>&1 | FileCheck --check-prefix=DRY %s
// RUN: not accc '"%t folder/check.exe"' 2>&1 | FileCheck --check-prefix=UNKNOWN %s
// RUN: not accc --run %s check.exe 2>&1 | FileCheck --check-prefix=UNKNOWN %s
// CHECK: 8.0 1
// ARGUMENTS: 8.0 3
// DRY: check.exe
// DRY-NOT: 8.0
// UNKNOWN: {{(accc|nvcc)}} fatal {{.*}}Don't know what to do with '{{.*}}check.exe
#include <cstdio>

int main(int count, char**) {
    cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, 0) != cudaSuccess) return 1;
    printf("%d.%d %d\n", properties.major, properties.minor, count);
}
