// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __CUDA_ARCH__ follows -arch and -gencode in all their spellings.
// REQUIRES: accc
// RUN: accc -fdevice-syntax-only -DEXPECT=800 %s
// RUN: accc -fdevice-syntax-only -DEXPECT=750 -arch=sm_75 %s
// RUN: accc -fdevice-syntax-only -DEXPECT=860 -arch compute_86 %s
// RUN: accc -fdevice-syntax-only -DEXPECT=500 -arch=sm_35 %s
// RUN: accc -fdevice-syntax-only -DEXPECT=800 -arch=native %s
// RUN: accc -fdevice-syntax-only -DEXPECT=800 -arch=all-major %s
// RUN: accc -fdevice-syntax-only -DEXPECT=900 --gpu-architecture=sm_90a %s
// RUN: accc -fdevice-syntax-only -DEXPECT=700 -gencode arch=compute_70,code=sm_70 %s
// Of several the newest that the device (compute capability 8.0) can run; when all are newer, the oldest.
// RUN: accc -fdevice-syntax-only -DEXPECT=750 -gencode=arch=compute_60,code=sm_60 --generate-code arch=compute_75,code=[sm_75,compute_75] -gencode arch=compute_90,code=\"sm_90,compute_90\" %s
// RUN: accc -fdevice-syntax-only -DEXPECT=800 -gencode arch=compute_80,code=sm_80 -gencode arch=compute_86,code=sm_86 -gencode arch=compute_70,code=sm_70 %s
// RUN: accc -fdevice-syntax-only -DEXPECT=860 -gencode arch=compute_90,code=sm_90 -gencode arch=compute_86,code=sm_86 %s
// RUN: accc -fdevice-syntax-only -DEXPECT=1100 -arch=compute_110 %s 2>&1 | FileCheck --allow-empty --check-prefix=KNOWN %s
// RUN: accc -fdevice-syntax-only -DEXPECT=1210 -arch=sm_121 %s 2>&1 | FileCheck --allow-empty --check-prefix=KNOWN %s
// KNOWN-NOT: architectures known
// RUN: accc -fdevice-syntax-only -DEXPECT=1300 -arch=sm_130a %s 2>&1 | FileCheck --check-prefix=NEWER %s
// NEWER: note {{.*}}'sm_130a' is newer than the architectures known here (up to sm_121)
// RUN: not accc -fdevice-syntax-only -DEXPECT=550 -arch=sm_55 %s 2>&1 | FileCheck --check-prefix=NONE %s
// NONE: 'sm_55' is not an architecture
// Architectures of the past are still named by build files; what never was one is refused.
// RUN: accc -fdevice-syntax-only -DEXPECT=500 -arch=sm_30 %s 2>&1 | FileCheck --check-prefix=OLD %s
// OLD: note {{.*}}'sm_30' is older than any architecture of CUDA 12; taken as sm_50
// RUN: not accc -fdevice-syntax-only -arch=sm_42 %s 2>&1 | FileCheck --check-prefix=NEVER %s
// RUN: not accc -fdevice-syntax-only -gencode arch=compute_50,code=sm_42 %s 2>&1 | FileCheck --check-prefix=NEVER %s
// NEVER: 'sm_42' is not an architecture
// RUN: not accc -fdevice-syntax-only -gencode arch=compute_86 %s 2>&1 | FileCheck --check-prefix=FORM %s
// FORM: must have the form arch=compute_XX,code=sm_XX
// Code is made for each (the device has one instruction set).
// RUN: for arch in `accc --list-gpu-code` sm_90a sm_100f sm_110a; do accc -arch=$arch -w -cubin %s -o %t.cubin -DEXPECT=__CUDA_ARCH__ || exit 1; done
// Newer than the device: a line says so, also with -Werror all-warnings; -w leaves it out.
// RUN: accc -fdevice-syntax-only -DEXPECT=900 -arch=sm_90 -Werror all-warnings %s 2>&1 | FileCheck --check-prefix=DEVICE %s
// DEVICE: accc note    : sm_90 is newer than the device, whose compute capability is 8.0; {{.*}}__CUDA_ARCH__ 900
// RUN: accc -fdevice-syntax-only -DEXPECT=900 -arch=sm_90 -w %s 2>&1 | count 0
// RUN: accc -fdevice-syntax-only -DEXPECT=800 -arch=sm_80 %s 2>&1 | count 0
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ != EXPECT
#error wrong __CUDA_ARCH__
#endif
#if __CUDACC_VER_MAJOR__ != 12 || __CUDACC_VER_MINOR__ != 9 || !defined(__NVCC__) || !defined(__CUDACC__)
#error not like nvcc 12.9
#endif
__global__ void kernel(int* to) { *to = 1; }
