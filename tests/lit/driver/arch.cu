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
// RUN: accc -fdevice-syntax-only -DEXPECT=860 -gencode=arch=compute_60,code=sm_60 --generate-code arch=compute_86,code=[sm_86,compute_86] -gencode arch=compute_90,code=\"sm_90,compute_90\" %s
// RUN: not accc -fdevice-syntax-only -gencode arch=compute_86 %s 2>&1 | FileCheck --check-prefix=FORM %s
// FORM: must have the form arch=compute_XX,code=sm_XX
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ != EXPECT
#error wrong __CUDA_ARCH__
#endif
#if __CUDACC_VER_MAJOR__ != 12 || __CUDACC_VER_MINOR__ != 9 || !defined(__NVCC__) || !defined(__CUDACC__)
#error not like nvcc 12.9
#endif
