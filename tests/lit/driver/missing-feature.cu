// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A header or function of CUDA that is not there yet gets one line that says so; Thrust and CUB are Debian's, a copy that the user brings is used.
// REQUIRES: accc, accdevicelib
// RUN: rm -rf %t && mkdir -p %t/own/thrust && cd %t && echo '#define OWN_THRUST 1' > own/thrust/sort.h
// RUN: not accc -DTHRUST -c %s 2>&1 | FileCheck --check-prefix=THRUST %s
// THRUST: fatal error: 'thrust/of_no_release.h' file not found
// THRUST: note: Thrust (Debian package libthrust-dev): the installed release has no such file; or name a copy of CCCL with -I
// THRUST-NOT: note:
// RUN: accc -DOWN -Iown -c %s
// RUN: mkdir -p own/cuda/std && echo '#define OWN_COMPLEX 1' > own/cuda/std/complex
// RUN: accc -DCOMPLEX -Iown -c %s
// RUN: accc -DCOMPLEX -isystem own -c %s
// RUN: not accc -DTENSOR -c %s 2>&1 | FileCheck --check-prefix=TENSOR %s
// TENSOR: note: cuTENSOR: not in this toolkit yet
// RUN: echo '#include <nvPTXCompiler.h>' > host.cpp && not accc -c host.cpp 2>&1 | FileCheck --check-prefix=PTX %s
// PTX: note: the PTX compiler library: not in this toolkit yet
//
// Libraries that are named, and their functions.
// RUN: echo 'int main() {}' > main.cpp && not accc main.cpp -lcutensor -lnvjpeg 2>&1 | FileCheck --check-prefix=LIBRARY %s
// RUN: not accc -ccbin g++ main.cpp -lcutensor -lnvjpeg 2>&1 | FileCheck --check-prefix=LIBRARY %s
// LIBRARY: note: cuTENSOR: not in this toolkit yet
// LIBRARY: note: nvJPEG: not in this toolkit yet
// RUN: echo 'extern "C" int cutensorCreate(void*); int main() { return cutensorCreate(nullptr); }' > tensor.cpp && not accc tensor.cpp 2>&1 | FileCheck --check-prefix=FUNCTION %s
// FUNCTION: note: cuTENSOR: not in this toolkit yet
// RUN: echo 'extern "C" int cublasCreate_v2(void*); int main() { return cublasCreate_v2(nullptr); }' > blas.cpp && not accc blas.cpp 2>&1 | FileCheck --check-prefix=PRESENT %s
// PRESENT: note: cublasCreate_v2 is a function of a library: link with -lcublas
// RUN: accc main.cpp -lnvToolsExt && g++ main.cpp -L%toolkit/lib64 -lnvToolsExt
//
// What an option mends.
// RUN: echo '#include <cuda.h>' > driver.cu && echo 'int main() { return cuInit(0); }' >> driver.cu
// RUN: not accc driver.cu 2>&1 | FileCheck --check-prefix=DRIVER %s
// RUN: not accc -ccbin g++ driver.cu 2>&1 | FileCheck --check-prefix=DRIVER %s
// DRIVER: note: functions of the driver API (cu...) are in libcuda: link with -lcuda
// RUN: accc driver.cu -lcuda
//
// Functions of the host in device code.
// RUN: not accc -DHOST -c %s 2>&1 | FileCheck --check-prefix=HOST %s
// HOST: error: no matching function for call to 'host_only'
// HOST: note: device code calls only functions marked __device__
//
// Other missing files and names get no such line.
// RUN: echo 'void cudaMine(); void cuMine(int); int main() { cudaMine(); cuMine(1); }' > mine.cpp && not accc mine.cpp 2>&1 | FileCheck --check-prefix=MINE %s
// MINE-NOT: note:
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
#ifdef TENSOR
#include <cutensor.h>
#endif
#ifdef OTHER
#include "nowhere.h"
#endif
#ifdef HOST
int host_only(int x) { return x; }
__global__ void kernel(int* p) { *p = host_only(*p); }
#endif
