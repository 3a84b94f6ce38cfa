// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SIMD-in-a-word functions and dot products are one instruction each.
// REQUIRES: accc, accc-objdump
// RUN: accc -cubin %s -o %t.cubin && accc-objdump -d %t.cubin | FileCheck %s
// CHECK-LABEL: <words>:
// CHECK-DAG: dp4a.s8.sb
// CHECK-DAG: dp4a.u8.ub
// CHECK-DAG: dp2a.s8.sb.hi
// CHECK-DAG: vadd.x4.u r
// CHECK-DAG: vadd.x2.s.sat r
// CHECK-DAG: vsub.x4.u.sat r
// CHECK-DAG: vavg.x4.u.up r
// CHECK-DAG: vabsdiff.x4.u r
// CHECK-DAG: vmax.x2.s r
// CHECK-DAG: vmin.x4.u r
// CHECK-DAG: vabs.x2.s.sat r
// CHECK-DAG: vneg.x4.s r
// CHECK-DAG: vset.x4.u.lt.mask r
// CHECK-DAG: vset.x2.s.ge.one r
// CHECK-DAG: vsad.x4.u r
// CHECK: exit
extern "C" __global__ void words(const unsigned* in, unsigned* out) {
    unsigned a = in[0], b = in[1], c = in[2];
    out[0] = __dp4a((int)a, (int)b, (int)c), out[1] = __dp4a(a, b, c), out[2] = __dp2a_hi((int)a, (int)b, (int)c);
    out[3] = __vadd4(a, b), out[4] = __vaddss2(a, b), out[5] = __vsubus4(a, b), out[6] = __vavgu4(a, b);
    out[7] = __vabsdiffu4(a, b), out[8] = __vmaxs2(a, b), out[9] = __vminu4(a, b), out[10] = __vabsss2(a);
    out[11] = __vneg4(a), out[12] = __vcmpltu4(a, b), out[13] = __vsetges2(a, b), out[14] = __vsadu4(a, b);
}
