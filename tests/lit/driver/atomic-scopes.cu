// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The plain atomics have device scope, _block and _system narrow and widen it: in the machine code, too.
// REQUIRES: accc, accdevicelib
// RUN: accc -cubin %s -o %t.cubin && accc-objdump -d %t.cubin | FileCheck %s
__global__ void kernel(int *p, float *f) {
  // CHECK: atom.global.add.b32.gpu
  atomicAdd(p, 1);
  // CHECK: atom.global.add.b32.cta
  atomicAdd_block(p, 2);
  // CHECK: atom.global.add.b32.sys
  atomicAdd_system(p, 3);
  // CHECK: atom.global.cas.b32.cta
  p[1] = atomicCAS_block(p, 1, 2);
  // CHECK: atom.global.exch.b32.gpu
  f[1] = atomicExch(f, 2.0f);
}
