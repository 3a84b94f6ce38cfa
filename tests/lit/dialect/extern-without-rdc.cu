// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// Without -rdc an extern variable of the device is a definition, of this file's own on the host.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: llvm-nm %t.o | FileCheck --check-prefix=HOST %s
// RUN: accc -arch=sm_80 -cubin %s -o %t.cubin -w && llvm-readelf -s %t.cubin | FileCheck --check-prefix=DEVICE %s
// With -rdc another file has them.
// RUN: accc -arch=sm_80 -rdc=true -Werror all-warnings -c %s -o %t.o
// CHECK: [[#@LINE+9]]:29: warning: without -rdc, extern variable 'dc' of the device is taken for a definition of this file's own [#20044-D]
// CHECK: [[#@LINE+9]]:23: warning: {{.*}}'ed'{{.*}}[#20044-D]
// CHECK: [[#@LINE+9]]:27: warning: {{.*}}'ef'{{.*}}[#20044-D]
// HOST-DAG: b dc
// HOST-DAG: b ed
// HOST-DAG: b ef
// DEVICE-DAG: 16 OBJECT  GLOBAL {{.*}} dc
// DEVICE-DAG: 4 OBJECT  GLOBAL {{.*}} ed
// DEVICE-DAG: 8 OBJECT  GLOBAL {{.*}} ef
extern "C" __constant__ int dc[4];
extern __device__ int ed;
extern __constant__ float ef[2];
extern __device__ int unused;
__global__ void k(int* o) { *o = dc[2] + ed + (int)ef[1]; }
int main() {
    int v[4] = {1, 2, 30, 4};
    return cudaMemcpyToSymbol(dc, v, 16);
}
