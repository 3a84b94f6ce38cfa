// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -ptx: instructions of the machine behind the headers become those of PTX; compiled again they are
// the same. What PTX has no instruction for is a call of an extern function of that name.
// REQUIRES: accc, accdevicelib, accc-objdump
// RUN: accc -ptx -arch=sm_80 %s -o %t.ptx && FileCheck %s < %t.ptx
// RUN: accc -cubin %t.ptx -o %t.cubin && accc-objdump -d %t.cubin | FileCheck --check-prefix=CODE %s
#include <cooperative_groups.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

// CHECK: .extern .func {{.*}}__acc_bar_grid
// CHECK-LABEL: .entry halves(
// CHECK-DAG: add.rn.f16 r0, r1, r2;
// CHECK-DAG: fma.rn.f16x2 {{%r[0-9]+, %r[0-9]+, %r[0-9]+, %r[0-9]+;}}
// CHECK-DAG: sub.rn.sat.f16x2
// CODE-LABEL: <halves>:
// CODE-DAG: hadd.f16
// CODE-DAG: hfma.f16x2
// CODE-DAG: hadd.f16x2.sat.nb
extern "C" __global__ void halves(half* a, half2* b) {
    a[0] = a[1] + a[2];
    b[0] = __hfma2(b[1], b[2], b[3]);
    b[4] = __hsub2_sat(b[5], b[6]);
}

// CHECK-LABEL: .entry bfloats(
// CHECK: fma.rn.bf16x2
// CODE-LABEL: <bfloats>:
// CODE: hfma.bf16x2
extern "C" __global__ void bfloats(__nv_bfloat162* b) {
    b[0] = __hmul2(b[1], b[2]);
}

// CHECK-LABEL: .entry lanes(
// CHECK-DAG: vadd4.u32.u32.u32.sat
// CHECK-DAG: vabsdiff2.u32.s32.s32.add
// CHECK-DAG: vset4.s32.s32.ge
// CHECK-DAG: dp4a.s32.s32
// CODE-LABEL: <lanes>:
// CODE-DAG: vadd.x4.u.sat
// CODE-DAG: vsad.x2.s
// CODE-DAG: vset.x4.s.ge
// CODE-DAG: dp4a
extern "C" __global__ void lanes(unsigned* p) {
    p[0] = __vaddus4(p[1], p[2]);
    p[3] = __vsads2(p[4], p[5]);
    p[6] = __vcmpges4(p[7], p[8]);
    p[9] = __dp4a((int)p[10], (int)p[11], 3);
}

// CHECK-LABEL: .entry grid(
// CHECK: __acc_bar_grid
// CODE-LABEL: <grid>:
// CODE: bar.grid
extern "C" __global__ void grid() {
    cooperative_groups::this_grid().sync();
}
