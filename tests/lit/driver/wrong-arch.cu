// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An executable whose fat binary holds nothing for this device: the documented error, and a message that says what is there.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe
// RUN: /usr/bin/python3 -c "import sys; d = bytearray(open(sys.argv[1], 'rb').read()); at = d.index(b'ACCAFBIN') + 40 + 4; d[at] = 9; open(sys.argv[1], 'wb').write(d)" %t.exe
// RUN: %t.exe 2>&1 | FileCheck %s
#include <cstdio>

__global__ void nothing() {}

int main() {
    nothing<<<1, 1>>>();
    cudaError_t error = cudaGetLastError();
    std::fflush(stderr);
    std::printf("error %d: %s\n", int(error), cudaGetErrorName(error));
}
// CHECK: no code object for architecture 1; it holds: code object for architecture 9. Recompile the program with accc
// CHECK: error 209: cudaErrorNoKernelImageForDevice
