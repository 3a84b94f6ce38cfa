// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/fuzz/seeds.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include <acc/spec/isa_table.h>

#include "compiler/driver/Options.h"
#include "compiler/object/code_object.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/linker.h"
#include "tests/unit/object/object_maker.h"

namespace acc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;
using object::test::ObjectMaker;

Bytes linked() {
    return object::link_code_object(object::test::sample().maker.write());
}

Bytes small_object() {
    ObjectMaker maker;
    const uint16_t text = maker.section(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
                                        object::test::code("exit"));
    maker.symbol("f", text, 0, 16, STT_FUNC);
    return maker.write();
}

Bytes fat() {
    return object::write_fat_binary({{ACC_FATBIN_CODE_OBJECT, ACC_EF_ARCH_ACC1, linked()},
                                     {ACC_FATBIN_PTX, 80, Bytes{'.', 'v'}}});
}

/// A host object is any ELF with a section .nv_fatbin.
Bytes host(const Bytes& container) {
    ObjectMaker maker;
    maker.section(".nv_fatbin", SHT_PROGBITS, SHF_ALLOC, container, 8);
    return maker.write();
}

Bytes archive(const Bytes& member) {
    std::string text =
        "!<arch>\n//                                              10        `\nlong.name/\n";
    std::string header = "/0              0           0     0     644     " +
                         std::to_string(member.size());
    header.resize(58, ' ');
    text += header + "`\n";
    Bytes out(text.begin(), text.end());
    out.insert(out.end(), member.begin(), member.end());
    return out;
}

Bytes line_section() {
    const Bytes file = linked();
    const object::CodeObject code{object::Bytes(file)};
    const object::Bytes line = code.section(".debug_line");
    return {line.begin(), line.end()};
}

/// One word of each row.
Bytes all_words() {
    Bytes out;
    for (const isa::RowInfo& row : isa::kRows) {
        isa::Word word{static_cast<uint64_t>(row.opcode) | 0x7000, 0};
        out.resize(out.size() + 16);
        isa::store_word(&out[out.size() - 16], word);
    }
    return out;
}

Bytes text() {
    const std::string text =
        "loop: mov.sr r4, sr_tid_x\nld.global.b32 r5, [r2 + r4<<2 + 16] // "
        "comment\nisetp.s32.lt.and p0|p1, r5, 100, !p2\n"
        "@!p0 fadd.f32.rz r6, r5, -0.5e-3\nlop3.b32{lut=0xe8} r7, r4, r5, r6\nshfl.idx{clamp=31} "
        "r1|p0, r2, r3, -1\nbra loop + 16\n"
        "movi.b64 r2, 0x123456789abcdef0\n.word 0x1, 0x2\ncall r2, loop\nexit\n";
    return {text.begin(), text.end()};
}

/// Every option once, in the spellings that it has, and some lines of build systems.
std::vector<Bytes> command_lines() {
    std::string all;
    for (const driver::OptionRow& row : driver::option_table()) {
        const bool flag = row.kind == driver::OptionKind::Flag;
        std::string value = flag ? "" : row.value_name;
        value = value.find('<') == std::string::npos ? value.substr(0, value.find('|'))
                                                     : (value == "<n>" ? "3" : "a,b");
        all += " --" + std::string(row.long_name) + (flag ? "" : "=" + value);
        if (row.short_name != nullptr)
            all += " -" + std::string(row.short_name) +
                   (flag ? "" : (row.joined ? "" : " ") + value);
    }
    std::vector<Bytes> result;
    for (const std::string& text :
         {all,
          std::string("-O3 -arch=sm_86 -gencode arch=compute_70,code=[sm_70,compute_70] x.cu -o x"),
          std::string("-Xcompiler=-fPIC,\"-Wl,-rpath,/a b\" -Xlinker -z -DX='a\\,b' -Iinc -c x.cu"),
          std::string("--options-file= -std=c++17 -rdc true -t0 lib.so.1 a.a -lm -L. -Werror "
                      "all-warnings")})
        result.emplace_back(text.begin(), text.end());
    return result;
}

/// Something of every kind of instruction and operand; the operands are those of ptx_target.cpp.
std::vector<Bytes> ptx_statements() {
    std::vector<Bytes> out;
    for (const std::string_view text :
         {"{ .reg .pred p, q; .reg .u32 t<4>, u; mov.u32 t1, $4; setp.lt.and.s32 p|q, t1, 0x1f, "
          "!p;\n"
          "@!p add.cc.u32 t2, t1, -1; addc.u32 $0, t2, 0b11; { .reg .b64 t; mov.b64 t, {t1, t2}; } "
          "}",
          "fma.rz.ftz.sat.f32 $2, $6, 0f3F800000, 1.5e-3; // comment",
          "cvt.rni.sat.u8.f32 $0, $6; cvt.rn.relu.f16.f32 $3, $6; cvt.rz.f32.s64 $2, $5;",
          "ld.relaxed.gpu.global.v4.u32 {$0, _, _, _}, [$5+16]; st.shared.v2.f64 [$4], {$8, "
          "0d3FF0000000000000};",
          "atom.acq_rel.sys.global.cas.b64 $1, [$5], $5, 7; red.global.v4.f32.add [$5], {$6, $6, "
          "$6, $6};",
          "{ .reg .pred p; shfl.sync.bfly.b32 $0|p, $4, 1, 31, -1; /* c */ vote.sync.ballot.b32 "
          "$0, p, -1; }",
          "fma.rn.relu.f16x2 $0, $4, $4, $4; min.NaN.xorsign.abs.bf16 $3, $7, $7; @0 exit;",
          "{ .reg .b128 w; ld.global.b128 w, [$5]; mov.b128 {_, $1}, w; }",
          "cp.async.ca.shared.global.L2::128B [$4], [$5], 8, $4; cp.async.wait_group ${9:n};",
          "lop3.b32 $0, $4, $4, $9, 0xe8; prmt.b32.ecl $0, $4, $4, 2; shf.l.clamp.b32 $0, $4, $4, "
          "33;"})
        out.emplace_back(text.begin(), text.end());
    return out;
}

/// A module with something of every kind of declaration and statement.
std::vector<Bytes> ptx_modules() {
    constexpr std::string_view text = R"(.version 8.0
.target sm_80, debug
.address_size 64
.file 1 "/a/b.cu"
.visible .global .u32 count;
.func (.param .align 4 .b8 r[8]) f(.param .b32 x, .reg .u64 y, .param .align 4 .b8 z[8]);
.global .align 8 .u64 places[3] = {generic(count) + 4, f, -(1 << 3) | 5U};
.const .f32 table[2][2] = {{0f3F800000, 1.5}, {-2.0}};
.extern .shared .align 16 .b8 dynamic[];
.extern .func (.param .b32 r) vprintf(.param .b64 a, .param .b64 b);
.func (.param .align 4 .b8 r[8]) g(.param .b32 x, .reg .u64 y, .param .align 4 .b8 z[8]);
.alias g, f;
.func (.param .align 4 .b8 r[8]) f(.param .b32 x, .reg .u64 y, .param .align 4 .b8 z[8])
{
    .reg .b32 %r<4>;
    ld.param.b32 %r1, [x]; ld.param.b32 %r2, [z + 4]; cvt.u32.u64 %r3, y;
    st.param.b32 [r], %r1; st.param.b32 [r+4], %r3; ret;
}
.visible .entry k(.param .u64 .ptr .global .align 8 out, .param .align 8 .b8 s[16])
.maxntid 32, 2 .minnctapersm 2
{
    .reg .pred %p<3>; .reg .b32 %r<9>; .reg .b64 %rd<9>; .reg .f32 %f<4>; .reg .v4 .b32 v;
    .local .align 16 .b8 depot[32]; .shared .u32 tile[4];
    .loc 1 3 4
    ld.param.u64 %rd1, [out]; mov.u64 %rd2, depot; cvta.local.u64 %rd3, %rd2;
    mov.u32 %r1, %tid.x; setp.gt.and.u32 %p1|%p2, %r1, 3, %p0;
    t: .branchtargets L1, L2; brx.idx %r1, t;
L1: @!%p1 bra.uni L2; add.cc.u32 %r2, %r1, 1; addc.u32 %r3, %r2, 0;
    ld.global.v4.u32 {v.x, v.y, v.z, _}, [%rd1 + -8]; st.shared.f32 [tile + 4], 0f00000000;
    { .param .b32 a; .param .align 4 .b8 b[8]; .param .align 4 .b8 c[8]; .reg .b64 g;
      st.param.b32 [a], 7; st.param.b32 [b], %r1; st.param.b32 [b+4], %r1; mov.u64 g, f;
      call (c), f, (a, g, b); ld.param.b32 %r4, [c];
      q: .callprototype (.param .align 4 .b8 _[8]) _ (.param .b32 _, .reg .u64 _, .param .align 4 .b8 _[8]);
      call.uni (c), g, (a, g, b), q; }
    { .param .b64 a; .param .b64 b; .param .b32 c; st.param.b64 [a], %rd3; st.param.b64 [b], %rd3;
      call (c), vprintf, (a, b); }
L2: bar.sync 0; @%p2 exit; atom.global.add.u32 %r5, [count], 1; ret; trap;
}
)";
    return {Bytes(text.begin(), text.end())};
}

std::vector<Bytes> made(const std::string& target) {
    if (target == "code_object") return {linked(), object::link_code_object(small_object())};
    if (target == "fat_binary") return {fat(), object::write_fat_binary({})};
    if (target == "host_object") return {host(fat()), archive(host(fat()))};
    if (target == "relocatable") return {object::test::sample().maker.write(), small_object()};
    if (target == "line_table") return {line_section()};
    if (target == "ptx") return ptx_statements();
    if (target == "ptx_module") return ptx_modules();
    if (target == "words") return {all_words()};
    if (target == "command_line") return command_lines();
    return {text()};
}

} // namespace

std::vector<Bytes> seeds(const std::string& target) {
    std::vector<Bytes> result = made(target);
    const std::filesystem::path folder = std::filesystem::path(ACC_FUZZ_CORPUS) / target;
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(folder))
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        result.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return result;
}

} // namespace acc::fuzz
