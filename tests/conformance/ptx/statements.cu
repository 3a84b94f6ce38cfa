// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an asm statement promises: volatile, "memory", and that exit, trap and brkpt keep what was
// stored before. Each kernel ends only if its loads are repeated; the test's time limit catches
// those that do not.
#include "ptx.h"

__device__ void signal_later(int* flag) {
    __nanosleep(100000);
    atomicExch(flag, 7);
}

template <int Kind>
__device__ int poll(int* flag) {
    int v = 0;
    if (Kind == 0) asm volatile("ld.global.cg.s32 %0, [%1];" : "=r"(v) : "l"(flag) : "memory");
    if (Kind == 1) asm volatile("ld.volatile.global.s32 %0, [%1];" : "=r"(v) : "l"(flag));
    if (Kind == 2) asm volatile("ld.global.s32 %0, [%1];" : "=r"(v) : "l"(flag));
    if (Kind == 3) asm volatile("ld.relaxed.gpu.global.s32 %0, [%1];" : "=r"(v) : "l"(flag));
    if (Kind == 4) asm("ld.global.cv.s32 %0, [%1];" : "=r"(v) : "l"(flag));
    if (Kind == 5) asm("ld.acquire.gpu.s32 %0, [%1];" : "=r"(v) : "l"(flag));
    if (Kind == 6) {
        asm volatile("" ::: "memory");
        v = *flag;
    }
    if (Kind == 7) {
        v = *flag;
        asm("mov.b32 %0, %0;" : "+r"(v)::"memory");
    }
    if (Kind == 8) asm volatile("ld.volatile.global.v2.s32 {%0, _}, [%1];" : "=r"(v) : "l"(flag));
    return v;
}

template <int Kind>
__global__ void spin(int* flag, int* out) {
    if (blockIdx.x != 0) return signal_later(flag);
    int v;
    do
        v = poll<Kind>(flag);
    while (v == 0);
    *out = v;
}

template <int Kind>
void check_spin() {
    Buffer<int> flag(2, 0), out(1, 0);
    spin<Kind><<<2, 1>>>(flag.device(), out.device());
    SYNC();
    EXPECT(out.download()[0] == 7, "polling, kind %d", Kind);
}

/// The barrier orders what the compiler may do with both variables of another thread.
__global__ void compiler_barrier(int* p, int* seen) {
    if (threadIdx.x == 0) {
        p[0] = 1;
        asm volatile("" ::: "memory");
        p[0] = 2;
        asm volatile("" ::: "memory");
        seen[0] = p[0];
        p[0] = 3;
    }
}

/// Clocks are read where they stand.
__global__ void clocks(long long* out, const int* in) {
    long long before, after;
    int sum = 0;
    asm volatile("mov.u64 %0, %%clock64;" : "=l"(before)::"memory");
    for (int i = 0; i < 64; ++i)
        sum += in[i];
    asm volatile("mov.u64 %0, %%clock64;" : "=l"(after)::"memory");
    out[0] = after - before;
    out[1] = sum;
}

/// A value that nobody knows is computed with all the same.
__global__ void hidden(int* out) {
    int x = 41, y = 1;
    asm volatile("" : "+r"(x));
    asm volatile("" : "+r"(y) : "r"(x));
    float f = 2.5f;
    double d = 0.5;
    long long l = 1ll << 40;
    unsigned short h = 9;
    asm volatile("" : "+f"(f), "+d"(d), "+l"(l), "+h"(h));
    out[0] = x + y;
    out[1] = (int)(f * 2) + (int)(d * 4) + (int)(l >> 40) + h;
    for (int i = 0; i < 5; ++i)
        asm volatile("add.s32 %0, %0, %1;" : "+r"(x) : "r"(i));
    out[2] = x;
}

__device__ __noinline__ void leave(int t) {
    if (t >= 16) asm volatile("exit;");
}
__global__ void stores_before_exit(int* out) {
    out[threadIdx.x] = 1;
    leave(threadIdx.x);
    out[threadIdx.x] = 2;
}
__global__ void guarded_exit(int* out) {
    out[threadIdx.x] = 1;
    asm volatile("{.reg .pred p; setp.ge.u32 p, %0, 16; @p exit;}" ::"r"(threadIdx.x));
    out[threadIdx.x] = 2;
}
/// Registers may have one '%' or two, in a statement without operands, too.
__global__ void registers(int* out) {
    int lane, sum;
    asm volatile("mov.u32 %0, %laneid;" : "=r"(lane));
    asm("{ .reg .u32 %t; mov.u32 %t, %%tid.x; add.u32 %0, %t, %1; }" : "=r"(sum) : "r"(lane));
    out[threadIdx.x] = sum;
    asm volatile("{ .reg .pred %p_; setp.lt.u32 %p_, %laneid, 8; @%p_ exit; }");
    out[threadIdx.x] = -1;
    asm volatile("{ .reg .pred %%p_; setp.lt.u32 %%p_, %%laneid, 16; @%%p_ exit; }");
    out[threadIdx.x] = -2;
}

int main() {
    check_spin<0>();
    check_spin<1>();
    check_spin<2>();
    check_spin<3>();
    check_spin<4>();
    check_spin<5>();
    check_spin<6>();
    check_spin<7>();
    check_spin<8>();

    Buffer<int> p(1), seen(1);
    compiler_barrier<<<1, 32>>>(p.device(), seen.device());
    SYNC();
    EXPECT(p.download()[0] == 3 && seen.download()[0] == 2);

    Buffer<int> in(64, 3);
    Buffer<long long> times(2);
    clocks<<<1, 1>>>(times.device(), in.device());
    SYNC();
    times.download();
    EXPECT(times[0] > 0 && times[1] == 192, "%lld", times[0]);

    Buffer<int> out(3);
    hidden<<<1, 1>>>(out.device());
    SYNC();
    out.download();
    EXPECT(out[0] == 42 && out[1] == 5 + 2 + 1 + 9 && out[2] == 41 + 10, "%d %d %d", out[0], out[1],
           out[2]);

    for (auto kernel : {stores_before_exit, guarded_exit}) {
        Buffer<int> left(32);
        kernel<<<1, 32>>>(left.device());
        SYNC();
        left.download();
        for (int i = 0; i < 32; ++i)
            EXPECT(left[i] == (i < 16 ? 2 : 1), "thread %d: %d", i, left[i]);
    }
    Buffer<int> lanes(32);
    registers<<<1, 32>>>(lanes.device());
    SYNC();
    lanes.download();
    for (int i = 0; i < 32; ++i)
        EXPECT(lanes[i] == (i < 8 ? 2 * i : i < 16 ? -1 : -2), "lane %d: %d", i, lanes[i]);
    return finish();
}
