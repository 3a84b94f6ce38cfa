// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface instructions: random images, samplers and coordinates against a reference
// that fetches one texel after the other (tests/conformance/textures/texture_reference.h).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "acc/spec/texture_check.h"
#include "tests/conformance/textures/texture_reference.h"
#include "tests/isa/machine.h"
#include "tests/isa/modifiers.h"

namespace acc::test {
namespace {

namespace reference = texture_reference;

constexpr unsigned kThreads = 64;
constexpr uint64_t kRecord = Machine::kData + 0x2000, kIn = Machine::kData + 0x10000,
                   kOut = Machine::kData + 0x40000, kTexels = Machine::kData + 0x100000;

/// What a thread gives an instruction: the coordinates, then operand c.
struct Input {
    uint32_t at[4], more[8];
    uint32_t unused[4];
};
static_assert(sizeof(Input) == 64);

class Textures : public ::testing::Test {
  protected:
    uint32_t below(uint32_t n) { return static_cast<uint32_t>(bits_() % n); }
    template <class T>
    T one_of(std::initializer_list<T> list) {
        return list.begin()[below(static_cast<uint32_t>(list.size()))];
    }
    Input& input(unsigned thread) { return machine_.word<Input>(kIn + sizeof(Input) * thread); }
    acc_texture& record() { return machine_.word<acc_texture>(kRecord); }

    /// A record of a random image of this kind, and its texels.
    void make_image(uint32_t kind);
    /// What the reference makes of it.
    void describe(reference::Image& image, reference::Sampler& sampler);
    float coordinate(uint32_t size);
    /// Loads operands, executes `text` on them (r24 = result) and stores.
    Outcome run(const std::string& text, unsigned threads = kThreads);
    void expect(unsigned thread, const reference::Words& want, const std::string& text);

    Machine machine_;
    std::mt19937 bits_{4711};
};

void Textures::make_image(uint32_t kind) {
    acc_texture r = {};
    r.magic = ACC_TEXTURE_MAGIC;
    r.version = 1;
    r.base = kTexels + 16 * below(8);
    r.kind = kind;
    r.type = static_cast<uint8_t>(below(3));
    r.channels = one_of<uint8_t>({1, 2, 4});
    r.bits = r.type == ACC_TEXEL_FLOAT ? one_of<uint8_t>({16, 32}) : one_of<uint8_t>({8, 16, 32});
    r.read_mode = r.bits < 32 || r.type == ACC_TEXEL_FLOAT ? static_cast<uint8_t>(below(2)) : 0;
    r.width = 1 + below(kind == ACC_IMAGE_LINEAR ? 200 : 9);
    r.height = spec::is_one_row(kind) ? 1 : spec::is_cubemap(kind) ? r.width : 1 + below(9);
    r.depth = kind == ACC_IMAGE_CUBEMAP           ? 6
              : kind == ACC_IMAGE_CUBEMAP_LAYERED ? 6 * (1 + below(3))
              : spec::is_one_slice(kind)          ? 1
                                                  : 1 + below(5);
    r.row_pitch = spec::texture_round_up(uint64_t{r.width} * spec::texel_bytes(r), 16) +
                  16 * below(3);
    r.slice_pitch = r.row_pitch * r.height + 16 * below(4);
    uint32_t largest = std::max(r.width, r.height);
    if (kind == ACC_IMAGE_3D) largest = std::max(largest, r.depth);
    uint32_t most = 1;
    while (kind != ACC_IMAGE_LINEAR && largest >> most)
        ++most;
    r.levels = static_cast<uint8_t>(1 + below(most));
    for (uint8_t& mode : r.address_mode)
        mode = static_cast<uint8_t>(below(4));
    const bool floats = spec::gives_floats(r);
    r.filter = floats ? static_cast<uint8_t>(below(2)) : 0;
    r.mip_filter = floats ? static_cast<uint8_t>(below(2)) : 0;
    r.flags = static_cast<uint16_t>(below(16));
    for (uint32_t& b : r.border)
        b = floats ? reference::bits_of(static_cast<float>(below(1000)) / 7) : bits_();
    r.mip_bias = reference::bits_of(static_cast<float>(below(5)) / 4 - 0.5f);
    r.mip_min = reference::bits_of(static_cast<float>(below(3)) / 2);
    r.mip_max = reference::bits_of(static_cast<float>(below(9)) / 2);
    ASSERT_EQ(spec::texture_error(r).member, nullptr) << spec::texture_error(r).member;
    const uint64_t bytes = spec::texture_bytes(r);
    for (uint64_t i = 0; i < bytes; i += 4) {
        uint32_t word = bits_();
        if (r.type == ACC_TEXEL_FLOAT && r.bits == 32)
            word = below(12) == 0
                       ? one_of<uint32_t>({0x7f800000, 0xff800000, 0x7fc00001, 0x80000000, 1})
                       : reference::bits_of(static_cast<float>(static_cast<int32_t>(word)) * 1e-7f);
        machine_.word<uint32_t>(r.base + i) = word;
    }
    record() = r;
}

void Textures::describe(reference::Image& image, reference::Sampler& sampler) {
    const acc_texture& r = record();
    image = {};
    image.kind = static_cast<reference::Kind>(r.kind);
    image.channels = r.channels;
    image.bits = r.bits;
    image.type = static_cast<reference::Type>(r.type);
    for (unsigned i = 0; i < r.levels; ++i) {
        const spec::TextureLevel at = spec::texture_level(r, i);
        reference::Level level;
        level.size[0] = static_cast<int>(at.width);
        level.size[1] = static_cast<int>(at.height);
        level.size[2] = static_cast<int>(at.depth);
        for (unsigned z = 0; z < at.depth; ++z)
            for (unsigned y = 0; y < at.height; ++y) {
                const auto* row = machine_.at<uint8_t>(at.base + z * at.slice_pitch +
                                                       y * at.row_pitch);
                level.bytes.insert(level.bytes.end(), row, row + at.width * spec::texel_bytes(r));
            }
        image.levels.push_back(level);
    }
    for (int i = 0; i < 3; ++i)
        sampler.address[i] = static_cast<reference::Address>(r.address_mode[i]);
    std::memcpy(sampler.border, r.border, sizeof r.border);
    sampler.linear = r.filter == ACC_FILTER_LINEAR;
    sampler.mip_linear = r.mip_filter == ACC_FILTER_LINEAR;
    sampler.normalized_read = r.read_mode == ACC_READ_NORMALIZED;
    sampler.normalized = (r.flags & ACC_TEXTURE_NORMALIZED) != 0;
    sampler.srgb = (r.flags & ACC_TEXTURE_SRGB) != 0;
    sampler.seamless = (r.flags & ACC_TEXTURE_SEAMLESS) != 0;
    sampler.bias = reference::float_of(r.mip_bias);
    sampler.least = reference::float_of(r.mip_min);
    sampler.most = reference::float_of(r.mip_max);
}

float Textures::coordinate(uint32_t size) {
    const bool normalized = (record().flags & ACC_TEXTURE_NORMALIZED) &&
                            record().kind != ACC_IMAGE_LINEAR;
    const float unit = normalized ? 1.0f / static_cast<float>(size) : 1.0f;
    switch (below(12)) {
    case 0:
        return one_of<float>({NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 0.0f, -0.0f, 16777216.0f});
    case 1:
        return static_cast<float>(static_cast<int>(below(3 * size)) - static_cast<int>(size)) *
               unit;
    case 2:
        return (static_cast<float>(static_cast<int>(below(3 * size)) - static_cast<int>(size)) +
                0.5f) *
               unit;
    case 3: return -static_cast<float>(below(1000)) * 1e-10f;
    default:
        return (static_cast<float>(below(1 << 20)) / 0x1p20f * 3 - 1) * static_cast<float>(size) *
               unit;
    }
}

Outcome Textures::run(const std::string& text, unsigned threads) {
    machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        iadd.b64 r6, r2, 0x2000
        shl.b32 r5, r4, 6
        ld.global.b128 r8, [r2 + r5 + 65536]
        ld.global.b128 r16, [r2 + r5 + 65552]
        ld.global.b128 r20, [r2 + r5 + 65568]
)" + text + R"(
        st.global.b128 [r2 + r4<<4 + 262144], r24
        exit
)");
    LaunchShape shape;
    shape.block[0] = threads;
    return machine_.run(shape);
}

void Textures::expect(unsigned thread, const reference::Words& want, const std::string& text) {
    const uint32_t* got = machine_.at<uint32_t>(kOut + 16 * thread);
    const acc_texture& r = record();
    for (int i = 0; i < 4; ++i)
        ASSERT_EQ(got[i], want.w[i])
            << text << " word " << i << " of thread " << thread << ": kind " << r.kind << " size "
            << r.width << " " << r.height << " " << r.depth << " type " << int(r.type) << " bits "
            << int(r.bits) << " channels " << int(r.channels) << " read " << int(r.read_mode)
            << " filter " << int(r.filter) << " " << int(r.mip_filter) << " levels "
            << int(r.levels) << " flags " << r.flags << " modes " << int(r.address_mode[0])
            << int(r.address_mode[1]) << int(r.address_mode[2]) << " at "
            << reference::float_of(input(thread).at[0]) << " "
            << reference::float_of(input(thread).at[1]) << " "
            << reference::float_of(input(thread).at[2]) << " layer " << input(thread).at[3]
            << " more " << reference::float_of(input(thread).more[0]) << " got "
            << reference::float_of(got[i]) << " want " << reference::float_of(want.w[i]);
}

/// Kinds of image that the geometries take; cubemaps have no offsets.
constexpr uint32_t kKinds[] = {ACC_IMAGE_1D,
                               ACC_IMAGE_2D,
                               ACC_IMAGE_3D,
                               ACC_IMAGE_1D_LAYERED,
                               ACC_IMAGE_2D_LAYERED,
                               ACC_IMAGE_CUBEMAP,
                               ACC_IMAGE_CUBEMAP_LAYERED};
constexpr unsigned kRounds = 24;

uint32_t packed(const int (&offset)[3]) {
    return (static_cast<uint32_t>(offset[0]) & 255) |
           (static_cast<uint32_t>(offset[1]) & 255) << 8 |
           (static_cast<uint32_t>(offset[2]) & 255) << 16 | 0xab000000u;
}

TEST_F(Textures, FetchesAreThoseOfTheReference) {
    for (const char* name : {"tex", "tex.lod", "tex.grad"})
        for (const Choice& m : choices(row_of(name)))
            for (unsigned round = 0; round < kRounds; ++round) {
                uint32_t kind = kKinds[m["geom"]];
                if (kind == ACC_IMAGE_1D && below(3) == 0) kind = ACC_IMAGE_LINEAR;
                // One row is read with one coordinate or two, whatever its kind.
                const bool other = (kind == ACC_IMAGE_1D || kind == ACC_IMAGE_2D) && below(4) == 0;
                make_image(other ? kind ^ 3 : kind);
                if (HasFatalFailure()) return;
                reference::Image image;
                reference::Sampler sampler;
                describe(image, sampler);
                image.kind = static_cast<reference::Kind>(kind);
                const reference::Fetcher fetcher(image, sampler);
                const bool grad = std::string(name) == "tex.grad",
                           lod = std::string(name) == "tex.lod";
                const bool numbers = m.is("coord");
                const bool with_offsets = below(3) == 0;
                for (unsigned t = 0; t < kThreads; ++t) {
                    Input& in = input(t);
                    const uint32_t sizes[3] = {record().width, record().height, record().depth};
                    for (int i = 0; i < 3; ++i)
                        in.at[i] = numbers
                                       ? below(8) == 0 ? bits_() : below(3 * sizes[i]) - sizes[i]
                                       : reference::bits_of(
                                             coordinate(spec::is_cubemap(kind) ? 1 : sizes[i]));
                    in.at[3] = below(8) == 0 ? bits_() : below(record().depth + 2);
                    int offset[3] = {0, 0, 0};
                    for (int& o : offset)
                        o = with_offsets ? static_cast<int>(below(256)) - 128 : 0;
                    const uint32_t offsets = with_offsets ? packed(offset) : 0;
                    for (uint32_t& w : in.more)
                        w = reference::bits_of((static_cast<float>(below(1000)) / 500 - 1) *
                                               static_cast<float>(1u << below(6)) / 16);
                    if (lod)
                        in.more[0] = numbers ? below(12) - 3
                                     : below(10) == 0
                                         ? reference::bits_of(NAN)
                                         : reference::bits_of(
                                               static_cast<float>(below(2000)) / 300 - 1);
                    in.more[grad ? 6 : lod ? 1 : 0] = offsets;
                }
                const bool none = !grad && !lod && !with_offsets;
                const std::string text = m.mnemonic() + " r24, r6, r8, " + (none ? "rz" : "r16");
                const Outcome o = run(text);
                ASSERT_EQ(o.result, model::RunResult::Done)
                    << text << " cause " << o.fault.cause << " info " << o.fault.info;
                for (unsigned t = 0; t < kThreads; ++t) {
                    const Input& in = input(t);
                    const uint32_t offsets = in.more[grad ? 6 : lod ? 1 : 0];
                    int offset[3], n[3];
                    float c[3], dx[3], dy[3];
                    for (int i = 0; i < 3; ++i) {
                        offset[i] = static_cast<int8_t>(offsets >> 8 * i);
                        n[i] = static_cast<int>(in.at[i]);
                        c[i] = reference::float_of(in.at[i]);
                        dx[i] = reference::float_of(in.more[i]);
                        dy[i] = reference::float_of(in.more[i + 3]);
                    }
                    if (spec::is_cubemap(kind)) offset[0] = offset[1] = offset[2] = 0;
                    const int layer = static_cast<int>(in.at[3]);
                    reference::Words want;
                    if (grad)
                        want = fetcher.fetch_gradients(c, layer, dx, dy, offset);
                    else if (numbers)
                        want = fetcher.fetch_numbers(
                            n, layer, lod ? static_cast<int>(in.more[0]) : 0, offset);
                    else
                        want = lod ? fetcher.fetch_level(c, layer, reference::float_of(in.more[0]),
                                                         offset)
                                   : fetcher.fetch(c, layer, offset);
                    expect(t, want, text);
                    if (HasFatalFailure()) return;
                }
                machine_.proves({m.mnemonic()});
            }
}

TEST_F(Textures, GatherIsThatOfTheReference) {
    static constexpr uint32_t kGatherKinds[] = {ACC_IMAGE_2D, ACC_IMAGE_2D_LAYERED,
                                                ACC_IMAGE_CUBEMAP, ACC_IMAGE_CUBEMAP_LAYERED};
    for (const Choice& m : choices(row_of("tex.gather")))
        for (unsigned round = 0; round < kRounds; ++round) {
            const uint32_t kind = kGatherKinds[m["ggeom"]];
            make_image(kind);
            if (HasFatalFailure()) return;
            reference::Image image;
            reference::Sampler sampler;
            describe(image, sampler);
            const reference::Fetcher fetcher(image, sampler);
            for (unsigned t = 0; t < kThreads; ++t) {
                Input& in = input(t);
                const uint32_t sizes[3] = {record().width, record().height, 1};
                for (int i = 0; i < 3; ++i)
                    in.at[i] = reference::bits_of(
                        coordinate(spec::is_cubemap(kind) ? 1 : sizes[i]));
                in.at[3] = below(record().depth + 2);
                const int offset[3] = {static_cast<int>(below(9)) - 4,
                                       static_cast<int>(below(9)) - 4, 0};
                in.more[0] = round % 2 ? packed(offset) : 0;
            }
            const std::string text = m.mnemonic() + " r24, r6, r8, r16";
            ASSERT_EQ(run(text).result, model::RunResult::Done) << text;
            for (unsigned t = 0; t < kThreads; ++t) {
                const Input& in = input(t);
                int offset[3];
                float c[3];
                for (int i = 0; i < 3; ++i) {
                    offset[i] = spec::is_cubemap(kind) ? 0
                                                       : static_cast<int8_t>(in.more[0] >> 8 * i);
                    c[i] = reference::float_of(in.at[i]);
                }
                expect(t,
                       fetcher.gather(c, static_cast<int>(in.at[3]), static_cast<int>(m["comp"]),
                                      offset),
                       text);
                if (HasFatalFailure()) return;
            }
            machine_.proves({m.mnemonic()});
        }
}

TEST_F(Textures, Queries) {
    static constexpr uint32_t kAddress[] = {0, 3, 1, 4};
    for (const Choice& m : choices(row_of("tex.query")))
        for (uint32_t kind = ACC_IMAGE_LINEAR; kind <= ACC_IMAGE_CUBEMAP_LAYERED; ++kind) {
            make_image(kind);
            if (HasFatalFailure()) return;
            for (unsigned t = 0; t < kThreads; ++t)
                input(t).at[0] = t;
            const std::string text = m.mnemonic() + " r24, r6, r8";
            ASSERT_EQ(run(text).result, model::RunResult::Done) << text;
            const acc_texture& r = record();
            const uint32_t size = r.bits == 8 ? 0 : r.bits == 16 ? 1 : 2;
            const uint32_t layers = kind == ACC_IMAGE_CUBEMAP_LAYERED ? r.depth / 6
                                    : kind == ACC_IMAGE_CUBEMAP       ? 1
                                                                      : r.depth;
            for (unsigned t = 0; t < kThreads; ++t) {
                const bool there = t < r.levels;
                const auto halved = [&](uint32_t n) { return there ? std::max(1u, n >> t) : 0u; };
                const uint32_t type = r.type == ACC_TEXEL_FLOAT ? (r.bits == 16 ? 0x10dd : 0x10de)
                                      : r.read_mode
                                          ? (r.type == ACC_TEXEL_SIGNED ? 0x10d0 : 0x10d2) + size
                                          : (r.type == ACC_TEXEL_SIGNED ? 0x10d7 : 0x10da) + size;
                const uint32_t want[] = {halved(r.width),
                                         halved(r.height),
                                         kind == ACC_IMAGE_3D ? halved(r.depth) : there,
                                         kind == ACC_IMAGE_3D ? 1 : layers,
                                         r.levels,
                                         type,
                                         r.channels == 1   ? 0x10b0u
                                         : r.channels == 2 ? 0x10b2u
                                                           : 0x10b5u,
                                         (r.flags & ACC_TEXTURE_NORMALIZED) != 0,
                                         r.filter,
                                         kAddress[r.address_mode[0]],
                                         kAddress[r.address_mode[1]],
                                         kAddress[r.address_mode[2]],
                                         1};
                ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t), want[m["query"]])
                    << text << " level " << t << " kind " << kind;
            }
            machine_.proves({m.mnemonic()});
        }
}

/// Where an access of a surface instruction is: nothing when it does not take place.
struct Surface {
    const acc_texture& r;
    uint32_t geometry, bound, size;
    /// False: it is outside. Coordinates become those of the nearest access.
    bool inside(int64_t (&c)[4]) const {
        const int64_t row = int64_t{r.width} * spec::texel_bytes(r),
                      last = (row - size) / size * size;
        bool good = true;
        const auto into = [&](int64_t& v, int64_t most) {
            good = good && v >= 0 && v <= most;
            v = std::clamp<int64_t>(v, 0, most);
        };
        if (c[0] + int64_t{size} > row || c[0] < 0) good = false, c[0] = c[0] < 0 ? 0 : last;
        if (geometry == 1 || geometry == 2 || geometry == 4)
            into(c[1], r.height - 1);
        else
            c[1] = 0;
        if (geometry == 2)
            into(c[2], r.depth - 1);
        else if (geometry >= 3)
            c[2] = c[3], into(c[2], r.depth - 1);
        else
            c[2] = 0;
        return good;
    }
};

TEST_F(Textures, SurfaceAccesses) {
    static constexpr uint32_t kSurfaceKinds[] = {ACC_IMAGE_1D, ACC_IMAGE_2D, ACC_IMAGE_3D,
                                                 ACC_IMAGE_1D_LAYERED, ACC_IMAGE_2D_LAYERED};
    for (const char* name : {"surf.ld", "surf.st"})
        for (const Choice& m : choices(row_of(name)))
            for (unsigned round = 0; round < kRounds; ++round) {
                uint32_t kind = kSurfaceKinds[m["sgeom"]];
                if (kind == ACC_IMAGE_2D_LAYERED) kind += below(3); // cubemaps, too
                const uint32_t size = 1u << m["size"];
                do {
                    make_image(kind);
                    if (HasFatalFailure()) return;
                } while (record().width * spec::texel_bytes(record()) < size);
                record().flags |= ACC_TEXTURE_SURFACE;
                const acc_texture& r = record();
                const Surface surface{r, m["sgeom"], m["bound"], size};
                std::vector<uint8_t> before(4096), after;
                const uint64_t bytes = spec::texture_bytes(r);
                before.assign(machine_.at<uint8_t>(r.base), machine_.at<uint8_t>(r.base) + bytes);
                for (unsigned t = 0; t < kThreads; ++t) {
                    Input& in = input(t);
                    const int rows = static_cast<int>(r.width * spec::texel_bytes(r) / size);
                    int64_t c[4], nearest[4];
                    do {
                        c[0] = (static_cast<int>(below(static_cast<uint32_t>(rows) + 4)) - 2) *
                               static_cast<int>(size);
                        c[1] = static_cast<int>(below(r.height + 2)) - 1;
                        c[2] = static_cast<int>(below(r.depth + 2)) - 1;
                        c[3] = static_cast<int>(below(r.depth + 2)) - 1;
                        std::copy(c, c + 4, nearest);
                    } while (m["bound"] == 0 && !surface.inside(nearest));
                    for (int i = 0; i < 4; ++i) {
                        in.at[i] = static_cast<uint32_t>(c[i]);
                        in.more[i] = bits_();
                    }
                }
                const bool load = std::string(name) == "surf.ld";
                const std::string text = m.mnemonic() + (load ? " r24, r6, r8" : " r6, r8, r16");
                const Outcome o = run(text);
                ASSERT_EQ(o.result, model::RunResult::Done) << text << " cause " << o.fault.cause;
                after = before;
                for (unsigned t = 0; t < kThreads; ++t) {
                    const Input& in = input(t);
                    int64_t c[4];
                    for (int i = 0; i < 4; ++i)
                        c[i] = static_cast<int32_t>(in.at[i]);
                    const bool inside = surface.inside(c), takes_place = inside || m["bound"] != 2;
                    uint8_t* at = after.data() + c[2] * static_cast<int64_t>(r.slice_pitch) +
                                  c[1] * static_cast<int64_t>(r.row_pitch) + c[0];
                    if (kind == ACC_IMAGE_1D || kind == ACC_IMAGE_2D)
                        at = after.data() + c[1] * static_cast<int64_t>(r.row_pitch) + c[0];
                    if (load) {
                        uint32_t want[4] = {};
                        if (takes_place) std::memcpy(want, at, size);
                        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kOut + 16 * t), want, 16), 0)
                            << text << " thread " << t;
                    } else if (takes_place) {
                        std::memcpy(at, in.more, size); // later threads win
                    }
                }
                ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(r.base), after.data(), bytes), 0)
                    << text;
                machine_.proves({m.mnemonic()});
            }
}

TEST_F(Textures, BadRecordsAreFaultsOfTheirOwn) {
    make_image(ACC_IMAGE_2D);
    record().flags = 0;
    EXPECT_EQ(run("tex.2d r24, r6, r8, rz").result, model::RunResult::Done);
    const auto fault = [&](const std::string& text) {
        const Outcome o = run(text, 32);
        EXPECT_EQ(o.result, model::RunResult::Fault) << text;
        return o.fault;
    };
    acc_fault_record f = fault("tex.3d r24, r6, r8, rz");
    EXPECT_EQ(f.cause, ACC_FAULT_IMAGE);
    EXPECT_EQ(f.address, kRecord);
    EXPECT_EQ(f.info, offsetof(acc_texture, kind));
    EXPECT_EQ(f.lane_mask, 0xffffffffu);
    f = fault("surf.ld.2d.zero.b8 r24, r6, r8");
    EXPECT_EQ(f.cause, ACC_FAULT_IMAGE);
    EXPECT_EQ(f.info, offsetof(acc_texture, flags));
    f = fault("iadd.b64 r6, r6, 64\ntex.2d r24, r6, r8, rz");
    EXPECT_EQ(f.cause, ACC_FAULT_IMAGE);
    EXPECT_EQ(f.address, kRecord + 64);
    EXPECT_EQ(fault("mov.b64 r6, 0\ntex.2d r24, r6, r8, rz").cause, ACC_FAULT_UNMAPPED);
    record().reserved[3] = 1;
    f = fault("tex.2d r24, r6, r8, rz");
    EXPECT_EQ(f.cause, ACC_FAULT_IMAGE);
    EXPECT_EQ(f.info, offsetof(acc_texture, reserved) + 12);
    make_image(ACC_IMAGE_2D); // texels where nothing is mapped
    record().flags = 0;
    record().levels = 1;
    record().base = Machine::kData + Machine::kDataBytes;
    f = fault("tex.2d r24, r6, r8, rz");
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_READ);
}

TEST_F(Textures, SurfaceAccessesThatTrap) {
    make_image(ACC_IMAGE_2D);
    record().flags = ACC_TEXTURE_SURFACE;
    const auto fault = [&](uint32_t x, uint32_t y, const std::string& text) {
        for (unsigned t = 0; t < kThreads; ++t) {
            input(t).at[0] = t == 7 ? x : 0;
            input(t).at[1] = t == 7 ? y : 0;
        }
        const Outcome o = run(text);
        EXPECT_EQ(o.result, model::RunResult::Fault) << text;
        EXPECT_EQ(o.fault.lane_mask, 1u << 7);
        return o.fault;
    };
    EXPECT_EQ(fault(0, record().height, "surf.ld.2d.trap.b8 r24, r6, r8").cause,
              ACC_FAULT_SURFACE_RANGE);
    EXPECT_EQ(fault(0xffffffff, 0, "surf.st.2d.trap.b8 r6, r8, r16").cause,
              ACC_FAULT_SURFACE_RANGE);
    EXPECT_EQ(fault(1, 0, "surf.ld.2d.zero.b16 r24, r6, r8").cause, ACC_FAULT_MISALIGNED);
    // Nothing is stored by a warp of which a thread faults.
    const uint32_t before = machine_.word<uint32_t>(record().base);
    input(0).more[0] = ~before;
    EXPECT_EQ(fault(0, 99, "surf.st.2d.trap.b8 r6, r8, r16").cause, ACC_FAULT_SURFACE_RANGE);
    EXPECT_EQ(machine_.word<uint32_t>(record().base), before);
}

} // namespace
} // namespace acc::test
