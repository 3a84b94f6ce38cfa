// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How fast single instructions are, against ffma.f32: what to look at first when a program is slow.
// Not a test: it judges nothing. Usage: opcode-speed [part of a name]. ACC_TEST_TRANSLATOR=1: in
// translated code. A line is an instruction, host cycles' worth of time for a warp (ns), and the
// rate as a share of ffma.f32's.
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/isa/machine.h"

namespace {

// D is one of eight registers, the result and an operand, so that nothing leaves the loop; W such a
// pair, E a pair's low word. A, B, C are words, U is one that all threads have, X, Y, Z 64-bit
// pairs, P p0, M addresses in shared memory.
const char* const kInstructions[] = {
    "ffma.f32 D, D, A, B",
    "fadd.f32 D, D, A",
    "ffma.f32.ftz D, D, A, B",
    "fadd.f32.ftz D, D, A",
    "fmul.f32.ftz D, D, A",
    "fadd.f32.sat D, D, A",
    "fadd.f32.rz D, D, A",
    "fmin.f32 D, D, A",
    "fdiv.f32 D, D, A",
    "frcp.f32 D, D",
    "fsqrt.f32 D, D",
    "fsetp.f32.lt p0, D, A",
    "ffma.f64 W, W, X, Y",
    "fadd.f64 W, W, X",
    "fdiv.f64 W, W, X",
    "fsqrt.f64 W, W",
    "rcp.approx.f32 D, D",
    "rsqrt.approx.f32 D, D",
    "sqrt.approx.f32 D, D",
    "ex2.approx.f32 D, D",
    "lg2.approx.f32 D, D",
    "sin.approx.f32 D, D",
    "cos.approx.f32 D, D",
    "tanh.approx.f32 D, D",
    "iadd.b32 D, D, A",
    "iadd.b64 W, W, X",
    "imul.b32 D, D, A",
    "imad.b32 D, D, A, B",
    "imulhi.u32 D, D, A",
    "imadw.u32 W, A, B, W",
    "imul.b64 W, W, X",
    "imulhi.u64 W, W, X",
    "idiv.s32 D, D, A",
    "idiv.u32 D, D, A",
    "irem.u32 D, D, A",
    "idiv.u32 D, D, U",
    "idiv.s32 D, D, U",
    "irem.u32 D, D, U",
    "idiv.s64 W, W, X",
    "irem.u64 W, W, X",
    "imin.s32 D, D, A",
    "imax.u32 D, D, A",
    "imin.s64 W, W, X",
    "iabs.s32 D, D",
    "isad.u32 D, A, B, D",
    "ihadd.s32 D, D, A",
    "iaddsat.s32 D, D, A",
    "iaddx.b32 D|p0, D, A, p0",
    "dp4a.s8.sb D, A, B, D",
    "dp4a.u8.ub D, A, B, D",
    "dp4a.u8.sb D, A, B, D",
    "dp2a.s8.sb.lo D, A, B, D",
    "vadd.x4.u D, D, A",
    "vadd.x2.s D, D, A",
    "vsub.x4.u D, D, A",
    "vmin.x4.u D, D, A",
    "vmax.x2.s D, D, A",
    "vavg.x4.u D, D, A",
    "vabsdiff.x4.u D, D, A",
    "vabs.x4.s D, D, rz",
    "vset.x4.u.eq.mask D, D, A",
    "vsad.x4.u D, A, B, D",
    "isetp.s32.lt p0, D, A",
    "and.b32 D, D, A",
    "lop3.b32{lut=0xe8} D, D, A, B",
    "lop3.b32{lut=0x96} D, D, A, B",
    "shl.b32 D, D, 3",
    "shl.b32 D, D, A",
    "shr.u32 D, D, C",
    "shr.s64 W, W, C",
    "shf.l.wrap D, D, 7, A",
    "shf.l.wrap D, D, C, A",
    "shf.r.clamp D, D, C, A",
    "bfe.u32 D, D, 2056",
    "bfe.s32 D, D, 2056",
    "bfe.u32 D, D, C",
    "bfi.b32 D, D, 2056, A",
    "popc.b32 D, D",
    "popc.b64 E, W",
    "clz.b32 D, D",
    "ctz.b32 D, D",
    "brev.b32 D, D",
    "brev.b64 W, W",
    "bfind.u32 D, D",
    "fns D, D, 0, C",
    "bmsk.clamp D, D, C",
    "prmt D, D, 0x3240, A",
    "prmt D, D, 0x4440, rz",
    "prmt D, D, C, A",
    "mov.b32 D, A",
    "selp.b32 D, D, A, p0",
    "selp.b64 W, W, X, p0",
    "sext.s8 D, D",
    "cvt.f32.s32 D, D",
    "cvt.f32.u32 D, D",
    "cvt.s32.f32.rzi D, D",
    "cvt.u32.f32.rzi D, D",
    "cvt.f64.s32 W, A",
    "cvt.s32.f64.rzi E, W",
    "cvt.s64.f64.rzi W, W",
    "cvt.s64.f32.rzi W, A",
    "cvt.f64.f32 W, A",
    "cvt.f32.f64 E, W",
    "cvt.f32.f16 D, D",
    "cvt.f16.f32 D, D",
    "cvt.f32.bf16 D, D",
    "cvt.bf16.f32 D, D",
    "cvt.f16x2.f32 D, D, A",
    "cvt.bf16x2.f32 D, D, A",
    "cvt.s32.f16.rzi D, D",
    "cvt.f16.s32 D, D",
    "frnd.f32.rni D, D",
    "frnd.f64.rni W, W",
    "hadd.f16x2 D, D, A",
    "hadd.f16 D, D, A",
    "hmul.f16x2 D, D, A",
    "hfma.f16x2 D, D, A, B",
    "hfma.f16 D, D, A, B",
    "hmin.f16x2 D, D, A",
    "hfma.bf16x2 D, D, A, B",
    "hadd.bf16x2 D, D, A",
    "hmul.bf16x2 D, D, A",
    "hset.f16x2.lt.mask D, D, A",
    "hsetp.f16x2.lt p0, D, A",
    "hex2.f16x2 D, D",
    "htanh.f16x2 D, D",
    "shfl.bfly.simm{clamp=31, simmlane=4} D, D, rz, -1",
    "shfl.down.simm{clamp=31, simmlane=1} D, D, rz, -1",
    "shfl.idx{clamp=31} D, D, C, -1",
    "vote.any p0, p0, -1",
    "ballot D, p0, -1",
    "redux.add D, D, -1",
    "match.any.b32 D, D, -1",
    "ld.shared.b32 D, [M]",
    "ld.shared.b32 D, [rz + 64]",
    "ld.shared.u8 D, [M]",
    "ld.shared.b128 r48, [M]",
    "st.shared.b32 [M], D",
    "st.shared.b8 [M], D",
    "ld.global.b32 D, [X]",
    "ld.global.u8 D, [X]",
    "atom.shared.add.b32.cta D, [rz + 64], D",
    "atom.shared.add.b32.cta D, [M], D",
};

std::string with_registers(const char* text, unsigned i) {
    std::string out;
    for (const char* p = text; *p; ++p) {
        const bool alone = (p == text || std::strchr(" [,", p[-1])) && std::strchr(" ,]|", p[1]);
        switch (alone || (p != text && p[1] == '\0') ? *p : 0) {
        case 'D': out += "r" + std::to_string(8 + i); break;
        case 'W':
        case 'E': out += "r" + std::to_string(16 + 2 * i); break;
        case 'A': out += "r32"; break;
        case 'B': out += "r33"; break;
        case 'C': out += "r34"; break;
        case 'M': out += "r35"; break;
        case 'U': out += "r6"; break;
        case 'X': out += "r36"; break;
        case 'Y': out += "r38"; break;
        default: out += *p;
        }
    }
    return out;
}

constexpr unsigned kIterations = 2000, kWarps = 8, kBlocks = 2, kEach = 8;

std::string program(const char* instruction) {
    std::string text = R"(
        mov.sr r4, sr_tid_x
        mov.sr r6, sr_nctaid_x
        cvt.f32.u32 r5, r4
        fmul.f32 r32, r5, 0.001
        fadd.f32 r32, r32, 1.0
        fmul.f32 r33, r5, 0.002
        fadd.f32 r33, r33, 0.5
        and.b32 r34, r4, 15
        shl.b32 r35, r4, 4
        mov.sr64 r2, sr_kernarg
        zext.u32 r36, r35
)";
    const bool addresses = std::strstr(instruction, ".global");
    if (addresses)
        text += "iadd.b64 r36, r36, r2\n";
    else
        text += "cvt.f64.f32 r36, r32\n";
    text += "cvt.f64.f32 r38, r33\n";
    for (unsigned i = 0; i < kEach; ++i)
        text += "fadd.f32 r" + std::to_string(8 + i) + ", r32, 1.5\ncvt.f64.f32 r" +
                std::to_string(16 + 2 * i) + ", r33\n";
    text += "isetp.s32.lt p0, r4, 7\nmov.b32 r60, " + std::to_string(kIterations) + "\nloop:\n";
    for (unsigned i = 0; i < kEach; ++i)
        text += with_registers(instruction, i) + "\n";
    text += "iadd.b32 r60, r60, -1\nisetp.s32.gt p1, r60, 0\n@p1 bra loop\n";
    text += "selp.b32 r5, r4, r5, p0\nshl.b32 r4, r4, 7\nzext.u32 r4, r4\niadd.b64 r2, r2, r4\n"
            "st.global.b32 [r2 + 65536], r5\n";
    for (unsigned i = 0; i < kEach; ++i)
        text += "st.global.b32 [r2 + " + std::to_string(65540 + 4 * i) + "], r" +
                std::to_string(8 + i) + "\nst.global.b64 [r2 + " + std::to_string(65576 + 8 * i) +
                "], r" + std::to_string(16 + 2 * i) + "\n";
    return text + "exit\n";
}

} // namespace

int main(int argc, char** argv) {
    acc::test::Machine machine;
    double fma = 0;
    for (const char* instruction : kInstructions) {
        if (fma != 0 && argc > 1 && !std::strstr(instruction, argv[1])) continue;
        try {
            machine.load(program(instruction));
        } catch (const std::exception& e) {
            std::printf("%-55s %.100s\n", instruction, e.what());
            continue;
        }
        acc::test::LaunchShape shape;
        shape.block[0] = 32 * kWarps;
        shape.grid[0] = kBlocks;
        shape.regs = 64;
        shape.shared = 8192;
        std::memset(machine.at<char>(acc::test::Machine::kData), 0, 1 << 16);
        double best = 1e30;
        for (int i = 0; i < 3; ++i) {
            const acc::test::Outcome outcome = machine.run(shape);
            if (outcome.result != acc::model::RunResult::Done) {
                std::printf("%-55s fault %u\n", instruction, outcome.fault.cause);
                break;
            }
            best = machine.seconds() < best ? machine.seconds() : best;
        }
        const double each = best / (double{kIterations} * kWarps * kBlocks * kEach);
        if (fma == 0) fma = each;
        std::printf("%-55s %7.2f ns  %6.3f\n", instruction, each * 1e9, fma / each);
    }
    return 0;
}
