// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
__global__ void k(unsigned* p) {
    unsigned l;
    asm volatile("mov.u32 %0, %laneid;" : "=r"(l));
    asm("{ .reg .u32 %pq;"
        " mov.u32 %pq, %tid.x; add.u32 %0, %pq, %1; }" : "=r"(*p) : "r"(l));
    // Operands without a comma between them.
    asm volatile("st.global.u32 [%1], %0;" ::"r"(l) "l"(p) : "memory");
    asm("add.u32 %0, %2, %3; mov.u32 %1, %0;" : "=r"(p[0]) "=r"(p[1]) : "r"((l)) "r"(p[2]));
}
// The host's own assembly has its own signs.
int swap(int x) { int y; asm("mov %1, %%eax\n bswap %%eax\n mov %%eax, %k0" : "=r"(y) : "r"(x) : "eax"); return y; }
