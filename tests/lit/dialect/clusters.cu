// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this for sm_90 and refuses it for sm_80. The size stands in the kernel's descriptor, also of a template.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_90 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=NOTE %s --implicit-check-not=error
// RUN: accc-objdump -k -C %t.o | FileCheck --check-prefix=SIZE %s
// SIZE: k(int*)
// SIZE: clusters of 2 x 1 x 1 blocks
// SIZE: void m<2>(int*)
// SIZE: clusters of 2 x 1 x 1 blocks
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// NOTE: sm_90 is newer than the device
// CHECK: .cu:[[#@LINE+1]]:12: error: 'cluster_dims' is not supported for this GPU architecture
__global__ __cluster_dims__(2, 1, 1) void k(int* p) { p[blockIdx.x] = 1; }
#if __CUDA_ARCH__ >= 900 || !defined(__CUDA_ARCH__)
__global__ void __cluster_dims__() l(int* p) { p[blockIdx.x] = 1; }
template <int N> __global__ void __cluster_dims__(N) __launch_bounds__(128) m(int* p) { p[0] = N; }
void use(int* p) {
    k<<<4, 1>>>(p);
    m<2><<<4, 1>>>(p);
}
#endif
