// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs that share memory with OpenGL compile; the functions say that they are not supported.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc -I%S/Inputs/gl %s -o %t && %t 2>&1 | FileCheck %s
#include <cuda_gl_interop.h>
#include <cstdio>
__global__ void k(float* p) { *p = 1; }
int main() {
    GLuint buffer = 1, image = 2;
    GLenum target = 0x0DE1;
    cudaGraphicsResource* resource = nullptr;
    // CHECK-DAG: cudaGraphicsGLRegisterBuffer is not supported
    // CHECK-DAG: operation not supported
    puts(cudaGetErrorString(
        cudaGraphicsGLRegisterBuffer(&resource, buffer, cudaGraphicsMapFlagsWriteDiscard)));
    // CHECK-DAG: cudaGraphicsGLRegisterImage is not supported
    cudaGraphicsGLRegisterImage(&resource, image, target, cudaGraphicsRegisterFlagsReadOnly);
    unsigned devices = 0;
    int device = 0;
    // CHECK-DAG: cudaGLGetDevices is not supported
    cudaGLGetDevices(&devices, &device, 1, cudaGLDeviceListAll);
}
