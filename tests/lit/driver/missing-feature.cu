// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A header or function of CUDA that is not there yet gets one line that says so; Thrust and CUB are Debian's, a copy that the user brings is used.
// REQUIRES: accc, accdevicelib
// RUN: rm -rf %t && mkdir -p %t/own/thrust && cd %t && echo '#define OWN_THRUST 1' > own/thrust/sort.h
// RUN: not accc -DTHRUST -c %s 2>&1 | FileCheck --check-prefix=THRUST %s
// THRUST: fatal error: 'thrust/of_no_release.h' file not found
// THRUST: note: Thrust (Debian package libthrust-dev): not installed; or name a copy of CCCL with -I
// THRUST-NOT: note:
// RUN: accc -DOWN -Iown -c %s
// RUN: mkdir -p own/cuda/std && echo '#define OWN_COMPLEX 1' > own/cuda/std/complex
// RUN: accc -DCOMPLEX -Iown -c %s
// RUN: accc -DCOMPLEX -isystem own -c %s
// RUN: not accc -DBLAS -c %s 2>&1 | FileCheck --check-prefix=BLAS %s
// BLAS: note: cuBLAS: not in this toolkit yet
// RUN: not accc -DWMMA -c %s 2>&1 | FileCheck --check-prefix=WMMA %s
// WMMA: note: warp matrix functions (nvcuda::wmma): not in this toolkit yet
// RUN: not accc -DTEXTURE -c %s 2>&1 | FileCheck --check-prefix=TEXTURE %s
// TEXTURE: note: texture functions: not in this toolkit yet
// RUN: echo '#include <nvrtc.h>' > host.cpp && not accc -c host.cpp 2>&1 | FileCheck --check-prefix=NVRTC %s
// NVRTC: note: run-time compilation (NVRTC): not in this toolkit yet
// Other missing files and names get no such line.
// RUN: not accc -DOTHER -c %s 2>&1 | FileCheck --check-prefix=OTHER %s
// OTHER: 'nowhere.h' file not found
// OTHER-NOT: not in this toolkit yet
#ifdef THRUST
#include <thrust/of_no_release.h>
#endif
#ifdef OWN
#include <thrust/sort.h>
#ifndef OWN_THRUST
#error not the user's own
#endif
#endif
#ifdef COMPLEX
#include <cuda/std/complex>
#ifndef OWN_COMPLEX
#error not the user's own
#endif
#endif
#ifdef BLAS
#include <cublas_v2.h>
#endif
#ifdef WMMA
#include <mma.h>
#endif
#ifdef OTHER
#include "nowhere.h"
#endif
#ifdef TEXTURE
__global__ void kernel(cudaTextureObject_t t, float* p) { *p = tex2D<float>(t, 0.0f, 0.0f); }
#endif
