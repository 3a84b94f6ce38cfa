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
AluCase op(const std::string& name, Kind d, Kind a, Kind b, Kind c, F f) {
    return {
        name, d,     a,     b,
        c,    false, false, [f](const Values& v) { return Result{static_cast<uint64_t>(f(v))}; }};
}
/// The same for all choices of the row's modifiers.
template <class F>
void rows(std::vector<AluCase>& t, const char* mnemonic, Kind d, Kind a, Kind b, Kind c, F f) {
    with_modifiers(
        t, mnemonic, {"", d, a, b, c, false, false, nullptr},
        [=](const Choice& m, const Values& v) { return Result{static_cast<uint64_t>(f(m, v))}; });
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
    rows(t, "ilea.b32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::None,
         [](const Choice& m, const Values& v) { return (v.a << m["shift"]) + v.b; });
    rows(t, "ilea.b64", Kind::Int64, Kind::Int32, Kind::Int64, Kind::None,
         [](const Choice& m, const Values& v) {
             const i128 a = m.is("idx") ? i128{u32(v.a)} : i128{s32(v.a)};
             return (a * (i128{1} << m["shift"])) + s64(v.b);
         });
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

/// In the order of the modifier's values.
bool compared(i128 x, i128 y, uint32_t comparison) {
    const bool results[] = {x == y, x != y, x<y, x <= y, x> y, x >= y};
    return results[comparison];
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
    rows(t, "ihadd.s32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::None,
         [](const Choice& m, const Values& v) {
             return (i128{s32(v.a)} + s32(v.b) + m["up"]) >> 1;
         });
    rows(t, "ihadd.u32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::None,
         [](const Choice& m, const Values& v) {
             return (i128{u32(v.a)} + u32(v.b) + m["up"]) >> 1;
         });
    struct Type {
        const char* name;
        Kind kind;
        i128 (*value)(uint64_t);
    };
    const Type types[] = {{"s32", Kind::Int32, [](uint64_t x) { return i128{s32(x)}; }},
                          {"u32", Kind::Int32, [](uint64_t x) { return i128{u32(x)}; }},
                          {"s64", Kind::Int64, [](uint64_t x) { return i128{s64(x)}; }},
                          {"u64", Kind::Int64, [](uint64_t x) { return i128{x}; }}};
    for (const Type& type : types) {
        AluCase shape{"", Kind::None, type.kind, type.kind, Kind::None, true, true, nullptr};
        shape.writes_second = true;
        const auto value = type.value;
        with_modifiers(t, std::string("isetp.") + type.name, shape,
                       [=](const Choice& m, const Values& v) {
                           const bool r = compared(value(v.a), value(v.b), m["cmp"]);
                           const auto combine = [&](bool x) {
                               const bool results[] = {x, x && v.ps, x || v.ps, x != v.ps};
                               return results[m["bop"]];
                           };
                           return Result{0, combine(r), combine(!r)};
                       });
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
    const auto lop3 = [](uint32_t lut, const Values& v) {
        uint32_t r = 0;
        for (unsigned i = 0; i < 32; ++i)
            r |= (lut >> ((v.a >> i & 1) * 4 + (v.b >> i & 1) * 2 + (v.c >> i & 1)) & 1) << i;
        return r;
    };
    rows(t, "lop3.b32", Kind::Int32, Kind::Int32, Kind::Int32, Kind::Int32,
         [=](const Choice& m, const Values& v) { return lop3(m["lut"], v); });
    for (unsigned lut : {0xeau, 0x6au, 0x96u, 0x80u, 0xfeu, 0xe8u, 0x1bu, 0xcau}) // the usual ones
        t.push_back(i1111(("lop3.b32{lut=" + std::to_string(lut) + "}").c_str(),
                          [=](const Values& v) { return lop3(lut, v); }));
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

/// PTX fns.
uint32_t find_nth_set(uint32_t mask, uint32_t base, int32_t offset) {
    if (offset == 0) return base < 32 && (mask >> base & 1) ? base : ~0u;
    int64_t left = std::abs(int64_t{offset}) - 1;
    for (int64_t pos = base; pos >= 0 && pos < 32; pos += offset > 0 ? 1 : -1)
        if ((mask >> pos & 1) && left-- == 0) return static_cast<uint32_t>(pos);
    return ~0u;
}

/// PTX prmt: bytes of `pair` by selector and mode (default, f4e, b4e, rc8, ecl, ecr, rc16).
uint32_t permuted(uint64_t pair, uint32_t selector, uint32_t mode) {
    static const char* const tables[7][4] = {{}, // default: four selectors
                                             {"3210", "4321", "5432", "6543"},
                                             {"5670", "6701", "7012", "0123"},
                                             {"0000", "1111", "2222", "3333"},
                                             {"3210", "3211", "3222", "3333"},
                                             {"0000", "1110", "2210", "3210"},
                                             {"1010", "3232", "1010", "3232"}};
    uint32_t r = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const uint32_t sel = mode ? static_cast<uint32_t>(tables[mode][selector & 3][3 - i] - '0')
                                  : selector >> (4 * i) & 15;
        uint32_t byte = u32(pair >> (8 * (sel & 7))) & 255;
        if (sel & 8) byte = byte & 128 ? 255 : 0;
        r |= byte << (8 * i);
    }
    return r;
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
    const auto bfind = [&](const char* name, Kind kind, int width, bool is_signed) {
        rows(t, name, Kind::Int32, kind, Kind::None, Kind::None,
             [=](const Choice& m, const Values& v) {
                 const bool negative = is_signed && (v.a >> (width - 1) & 1);
                 const uint64_t ones = width == 64 ? ~uint64_t{0} : 0xffffffffu;
                 return find((negative ? ~v.a : v.a) & ones, width, m.is("amt"));
             });
    };
    bfind("bfind.u32", Kind::Int32, 32, false);
    bfind("bfind.s32", Kind::Int32, 32, true);
    bfind("bfind.u64", Kind::Int64, 64, false);
    bfind("bfind.s64", Kind::Int64, 64, true);
    t.push_back(op("fns", Kind::Int32, Kind::Int32, Kind::Lane, Kind::Count,
                   [](const Values& v) { return find_nth_set(u32(v.a), u32(v.b), s32(v.c)); }));
    t.push_back(op("bmsk.wrap", Kind::Int32, Kind::Shift, Kind::Shift, Kind::None,
                   [](const Values& v) { return field_mask<uint64_t>(v.b & 31) << (v.a & 31); }));
    t.push_back(
        op("bmsk.clamp", Kind::Int32, Kind::Shift, Kind::Shift, Kind::None, [](const Values& v) {
            return u32(v.a) >= 32 ? 0
                                  : field_mask<uint64_t>(std::min<uint32_t>(u32(v.b), 32)) << v.a;
        }));
    rows(t, "prmt", Kind::Int32, Kind::Int32, Kind::Int32, Kind::Int32,
         [](const Choice& m, const Values& v) {
             return permuted(v.c << 32 | v.a, u32(v.b), m["pmode"]);
         });
    t.push_back(op("mov.b32", Kind::Int32, Kind::None, Kind::Int32, Kind::None,
                   [](const Values& v) { return v.b; }));
    t.push_back(op("mov.b64", Kind::Int64, Kind::None, Kind::Int64, Kind::None,
                   [](const Values& v) { return v.b; }));
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
    rows(t, "dp4a", Kind::Int32, Kind::Int32, Kind::Int32, Kind::Int32,
         [](const Choice& m, const Values& v) {
             i128 r = v.c;
             for (unsigned i = 0; i < 4; ++i)
                 r += element(v.a, i, 8, !m["ta"]) * element(v.b, i, 8, !m["tb"]);
             return r;
         });
    rows(t, "dp2a", Kind::Int32, Kind::Int32, Kind::Int32, Kind::Int32,
         [](const Choice& m, const Values& v) {
             i128 r = v.c;
             for (unsigned i = 0; i < 2; ++i)
                 r += i128{element(v.a, i, 16, !m["ta"])} *
                      element(v.b, i + 2 * m["half"], 8, !m["tb"]);
             return r;
         });
    const auto element_wise = [&](const char* name, auto f) { // f(choice, x, y, width)
        rows(t, name, Kind::Int32, Kind::Int32, Kind::Int32, Kind::None,
             [=](const Choice& m, const Values& v) {
                 const unsigned width = m.is("lanes") ? 16 : 8;
                 const bool is_signed = m.is("vsign");
                 const int low = is_signed ? -(1 << (width - 1)) : 0,
                           high = (1 << (is_signed ? width - 1 : width)) - 1;
                 uint32_t r = 0;
                 for (unsigned i = 0; i < 32 / width; ++i) {
                     int x = f(m, element(v.a, i, width, is_signed),
                               element(v.b, i, width, is_signed), width);
                     if (m.is("vsat")) x = std::clamp(x, low, high);
                     r |= (static_cast<uint32_t>(x) & ((1u << width) - 1)) << (i * width);
                 }
                 return r;
             });
    };
    using C = const Choice&;
    element_wise("vadd", [](C, int x, int y, unsigned) { return x + y; });
    element_wise("vsub", [](C, int x, int y, unsigned) { return x - y; });
    element_wise("vmin", [](C, int x, int y, unsigned) { return std::min(x, y); });
    element_wise("vmax", [](C, int x, int y, unsigned) { return std::max(x, y); });
    element_wise("vavg", [](C m, int x, int y, unsigned) {
        return (x + y + static_cast<int>(m["up"])) >> 1;
    });
    element_wise("vabsdiff", [](C, int x, int y, unsigned) { return std::abs(x - y); });
    element_wise("vabs", [](C, int x, int, unsigned) { return std::abs(x); });
    element_wise("vneg", [](C, int x, int, unsigned) { return -x; });
    element_wise("vset", [](C m, int x, int y, unsigned width) {
        const int yes = m.is("vres") ? (1 << width) - 1 : 1;
        return compared(x, y, m["cmp"]) ? yes : 0;
    });
    rows(t, "vsad", Kind::Int32, Kind::Int32, Kind::Int32, Kind::Int32,
         [](const Choice& m, const Values& v) {
             const unsigned width = m.is("lanes") ? 16 : 8;
             i128 r = v.c;
             for (unsigned i = 0; i < 32 / width; ++i)
                 r += std::abs(element(v.a, i, width, m.is("vsign")) -
                               element(v.b, i, width, m.is("vsign")));
             return r;
         });
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
