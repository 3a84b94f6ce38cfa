// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which limit of the process stops the device model, its value, and how to raise it.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe
// RUN: env ACC_BACKEND=model bash -c "ulimit -v 8000000; %t.exe" 2>&1 | FileCheck --check-prefix=SPACE %s
// RUN: env ACC_BACKEND=model bash -c "ulimit -f 1000; %t.exe" 2>&1 | FileCheck --check-prefix=FILE %s
#include <cstdio>

int main() {
    void *memory;
    std::printf("error %d\n", int(cudaMalloc(&memory, 4)));
}
// SPACE: acc: error: cudaMalloc: {{.*}}address space (RLIMIT_AS) is 8192000000 bytes: raise it (`ulimit -v unlimited`)
// SPACE: error 802
// FILE: acc: error: cudaMalloc: {{.*}}file size (RLIMIT_FSIZE) is 1024000 bytes: raise it (`ulimit -f unlimited`)
// FILE: error 802
