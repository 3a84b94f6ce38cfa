// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -c: a host object with the fat binary in it; -cubin and -fatbin: device code alone.
// REQUIRES: accc, accdevicelib
// RUN: accc -c %s -o %t.o
// RUN: llvm-readelf -S %t.o | FileCheck --check-prefix=SECTIONS %s
// SECTIONS-DAG: .nv_fatbin
// SECTIONS-DAG: .nvFatBinSegment
// RUN: llvm-readelf -x .nv_fatbin %t.o | FileCheck --check-prefix=MAGIC %s
// MAGIC: ACCAFBIN
// RUN: llvm-nm %t.o | FileCheck --check-prefix=SYMBOLS %s
// SYMBOLS: U __cudaRegisterFatBinary
// SYMBOLS: U __cudaRegisterFunction
// RUN: accc -cubin %s -o %t.cubin
// RUN: llvm-readelf -h -S --dyn-syms %t.cubin | FileCheck --check-prefix=CUBIN %s
// CUBIN: Type: DYN
// CUBIN: .acc.kernels
// CUBIN: kernel
// RUN: accc -fatbin %s -o %t.fatbin
// RUN: head -c 8 %t.fatbin | FileCheck --check-prefix=FATBIN %s
// FATBIN: ACCAFBIN
// The output depends on the input alone.
// RUN: accc -c %s -o %t.again.o
// RUN: cmp %t.o %t.again.o
extern "C" __global__ void kernel(int* p) { *p = 1; }
void launch(int* p) { kernel<<<1, 1>>>(p); }
