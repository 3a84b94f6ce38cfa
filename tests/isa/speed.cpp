// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How fast the interpreter executes some loops: lane-operations a second (one thread executing one
// instruction is one lane-operation) on one host core. Not a test: it judges nothing. Usage:
// interp-speed [name]
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/isa/machine.h"

namespace {

struct Loop {
    const char* name;
    const char* text;
    uint32_t block_x, block_y, blocks, regs, shared;
    double per_thread; ///< instructions a thread executes, about
};

const char* const kFma = R"(
        fadd.f32 r4, rz, 1.0
        fadd.f32 r5, rz, 0.5
        fadd.f32 r6, rz, 0.25
        fadd.f32 r7, rz, 2.0
        fadd.f32 r8, rz, 1.5
        mov.b32 r20, 20000
loop:
        ffma.f32 r4, r4, r5, r6
        ffma.f32 r7, r7, r5, r6
        ffma.f32 r8, r8, r5, r6
        ffma.f32 r9, r9, r5, r6
        ffma.f32 r10, r10, r5, r6
        ffma.f32 r11, r11, r5, r6
        ffma.f32 r12, r12, r5, r6
        ffma.f32 r13, r13, r5, r6
        iadd.b32 r20, r20, -1
        isetp.s32.gt p0, r20, 0
@p0     bra loop
        exit
)";
// escape time of points around the set, at most 500 iterations
const char* const kMandelbrot = R"(
        mov.sr r4, sr_tid_x
        mov.sr r5, sr_ctaid_x
        cvt.f32.u32 r6, r4
        cvt.f32.u32 r7, r5
        ffma.f32 r6, r6, 0.01, r40
        fadd.f32 r6, r6, -2.0
        fmul.f32 r7, r7, 0.015
        fadd.f32 r7, r7, -1.0
        fadd.f32 r8, rz, 0.0
        fadd.f32 r9, rz, 0.0
        mov.b32 r20, 0
loop:
        fmul.f32 r10, r8, r8
        fmul.f32 r11, r9, r9
        fadd.f32 r12, r10, r11
        fsetp.f32.gt p0, r12, 4.0
@p0     bra done
        fmul.f32 r13, r8, r9
        fadd.f32.nb r14, r10, r11
        fadd.f32 r8, r14, r6
        ffma.f32 r9, r13, 2.0, r7
        iadd.b32 r20, r20, 1
        isetp.s32.lt p1, r20, 500
@p1     bra loop
done:
        mov.sr64 r2, sr_kernarg
        mov.sr r15, sr_ntid_x
        imad.b32 r16, r5, r15, r4
        st.global.b32 [r2 + r16<<2], r20
        exit
)";
// 16x16 tiles in shared memory, inner loop unrolled by 4
const char* const kSgemm = R"(
        mov.sr r4, sr_tid_x
        mov.sr r5, sr_tid_y
        mov.b32 r21, 0
        fadd.f32 r30, rz, 0.0
        shl.b32 r6, r5, 6
        shl.b32 r7, r4, 2
        iadd.b32 r8, r6, r7
        mov.sr64 r2, sr_kernarg
        imad.b32 r9, r5, 256, r4
tile:
        ld.global.b32 r10, [r2 + r9<<2]
        ld.global.b32 r11, [r2 + r9<<2 + 262144]
        iadd.b32 r9, r9, 16
        st.shared.b32 [r8], r10
        st.shared.b32 [r8 + 1024], r11
        bar.sync 0, rz
        mov.b32 r12, r6
        mov.b32 r13, r7
        mov.b32 r20, 4
inner:
        ld.shared.b32 r14, [r12]
        ld.shared.b32 r15, [r13 + 1024]
        ffma.f32 r30, r14, r15, r30
        ld.shared.b32 r14, [r12 + 4]
        ld.shared.b32 r15, [r13 + 1088]
        ffma.f32 r30, r14, r15, r30
        ld.shared.b32 r14, [r12 + 8]
        ld.shared.b32 r15, [r13 + 1152]
        ffma.f32 r30, r14, r15, r30
        ld.shared.b32 r14, [r12 + 12]
        ld.shared.b32 r15, [r13 + 1216]
        ffma.f32 r30, r14, r15, r30
        iadd.b32 r12, r12, 16
        iadd.b32 r13, r13, 256
        iadd.b32 r20, r20, -1
        isetp.s32.gt p0, r20, 0
@p0     bra inner
        bar.sync 0, rz
        iadd.b32 r21, r21, 1
        isetp.s32.lt p0, r21, 16
@p0     bra tile
        imad.b32 r9, r5, 16, r4
        st.global.b32 [r2 + r9<<2 + 1048576], r30
        exit
)";
// y = a * x + y, unit stride
const char* const kSaxpy = R"(
        mov.sr r4, sr_tid_x
        mov.sr r5, sr_ctaid_x
        mov.sr r6, sr_ntid_x
        imad.b32 r7, r5, r6, r4
        and.b32 r7, r7, 0xffff
        mov.sr64 r2, sr_kernarg
        isetp.s32.ge p0, r7, 65530
@p0     exit
        ld.global.b32 r8, [r2 + r7<<2]
        ld.global.b32 r9, [r2 + r7<<2 + 262144]
        ffma.f32 r9, r8, 2.0, r9
        st.global.b32 [r2 + r7<<2 + 262144], r9
        exit
)";
// one body against tiles of 256 in shared memory
const char* const kNbody = R"(
        mov.sr r4, sr_tid_x
        mov.sr64 r2, sr_kernarg
        ld.global.b128 r8, [r2 + r4<<4]
        mov.b32 r21, 0
        shl.b32 r5, r4, 4
tile:
        st.shared.b128 [r5], r8
        bar.sync 0, rz
        mov.b32 r20, 0
inner:
        ld.shared.b128 r12, [r20]
        fadd.f32.nb r16, r12, r8
        fadd.f32.nb r17, r13, r9
        fadd.f32.nb r18, r14, r10
        ffma.f32 r19, r16, r16, 0.01
        ffma.f32 r19, r17, r17, r19
        ffma.f32 r19, r18, r18, r19
        rsqrt.approx.f32 r19, r19
        fmul.f32 r24, r19, r19
        fmul.f32 r24, r24, r19
        fmul.f32 r24, r24, r15
        ffma.f32 r25, r16, r24, r25
        ffma.f32 r26, r17, r24, r26
        ffma.f32 r27, r18, r24, r27
        iadd.b32 r20, r20, 16
        isetp.u32.lt p0, r20, 4096
@p0     bra inner
        bar.sync 0, rz
        iadd.b32 r21, r21, 1
        isetp.s32.lt p0, r21, 8
@p0     bra tile
        st.global.b32 [r2 + r4<<2 + 1048576], r25
        exit
)";

const Loop kLoops[] = {
    {"fma", kFma, 256, 1, 8, 32, 0, 20000 * 11},
    {"fma-warp", kFma, 32, 1, 16, 32, 0, 20000 * 11},
    {"mandelbrot", kMandelbrot, 256, 1, 128, 48, 0, 0},
    {"sgemm", kSgemm, 16, 16, 256, 32, 2048, 16 * (4 * 17 + 14)},
    {"nbody", kNbody, 256, 1, 32, 32, 4096, 8 * 256 * 17},
    {"saxpy", kSaxpy, 256, 1, 16384, 16, 0, 12},
};

} // namespace

int main(int argc, char** argv) {
    acc::test::Machine machine;
    for (const Loop& loop : kLoops) {
        if (argc > 1 && std::strcmp(argv[1], loop.name) != 0) continue;
        machine.load(loop.text);
        acc::test::LaunchShape shape;
        shape.block[0] = loop.block_x;
        shape.block[1] = loop.block_y;
        shape.grid[0] = loop.blocks;
        shape.regs = loop.regs;
        shape.shared = loop.shared;
        std::memset(machine.at<char>(acc::test::Machine::kData), 0, acc::test::Machine::kDataBytes);
        double best = 1e30;
        for (int i = 0; i < 3; ++i) {
            const acc::test::Outcome outcome = machine.run(shape);
            if (outcome.result != acc::model::RunResult::Done) {
                std::printf(
                    "%s: fault %u at pc +0x%llx\n", loop.name, outcome.fault.cause,
                    static_cast<unsigned long long>(outcome.fault.pc - acc::test::Machine::kCode));
                return 1;
            }
            best = machine.seconds() < best ? machine.seconds() : best;
        }
        const double threads = static_cast<double>(loop.block_x) * loop.block_y * loop.blocks;
        double per_thread = loop.per_thread;
        if (per_thread == 0) { // mandelbrot: the program wrote its iterations
            double sum = 0;
            for (uint32_t i = 0; i < loop.block_x * loop.blocks; ++i)
                sum += machine.at<uint32_t>(acc::test::Machine::kData)[i];
            per_thread = sum / threads * 12;
        }
        std::printf("%-12s %8.3f ms  %6.2f G lane-operations/s\n", loop.name, best * 1e3,
                    threads * per_thread / best * 1e-9);
    }
    return 0;
}
