// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, stores, asynchronous copies and atomics of inline PTX: widths, vectors, orderings,
// operands.
#include "ptx.h"

__global__ void loads(const unsigned char* in, u64* out) {
    u32 r, s, t, u;
    u64 l, m, n, o;
    u16 h;
    float f;
    asm volatile("ld.global.u8 %0, [%1+3];" : "=r"(r) : "l"(in));
    out[0] = r;
    asm volatile("ld.global.s8 %0, [%1+255];" : "=r"(r) : "l"(in));
    out[1] = r;
    asm volatile("ld.global.nc.L1::no_allocate.L2::128B.b16 %0, [%1+2];" : "=h"(h) : "l"(in));
    out[2] = h;
    asm volatile("ld.global.cv.u32 %0, [%1+-4];" : "=r"(r) : "l"(in + 8));
    out[3] = r;
    asm volatile("ld.global.L2::cache_hint.v2.u32 {%0, %1}, [%2], %3;"
                 : "=r"(r), "=r"(s)
                 : "l"(in), "l"(0ull));
    out[4] = r ^ (u64)s << 32;
    asm volatile("ld.relaxed.gpu.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r), "=r"(s), "=r"(t), "=r"(u)
                 : "l"(in));
    out[5] = (r ^ t) | (u64)(s ^ u) << 32;
    asm volatile("ld.acquire.sys.global.v2.u64 {%0, %1}, [%2];" : "=l"(l), "=l"(m) : "l"(in));
    out[6] = l ^ m;
    asm volatile("ld.global.v4.u64 {%0, %1, %2, %3}, [%4];"
                 : "=l"(l), "=l"(m), "=l"(n), "=l"(o)
                 : "l"(in));
    out[7] = l ^ m ^ n ^ o;
    asm volatile("ld.global.v4.u8 {%0, %1, %2, _}, [%3];" : "=r"(r), "=r"(s), "=r"(t) : "l"(in));
    out[8] = r | s << 8 | t << 16;
    u32 v[8];
    asm volatile("ld.global.v8.b32 {%0, %1, %2, %3, %4, %5, %6, %7}, [%8];"
                 : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3]), "=r"(v[4]), "=r"(v[5]),
                   "=r"(v[6]), "=r"(v[7])
                 : "l"(in));
    out[9] = v[0] ^ v[1] ^ v[2] ^ v[3] ^ v[4] ^ v[5] ^ v[6] ^ v[7];
    asm volatile("{.reg .b128 w; ld.global.b128 w, [%2]; mov.b128 {%0, %1}, w;}"
                 : "=l"(l), "=l"(m)
                 : "l"(in));
    out[10] = l - m;
    asm volatile("ld.volatile.global.f32 %0, [%1];" : "=f"(f) : "l"(in));
    out[11] = __float_as_uint(f);
    asm volatile("ld.mmio.relaxed.sys.global.u64 %0, [%1];" : "=l"(l) : "l"(in));
    out[12] = l;
}

__global__ void stores(unsigned char* p) {
    asm volatile("st.global.u8 [%0], %1;" ::"l"(p), "r"(0x1ff));
    asm volatile("st.relaxed.gpu.u16 [%0+2], %1;" ::"l"(p), "h"((u16)0xabcd) : "memory");
    asm volatile("st.release.sys.global.v2.u32 [%0+8], {%1, %2};" ::"l"(p), "r"(1), "r"(2)
                 : "memory");
    asm volatile("st.global.wt.v4.f32 [%0+16], {%1, %1, 0f40000000, %1};" ::"l"(p), "f"(1.0f)
                 : "memory");
    asm volatile("st.global.v4.f64 [%0+32], {%1, %1, %1, 2.5};" ::"l"(p), "d"(-1.0) : "memory");
    asm volatile("st.volatile.v2.u64 [%0+64], {%1, 7};" ::"l"(p), "l"(~0ull) : "memory");
}

__global__ void copies(const u32* in, u32* out) {
    __shared__ __align__(16) u32 s[24];
    for (int i = 0; i < 24; ++i)
        s[i] = 99;
    unsigned to = (unsigned)__cvta_generic_to_shared(s);
    asm volatile("cp.async.cg.shared.global.L2::cache_hint [%0], [%1], 16, %2;" ::"r"(to), "l"(in),
                 "l"(0x14F0000000000000ull)
                 : "memory");
    asm volatile(
        "{.reg .pred q; setp.ne.u32 q, %2, 0; cp.async.ca.shared.global [%0], [%1], 16, q;}" ::"r"(
            to + 16),
        "l"(in), "r"(0)
        : "memory");
    asm volatile(
        "{.reg .pred q; setp.ne.u32 q, %2, 0; cp.async.ca.shared.global [%0], [%1], 16, q;}" ::"r"(
            to + 32),
        "l"(in), "r"(1)
        : "memory");
    asm volatile("cp.async.ca.shared.global.L2::128B [%0], [%1], 8, %2;" ::"r"(to + 48), "l"(in),
                 "r"(4)
                 : "memory");
    asm volatile(
        "cp.async.ca.shared::cta.global.L2::cache_hint [%0], [%1], 16, %2, %3;" ::"r"(to + 64),
        "l"(in), "r"(12), "l"(0ull)
        : "memory");
    asm volatile("cp.async.commit_group;\n\tcp.async.wait_group 0;" ::: "memory");
    for (int i = 0; i < 24; ++i)
        out[i] = s[i];
}

__global__ void atomics(u32* p, u64* out) {
    u32 r;
    u64 l, m, a[2] = {5, 6};
    asm volatile("atom.add.u32 %0, [%1], 5;" : "=r"(r) : "l"(p) : "memory");
    out[0] = r;
    asm volatile("red.global.v4.f32.add [%0], {%1, %2, %1, %2};" ::"l"(p + 4), "f"(1.0f), "f"(2.0f)
                 : "memory");
    float f, g;
    asm volatile("atom.relaxed.gpu.global.v2.f32.add {%0, %1}, [%2], {%3, %3};"
                 : "=f"(f), "=f"(g)
                 : "l"(p + 4), "f"(8.0f)
                 : "memory");
    out[1] = (u64)__float_as_uint(f) << 32 | __float_as_uint(g);
    asm volatile("red.release.sys.global.min.s32 [%0], -7;" ::"l"(p + 1) : "memory");
    asm volatile("atom.acq_rel.cta.global.cas.b32 %0, [%1], %2, 9;"
                 : "=r"(r)
                 : "l"(p + 2), "r"(0)
                 : "memory");
    asm volatile("atom.global.inc.u32 %0, [%1], 9;" : "=r"(r) : "l"(p + 2) : "memory");
    out[2] = r;
    asm volatile("red.global.add.noftz.f16x2 [%0], %1;" ::"l"(p + 8), "r"(0x3c004000) : "memory");
    asm volatile("red.global.v2.f16x2.add.noftz [%0], {%1, %1};" ::"l"(p + 8), "r"(0x3c003c00)
                 : "memory");
    asm volatile("red.global.add.noftz.bf16 [%0], %1;" ::"l"(p + 10), "h"((u16)0x3f80) : "memory");
    asm volatile("{.reg .b128 c, n, o; mov.b128 c, {%3, %4}; mov.b128 n, {%5, 77}; "
                 "atom.global.cas.b128 o, [%2], c, n; mov.b128 {%0, %1}, o;}"
                 : "=l"(l), "=l"(m)
                 : "l"(p + 12), "l"(0ull), "l"(0ull), "l"(a[0])
                 : "memory");
    out[3] = l | m;
    asm volatile("{.reg .b128 n, o; mov.b128 n, {%3, %4}; atom.global.exch.b128 o, [%2], n; "
                 "mov.b128 {%0, %1}, o;}"
                 : "=l"(l), "=l"(m)
                 : "l"(p + 12), "l"(a[0] + 1), "l"(a[1] + 1)
                 : "memory");
    out[4] = l << 32 | m;
    asm volatile("atom.cas.b16 %0, [%1], %2, %3;"
                 : "=h"(*(u16*)&out[5])
                 : "l"(p + 11), "h"((u16)0), "h"((u16)3)
                 : "memory");
    // in local memory: one thread's own
    u32 local[2] = {1, 2};
    asm volatile("atom.add.u32 %0, [%1], 4;" : "=r"(r) : "l"(local) : "memory");
    out[7] = r | (u64)local[0] << 32;
    u64 spaces = 0;
    asm("{.reg .pred g, s; isspacep.global g, %1; isspacep.shared s, %1; selp.u64 %0, 1, 0, g; @s "
        "add.u64 %0, %0, 2;}"
        : "=l"(spaces)
        : "l"(p));
    out[6] = spaces;
}

int main() {
    std::vector<unsigned char> bytes(256);
    for (int i = 0; i < 256; ++i)
        bytes[i] = (unsigned char)(i == 255 ? 0xf0 : i * 37 + 11);
    auto at32 = [&](int i) {
        u32 v;
        std::memcpy(&v, &bytes[4 * i], 4);
        return v;
    };
    auto at64 = [&](int i) {
        u64 v;
        std::memcpy(&v, &bytes[8 * i], 8);
        return v;
    };
    Buffer<unsigned char> in(bytes);
    Buffer<u64> out(16);
    loads<<<1, 1>>>(in.device(), out.device());
    SYNC();
    out.download();
    u32 all = 0;
    for (int i = 0; i < 8; ++i)
        all ^= at32(i);
    const u64 want[] = {bytes[3],
                        (u32)(int8_t)bytes[255],
                        (u64)(bytes[2] | bytes[3] << 8),
                        at32(1),
                        at64(0),
                        at64(0) ^ at64(1),
                        at64(0) ^ at64(1),
                        at64(0) ^ at64(1) ^ at64(2) ^ at64(3),
                        (u64)(bytes[0] | bytes[1] << 8 | bytes[2] << 16),
                        all,
                        at64(0) - at64(1),
                        at32(0),
                        at64(0)};
    for (int i = 0; i < 13; ++i)
        EXPECT(out[i] == want[i], "load %d: %llx, expected %llx", i, out[i], want[i]);

    Buffer<unsigned char> stored(80);
    stores<<<1, 1>>>(stored.device());
    SYNC();
    unsigned char expected[80] = {0xff, 0, 0xcd, 0xab, 0, 0, 0, 0, 1, 0, 0, 0, 2};
    const float floats[] = {1, 1, 2, 1};
    const double doubles[] = {-1, -1, -1, 2.5};
    const u64 words[] = {~0ull, 7};
    std::memcpy(expected + 16, floats, 16);
    std::memcpy(expected + 32, doubles, 32);
    std::memcpy(expected + 64, words, 16);
    stored.download();
    for (int i = 0; i < 80; ++i)
        EXPECT(stored[i] == expected[i], "byte %d: %x", i, stored[i]);

    Buffer<u32> source({1, 2, 3, 4, 5, 6, 7, 8}), copied(24);
    copies<<<1, 1>>>(source.device(), copied.device());
    SYNC();
    copied.download();
    const u32 want_copies[24] = {1, 2, 3,  4,  1, 2, 3, 4, 0,  0,  0,  0,
                                 1, 0, 99, 99, 1, 2, 3, 0, 99, 99, 99, 99};
    for (int i = 0; i < 24; ++i)
        EXPECT(copied[i] == want_copies[i], "copy %d: %u, expected %u", i, copied[i],
               want_copies[i]);

    Buffer<u32> cells(16);
    Buffer<u64> old(8);
    atomics<<<1, 1>>>(cells.device(), old.device());
    SYNC();
    cells.download();
    old.download();
    EXPECT(cells[0] == 5 && old[0] == 0);
    EXPECT(cells[4] == bits_as<u32>(9.0f) && cells[5] == bits_as<u32>(10.0f) &&
           cells[6] == bits_as<u32>(1.0f) && cells[7] == bits_as<u32>(2.0f));
    EXPECT(old[1] == ((u64)bits_as<u32>(1.0f) << 32 | bits_as<u32>(2.0f)));
    EXPECT(cells[1] == (u32)-7, "%u", cells[1]);
    EXPECT(cells[2] == 0 && old[2] == 9, "%u", cells[2]);
    EXPECT(cells[8] == 0x40004200 && cells[9] == 0x3c003c00, "%x %x", cells[8], cells[9]);
    EXPECT(cells[10] == 0x3f80, "%x", cells[10]);
    EXPECT(old[3] == 0 && old[4] == (5ull << 32 | 77), "%llx", old[4]);
    EXPECT(cells[12] == 6 && cells[13] == 0 && cells[14] == 7 && cells[15] == 0);
    EXPECT((cells[11] & 0xffff) == 3 && (old[5] & 0xffff) == 0);
    EXPECT(old[6] == 1, "%llx", old[6]);
    EXPECT(old[7] == (5ull << 32 | 1), "%llx", old[7]);
    return finish();
}
