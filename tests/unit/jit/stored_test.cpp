// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A translation as bytes, and its key (driver/model/jit/stored.h).
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

#include "driver/model/jit/stored.h"

namespace acc::model::jit {
namespace {

const isa::RowInfo kRow{};

Program program() {
    Program p;
    p.entry_offset = 64;
    for (unsigned b = 0; b < 3; ++b) {
        CodeBlock& block = p.blocks.emplace_back();
        for (unsigned i = 0; i < 4; ++i) {
            Inst& inst = block.insts.emplace_back();
            inst.pc = 16 * (4 * b + i);
            inst.word = {b, i};
            inst.row = &kRow;
        }
        if (b < 2) block.succ = {b + 1};
        block.end = b < 2 ? End::Fall : End::Exit;
    }
    return p;
}

const LaunchSize kSize{{32, 4, 1}, 128, 40, 64, 1024, 512, 256};

Translation translation() {
    Translation t;
    t.stacks = Stacks::One;
    t.warps = 2;
    t.places.resize(3);
    t.places[0] = {16, {{8, 64, {1, -2, 3, 4, 5, 6, 7, 8}}, {39, 32, {}}}, 128, 2};
    t.places[1].pc = 32;
    t.places[1].count = 10;
    t.places[1].own_guards = true;
    t.places[1].ranges = {2, 0};
    t.places[2].pc = 176;
    t.places[2].writes = true;
    return t;
}

const std::string kObject = "an object file";
std::vector<uint8_t> stored() {
    return to_bytes(translation(), kObject);
}

TEST(Stored, ComesBackAsItWas) {
    const std::vector<uint8_t> bytes = stored();
    Translation t;
    const std::span<const char> object = from_bytes(bytes, program(), kSize, t);
    EXPECT_EQ(std::string(object.begin(), object.end()), kObject);
    EXPECT_EQ(to_bytes(t, object), bytes);
    const Translation was = translation();
    EXPECT_EQ(t.stacks, was.stacks);
    EXPECT_EQ(t.warps, was.warps);
    ASSERT_EQ(t.places.size(), 3u);
    EXPECT_EQ(t.places[0].bytes, 128u);
    EXPECT_EQ(t.places[0].shift, 2u);
    EXPECT_EQ(t.places[0].sources[0].step[1], -2);
    EXPECT_EQ(t.places[0].sources[1].reg, 39);
    EXPECT_EQ(t.places[1].count, 10u);
    EXPECT_TRUE(t.places[1].own_guards);
    EXPECT_FALSE(t.places[1].writes);
    EXPECT_EQ(t.places[1].ranges, was.places[1].ranges);
    EXPECT_TRUE(t.places[2].writes);
    EXPECT_EQ(t.places[2].pc, 176u);
}

/// What could make a service go wrong is refused.
TEST(Stored, PlacesOutsideOfTheProgramAreRefused) {
    const std::vector<std::function<void(Translation&)>> faults{
        [](Translation& t) { t.places[0].pc = 8; },
        [](Translation& t) { t.places[0].pc = 192; },
        [](Translation& t) { t.places[1].count = 11; },
        [](Translation& t) { t.places[1].count = 0; },
        [](Translation& t) { t.places[0].sources[0].reg = 39; },
        [](Translation& t) { t.places[0].sources[1].reg = 40; },
        [](Translation& t) { t.places[0].sources[0].bits = 16; },
        [](Translation& t) { t.places[0].shift = 64; },
        [](Translation& t) { t.places[0].bytes = 0; },
        [](Translation& t) { t.places[1].ranges[0] = 3; },
        [](Translation& t) { t.places[1].ranges.resize(kMaxBases + 1); },
        [](Translation& t) { t.stacks = static_cast<Stacks>(3); },
        [](Translation& t) { t.warps = 0; },
        [](Translation& t) { t.warps = 3; },
    };
    for (size_t i = 0; i < faults.size(); ++i) {
        Translation bad = translation(), t;
        faults[i](bad);
        EXPECT_TRUE(from_bytes(to_bytes(bad, kObject), program(), kSize, t).empty()) << i;
    }
}

/// Files are checked before; this is in case somebody forges one.
TEST(Stored, AnyBytesAreReadWithinTheirBounds) {
    const std::vector<uint8_t> good = stored();
    const size_t places = good.size() - kObject.size();
    for (size_t n = 0; n < places; ++n) {
        Translation t;
        EXPECT_TRUE(from_bytes(std::span(good).first(n), program(), kSize, t).empty()) << n;
    }
    std::mt19937 random(1);
    for (unsigned turn = 0; turn < 20'000; ++turn) {
        std::vector<uint8_t> bad = good;
        for (unsigned i = 0; i <= turn % 4; ++i)
            bad[random() % places] = static_cast<uint8_t>(turn & 1 ? 255 : random());
        Translation t;
        from_bytes(bad, program(), kSize, t);
        EXPECT_LE(t.places.size(), bad.size());
    }
}

/// Whatever decides what the code is makes another key.
TEST(Stored, TheKeyIsOfAllThatMatters) {
    std::set<DiskCache::Key> keys;
    const auto expect_new = [&](const Program& p, const LaunchSize& s,
                                const std::string& identity) {
        EXPECT_TRUE(keys.insert(key_of(p, s, identity)).second) << keys.size();
    };
    const std::string id = "library and host";
    expect_new(program(), kSize, id);
    EXPECT_TRUE(keys.contains(key_of(program(), kSize, id)));
    expect_new(program(), kSize, id + "2");
    for (size_t i = 0; i < sizeof(LaunchSize) / sizeof(uint32_t); ++i) {
        LaunchSize other = kSize;
        ++reinterpret_cast<uint32_t*>(&other)[i];
        expect_new(program(), other, id);
    }
    const std::vector<std::function<void(Program&)>> changes{
        [](Program& p) { p.entry_offset = 128; },
        [](Program& p) { ++p.blocks[1].insts[2].word.lo; },
        [](Program& p) { ++p.blocks[1].insts[2].word.hi; },
        [](Program& p) { p.blocks[2].insts[3].pc += 16; },
        [](Program& p) { p.blocks[2].insts[3].in_line = true; },
        [](Program& p) { p.blocks[2].insts[3].link_kept = true; },
        [](Program& p) { p.blocks[2].insts[3].row = nullptr; },
        [](Program& p) { p.blocks[2].targets = {16}; },
        [](Program& p) { p.blocks[2].insts.pop_back(); },
        [](Program& p) { p.blocks.pop_back(); },
        [](Program& p) { p.blocks[0].succ = {2}; },
        [](Program& p) { p.blocks[0].succ = {1, 2}; },
        [](Program& p) { p.blocks[2].end = End::Leave; },
        [](Program& p) { p.blocks[0].end = End::StopIf; },
        [](Program& p) { // what the code that was cut reads
            p.blocks[0].end = End::StopIf;
            p.blocks[0].live_out.set(7);
        },
    };
    for (const auto& change : changes) {
        Program p = program();
        change(p);
        expect_new(p, kSize, id);
    }
}

TEST(Stored, TheIdentityIsOfLibraryAndHost) {
    const std::string here = identity("this host");
    if (here.empty()) GTEST_SKIP() << "this program has no build id";
    EXPECT_NE(here.find("this host"), std::string::npos);
    EXPECT_GT(here.size(), std::string("this host").size() + 16);
    EXPECT_NE(here, identity("another host"));
}

} // namespace
} // namespace acc::model::jit
