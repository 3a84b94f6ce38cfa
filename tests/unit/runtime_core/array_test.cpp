// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images and the records that describe them to the device: both say where each level lies.
#include <acc/spec/texture_check.h>
#include <gtest/gtest.h>

#include "runtime/core/status.h"
#include "runtime/core/texture_records.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

Status status_of(auto&& body) {
    try {
        body();
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

constexpr ElementFormat kShort{ComponentKind::Unsigned, 16, 1, false};

struct Kind {
    ArrayShape shape;
    uint32_t kind;
};

acc_texture record_of(const Array& first, uint32_t kind, unsigned levels) {
    acc_texture t{};
    t.magic = ACC_TEXTURE_MAGIC;
    t.version = 1;
    t.base = first.va;
    t.kind = kind;
    t.channels = first.shape.format.components;
    t.bits = first.shape.format.bits;
    t.type = ACC_TEXEL_UNSIGNED;
    t.levels = static_cast<uint8_t>(levels);
    t.width = static_cast<uint32_t>(first.shape.extent.width);
    t.height = static_cast<uint32_t>(first.shape.rows());
    t.depth = static_cast<uint32_t>(first.shape.slices());
    t.row_pitch = first.pitch;
    t.slice_pitch = first.slice_bytes();
    return t;
}

TEST(Arrays, LevelsLieWhereTheDeviceLooks) {
    Rig rig;
    const Kind kinds[] = {
        {{kShort, {1000, 0, 0}, 0}, ACC_IMAGE_1D},
        {{kShort, {100, 33, 0}, 0}, ACC_IMAGE_2D},
        {{kShort, {3, 77, 0}, 0}, ACC_IMAGE_2D},
        {{kShort, {20, 9, 31}, 0}, ACC_IMAGE_3D},
        {{kShort, {65, 0, 5}, kArrayLayered}, ACC_IMAGE_1D_LAYERED},
        {{kShort, {65, 12, 5}, kArrayLayered}, ACC_IMAGE_2D_LAYERED},
        {{kShort, {17, 17, 6}, kArrayCubemap}, ACC_IMAGE_CUBEMAP},
        {{kShort, {17, 17, 12}, kArrayCubemap | kArrayLayered}, ACC_IMAGE_CUBEMAP_LAYERED},
    };
    for (const Kind& k : kinds) {
        Image& image = rig.context.images().create(k.shape, 99, true);
        for (unsigned first = 0; first < image.levels(); ++first) {
            const acc_texture t = record_of(image.level(first), k.kind, image.levels() - first);
            EXPECT_STREQ(acc::spec::texture_error(t).member, nullptr) << k.kind << " " << first;
            for (unsigned i = first; i < image.levels(); ++i) {
                const auto level = acc::spec::texture_level(t, i - first);
                EXPECT_EQ(level.base, image.level(i).va) << k.kind << " " << first << " " << i;
                EXPECT_EQ(level.width, image.level(i).shape.extent.width);
                EXPECT_EQ(level.height, image.level(i).shape.rows());
                EXPECT_EQ(level.depth, image.level(i).shape.slices());
            }
            EXPECT_LE(t.base + acc::spec::texture_bytes(t),
                      image.memory().va + image.memory().bytes);
        }
        rig.context.images().destroy(image);
    }
}

TEST(Arrays, AreMemoryThatProgramsDoNotFree) {
    Rig rig;
    Image& image = rig.context.images().create({kShort, {100, 33, 0}, 0}, 1, false);
    const uint64_t va = image.level(0).va;
    const auto found = rig.context.memory().find(va + 100);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, MemoryKind::Array);
    EXPECT_FALSE(rig.context.memory().release(va, MemoryKind::Device));
    rig.context.images().destroy(image);
    EXPECT_EQ(Status::InvalidHandle, status_of([&] { rig.context.images().destroy(image); }));
    EXPECT_EQ(rig.context.memory().surroundings(va).freed->kind, MemoryKind::Array);
}

TEST(TextureRecords, AreReusedLateAndOnlyWhenTheirWorkIsDone) {
    Rig rig;
    TextureRecords& records = rig.context.texture_records();
    acc_texture contents{};
    contents.magic = ACC_TEXTURE_MAGIC;
    const uint64_t first = records.create(contents), second = records.create(contents);
    EXPECT_NE(first, second);
    EXPECT_EQ(first % ACC_TEXTURE_ALIGN, 0u);
    const auto magic = [&](uint64_t record) {
        uint32_t word = 0;
        std::memcpy(&word, rig.context.memory().host_view(record, 4), 4);
        return word;
    };
    EXPECT_EQ(magic(first), ACC_TEXTURE_MAGIC);
    Gate gate(rig);
    gate.close(rig.context.legacy_stream());
    records.destroy(first);
    EXPECT_EQ(magic(first), ACC_TEXTURE_MAGIC); // the work behind the gate may read it
    gate.open();
    rig.context.legacy_stream().synchronize();
    const uint64_t third = records.create(contents);
    EXPECT_NE(third, first); // others have been free for longer
    EXPECT_EQ(magic(first), 0u);
    records.invalidate(second);
    EXPECT_EQ(magic(second), 0u);
    for (int i = 0; i < 1000; ++i)
        EXPECT_NE(records.create(contents), second);
    // Only the host writes records.
    EXPECT_EQ(Status::InvalidValue, status_of([&] {
                  copy(rig.context.legacy_stream(), reinterpret_cast<void*>(third), &contents, 128,
                       CopyKind::HostToDevice);
              }));
}

} // namespace
} // namespace acc::rt::test
