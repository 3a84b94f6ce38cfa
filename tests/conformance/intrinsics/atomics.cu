// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every atomic function under contention: the final values are those of any serial order, and each
// old value is unique where the operation makes them so.
#include "check.h"

const int kThreads = 4096;

struct Cells {
    int add_i, sub_i, min_i, max_i, and_i, or_i, xor_i, exch_i;
    unsigned add_u, min_u, max_u, inc_u, dec_u, and_u, or_u, xor_u;
    unsigned long long add_l, min_l, max_l, and_l, or_l, xor_l, exch_l;
    long long min_s, max_s;
    float add_f, exch_f;
    double add_d;
    int cas_counter;
    unsigned long long cas_sum;
    unsigned short cas_half[2];
};

__global__ void contend(Cells* c, int* old_add, unsigned* old_inc) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned bit = 1u << (i & 31);
    old_add[i] = atomicAdd(&c->add_i, 1);
    atomicSub(&c->sub_i, 3);
    atomicMin(&c->min_i, -i);
    atomicMax(&c->max_i, i);
    atomicAnd(&c->and_i, ~(int)(bit & 0xff));
    atomicOr(&c->or_i, (int)bit);
    atomicXor(&c->xor_i, i);
    atomicExch(&c->exch_i, i);
    atomicAdd(&c->add_u, 0x80000001u);
    atomicMin(&c->min_u, 0xf0000000u + i);
    atomicMax(&c->max_u, 0xf0000000u + i);
    old_inc[i] = atomicInc(&c->inc_u, 99u);
    atomicDec(&c->dec_u, 99u);
    atomicAnd(&c->and_u, ~bit);
    atomicOr(&c->or_u, bit);
    atomicXor(&c->xor_u, 2u * i);
    atomicAdd(&c->add_l, 0x100000001ull);
    atomicMin(&c->min_l, 0xf000000000000000ull + i);
    atomicMax(&c->max_l, 0xf000000000000000ull + i);
    atomicAnd(&c->and_l, ~((unsigned long long)bit << 32));
    atomicOr(&c->or_l, (unsigned long long)bit << 32);
    atomicXor(&c->xor_l, (unsigned long long)i << 20);
    atomicExch(&c->exch_l, (unsigned long long)i << 32);
    atomicMin(&c->min_s, -(long long)i << 33);
    atomicMax(&c->max_s, (long long)i << 33);
    atomicAdd(&c->add_f, 0.5f);
    atomicExch(&c->exch_f, (float)i);
    atomicAdd(&c->add_d, 0.25);
    atomicAdd_block(&c->cas_counter, 0);
    atomicAdd_system(&c->cas_counter, 0);

    int seen = c->cas_counter, assumed;
    do {
        assumed = seen;
        seen = atomicCAS(&c->cas_counter, assumed, assumed + 1);
    } while (seen != assumed);
    unsigned long long seen_l = c->cas_sum, assumed_l;
    do {
        assumed_l = seen_l;
        seen_l = atomicCAS(&c->cas_sum, assumed_l, assumed_l + i);
    } while (seen_l != assumed_l);
    unsigned short seen_h = c->cas_half[i & 1], assumed_h;
    do {
        assumed_h = seen_h;
        seen_h = atomicCAS(&c->cas_half[i & 1], assumed_h, (unsigned short)(assumed_h + 1));
    } while (seen_h != assumed_h);
}

int main() {
    Array<Cells> cells(1);
    Array<int> old_add(kThreads);
    Array<unsigned> old_inc(kThreads);
    Cells& c = cells[0];
    c.and_i = -1;
    c.min_u = c.and_u = ~0u;
    c.min_l = c.and_l = ~0ull;
    c.dec_u = 7;
    cells.upload();
    contend<<<kThreads / 256, 256>>>(cells.device(), old_add.device(), old_inc.device());
    wait_for_kernel();
    cells.download();
    old_add.download();
    old_inc.download();

    const int n = kThreads;
    expect_equal("add int", c.add_i, n);
    expect_equal("sub int", c.sub_i, -3 * n);
    expect_equal("min int", c.min_i, -(n - 1));
    expect_equal("max int", c.max_i, n - 1);
    expect_equal("and int", c.and_i, ~0xff);
    expect_equal("or int", c.or_i, -1);
    expect_equal("xor int", c.xor_i, 0); // 0 ^ 1 ^ ... ^ 4095
    expect_equal("exch int in range", c.exch_i >= 0 && c.exch_i < n, true);
    expect_equal("add unsigned", c.add_u, (unsigned)n); // the top bits cancel: n is even
    expect_equal("min unsigned", c.min_u, 0xf0000000u);
    expect_equal("max unsigned", c.max_u, 0xf0000000u + n - 1);
    expect_equal("inc", c.inc_u, (unsigned)n % 100);
    expect_equal("dec", c.dec_u, (7 + 100 - (unsigned)n % 100) % 100);
    expect_equal("and unsigned", c.and_u, 0u);
    expect_equal("or unsigned", c.or_u, ~0u);
    expect_equal("xor unsigned", c.xor_u, 0u);
    expect_equal("add 64", c.add_l, 0x100000001ull * n);
    expect_equal("min 64", c.min_l, 0xf000000000000000ull);
    expect_equal("max 64", c.max_l, 0xf000000000000000ull + n - 1);
    expect_equal("and 64", c.and_l, 0xffffffffull);
    expect_equal("or 64", c.or_l, 0xffffffff00000000ull);
    expect_equal("xor 64", c.xor_l, 0ull);
    expect_equal("exch 64 in range", (c.exch_l >> 32) < (unsigned)n && !(c.exch_l & 0xffffffff),
                 true);
    expect_equal("min signed 64", c.min_s, -(long long)(n - 1) * (1ll << 33));
    expect_equal("max signed 64", c.max_s, (long long)(n - 1) << 33);
    expect_equal("add float", c.add_f, 0.5f * n); // exact in every order
    expect_equal("add double", c.add_d, 0.25 * n);
    expect_equal("cas 32", c.cas_counter, n);
    expect_equal("cas 64", c.cas_sum, (unsigned long long)n * (n - 1) / 2);
    expect_equal("cas 16 low", c.cas_half[0], (unsigned short)(n / 2));
    expect_equal("cas 16 high", c.cas_half[1], (unsigned short)(n / 2));

    // Each counter value was handed out exactly once; a wrapping counter hands each out equally
    // often.
    static int handed_out[kThreads], wrapped[100];
    for (int i = 0; i < n; ++i) {
        if (old_add[i] >= 0 && old_add[i] < n) ++handed_out[old_add[i]];
        if (old_inc[i] < 100) ++wrapped[old_inc[i]];
    }
    for (int i = 0; i < n; ++i)
        expect_equal("old value of add", handed_out[i], 1, i);
    for (int i = 0; i < 100; ++i)
        expect_equal("old value of inc", wrapped[i], n / 100 + (i < n % 100), i);
    return finish();
}
