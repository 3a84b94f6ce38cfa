// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix instructions: fragments are written element by element from the formulas of the PTX
// documentation ("Matrix fragments for mma.m16n8k16" and so on), multiplied plainly, and compared.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <functional>
#include <random>

#include "tests/isa/machine.h"

namespace acc::test {
namespace {

constexpr uint64_t kA = Machine::kData + 0x1000, kB = Machine::kData + 0x2000,
                   kC = Machine::kData + 0x3000, kD = Machine::kData + 0x4000;

/// f16 bits of a small whole number.
uint16_t half_of(int x) {
    if (x == 0) return 0;
    const int m = std::abs(x), top = 31 - std::countl_zero(static_cast<unsigned>(m));
    return static_cast<uint16_t>((x < 0 ? 0x8000 : 0) | (top + 15) << 10 |
                                 ((m << (10 - top)) & 0x3ff));
}

class Matrix : public ::testing::Test {
  protected:
    void SetUp() override {
        for (auto& row : a_)
            for (int& x : row)
                x = static_cast<int>(bits_() % 15) - 7;
        for (auto& row : b_)
            for (int& x : row)
                x = static_cast<int>(bits_() % 15) - 7;
        for (auto& row : c_)
            for (int& x : row)
                x = static_cast<int>(bits_() % 201) - 100;
    }
    int product(int row, int column, int depth) const {
        int sum = c_[row][column];
        for (int k = 0; k < depth; ++k)
            sum += a_[row][k] * b_[k][column];
        return sum;
    }
    /// Each lane has 32 bytes for each operand.
    template <class T>
    T& element(uint64_t base, int lane, int index) {
        return machine_.at<T>(base + 32u * static_cast<unsigned>(lane))[index];
    }
    void run(const std::string& instruction) {
        machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        shl.b32 r5, r4, 5
        ld.global.b128 r8, [r2 + r5 + 4096]
        ld.global.b128 r12, [r2 + r5 + 4112]
        ld.global.b128 r16, [r2 + r5 + 8192]
        ld.global.b128 r24, [r2 + r5 + 12288]
        ld.global.b128 r28, [r2 + r5 + 12304]
)" + instruction + R"(
        st.global.b128 [r2 + r5 + 16384], r32
        st.global.b128 [r2 + r5 + 16400], r36
        exit
)");
        const Outcome o = machine_.run({});
        ASSERT_EQ(o.result, model::RunResult::Done) << o.fault.cause;
    }
    Machine machine_;
    std::mt19937 bits_{5};
    int a_[16][64], b_[64][8], c_[16][8];
};

TEST_F(Matrix, HalfInputsSingleAccumulators) {
    for (int lane = 0; lane < 32; ++lane) {
        const int group = lane >> 2, in_group = lane % 4;
        for (int i = 0; i < 8; ++i) {
            const int row = i < 2 || (i >= 4 && i < 6) ? group : group + 8;
            const int column = in_group * 2 + (i & 1) + (i >= 4 ? 8 : 0);
            element<uint16_t>(kA, lane, i) = half_of(a_[row][column]);
        }
        for (int i = 0; i < 4; ++i)
            element<uint16_t>(kB, lane,
                              i) = half_of(b_[in_group * 2 + (i & 1) + (i >= 2 ? 8 : 0)][group]);
        for (int i = 0; i < 4; ++i)
            element<float>(kC, lane, i) = static_cast<float>(
                c_[i < 2 ? group : group + 8][in_group * 2 + (i & 1)]);
    }
    run("mma.m16n8k16.f32.f16.f16 r32, r8, r16, r24");
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 4; ++i) {
            const int row = i < 2 ? lane / 4 : lane / 4 + 8, column = lane % 4 * 2 + (i & 1);
            EXPECT_EQ(element<float>(kD, lane, i), static_cast<float>(product(row, column, 16)))
                << lane << " " << i;
        }
}

TEST_F(Matrix, HalfAccumulators) {
    for (int lane = 0; lane < 32; ++lane) {
        const int group = lane >> 2, in_group = lane % 4;
        for (int i = 0; i < 4; ++i) {
            element<uint16_t>(kA, lane,
                              i) = half_of(a_[i < 2 ? group : group + 8][in_group * 2 + (i & 1)]);
            element<uint16_t>(kC, lane,
                              i) = half_of(c_[i < 2 ? group : group + 8][in_group * 2 + (i & 1)]);
        }
        for (int i = 0; i < 2; ++i)
            element<uint16_t>(kB, lane, i) = half_of(b_[in_group * 2 + i][group]);
    }
    run("mma.m16n8k8.f16.f16.f16 r32, r8, r16, r24");
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 4; ++i)
            EXPECT_EQ(element<uint16_t>(kD, lane, i),
                      half_of(product(i < 2 ? lane / 4 : lane / 4 + 8, lane % 4 * 2 + (i & 1), 8)));
}

TEST_F(Matrix, Tf32Inputs) {
    for (int lane = 0; lane < 32; ++lane) {
        const int group = lane >> 2, in_group = lane % 4;
        for (int i = 0; i < 4; ++i) {
            element<float>(kA, lane, i) = static_cast<float>(
                a_[i % 2 ? group + 8 : group][in_group + (i >= 2 ? 4 : 0)]);
            element<float>(kC, lane, i) = static_cast<float>(
                c_[i < 2 ? group : group + 8][in_group * 2 + (i & 1)]);
        }
        for (int i = 0; i < 2; ++i)
            element<float>(kB, lane, i) = static_cast<float>(b_[in_group + 4 * i][group]);
    }
    run("mma.m16n8k8.f32.tf32.tf32 r32, r8, r16, r24");
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 4; ++i)
            EXPECT_EQ(element<float>(kD, lane, i),
                      static_cast<float>(
                          product(i < 2 ? lane / 4 : lane / 4 + 8, lane % 4 * 2 + (i & 1), 8)));
}

TEST_F(Matrix, ByteInputs) {
    for (int lane = 0; lane < 32; ++lane) {
        const int group = lane >> 2, in_group = lane % 4;
        for (int i = 0; i < 16; ++i) {
            const int row = i < 4 || (i >= 8 && i < 12) ? group : group + 8,
                      column = in_group * 4 + (i & 3) + (i >= 8 ? 16 : 0);
            element<int8_t>(kA, lane, i) = static_cast<int8_t>(a_[row][column]);
        }
        for (int i = 0; i < 8; ++i)
            element<int8_t>(kB, lane, i) = static_cast<int8_t>(
                b_[in_group * 4 + (i & 3) + (i >= 4 ? 16 : 0)][group]);
        for (int i = 0; i < 4; ++i)
            element<int32_t>(kC, lane, i) = c_[i < 2 ? group : group + 8][in_group * 2 + (i & 1)];
    }
    run("mma.m16n8k32.s32.i8.s8.sb r32, r8, r16, r24");
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 4; ++i)
            EXPECT_EQ(element<int32_t>(kD, lane, i),
                      product(i < 2 ? lane / 4 : lane / 4 + 8, lane % 4 * 2 + (i & 1), 32));
}

TEST_F(Matrix, DoubleInputs) {
    for (int lane = 0; lane < 32; ++lane) {
        element<double>(kA, lane, 0) = a_[lane >> 2][lane % 4];
        element<double>(kB, lane, 0) = b_[lane % 4][lane >> 2];
        for (int i = 0; i < 2; ++i)
            element<double>(kC, lane, i) = c_[lane >> 2][lane % 4 * 2 + i];
    }
    run("mma.m8n8k4.f64 r32, r8, r16, r24");
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(element<double>(kD, lane, i), product(lane >> 2, lane % 4 * 2 + i, 4));
}

TEST_F(Matrix, FragmentsAreLoadedAndTransposed) {
    // Two matrices of numbers row * 8 + column (+ 64) in shared memory, a row every 32 bytes.
    machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        and.b32 r6, r4, 15
        shl.b32 r5, r6, 5
        shl.b32 r7, r6, 3
        imul.b32 r7, r7, 0x00010001
        iadd.b32 r8, r7, 0x00010000
        iadd.b32 r9, r7, 0x00030002
        iadd.b32 r10, r7, 0x00050004
        iadd.b32 r11, r7, 0x00070006
        st.shared.b128 [r5], r8
        bar.sync 0, rz
        ldmatrix.x2 r32, [r5]
        ldmatrix.x1.trans r34, [r5]
        movmatrix r35, r32
        shl.b32 r5, r4, 5
        st.global.b128 [r2 + r5 + 16384], r32
        exit
)");
    LaunchShape shape;
    shape.shared = 512;
    const Outcome o = machine_.run(shape);
    ASSERT_EQ(o.result, model::RunResult::Done) << o.fault.cause;
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(element<uint16_t>(kD, lane, i), lane / 4 * 8 + lane % 4 * 2 + i);
            EXPECT_EQ(element<uint16_t>(kD, lane, 2 + i), 64 + lane / 4 * 8 + lane % 4 * 2 + i);
            EXPECT_EQ(element<uint16_t>(kD, lane, 4 + i), (lane % 4 * 2 + i) * 8 + lane / 4);
            EXPECT_EQ(element<uint16_t>(kD, lane, 6 + i), (lane % 4 * 2 + i) * 8 + lane / 4);
        }
}

TEST_F(Matrix, NeedsTheWholeWarp) {
    machine_.load("mov.sr r4, sr_tid_x\nisetp.s32.lt p0, r4, 4\n@p0 exit\nmma.m8n8k4.f64 r32, r8, "
                  "r16, r24\nexit\n");
    const Outcome o = machine_.run({});
    EXPECT_EQ(o.result, model::RunResult::Fault);
    EXPECT_EQ(o.fault.cause, ACC_FAULT_WARP_OP);
}

} // namespace
} // namespace acc::test
