// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Validation of packets, kernel descriptors and launch sizes, against include/acc/spec. Offsets are
// written as numbers: they are the hardware contract.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "acc/spec/acc_occupancy.h"
#include "driver/model/src/packet.h"

namespace acc::model::test {
namespace {

Packet packet_of(uint16_t type) {
    Packet p{};
    p.header.type = type;
    switch (type) {
    case ACC_PKT_DISPATCH:
        for (int i = 0; i < 3; i++)
            p.dispatch.grid[i] = p.dispatch.block[i] = 1;
        break;
    case ACC_PKT_COPY_RECT: p.copy_rect.height = p.copy_rect.depth = 1; break;
    case ACC_PKT_FILL:
        p.fill.element_bytes = 4;
        p.fill.height = 1;
        break;
    case ACC_PKT_WAIT_VALUE: p.wait_value.size = 8; break;
    case ACC_PKT_WRITE_VALUE: p.write_value.size = 8; break;
    default: break;
    }
    return p;
}

constexpr uint16_t kTypes[] = {ACC_PKT_DISPATCH,   ACC_PKT_COPY,        ACC_PKT_COPY_RECT,
                               ACC_PKT_FILL,       ACC_PKT_BARRIER_AND, ACC_PKT_BARRIER_OR,
                               ACC_PKT_WAIT_VALUE, ACC_PKT_WRITE_VALUE, ACC_PKT_TIMESTAMP,
                               ACC_PKT_CACHE};

void expect_error(const Packet& p, uint64_t offset) {
    auto error = validate_packet(p);
    ASSERT_TRUE(error.has_value()) << "type " << p.header.type << " offset " << offset;
    EXPECT_EQ(error->cause, ACC_FAULT_INVALID_PACKET);
    EXPECT_EQ(error->info, offset) << "type " << p.header.type;
}

TEST(Packet, AcceptsEveryTypeWithItsFlags) {
    for (uint16_t type : kTypes) {
        Packet p = packet_of(type);
        EXPECT_FALSE(validate_packet(p)) << type;
        p.header.flags = ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT;
        EXPECT_FALSE(validate_packet(p)) << type;
    }
}

TEST(Packet, RejectsUnknownTypes) {
    for (uint32_t type : {0u, 11u, 12u, 255u, 256u, 0xffffu})
        expect_error(packet_of(static_cast<uint16_t>(type)), 0);
}

TEST(Packet, RejectsUnknownFlags) {
    for (uint16_t type : kTypes) {
        for (int bit = 2; bit < 16; bit++) {
            Packet p = packet_of(type);
            p.header.flags = static_cast<uint16_t>(1u << bit);
            if (type == ACC_PKT_DISPATCH && bit == 2)
                EXPECT_FALSE(validate_packet(p)); // cooperative
            else
                expect_error(p, 2);
        }
    }
}

TEST(Packet, RejectsEveryReservedBit) {
    struct Field {
        uint16_t type;
        unsigned offset, bytes;
    };
    const Field fields[] = {
        {ACC_PKT_COPY, 4, 4},          {ACC_PKT_COPY, 32, 16},       {ACC_PKT_FILL, 40, 8},
        {ACC_PKT_BARRIER_AND, 4, 4},   {ACC_PKT_BARRIER_AND, 40, 8}, {ACC_PKT_BARRIER_OR, 4, 4},
        {ACC_PKT_BARRIER_OR, 40, 8},   {ACC_PKT_WAIT_VALUE, 36, 4},  {ACC_PKT_WAIT_VALUE, 40, 8},
        {ACC_PKT_WRITE_VALUE, 24, 24}, {ACC_PKT_TIMESTAMP, 4, 4},    {ACC_PKT_TIMESTAMP, 16, 32},
        {ACC_PKT_CACHE, 24, 24}};
    for (const Field& f : fields) {
        for (unsigned bit = 0; bit < f.bytes * 8; bit++) {
            Packet p = packet_of(f.type);
            reinterpret_cast<uint8_t*>(&p)[f.offset + bit / 8] |= static_cast<uint8_t>(1u
                                                                                       << bit % 8);
            expect_error(p, f.offset);
        }
    }
}

// Every reserved bit, unknown flag and type, and the boundary values of every member that has a
// rule, made by the generator from the rows of host/Queue.td.
TEST(Packet, TheCorpusIsJudgedAsTheTableSays) {
    struct Case {
        const char* what;
        int offset; ///< of the offending field; -1: valid
        uint64_t words[8];
    };
    static const Case cases[] = {
#define ACC_PACKET_CASE(what, offset, ...) {what, offset, {__VA_ARGS__}},
#include <acc/spec/acc_packet_corpus.inc>
    };
    unsigned good = 0, bad = 0;
    for (const Case& c : cases) {
        Packet p;
        std::memcpy(&p, c.words, sizeof p);
        const auto error = validate_packet(p);
        c.offset < 0 ? ++good : ++bad;
        ASSERT_EQ(error.has_value(), c.offset >= 0) << c.what;
        if (!error) continue;
        EXPECT_EQ(error->cause, ACC_FAULT_INVALID_PACKET) << c.what;
        EXPECT_EQ(error->info, static_cast<uint64_t>(c.offset)) << c.what;
    }
    EXPECT_GT(good, 100u);
    EXPECT_GT(bad, 1000u);
}

TEST(Packet, RejectsMisalignedSignals) {
    for (uint16_t type : kTypes) {
        for (uint64_t low = 1; low < 8; low++) {
            Packet p = packet_of(type);
            p.copy.signal = 0x1000 + low;
            expect_error(p, 48);
        }
    }
}

TEST(Packet, RejectsMisalignedAddresses) {
    Packet p = packet_of(ACC_PKT_DISPATCH);
    p.dispatch.kernel = 32;
    expect_error(p, 32);
    p = packet_of(ACC_PKT_DISPATCH);
    p.dispatch.kernarg = 8;
    expect_error(p, 40);
    for (uint16_t type : {ACC_PKT_BARRIER_AND, ACC_PKT_BARRIER_OR}) {
        p = packet_of(type);
        p.barrier.wait_address[0] = 4;
        expect_error(p, 8);
        p = packet_of(type);
        p.barrier.wait_address[1] = 4;
        expect_error(p, 16);
    }
    p = packet_of(ACC_PKT_WAIT_VALUE);
    p.wait_value.address = 4;
    expect_error(p, 8);
    p.wait_value.size = 4;
    EXPECT_FALSE(validate_packet(p));
    p = packet_of(ACC_PKT_WRITE_VALUE);
    p.write_value.address = 4;
    expect_error(p, 8);
    p = packet_of(ACC_PKT_TIMESTAMP);
    p.timestamp.address = 4;
    expect_error(p, 8);
    p = packet_of(ACC_PKT_FILL);
    p.fill.dst = 2;
    expect_error(p, 8);
    p.fill.element_bytes = 2;
    EXPECT_FALSE(validate_packet(p));
}

TEST(Packet, RejectsBadEnumerationsAndSizes) {
    for (uint32_t n : {0u, 3u, 5u, 8u, 0xffffffffu}) {
        Packet p = packet_of(ACC_PKT_FILL);
        p.fill.element_bytes = n;
        expect_error(p, 36);
    }
    Packet p = packet_of(ACC_PKT_FILL);
    p.fill.height = 0;
    expect_error(p, 32);
    p = packet_of(ACC_PKT_FILL);
    p.fill.width = 6;
    expect_error(p, 16);
    p = packet_of(ACC_PKT_FILL);
    p.fill.pitch = 6;
    EXPECT_FALSE(validate_packet(p)); // one row: not used
    p.fill.height = 2;
    expect_error(p, 24);
    p = packet_of(ACC_PKT_WAIT_VALUE);
    p.wait_value.condition = 5;
    expect_error(p, 4);
    for (uint32_t n : {0u, 1u, 2u, 16u}) {
        p = packet_of(ACC_PKT_WAIT_VALUE);
        p.wait_value.size = n;
        expect_error(p, 32);
        p = packet_of(ACC_PKT_WRITE_VALUE);
        p.write_value.size = n;
        expect_error(p, 4);
    }
    for (int bit = 3; bit < 32; bit++) {
        p = packet_of(ACC_PKT_CACHE);
        p.cache.actions = 1u << bit;
        expect_error(p, 4);
    }
}

acc_kernel_descriptor kernel() {
    acc_kernel_descriptor k{};
    k.magic = ACC_KERNEL_DESCRIPTOR_MAGIC;
    k.version = 1;
    k.entry = 256;
    k.num_regs = 16;
    return k;
}

void expect_bad_kernel(const acc_kernel_descriptor& k, uint64_t offset, uint64_t address = 0x1000) {
    auto error = validate_kernel(k, address);
    ASSERT_TRUE(error.has_value()) << offset;
    EXPECT_EQ(error->cause, ACC_FAULT_INVALID_KERNEL);
    EXPECT_EQ(error->info, offset);
}

TEST(KernelDescriptor, EveryInconsistentFieldIsNamed) {
    EXPECT_FALSE(validate_kernel(kernel(), 0x1000));
    auto k = kernel();
    k.magic++;
    expect_bad_kernel(k, 0);
    for (uint16_t version : {0, 2, 0xffff}) {
        k = kernel();
        k.version = version;
        expect_bad_kernel(k, 4);
    }
    for (int bit = 5; bit < 16; bit++) {
        k = kernel();
        k.flags = static_cast<uint16_t>(1u << bit);
        expect_bad_kernel(k, 6);
    }
    k = kernel();
    k.entry = 8;
    expect_bad_kernel(k, 8);
    k = kernel();
    k.entry = -0x2000; // before address 0
    expect_bad_kernel(k, 8);
    k.entry = 1ll << 48;
    expect_bad_kernel(k, 8);
    k = kernel();
    k.num_regs = 256;
    expect_bad_kernel(k, 20);
    k = kernel();
    k.num_barriers = 17;
    expect_bad_kernel(k, 22);
    k = kernel();
    k.shared_bytes = 227 * 1024 + 1;
    expect_bad_kernel(k, 24);
    k = kernel();
    k.local_bytes = 512 * 1024 + 1;
    expect_bad_kernel(k, 28);
    k = kernel();
    k.max_threads = 1025;
    expect_bad_kernel(k, 36);
    for (unsigned i = 0; i < 3; i++) {
        k = kernel();
        k.reqd_block[i] = 1025;
        expect_bad_kernel(k, 40 + 4 * i);
        k = kernel();
        k.cluster[i] = 17;
        expect_bad_kernel(k, 53 + i);
    }
}

struct Resolved {
    std::optional<PacketError> error;
    Launch launch;
    uint32_t blocks = 0;
};

void resolve(const Packet& p, const acc_kernel_descriptor& k, Resolved& out) {
    out.error = resolve_launch(p.dispatch, k, 4, out.launch, out.blocks);
}

void expect_bad_launch(const Packet& p, const acc_kernel_descriptor& k, uint64_t offset) {
    Resolved r;
    resolve(p, k, r);
    ASSERT_TRUE(r.error.has_value()) << offset;
    EXPECT_EQ(r.error->cause, ACC_FAULT_INVALID_LAUNCH);
    EXPECT_EQ(r.error->info, offset);
}

Packet launch(uint32_t gx, uint32_t gy, uint32_t gz, uint16_t bx, uint16_t by, uint16_t bz) {
    Packet p = packet_of(ACC_PKT_DISPATCH);
    p.dispatch.grid[0] = gx, p.dispatch.grid[1] = gy, p.dispatch.grid[2] = gz;
    p.dispatch.block[0] = bx, p.dispatch.block[1] = by, p.dispatch.block[2] = bz;
    return p;
}

TEST(LaunchSizes, LimitsOfTheGridAndTheBlock) {
    auto k = kernel();
    expect_bad_launch(launch(0, 1, 1, 1, 1, 1), k, 4);
    expect_bad_launch(launch(1, 0, 1, 1, 1, 1), k, 8);
    expect_bad_launch(launch(1, 1, 0, 1, 1, 1), k, 12);
    expect_bad_launch(launch(0x80000000u, 1, 1, 1, 1, 1), k, 4);
    expect_bad_launch(launch(1, 65536, 1, 1, 1, 1), k, 8);
    expect_bad_launch(launch(1, 1, 65536, 1, 1, 1), k, 12);
    expect_bad_launch(launch(1, 1, 1, 0, 1, 1), k, 16);
    expect_bad_launch(launch(1, 1, 1, 1, 0, 1), k, 18);
    expect_bad_launch(launch(1, 1, 1, 1, 1, 0), k, 20);
    expect_bad_launch(launch(1, 1, 1, 1025, 1, 1), k, 16);
    expect_bad_launch(launch(1, 1, 1, 1, 1025, 1), k, 18);
    expect_bad_launch(launch(1, 1, 1, 1, 1, 65), k, 20);
    expect_bad_launch(launch(1, 1, 1, 32, 32, 2), k, 16);
    Resolved r;
    resolve(launch(0x7fffffff, 65535, 65535, 1024, 1, 1), k, r);
    EXPECT_FALSE(r.error);
    EXPECT_EQ(r.launch.total_blocks, 0x7fffffffull * 65535 * 65535);
}

TEST(LaunchSizes, WhatTheKernelWasCompiledFor) {
    auto k = kernel();
    k.max_threads = 128;
    expect_bad_launch(launch(1, 1, 1, 129, 1, 1), k, 16);
    k = kernel();
    k.reqd_block[0] = 32, k.reqd_block[1] = 2, k.reqd_block[2] = 1;
    expect_bad_launch(launch(1, 1, 1, 64, 1, 1), k, 16);
    expect_bad_launch(launch(1, 1, 1, 32, 1, 1), k, 18);
    Resolved r;
    resolve(launch(1, 1, 1, 32, 2, 1), k, r);
    EXPECT_FALSE(r.error);
}

uint16_t cluster_of(uint32_t x, uint32_t y, uint32_t z) {
    return static_cast<uint16_t>(ACC_CLUSTER_GIVEN | (x - 1) | (y - 1) << 4 | (z - 1) << 8);
}

TEST(LaunchSizes, Clusters) {
    auto k = kernel();
    Packet p = launch(8, 6, 4, 32, 1, 1);
    Resolved r;
    resolve(p, k, r);
    ASSERT_FALSE(r.error);
    EXPECT_EQ(r.launch.clusters(), 192u);
    EXPECT_FALSE(r.launch.is_cluster);
    p.dispatch.cluster = cluster_of(4, 2, 2);
    Resolved of16;
    resolve(p, k, of16);
    ASSERT_FALSE(of16.error);
    EXPECT_EQ(of16.launch.cluster_blocks, 16u);
    EXPECT_EQ(of16.launch.clusters(), 12u);
    EXPECT_EQ(of16.blocks, 2u); // of 32 blocks
    EXPECT_TRUE(of16.launch.is_cluster);
    const uint32_t want[][3] = {{0, 0, 0}, {4, 0, 0}, {0, 2, 0}, {4, 4, 0}, {0, 0, 2}, {4, 4, 2}};
    const uint64_t numbers[] = {0, 1, 2, 5, 6, 11};
    for (int i = 0; i < 6; ++i) {
        uint32_t at[3];
        of16.launch.position(numbers[i], at);
        for (int j = 0; j < 3; ++j)
            EXPECT_EQ(at[j], want[i][j]) << i;
    }
    p.dispatch.cluster = cluster_of(16, 1, 1);
    expect_bad_launch(p, k, 4); // the grid is no multiple
    p.dispatch.cluster = cluster_of(1, 4, 1);
    expect_bad_launch(p, k, 8);
    p.dispatch.cluster = cluster_of(1, 1, 8);
    expect_bad_launch(p, k, 12);
    p.dispatch.cluster = cluster_of(8, 3, 1);
    expect_bad_launch(p, k, 22); // more than 16 blocks
    for (unsigned bit = 12; bit < 15; ++bit) {
        p.dispatch.cluster = static_cast<uint16_t>(ACC_CLUSTER_GIVEN | 1u << bit);
        expect_bad_launch(p, k, 22);
    }
    for (unsigned bit = 0; bit < 15; ++bit) { // a size that is not given
        p.dispatch.cluster = static_cast<uint16_t>(1u << bit);
        expect_bad_launch(p, k, 22);
    }
}

TEST(LaunchSizes, ClustersThatTheKernelRequires) {
    auto k = kernel();
    k.cluster[0] = 2, k.cluster[1] = 3, k.cluster[2] = 1;
    Packet p = launch(8, 6, 4, 32, 1, 1);
    Resolved r;
    resolve(p, k, r);
    ASSERT_FALSE(r.error);
    EXPECT_EQ(r.launch.cluster_blocks, 6u);
    p.dispatch.cluster = cluster_of(2, 3, 1);
    Resolved given;
    resolve(p, k, given);
    EXPECT_FALSE(given.error);
    p.dispatch.cluster = cluster_of(2, 2, 1);
    expect_bad_launch(p, k, 22);
    p.dispatch.cluster = 0;
    k.cluster[0] = 16;
    p.dispatch.grid[0] = 16;
    expect_bad_launch(p, k, 22);
    k.cluster[0] = 0; // all three or none
    Resolved part;
    resolve(p, k, part);
    ASSERT_TRUE(part.error.has_value());
    EXPECT_EQ(part.error->cause, ACC_FAULT_INVALID_KERNEL);
    EXPECT_EQ(part.error->info, 53u);
}

TEST(LaunchSizes, SharedAndLocalMemory) {
    auto k = kernel();
    k.shared_bytes = 20; // rounded up to 32 before the dynamic part
    k.local_bytes = 100;
    Packet p = launch(1, 1, 1, 33, 1, 1);
    p.dispatch.dynamic_shared = 1000;
    p.dispatch.stack_bytes = 4096; // ignored: no dynamic stack
    Resolved r;
    resolve(p, k, r);
    ASSERT_FALSE(r.error);
    EXPECT_EQ(r.launch.dyn_shared_offset, 32u);
    EXPECT_EQ(r.launch.shared_bytes, 1032u);
    EXPECT_EQ(r.launch.local_bytes, 112u);
    EXPECT_EQ(r.launch.threads, 33u);
    EXPECT_EQ(r.launch.warps, 2u);
    k.flags = ACC_KD_DYNAMIC_STACK;
    Resolved with_stack;
    resolve(p, k, with_stack);
    EXPECT_EQ(with_stack.launch.local_bytes, 4208u);
    p.dispatch.stack_bytes = 512 * 1024;
    expect_bad_launch(p, k, 28);
    p.dispatch.stack_bytes = 0xffffffffu;
    expect_bad_launch(p, k, 28);
    p.dispatch.stack_bytes = 0;
    p.dispatch.dynamic_shared = 227 * 1024;
    expect_bad_launch(p, k, 24);
    p.dispatch.dynamic_shared = 0xffffffffu;
    expect_bad_launch(p, k, 24);
}

TEST(LaunchSizes, RegistersAndCooperation) {
    auto k = kernel();
    k.num_regs = 65; // 72 registers for each of 1024 threads: more than 65536
    expect_bad_launch(launch(1, 1, 1, 1024, 1, 1), k, 16);
    k.num_regs = 64;
    Packet p = launch(4, 1, 1, 1024, 1, 1);
    p.header.flags = ACC_PKT_F_COOPERATIVE;
    Resolved r;
    resolve(p, k, r); // one block on each of four units
    ASSERT_FALSE(r.error);
    EXPECT_EQ(r.blocks, 1u);
    EXPECT_TRUE(r.launch.cooperative);
    p.dispatch.grid[0] = 5;
    expect_bad_launch(p, k, 4);
    p.header.flags = 0;
    Resolved ordinary;
    resolve(p, k, ordinary);
    EXPECT_FALSE(ordinary.error);
}

TEST(Occupancy, IsTheScarcestResource) {
    EXPECT_EQ(acc_blocks_per_cu(16, 1, 0), 32u);          // blocks
    EXPECT_EQ(acc_blocks_per_cu(16, 256, 0), 8u);         // threads
    EXPECT_EQ(acc_blocks_per_cu(16, 257, 0), 7u);         // whole warps: 288 threads
    EXPECT_EQ(acc_blocks_per_cu(64, 256, 0), 4u);         // registers
    EXPECT_EQ(acc_blocks_per_cu(33, 1024, 0), 1u);        // 40 a thread
    EXPECT_EQ(acc_blocks_per_cu(16, 32, 100 * 1024), 2u); // shared memory
    EXPECT_EQ(acc_blocks_per_cu(16, 32, 76 * 1024 + 1),
              2u); // three of 76.125 KiB do not fit in 228
    EXPECT_EQ(acc_blocks_per_cu(0, 1024, 227 * 1024), 1u);
    EXPECT_EQ(acc_blocks_per_cu(0, 1024, 227 * 1024 + 1), 0u);
    EXPECT_EQ(acc_blocks_per_cu(255, 1024, 0), 0u);
    EXPECT_EQ(acc_blocks_per_cu(0, 0, 0), 0u);
}

TEST(Packet, RandomBytesGetAnAnswer) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 200000; i++) {
        Packet p;
        uint64_t words[8];
        for (uint64_t& w : words)
            w = random() % 3 ? random() : 0;
        std::memcpy(&p, words, sizeof p);
        if (random() % 2) p.header.type = static_cast<uint16_t>(random() % 12);
        if (auto error = validate_packet(p)) EXPECT_LT(error->info, 64u);
    }
}

} // namespace
} // namespace acc::model::test
