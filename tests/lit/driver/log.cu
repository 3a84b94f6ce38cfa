// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the log shows: at trace the context, the module, every call with its result, launches, copies and allocations; a
// mistaken variable is said once at any level but off; other programs' ACC_* variables are nobody's mistake.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe
// RUN: env ACC_LOG=trace %t.exe 2>&1 | FileCheck --check-prefix=TRACE %s
// RUN: not env ACC_LGO=trace ACC_MODEL_CPUS=3 ACC_CHECK=wat ACC_DEVICE_TYPE=host %t.exe 2>&1 | FileCheck --check-prefix=WRONG %s
// A program that was to be checked does not run unchecked.
// RUN: not env ACC_CHECK=wat %t.exe 2>&1 | FileCheck --check-prefix=REFUSED %s
// REFUSED: ACC_CHECK=wat is unknown; there are bounds, exact
// REFUSED: system not yet initialized
// RUN: env ACC_LOG=off ACC_LGO=trace %t.exe 2>&1 | FileCheck --allow-empty --check-prefix=OFF %s
#include <cstdio>

__global__ void kernel(int *p) { *p = 1; }

int main() {
    int *data, value = 0;
    const cudaError_t error = cudaMalloc(&data, 400);
    if (error != cudaSuccess) return puts(cudaGetErrorString(error));
    kernel<<<dim3(2, 3), 32>>>(data);
    cudaMemcpy(&value, data, 4, cudaMemcpyDeviceToHost);
    cudaMemsetAsync(data, 7, 100, 0);
    cudaDeviceSynchronize();
    cudaFree(data);
    cudaFree((void *)1);
}
// TRACE: acc: debug: a context on device 0
// TRACE: acc: trace: allocate 400 bytes of device memory at 0x[[AT:[0-9a-f]+]]
// TRACE: acc: trace: cudaMalloc: cudaSuccess
// TRACE: acc: debug: module {{.*}} 1 kernels
// TRACE: acc: trace: launch _Z6kernelPi grid (2, 3, 1) block (32, 1, 1) dynamic shared 0 stream 0
// TRACE: acc: trace: cudaLaunchKernel: cudaSuccess
// TRACE: acc: trace: copy 4 bytes to 0x{{[0-9a-f]+}} from 0x[[AT]] device to host stream 0
// TRACE: acc: trace: cudaMemcpy: cudaSuccess
// TRACE: acc: trace: fill 1 rows of 100 bytes at 0x[[AT]]
// TRACE: acc: trace: cudaDeviceSynchronize: cudaSuccess
// TRACE: acc: trace: free 400 bytes of device memory at 0x[[AT]]
// TRACE: acc: trace: cudaFree: cudaSuccess
// TRACE: acc: debug: cudaFree: {{.*}}0x1
// TRACE: acc: trace: cudaFree: cudaErrorInvalidValue
// WRONG-DAG: acc: error: the environment variable ACC_LGO is unknown; was ACC_LOG meant?
// WRONG-DAG: acc: error: the environment variable ACC_MODEL_CPUS is unknown
// WRONG-DAG: acc: error: ACC_CHECK=wat is unknown; there are bounds, exact
// WRONG-NOT: DEVICE_TYPE
// OFF-NOT: acc:
