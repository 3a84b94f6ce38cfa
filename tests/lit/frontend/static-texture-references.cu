// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The runtime binds references by name: static ones, and those of unnamed namespaces, stay variables of the code object.
// REQUIRES: accc, accdevicelib
// RUN: accc -c -arch=sm_80 %s -o %t.o && accc-objdump -t %t.o | FileCheck %s
// CHECK-DAG: 8 variable _ZL5plain
// CHECK-DAG: 8 variable _ZN12_GLOBAL__N_17unnamedE
// CHECK-DAG: 8 variable _ZL6canvas
// CHECK-NOT: unused
static texture<float, 2> plain;
static texture<float, 2> unused;
static surface<void, 2> canvas;
namespace {
texture<int, 1> unnamed;
}

__global__ void fetch(float* out) {
    out[0] = tex2D(plain, 1.f, 1.f) + tex1Dfetch(unnamed, 3);
    surf2Dwrite(1.f, canvas, 0, 0);
}
