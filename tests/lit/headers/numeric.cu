// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Directed roundings and conversions are nvvm intrinsics; round-to-nearest operations are plain and not contractible.
// RUN: %cuda_device -O1 %s -o - | FileCheck %s

// CHECK-LABEL: define{{.*}} @nearest
extern "C" __device__ float nearest(float a, float b, float c) {
    // CHECK: fmul float
    // CHECK: fadd float
    // CHECK-NOT: contract
    // CHECK: ret float
    return __fadd_rn(__fmul_rn(a, b), c);
}

// CHECK-LABEL: define{{.*}} @contractible
extern "C" __device__ float contractible(float a, float b, float c) {
    // CHECK: fmul contract float
    // CHECK: fadd contract float
    return a * b + c;
}

// CHECK-LABEL: define{{.*}} @directed
extern "C" __device__ void directed(float *f, double *d) {
    // CHECK: @llvm.nvvm.add.rz.f(
    f[0] = __fadd_rz(f[1], f[2]);
    // CHECK: @llvm.nvvm.add.rp.f(
    f[3] = __fsub_ru(f[1], f[2]);
    // CHECK: @llvm.nvvm.mul.rm.d(
    d[0] = __dmul_rd(d[1], d[2]);
    // CHECK: @llvm.nvvm.div.rp.f(
    f[4] = __fdiv_ru(f[1], f[2]);
    // CHECK: @llvm.nvvm.sqrt.rz.d(
    d[3] = __dsqrt_rz(d[1]);
    // CHECK: @llvm.nvvm.fma.rm.f(
    f[5] = __fmaf_rd(f[1], f[2], f[3]);
    // CHECK: @llvm.fma.f64(
    d[4] = __fma_rn(d[1], d[2], d[3]);
    // CHECK: @llvm.nvvm.sqrt.rn.f(
    f[6] = __fsqrt_rn(f[1]);
}

// CHECK-LABEL: define{{.*}} @conversions
extern "C" __device__ void conversions(float f, double d, int i, unsigned long long u, int *out, float *fout) {
    // CHECK: @llvm.nvvm.f2i.rn(
    out[0] = __float2int_rn(f);
    // CHECK: @llvm.nvvm.d2ui.rz(
    out[1] = __double2uint_rz(d);
    // CHECK: @llvm.nvvm.f2ll.rm(
    out[2] = __float2ll_rd(f);
    // CHECK: sitofp i32 %{{.*}} to float
    fout[0] = __int2float_rn(i);
    // CHECK: @llvm.nvvm.ull2f.rp(
    fout[1] = __ull2float_ru(u);
    // CHECK: fptrunc {{.*}}double %{{.*}} to float
    fout[2] = __double2float_rn(d);
}

// CHECK-LABEL: define{{.*}} @bits
extern "C" __device__ int bits(unsigned x, unsigned long long y) {
    // CHECK: @llvm.ctlz.i32(i32 %{{.*}}, i1 false)
    int r = __clz(x);
    // CHECK: @llvm.ctpop.i64(
    r += __popcll(y);
    // CHECK: @llvm.cttz.i32(
    r += __ffs(x);
    // CHECK: @llvm.bitreverse.i32(
    r += __brev(x);
    // CHECK: @llvm.nvvm.prmt(
    r += __byte_perm(x, r, 0x3210);
    // CHECK: @llvm.fshl.i32(
    r += __funnelshift_l(x, r, 5);
    return r;
}

// CHECK-LABEL: define{{.*}} @fast
extern "C" __device__ float fast(float x) {
    // CHECK: @__nv_fast_expf(
    // CHECK: @__nv_fast_sinf(
    // CHECK: @__nv_fast_fdividef(
    // CHECK: @__nv_saturatef(
    return __saturatef(__fdividef(__sinf(__expf(x)), x));
}
