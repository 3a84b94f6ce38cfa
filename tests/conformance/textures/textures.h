// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random images and samplers, as CUDA's arrays and texture objects and as what the reference wants.
#pragma once

#include <cmath>
#include <random>

#include "../common/check.h"
#include "texture_reference.h"

namespace reference = texture_reference;

inline std::mt19937 random_bits(20261201);
inline unsigned below(unsigned n) {
    return static_cast<unsigned>(random_bits() % n);
}

inline cudaChannelFormatDesc channel_format(const reference::Image& image) {
    const int n = image.channels, b = image.bits;
    const cudaChannelFormatKind kinds[] = {
        cudaChannelFormatKindSigned, cudaChannelFormatKindUnsigned, cudaChannelFormatKindFloat};
    return cudaCreateChannelDesc(b, n > 1 ? b : 0, n > 2 ? b : 0, n > 2 ? b : 0, kinds[image.type]);
}

/// Texels: any bits; floats among them some that are no numbers.
inline void fill(reference::Image& image, reference::Level& level) {
    level.bytes.resize(size_t(level.size[0]) * level.size[1] * level.size[2] * image.texel_bytes());
    for (size_t i = 0; i + 4 <= level.bytes.size(); i += 4) {
        uint32_t word = random_bits();
        if (image.type == reference::Float && image.bits == 32)
            word = below(40) == 0
                       ? 0x7f800000u | (word & 0x80000001u)
                       : reference::bits_of(static_cast<float>(static_cast<int>(word)) * 1e-7f);
        std::memcpy(&level.bytes[i], &word, 4);
    }
    for (size_t i = level.bytes.size() / 4 * 4; i < level.bytes.size(); ++i)
        level.bytes[i] = static_cast<uint8_t>(random_bits());
}

/// An image of these sizes with so many levels.
inline reference::Image make_image(reference::Kind kind, int channels, int bits,
                                   reference::Type type, int w, int h, int d, int levels = 1) {
    reference::Image image;
    image.kind = kind;
    image.channels = channels;
    image.bits = bits;
    image.type = type;
    for (int i = 0; i < levels; ++i) {
        reference::Level level;
        level.size[0] = w, level.size[1] = h, level.size[2] = d;
        fill(image, level);
        image.levels.push_back(level);
        w = w > 1 ? w / 2 : 1, h = h > 1 ? h / 2 : 1;
        if (kind == reference::K3D) d = d > 1 ? d / 2 : 1;
    }
    return image;
}

/// Any sampler that goes with the image.
inline reference::Sampler make_sampler(const reference::Image& image, bool normalized_read) {
    reference::Sampler s;
    for (auto& mode : s.address)
        mode = static_cast<reference::Address>(below(4));
    s.normalized_read = normalized_read && image.type != reference::Float && image.bits < 32;
    const bool floats = image.type == reference::Float || s.normalized_read;
    s.linear = floats && below(3) != 0;
    s.mip_linear = floats && below(2);
    s.normalized = image.levels.size() > 1 || image.kind >= reference::Cubemap || below(2);
    s.srgb = s.normalized_read && image.bits == 8 && image.type == reference::Unsigned && below(2);
    s.seamless = image.kind >= reference::Cubemap && below(2);
    for (auto& b : s.border)
        b = floats ? reference::bits_of(static_cast<float>(below(100)) / 3) : below(1000);
    s.bias = static_cast<float>(below(5)) / 4 - 0.5f;
    s.most = static_cast<float>(image.levels.size()) - static_cast<float>(below(2)) / 2;
    s.least = static_cast<float>(below(3)) / 4;
    return s;
}

inline cudaTextureDesc describe(const reference::Sampler& s) {
    static const cudaTextureAddressMode modes[] = {cudaAddressModeWrap, cudaAddressModeClamp,
                                                   cudaAddressModeMirror, cudaAddressModeBorder};
    cudaTextureDesc desc = {};
    for (int i = 0; i < 3; ++i)
        desc.addressMode[i] = modes[s.address[i]];
    desc.filterMode = s.linear ? cudaFilterModeLinear : cudaFilterModePoint;
    desc.mipmapFilterMode = s.mip_linear ? cudaFilterModeLinear : cudaFilterModePoint;
    desc.readMode = s.normalized_read ? cudaReadModeNormalizedFloat : cudaReadModeElementType;
    desc.normalizedCoords = s.normalized;
    desc.sRGB = s.srgb;
    desc.seamlessCubemap = s.seamless;
    std::memcpy(desc.borderColor, s.border, sizeof s.border);
    desc.mipmapLevelBias = s.bias;
    desc.minMipmapLevelClamp = s.least;
    desc.maxMipmapLevelClamp = s.most;
    return desc;
}

/// The image in device memory, and the object that reads it.
class Texture {
  public:
    Texture(const reference::Image& image, const reference::Sampler& sampler) : image_(image) {
        cudaResourceDesc resource = {};
        if (image.kind == reference::Linear) {
            CHECK(cudaMalloc(&memory_, image.levels[0].bytes.size()));
            CHECK(cudaMemcpy(memory_, image.levels[0].bytes.data(), image.levels[0].bytes.size(),
                             cudaMemcpyHostToDevice));
            resource.resType = cudaResourceTypeLinear;
            resource.res.linear.devPtr = memory_;
            resource.res.linear.desc = channel_format(image);
            resource.res.linear.sizeInBytes = image.levels[0].bytes.size();
        } else if (image.levels.size() > 1) {
            make_levels();
            resource.resType = cudaResourceTypeMipmappedArray;
            resource.res.mipmap.mipmap = levels_;
        } else {
            const cudaChannelFormatDesc format = channel_format(image);
            CHECK(cudaMalloc3DArray(&array_, &format, extent(), flags()));
            copy(array_, image.levels[0]);
            resource.resType = cudaResourceTypeArray;
            resource.res.array.array = array_;
        }
        const cudaTextureDesc desc = describe(sampler);
        CHECK(cudaCreateTextureObject(&object, &resource, &desc, nullptr));
    }
    ~Texture() {
        CHECK(cudaDestroyTextureObject(object));
        if (memory_) CHECK(cudaFree(memory_));
        if (array_) CHECK(cudaFreeArray(array_));
        if (levels_) CHECK(cudaFreeMipmappedArray(levels_));
    }
    Texture(const Texture&) = delete;

    cudaTextureObject_t object = 0;

  private:
    bool layered() const {
        return image_.kind == reference::Layered1D || image_.kind == reference::Layered2D ||
               image_.kind == reference::LayeredCubemap;
    }
    unsigned flags() const {
        return (layered() ? cudaArrayLayered : 0) |
               (image_.kind >= reference::Cubemap ? cudaArrayCubemap : 0) |
               (image_.kind == reference::K2D && image_.levels.size() == 1 ? cudaArrayTextureGather
                                                                           : 0);
    }
    /// As CUDA counts: sizes of axes that there are not are 0.
    cudaExtent extent() const {
        const reference::Level& l = image_.levels[0];
        const bool rows = image_.kind != reference::K1D && image_.kind != reference::Layered1D;
        const bool slices = image_.kind != reference::K1D && image_.kind != reference::K2D;
        return make_cudaExtent(l.size[0], rows ? l.size[1] : 0, slices ? l.size[2] : 0);
    }
    void copy(cudaArray_t array, const reference::Level& level) const {
        cudaMemcpy3DParms parms = {};
        parms.srcPtr = make_cudaPitchedPtr(const_cast<uint8_t*>(level.bytes.data()),
                                           size_t(level.size[0]) * image_.texel_bytes(),
                                           level.size[0], level.size[1]);
        parms.dstArray = array;
        parms.extent = make_cudaExtent(level.size[0], level.size[1], level.size[2]);
        parms.kind = cudaMemcpyHostToDevice;
        CHECK(cudaMemcpy3D(&parms));
    }
    void make_levels() {
        const cudaChannelFormatDesc format = channel_format(image_);
        CHECK(cudaMallocMipmappedArray(&levels_, &format, extent(),
                                       static_cast<unsigned>(image_.levels.size()), flags()));
        for (size_t i = 0; i < image_.levels.size(); ++i) {
            cudaArray_t level;
            CHECK(cudaGetMipmappedArrayLevel(&level, levels_, static_cast<unsigned>(i)));
            copy(level, image_.levels[i]);
        }
    }

    const reference::Image& image_;
    void* memory_ = nullptr;
    cudaArray_t array_ = nullptr;
    cudaMipmappedArray_t levels_ = nullptr;
};

/// A coordinate along an axis of so many texels: inside, at and between texels, far outside, and
/// what is no number.
inline float coordinate(int size, bool normalized) {
    const float unit = normalized ? 1.0f / static_cast<float>(size) : 1.0f;
    const int n = static_cast<int>(below(3u * size)) - size;
    const float odd[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 0.0f, -0.0f, 16777216.0f};
    switch (below(16)) {
    case 0: return odd[below(8)];
    case 1: return static_cast<float>(n) * unit;
    case 2: return (static_cast<float>(n) + 0.5f) * unit;
    case 3: return -static_cast<float>(below(1000)) * 1e-10f;
    default:
        return (static_cast<float>(below(1 << 20)) / 1048576.0f * 3 - 1) *
               static_cast<float>(size) * unit;
    }
}
