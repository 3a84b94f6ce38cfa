// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/isa/reference.h"

#include <algorithm>
#include <bit>

namespace acc::test {
namespace {

using i128 = __int128;
using u128 = unsigned __int128;

int32_t s32(uint64_t x) {
    return static_cast<int32_t>(static_cast<uint32_t>(x));
}
uint32_t u32(uint64_t x) {
    return static_cast<uint32_t>(x);
}
int64_t s64(uint64_t x) {
    return static_cast<int64_t>(x);
}

/// The result as a mathematical integer, cut to the width of the destination.
template <class F>
AluCase op(const char* name, Kind d, Kind a, Kind b, Kind c, F f) {
    return {name,  d,
            a,     b,
            c,     false,
            false, [f](const Values& v) { return Result{static_cast<uint64_t>(f(v)), false}; }};
}
template <class F>
AluCase i111(const char* name, F f) {
    return op(name, Kind::Int32, Kind::Int32, Kind::Int32, Kind::None, f);
}
template <class F>
AluCase i222(const char* name, F f) {
    return op(name, Kind::Int64, Kind::Int64, Kind::Int64, Kind::None, f);
}
template <class F>
AluCase i11(const char* name, F f) {
    return op(name, Kind::Int32, Kind::Int32, Kind::None, Kind::None, f);
}
template <class F>
AluCase i1111(const char* name, F f) {
    return op(name, Kind::Int32, Kind::Int32, Kind::Int32, Kind::Int32, f);
}

void add_sub_mul(std::vector<AluCase>& t) {
    t.push_back(i111("iadd.b32", [](const Values& v) { return v.a + v.b; }));
    t.push_back(i111("isub.b32", [](const Values& v) { return v.a - v.b; }));
    t.push_back(i222("iadd.b64", [](const Values& v) { return v.a + v.b; }));
    t.push_back(i222("isub.b64", [](const Values& v) { return v.a - v.b; }));
    const auto clamp = [](i128 x) { return std::clamp<i128>(x, INT32_MIN, INT32_MAX); };
    t.push_back(
        i111("iaddsat.s32", [=](const Values& v) { return clamp(i128{s32(v.a)} + s32(v.b)); }));
    t.push_back(
        i111("isubsat.s32", [=](const Values& v) { return clamp(i128{s32(v.a)} - s32(v.b)); }));
    t.push_back(i111("ilea.b32{shift=5}", [](const Values& v) { return v.a * 32 + v.b; }));
    t.push_back(op("ilea.b64.s{shift=3}", Kind::Int64, Kind::Int32, Kind::Int64, Kind::None,
                   [](const Values& v) { return i128{s32(v.a)} * 8 + s64(v.b); }));
    t.push_back(op("ilea.b64.u{shift=31}", Kind::Int64, Kind::Int32, Kind::Int64, Kind::None,
                   [](const Values& v) { return (u128{u32(v.a)} << 31) + v.b; }));
    t.push_back(op("ilea.b64.u", Kind::Int64, Kind::Int32, Kind::Int64, Kind::None,
                   [](const Values& v) { return u128{u32(v.a)} + v.b; }));
    t.push_back(i111("imul.b32", [](const Values& v) { return v.a * v.b; }));
    t.push_back(
        i111("imulhi.s32", [](const Values& v) { return (i128{s32(v.a)} * s32(v.b)) >> 32; }));
    t.push_back(
        i111("imulhi.u32", [](const Values& v) { return (u128{u32(v.a)} * u32(v.b)) >> 32; }));
    t.push_back(op("imulw.s32", Kind::Int64, Kind::Int32, Kind::Int32, Kind::None,
                   [](const Values& v) { return i128{s32(v.a)} * s32(v.b); }));
    t.push_back(op("imulw.u32", Kind::Int64, Kind::Int32, Kind::Int32, Kind::None,
                   [](const Values& v) { return u128{u32(v.a)} * u32(v.b); }));
    t.push_back(i222("imul.b64", [](const Values& v) { return u128{v.a} * v.b; }));
    t.push_back(
        i222("imulhi.s64", [](const Values& v) { return (i128{s64(v.a)} * s64(v.b)) >> 64; }));
    t.push_back(i222("imulhi.u64", [](const Values& v) { return (u128{v.a} * v.b) >> 64; }));
    t.push_back(i1111("imad.b32", [](const Values& v) { return v.a * v.b + v.c; }));
    t.push_back(i1111("imadhi.s32", [](const Values& v) {
        return ((i128{s32(v.a)} * s32(v.b)) >> 32) + i128{v.c};
    }));
    t.push_back(i1111("imadhi.u32",
                      [](const Values& v) { return ((u128{u32(v.a)} * u32(v.b)) >> 32) + v.c; }));
    t.push_back(op("imadw.s32", Kind::Int64, Kind::Int32, Kind::Int32, Kind::Int64,
                   [](const Values& v) { return i128{s32(v.a)} * s32(v.b) + s64(v.c); }));
    t.push_back(op("imadw.u32", Kind::Int64, Kind::Int32, Kind::Int32, Kind::Int64,
                   [](const Values& v) { return u128{u32(v.a)} * u32(v.b) + v.c; }));
    t.push_back(op("imad.b64", Kind::Int64, Kind::Int64, Kind::Int64, Kind::Int64,
                   [](const Values& v) { return u128{v.a} * v.b + v.c; }));
    const auto s24 = [](uint64_t x) {
        return i128{static_cast<int32_t>((x & 0xffffff) ^ 0x800000) - 0x800000};
    };
    t.push_back(i111("imul24.s32", [=](const Values& v) { return s24(v.a) * s24(v.b); }));
    t.push_back(
        i111("imul24.u32", [](const Values& v) { return (v.a & 0xffffff) * (v.b & 0xffffff); }));
}

template <class T>
i128 quotient(T a, T b) {
    return b == 0 ? i128{-1} : i128{a} / i128{b};
}
template <class T>
i128 remainder(T a, T b) {
    return b == 0 ? i128{a} : i128{a} % i128{b};
}

void divide_compare(std::vector<AluCase>& t) {
    t.push_back(i111("idiv.s32", [](const Values& v) { return quotient(s32(v.a), s32(v.b)); }));
    t.push_back(i111("irem.s32", [](const Values& v) { return remainder(s32(v.a), s32(v.b)); }));
    t.push_back(i111("idiv.u32", [](const Values& v) { return quotient(u32(v.a), u32(v.b)); }));
    t.push_back(i111("irem.u32", [](const Values& v) { return remainder(u32(v.a), u32(v.b)); }));
    t.push_back(i222("idiv.s64", [](const Values& v) { return quotient(s64(v.a), s64(v.b)); }));
    t.push_back(i222("irem.s64", [](const Values& v) { return remainder(s64(v.a), s64(v.b)); }));
    t.push_back(i222("idiv.u64", [](const Values& v) { return quotient(v.a, v.b); }));
    t.push_back(i222("irem.u64", [](const Values& v) { return remainder(v.a, v.b); }));
    t.push_back(i111("imin.s32", [](const Values& v) { return std::min(s32(v.a), s32(v.b)); }));
    t.push_back(i111("imax.s32", [](const Values& v) { return std::max(s32(v.a), s32(v.b)); }));
    t.push_back(i111("imin.u32", [](const Values& v) { return std::min(u32(v.a), u32(v.b)); }));
    t.push_back(i111("imax.u32", [](const Values& v) { return std::max(u32(v.a), u32(v.b)); }));
    t.push_back(i222("imin.s64", [](const Values& v) { return std::min(s64(v.a), s64(v.b)); }));
    t.push_back(i222("imax.s64", [](const Values& v) { return std::max(s64(v.a), s64(v.b)); }));
    t.push_back(i222("imin.u64", [](const Values& v) { return std::min(v.a, v.b); }));
    t.push_back(i222("imax.u64", [](const Values& v) { return std::max(v.a, v.b); }));
    t.push_back(i11("iabs.s32", [](const Values& v) {
        return s32(v.a) < 0 ? -i128{s32(v.a)} : i128{s32(v.a)};
    }));
    t.push_back(
        op("iabs.s64", Kind::Int64, Kind::Int64, Kind::None, Kind::None,
           [](const Values& v) { return s64(v.a) < 0 ? -i128{s64(v.a)} : i128{s64(v.a)}; }));
    const auto magnitude = [](i128 x) { return x < 0 ? -x : x; };
    t.push_back(i1111("isad.s32", [=](const Values& v) {
        return magnitude(i128{s32(v.a)} - s32(v.b)) + i128{v.c};
    }));
    t.push_back(i1111("isad.u32", [=](const Values& v) {
        return magnitude(i128{u32(v.a)} - u32(v.b)) + i128{v.c};
    }));
    t.push_back(
        i111("ihadd.s32", [](const Values& v) { return (i128{s32(v.a)} + s32(v.b)) >> 1; }));
    t.push_back(
        i111("ihadd.s32.up", [](const Values& v) { return (i128{s32(v.a)} + s32(v.b) + 1) >> 1; }));
    t.push_back(
        i111("ihadd.u32", [](const Values& v) { return (i128{u32(v.a)} + u32(v.b)) >> 1; }));
    t.push_back(
        i111("ihadd.u32.up", [](const Values& v) { return (i128{u32(v.a)} + u32(v.b) + 1) >> 1; }));
    struct Type {
        const char* name;
        Kind kind;
        i128 (*value)(uint64_t);
    };
    const Type types[] = {{"s32", Kind::Int32, [](uint64_t x) { return i128{s32(x)}; }},
                          {"u32", Kind::Int32, [](uint64_t x) { return i128{u32(x)}; }},
                          {"s64", Kind::Int64, [](uint64_t x) { return i128{s64(x)}; }},
                          {"u64", Kind::Int64, [](uint64_t x) { return i128{x}; }}};
    const char* const names[] = {"eq", "ne", "lt", "le", "gt", "ge"};
    const char* const bops[] = {"", ".and", ".or", ".xor"};
    for (const Type& type : types)
        for (int cmp = 0; cmp < 6; ++cmp) {
            const int bop = cmp % 4;
            const auto f = [=](const Values& v) {
                const i128 x = type.value(v.a), y = type.value(v.b);
                const bool results[] = {x == y, x != y, x<y, x <= y, x> y, x >= y};
                const bool r = results[cmp], combined[] = {r, r && v.ps, r || v.ps, r != v.ps};
                return Result{0, combined[bop]};
            };
            t.push_back({std::string("isetp.") + type.name + "." + names[cmp] + bops[bop],
                         Kind::None, type.kind, type.kind, Kind::None, true, bop != 0, f});
        }
}

template <class T>
T field_mask(unsigned length) {
    return length >= sizeof(T) * 8 ? ~T{0} : static_cast<T>((T{1} << length) - 1);
}
template <class T>
uint64_t bfe_u(T a, uint32_t b) {
    T r = 0;
    for (unsigned i = 0; i < (b >> 8 & 255); ++i) {
        const unsigned from = (b & 255) + i;
        if (from < sizeof(T) * 8 && i < sizeof(T) * 8) r |= (a >> from & 1) << i;
    }
    return r;
}
/// PTX bfe.s, bit by bit.
template <class T>
uint64_t bfe_s(T a, uint32_t b) {
    const unsigned pos = b & 255, len = b >> 8 & 255, msb = sizeof(T) * 8 - 1;
    const T sign = len == 0 ? 0 : a >> std::min(pos + len - 1, msb) & 1;
    T r = 0;
    for (unsigned i = 0; i <= msb; ++i)
        r |= (i < len && pos + i <= msb ? a >> (pos + i) & 1 : sign) << i;
    return r;
}
template <class T>
uint64_t bfi(T a, uint32_t b, T c) {
    T r = c;
    for (unsigned i = 0; i < (b >> 8 & 255); ++i) {
        const unsigned to = (b & 255) + i;
        if (to < sizeof(T) * 8 && i < sizeof(T) * 8)
            r = static_cast<T>((r & ~(T{1} << to)) | (a >> i & 1) << to);
    }
    return r;
}

void logic(std::vector<AluCase>& t) {
    t.push_back(i111("and.b32", [](const Values& v) { return v.a & v.b; }));
    t.push_back(i111("or.b32", [](const Values& v) { return v.a | v.b; }));
    t.push_back(i111("xor.b32", [](const Values& v) { return v.a ^ v.b; }));
    t.push_back(i222("and.b64", [](const Values& v) { return v.a & v.b; }));
    t.push_back(i222("or.b64", [](const Values& v) { return v.a | v.b; }));
    t.push_back(i222("xor.b64", [](const Values& v) { return v.a ^ v.b; }));
    t.push_back(i11("not.b32", [](const Values& v) { return ~v.a; }));
    t.push_back(op("not.b64", Kind::Int64, Kind::Int64, Kind::None, Kind::None,
                   [](const Values& v) { return ~v.a; }));
    for (unsigned lut : {0xeau, 0x6au, 0x96u, 0x80u, 0xfeu, 0xe8u, 0x1bu, 0xcau})
        t.push_back(
            i1111(("lop3.b32{lut=" + std::to_string(lut) + "}").c_str(), [=](const Values& v) {
                uint32_t r = 0;
                for (unsigned i = 0; i < 32; ++i)
                    r |= (lut >> ((v.a >> i & 1) * 4 + (v.b >> i & 1) * 2 + (v.c >> i & 1)) & 1)
                         << i;
                return r;
            }));
    const auto s111 = [&](const char* name, auto f) {
        t.push_back(op(name, Kind::Int32, Kind::Int32, Kind::Shift, Kind::None, f));
    };
    const auto s221 = [&](const char* name, auto f) {
        t.push_back(op(name, Kind::Int64, Kind::Int64, Kind::Shift, Kind::None, f));
    };
    s111("shl.b32", [](const Values& v) { return u32(v.b) >= 32 ? 0 : v.a << v.b; });
    s111("shr.u32", [](const Values& v) { return u32(v.b) >= 32 ? 0 : v.a >> v.b; });
    s111("shr.s32", [](const Values& v) { return s32(v.a) >> std::min<uint32_t>(u32(v.b), 31); });
    s221("shl.b64", [](const Values& v) { return u32(v.b) >= 64 ? 0 : v.a << v.b; });
    s221("shr.u64", [](const Values& v) { return u32(v.b) >= 64 ? 0 : v.a >> v.b; });
    s221("shr.s64", [](const Values& v) { return s64(v.a) >> std::min<uint32_t>(u32(v.b), 63); });
    const auto pair = [](const Values& v) { return v.c << 32 | v.a; };
    const auto wrap = [](const Values& v) { return v.b & 31; };
    const auto clamp = [](const Values& v) { return std::min<uint32_t>(u32(v.b), 32); };
    const auto funnel = [&](const char* name, auto f) {
        t.push_back(op(name, Kind::Int32, Kind::Int32, Kind::Shift, Kind::Int32, f));
    };
    funnel("shf.l.wrap", [=](const Values& v) { return (pair(v) << wrap(v)) >> 32; });
    funnel("shf.l.clamp", [=](const Values& v) { return (pair(v) << clamp(v)) >> 32; });
    funnel("shf.r.wrap", [=](const Values& v) { return pair(v) >> wrap(v); });
    funnel("shf.r.clamp", [=](const Values& v) { return pair(v) >> clamp(v); });
    t.push_back(op("bfe.u32", Kind::Int32, Kind::Int32, Kind::Shift, Kind::None,
                   [](const Values& v) { return bfe_u<uint32_t>(u32(v.a), u32(v.b)); }));
    t.push_back(op("bfe.s32", Kind::Int32, Kind::Int32, Kind::Shift, Kind::None,
                   [](const Values& v) { return bfe_s<uint32_t>(u32(v.a), u32(v.b)); }));
    t.push_back(op("bfi.b32", Kind::Int32, Kind::Int32, Kind::Shift, Kind::Int32,
                   [](const Values& v) { return bfi<uint32_t>(u32(v.a), u32(v.b), u32(v.c)); }));
    t.push_back(op("bfe.u64", Kind::Int64, Kind::Int64, Kind::Shift, Kind::None,
                   [](const Values& v) { return bfe_u<uint64_t>(v.a, u32(v.b)); }));
    t.push_back(op("bfe.s64", Kind::Int64, Kind::Int64, Kind::Shift, Kind::None,
                   [](const Values& v) { return bfe_s<uint64_t>(v.a, u32(v.b)); }));
    t.push_back(op("bfi.b64", Kind::Int64, Kind::Int64, Kind::Shift, Kind::Int64,
                   [](const Values& v) { return bfi<uint64_t>(v.a, u32(v.b), v.c); }));
}

void bits(std::vector<AluCase>& t) {
    const auto i12 = [&](const char* name, auto f) {
        t.push_back(op(name, Kind::Int32, Kind::Int64, Kind::None, Kind::None, f));
    };
    t.push_back(i11("popc.b32", [](const Values& v) { return std::popcount(u32(v.a)); }));
    i12("popc.b64", [](const Values& v) { return std::popcount(v.a); });
    t.push_back(i11("clz.b32", [](const Values& v) { return std::countl_zero(u32(v.a)); }));
    i12("clz.b64", [](const Values& v) { return std::countl_zero(v.a); });
    t.push_back(i11("ctz.b32", [](const Values& v) { return std::countr_zero(u32(v.a)); }));
    i12("ctz.b64", [](const Values& v) { return std::countr_zero(v.a); });
    const auto reverse = [](uint64_t x, unsigned n) {
        uint64_t r = 0;
        for (unsigned i = 0; i < n; ++i)
            r |= (x >> i & 1) << (n - 1 - i);
        return r;
    };
    t.push_back(i11("brev.b32", [=](const Values& v) { return reverse(v.a, 32); }));
    t.push_back(op("brev.b64", Kind::Int64, Kind::Int64, Kind::None, Kind::None,
                   [=](const Values& v) { return reverse(v.a, 64); }));
    // the highest bit of x, counted from the bottom or as a shift
    const auto find = [](uint64_t x, int width, bool shift) -> int64_t {
        for (int i = width - 1; i >= 0; --i)
            if (x >> i & 1) return shift ? width - 1 - i : i;
        return -1;
    };
    t.push_back(i11("bfind.u32", [=](const Values& v) { return find(v.a, 32, false); }));
    t.push_back(i11("bfind.u32.shiftamt", [=](const Values& v) { return find(v.a, 32, true); }));
    t.push_back(i11("bfind.s32", [=](const Values& v) {
        return find(s32(v.a) < 0 ? u32(~v.a) : v.a, 32, false);
    }));
    i12("bfind.u64", [=](const Values& v) { return find(v.a, 64, false); });
    i12("bfind.s64.shiftamt",
        [=](const Values& v) { return find(s64(v.a) < 0 ? ~v.a : v.a, 64, true); });
    t.push_back(op("bmsk.wrap", Kind::Int32, Kind::Shift, Kind::Shift, Kind::None,
                   [](const Values& v) { return field_mask<uint64_t>(v.b & 31) << (v.a & 31); }));
    t.push_back(
        op("bmsk.clamp", Kind::Int32, Kind::Shift, Kind::Shift, Kind::None, [](const Values& v) {
            return u32(v.a) >= 32 ? 0
                                  : field_mask<uint64_t>(std::min<uint32_t>(u32(v.b), 32)) << v.a;
        }));
    t.push_back(i1111("prmt", [](const Values& v) {
        uint32_t r = 0;
        for (unsigned i = 0; i < 4; ++i) {
            const uint32_t sel = u32(v.b) >> (4 * i) & 15;
            uint32_t byte = u32((v.c << 32 | v.a) >> (8 * (sel & 7))) & 255;
            if (sel & 8) byte = byte & 128 ? 255 : 0;
            r |= byte << (8 * i);
        }
        return r;
    }));
    t.push_back(i11("sext.s8", [](const Values& v) { return static_cast<int8_t>(v.a); }));
    t.push_back(i11("sext.s16", [](const Values& v) { return static_cast<int16_t>(v.a); }));
    t.push_back(op("sext.s32", Kind::Int64, Kind::Int32, Kind::None, Kind::None,
                   [](const Values& v) { return s32(v.a); }));
    t.push_back(op("zext.u32", Kind::Int64, Kind::Int32, Kind::None, Kind::None,
                   [](const Values& v) { return u32(v.a); }));
    const struct {
        const char* name;
        bool is_signed;
        i128 low, high;
    } ranges[] = {{"u8s", true, 0, 255},         {"s8s", true, -128, 127}, {"u16s", true, 0, 65535},
                  {"s16s", true, -32768, 32767}, {"s8u", false, 0, 127},   {"u8u", false, 0, 255},
                  {"s16u", false, 0, 32767},     {"u16u", false, 0, 65535}};
    for (const auto& r : ranges)
        t.push_back(i11((std::string("isat.") + r.name).c_str(), [r](const Values& v) {
            return std::clamp(r.is_signed ? i128{s32(v.a)} : i128{u32(v.a)}, r.low, r.high);
        }));
    const auto narrow = [&](const char* name, bool is_signed, i128 low, i128 high) {
        i12(name, [=](const Values& v) {
            return std::clamp(is_signed ? i128{s64(v.a)} : i128{v.a}, low, high);
        });
    };
    narrow("isat64.s32s", true, INT32_MIN, INT32_MAX);
    narrow("isat64.u32s", true, 0, UINT32_MAX);
    narrow("isat64.s32u", false, 0, INT32_MAX);
    narrow("isat64.u32u", false, 0, UINT32_MAX);
}

int element(uint64_t x, unsigned i, unsigned width, bool is_signed) {
    const auto raw = static_cast<int>(x >> (i * width) & ((1u << width) - 1));
    return is_signed && raw >> (width - 1) ? raw - (1 << width) : raw;
}
void vectors(std::vector<AluCase>& t) {
    for (int ta = 0; ta < 2; ++ta)
        for (int tb = 0; tb < 2; ++tb) {
            const std::string suffix = std::string(ta ? ".u8" : ".s8") + (tb ? ".ub" : ".sb");
            t.push_back(i1111(("dp4a" + suffix).c_str(), [=](const Values& v) {
                i128 r = v.c;
                for (unsigned i = 0; i < 4; ++i)
                    r += element(v.a, i, 8, !ta) * element(v.b, i, 8, !tb);
                return r;
            }));
            t.push_back(
                i1111(("dp2a" + suffix + (ta ? ".lo" : ".hi")).c_str(), [=](const Values& v) {
                    i128 r = v.c;
                    for (unsigned i = 0; i < 2; ++i)
                        r += i128{element(v.a, i, 16, !ta)} *
                             element(v.b, i + (ta ? 0 : 2), 8, !tb);
                    return r;
                }));
        }
    struct Op {
        const char* name;
        int (*f)(int, int);
        bool has_sat;
    };
    const Op ops[] = {{"vadd", [](int x, int y) { return x + y; }, true},
                      {"vsub", [](int x, int y) { return x - y; }, true},
                      {"vmin", [](int x, int y) { return std::min(x, y); }, false},
                      {"vmax", [](int x, int y) { return std::max(x, y); }, false},
                      {"vavg", [](int x, int y) { return (x + y) >> 1; }, false},
                      {"vabsdiff", [](int x, int y) { return std::abs(x - y); }, false},
                      {"vabs", [](int x, int) { return std::abs(x); }, true},
                      {"vneg", [](int x, int) { return -x; }, true}};
    for (const Op& o : ops)
        for (int variant = 0; variant < 8; ++variant) {
            const bool halves = variant & 1, is_signed = variant & 2, sat = variant & 4;
            if (sat && !o.has_sat) continue;
            const unsigned width = halves ? 16 : 8;
            const std::string name = std::string(o.name) + (halves ? ".x2" : ".x4") +
                                     (is_signed ? ".s" : ".u") + (sat ? ".sat" : "");
            t.push_back(i111(name.c_str(), [=](const Values& v) {
                uint32_t r = 0;
                const int low = is_signed ? -(1 << (width - 1)) : 0,
                          high = (1 << (is_signed ? width - 1 : width)) - 1;
                for (unsigned i = 0; i < 32 / width; ++i) {
                    int x = o.f(element(v.a, i, width, is_signed),
                                element(v.b, i, width, is_signed));
                    if (sat) x = std::clamp(x, low, high);
                    r |= (static_cast<uint32_t>(x) & ((1u << width) - 1)) << (i * width);
                }
                return r;
            }));
        }
    t.push_back(i1111("vsad.x4.u", [](const Values& v) {
        i128 r = v.c;
        for (unsigned i = 0; i < 4; ++i)
            r += std::abs(element(v.a, i, 8, false) - element(v.b, i, 8, false));
        return r;
    }));
    t.push_back(i111("vset.x4.s.lt.mask", [](const Values& v) {
        uint32_t r = 0;
        for (unsigned i = 0; i < 4; ++i)
            r |= (element(v.a, i, 8, true) < element(v.b, i, 8, true) ? 255u : 0u) << (8 * i);
        return r;
    }));
    t.push_back(i111("vset.x2.u.ge.one", [](const Values& v) {
        uint32_t r = 0;
        for (unsigned i = 0; i < 2; ++i)
            r |= (element(v.a, i, 16, false) >= element(v.b, i, 16, false) ? 1u : 0u) << (16 * i);
        return r;
    }));
}

void carries(std::vector<AluCase>& t) {
    t.push_back({"iaddx.b32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::None, true, true,
                 [](const Values& v) {
                     const u128 sum = u128{u32(v.a)} + u32(v.b) + v.ps;
                     return Result{static_cast<uint64_t>(sum), sum >> 32 != 0};
                 }});
    t.push_back({"isubx.b32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::None, true, true,
                 [](const Values& v) {
                     const i128 difference = i128{u32(v.a)} - u32(v.b) - v.ps;
                     return Result{static_cast<uint64_t>(difference), difference < 0};
                 }});
    t.push_back({"selp.b32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::None, false, true,
                 [](const Values& v) { return Result{v.ps ? v.a : v.b, false}; }});
    t.push_back({"selp.b64", Kind::Int64, Kind::Int64, Kind::Int64, Kind::None, false, true,
                 [](const Values& v) { return Result{v.ps ? v.a : v.b, false}; }});
}

} // namespace

const std::vector<AluCase>& integer_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        add_sub_mul(t);
        divide_compare(t);
        logic(t);
        bits(t);
        vectors(t);
        carries(t);
        return t;
    }();
    return cases;
}

} // namespace acc::test
