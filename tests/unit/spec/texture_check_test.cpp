// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rules of records of images, and where their levels lie, worked out by hand.
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include <acc/spec/texture_check.h>

namespace {

using namespace acc::spec;

acc_texture image(uint32_t kind, uint32_t width, uint32_t height, uint32_t depth) {
    acc_texture t = {};
    t.magic = ACC_TEXTURE_MAGIC;
    t.version = 1;
    t.base = 0x10000;
    t.kind = kind;
    t.channels = 4;
    t.bits = 8;
    t.type = ACC_TEXEL_UNSIGNED;
    t.levels = 1;
    t.width = width;
    t.height = height;
    t.depth = depth;
    t.row_pitch = (width * 4 + 15) / 16 * 16;
    t.slice_pitch = t.row_pitch * height;
    return t;
}

std::string wrong(const acc_texture& t) {
    const TextureError error = texture_error(t);
    return error.member == nullptr ? "" : error.member;
}

template <class Change>
std::string changed(Change change) {
    acc_texture t = image(ACC_IMAGE_2D, 10, 7, 1);
    change(t);
    return wrong(t);
}

TEST(TextureCheck, AcceptsEachKind) {
    EXPECT_EQ(wrong(image(ACC_IMAGE_LINEAR, 1 << 27, 1, 1)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_1D, 5, 1, 1)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_2D, 5, 6, 1)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_3D, 5, 6, 7)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_1D_LAYERED, 5, 1, 9)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_2D_LAYERED, 5, 6, 9)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_CUBEMAP, 5, 5, 6)), "");
    EXPECT_EQ(wrong(image(ACC_IMAGE_CUBEMAP_LAYERED, 5, 5, 12)), "");
}

TEST(TextureCheck, NamesTheFirstMemberThatIsWrong) {
    using T = acc_texture;
    EXPECT_EQ(changed([](T& t) { t.magic++; }), "magic");
    EXPECT_EQ(changed([](T& t) { t.version = 2; }), "version");
    EXPECT_EQ(changed([](T& t) { t.flags = 16; }), "flags");
    EXPECT_EQ(changed([](T& t) { t.base += 8; }), "base");
    EXPECT_EQ(changed([](T& t) { t.base = (uint64_t(1) << 56) - 16; }), "base");
    EXPECT_EQ(changed([](T& t) { t.base = uint64_t(0) - 16; }), "base");
    EXPECT_EQ(changed([](T& t) { t.kind = 8; }), "kind");
    EXPECT_EQ(changed([](T& t) { t.channels = 3; }), "channels");
    EXPECT_EQ(changed([](T& t) { t.bits = 64; }), "bits");
    EXPECT_EQ(changed([](T& t) { t.type = ACC_TEXEL_FLOAT; }), "bits");
    EXPECT_EQ(changed([](T& t) { t.type = 3; }), "type");
    EXPECT_EQ(changed([](T& t) { t.levels = 0; }), "levels");
    EXPECT_EQ(changed([](T& t) { t.levels = 4; }), ""); // 10 x 7, 5 x 3, 2 x 1, 1 x 1
    EXPECT_EQ(changed([](T& t) { t.levels = 5; }), "levels");
    EXPECT_EQ(changed([](T& t) { t.width = 0; }), "width");
    EXPECT_EQ(changed([](T& t) { t.height = 0xffffffff; }), "height");
    EXPECT_EQ(changed([](T& t) { t.depth = 2; }), "depth");
    EXPECT_EQ(changed([](T& t) { t.address_mode[2] = 4; }), "address_mode[2]");
    EXPECT_EQ(changed([](T& t) { t.filter = 2; }), "filter");
    EXPECT_EQ(changed([](T& t) { t.row_pitch = 32; }), "row_pitch");
    EXPECT_EQ(changed([](T& t) { t.row_pitch = 56; }), "row_pitch");
    EXPECT_EQ(changed([](T& t) { t.reserved0 = 1; }), "reserved0");
    EXPECT_EQ(changed([](T& t) { t.reserved[9] = 1; }), "reserved[9]");
}

TEST(TextureCheck, OnlyFloatsAreFiltered) {
    using T = acc_texture;
    EXPECT_EQ(changed([](T& t) { t.filter = ACC_FILTER_LINEAR; }), "filter");
    EXPECT_EQ(changed([](T& t) { t.mip_filter = ACC_FILTER_LINEAR; }), "mip_filter");
    EXPECT_EQ(changed([](T& t) {
                  t.filter = t.mip_filter = ACC_FILTER_LINEAR;
                  t.read_mode = ACC_READ_NORMALIZED;
              }),
              "");
    acc_texture words = image(ACC_IMAGE_1D, 4, 1, 1);
    words.bits = 32;
    words.read_mode = ACC_READ_NORMALIZED;
    EXPECT_EQ(wrong(words), "read_mode");
    words.type = ACC_TEXEL_FLOAT;
    words.filter = ACC_FILTER_LINEAR;
    EXPECT_EQ(wrong(words), "");
}

TEST(TextureCheck, KindsHaveTheirSizes) {
    EXPECT_EQ(wrong(image(ACC_IMAGE_1D, 4, 2, 1)), "height");
    EXPECT_EQ(wrong(image(ACC_IMAGE_1D_LAYERED, 4, 2, 3)), "height");
    EXPECT_EQ(wrong(image(ACC_IMAGE_CUBEMAP, 4, 5, 6)), "height");
    EXPECT_EQ(wrong(image(ACC_IMAGE_CUBEMAP, 4, 4, 12)), "depth");
    EXPECT_EQ(wrong(image(ACC_IMAGE_CUBEMAP_LAYERED, 4, 4, 13)), "depth");
    acc_texture slices = image(ACC_IMAGE_3D, 4, 4, 4);
    slices.slice_pitch -= 16;
    EXPECT_EQ(wrong(slices), "slice_pitch");
    acc_texture layers = image(ACC_IMAGE_2D_LAYERED, 4, 4, 64); // layers have no levels of their
                                                                // own
    layers.levels = 4;
    EXPECT_EQ(wrong(layers), "levels");
}

TEST(TextureCheck, LevelsFollowEachOther) {
    acc_texture t = image(ACC_IMAGE_3D, 33, 20, 5);
    t.levels = 6;
    EXPECT_EQ(wrong(t), "");
    // 33 x 20 x 5 of 4 bytes: rows of 144, slices of 2880: 14400 bytes, then 16 x 10 x 2 in rows
    // of 64.
    const TextureLevel one = texture_level(t, 1);
    EXPECT_EQ(one.base, t.base + 14848);
    EXPECT_EQ(one.width, 16u);
    EXPECT_EQ(one.height, 10u);
    EXPECT_EQ(one.depth, 2u);
    EXPECT_EQ(one.row_pitch, 64u);
    EXPECT_EQ(one.slice_pitch, 640u);
    const TextureLevel two = texture_level(t, 2); // behind 1280 bytes: 8 x 5 x 1 in rows of 32
    EXPECT_EQ(two.base, t.base + 14848 + 1536);
    EXPECT_EQ(two.slice_pitch, 160u);
    EXPECT_EQ(two.depth, 1u);
    const TextureLevel five = texture_level(t, 5); // 4 x 2, 2 x 1, 1 x 1: one unit of 512 each
    EXPECT_EQ(five.base, t.base + 14848 + 1536 + 3 * 512);
    EXPECT_EQ(texture_bytes(t), 14848u + 1536 + 3 * 512 + 32);

    acc_texture layers = image(ACC_IMAGE_2D_LAYERED, 8, 8, 3);
    layers.levels = 2;
    EXPECT_EQ(texture_level(layers, 1).depth, 3u);
    EXPECT_EQ(texture_level(layers, 1).base, layers.base + 1024); // 3 * 256 rounded up
}

} // namespace
