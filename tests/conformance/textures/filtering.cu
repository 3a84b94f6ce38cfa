// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every fetch function of texture objects, of every kind of image, with every mode of the sampler,
// against the formulas of the programming guide: to the bit. ROUNDS: as many samplers of each kind.
#include <cuda_runtime.h>

#include "textures.h"

namespace {

enum Function { kBase, kLod, kGrad, kGather };

struct Place {
    float c[3], dx[3], dy[3], level;
    int layer;
};
struct Result {
    uint32_t w[4];
};

__device__ Result words(float4 v) {
    return {
        {__float_as_uint(v.x), __float_as_uint(v.y), __float_as_uint(v.z), __float_as_uint(v.w)}};
}
__device__ Result words(uint4 v) {
    return {{v.x, v.y, v.z, v.w}};
}

template <class T>
__device__ T fetch_base(cudaTextureObject_t t, int kind, const Place& p) {
    switch (kind) {
    case reference::Linear: return tex1Dfetch<T>(t, (int)p.c[0]);
    case reference::K1D: return tex1D<T>(t, p.c[0]);
    case reference::K2D: return tex2D<T>(t, p.c[0], p.c[1]);
    case reference::K3D: return tex3D<T>(t, p.c[0], p.c[1], p.c[2]);
    case reference::Layered1D: return tex1DLayered<T>(t, p.c[0], p.layer);
    case reference::Layered2D: return tex2DLayered<T>(t, p.c[0], p.c[1], p.layer);
    case reference::Cubemap: return texCubemap<T>(t, p.c[0], p.c[1], p.c[2]);
    default: return texCubemapLayered<T>(t, p.c[0], p.c[1], p.c[2], p.layer);
    }
}
template <class T>
__device__ T fetch_lod(cudaTextureObject_t t, int kind, const Place& p) {
    switch (kind) {
    case reference::K1D: return tex1DLod<T>(t, p.c[0], p.level);
    case reference::K2D: return tex2DLod<T>(t, p.c[0], p.c[1], p.level);
    case reference::K3D: return tex3DLod<T>(t, p.c[0], p.c[1], p.c[2], p.level);
    case reference::Layered1D: return tex1DLayeredLod<T>(t, p.c[0], p.layer, p.level);
    case reference::Layered2D: return tex2DLayeredLod<T>(t, p.c[0], p.c[1], p.layer, p.level);
    case reference::Cubemap: return texCubemapLod<T>(t, p.c[0], p.c[1], p.c[2], p.level);
    default: return texCubemapLayeredLod<T>(t, p.c[0], p.c[1], p.c[2], p.layer, p.level);
    }
}
template <class T>
__device__ T fetch_grad(cudaTextureObject_t t, int kind, const Place& p) {
    const float2 dx2 = make_float2(p.dx[0], p.dx[1]), dy2 = make_float2(p.dy[0], p.dy[1]);
    const float4 dx4 = make_float4(p.dx[0], p.dx[1], p.dx[2], 0),
                 dy4 = make_float4(p.dy[0], p.dy[1], p.dy[2], 0);
    switch (kind) {
    case reference::K1D: return tex1DGrad<T>(t, p.c[0], p.dx[0], p.dy[0]);
    case reference::K2D: return tex2DGrad<T>(t, p.c[0], p.c[1], dx2, dy2);
    case reference::K3D: return tex3DGrad<T>(t, p.c[0], p.c[1], p.c[2], dx4, dy4);
    case reference::Layered1D: return tex1DLayeredGrad<T>(t, p.c[0], p.layer, p.dx[0], p.dy[0]);
    case reference::Layered2D: return tex2DLayeredGrad<T>(t, p.c[0], p.c[1], p.layer, dx2, dy2);
    case reference::Cubemap: return texCubemapGrad<T>(t, p.c[0], p.c[1], p.c[2], dx4, dy4);
    default: return texCubemapLayeredGrad<T>(t, p.c[0], p.c[1], p.c[2], p.layer, dx4, dy4);
    }
}
template <class T>
__device__ T fetch_gather(cudaTextureObject_t t, const Place& p) {
    switch (p.layer & 3) {
    case 0: return tex2Dgather<T>(t, p.c[0], p.c[1]);
    case 1: return tex2Dgather<T>(t, p.c[0], p.c[1], 1);
    case 2: return tex2Dgather<T>(t, p.c[0], p.c[1], 2);
    default: return tex2Dgather<T>(t, p.c[0], p.c[1], 3);
    }
}

template <class T>
__global__ void fetch_all(cudaTextureObject_t t, int kind, int function, const Place* places,
                          Result* results, int count) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= count) return;
    const Place p = places[i];
    T v;
    if (function == kBase)
        v = fetch_base<T>(t, kind, p);
    else if (function == kLod)
        v = fetch_lod<T>(t, kind, p);
    else if (function == kGrad)
        v = fetch_grad<T>(t, kind, p);
    else
        v = fetch_gather<T>(t, p);
    results[i] = words(v);
}

constexpr int kCount = 256;

Place make_place(const reference::Image& image, const reference::Sampler& sampler) {
    Place p;
    const reference::Level& l = image.levels[0];
    for (int i = 0; i < 3; ++i) {
        p.c[i] = image.kind >= reference::Cubemap ? coordinate(1, true)
                                                  : coordinate(l.size[i], sampler.normalized);
        if (image.kind == reference::Linear)
            p.c[i] = static_cast<float>(static_cast<int>(below(3u * l.size[0])) - l.size[0]);
        p.dx[i] = (static_cast<float>(below(1000)) / 500 - 1) * static_cast<float>(1 << below(6)) /
                  16;
        p.dy[i] = (static_cast<float>(below(1000)) / 500 - 1) * static_cast<float>(1 << below(6)) /
                  16;
    }
    p.level = below(20) == 0 ? NAN : static_cast<float>(below(2000)) / 250 - 1;
    p.layer = static_cast<int>(below(static_cast<unsigned>(l.size[2]) + 2));
    return p;
}

reference::Words expected(const reference::Fetcher& fetcher, const reference::Image& image,
                          int function, const Place& p) {
    if (image.kind == reference::Linear) {
        const int n[3] = {static_cast<int>(p.c[0]), 0, 0};
        return fetcher.fetch_numbers(n, 0, 0);
    }
    if (function == kBase) return fetcher.fetch(p.c, p.layer);
    if (function == kLod) return fetcher.fetch_level(p.c, p.layer, p.level);
    if (function == kGrad) return fetcher.fetch_gradients(p.c, p.layer, p.dx, p.dy);
    return fetcher.gather(p.c, 0, p.layer & 3);
}

Place* places;
Result* results;

/// As most programs fetch: the threads of a warp from texels that are about as far from each other.
void put_in_rows(Place* all, const reference::Image& image, const reference::Sampler& sampler) {
    static const float kSteps[] = {1, 1, 0.75f, 1.5f, 2.25f, -1, 0.03125f};
    const int size = image.levels[0].size[0];
    const float texel = sampler.normalized ? 1 / static_cast<float>(size) : 1;
    for (int first = 0; first < kCount; first += 32) {
        Place& p = all[first];
        const float step = image.kind == reference::Linear ? 1 : kSteps[below(7)];
        // Some over an end of the image.
        p.c[0] = (static_cast<float>(below(static_cast<unsigned>(size + 40))) - 20.25f) * texel;
        if (image.kind == reference::Linear) p.c[0] = static_cast<float>(static_cast<int>(p.c[0]));
        for (int i = 1; i < 32; ++i) {
            all[first + i] = p;
            all[first + i].c[0] += static_cast<float>(i) * step * texel;
        }
    }
}

/// One image and sampler, one function, kCount places.
void compare(const reference::Image& image, const reference::Sampler& sampler, int function,
             bool rows) {
    static Place input[kCount];
    static Result output[kCount];
    const Texture texture(image, sampler);
    const reference::Fetcher fetcher(image, sampler);
    for (Place& p : input)
        p = make_place(image, sampler);
    if (rows) put_in_rows(input, image, sampler);
    CHECK(cudaMemcpy(places, input, sizeof input, cudaMemcpyHostToDevice));
    const bool floats = image.type == reference::Float || sampler.normalized_read;
    if (floats)
        fetch_all<float4>
            <<<kCount / 64, 64>>>(texture.object, image.kind, function, places, results, kCount);
    else
        fetch_all<uint4>
            <<<kCount / 64, 64>>>(texture.object, image.kind, function, places, results, kCount);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(output, results, sizeof output, cudaMemcpyDeviceToHost));
    for (int i = 0; i < kCount; ++i) {
        const reference::Words want = expected(fetcher, image, function, input[i]);
        const int channels = function == kGather ? 4 : image.channels;
        for (int c = 0; c < channels; ++c)
            EXPECT(
                output[i].w[c] == want.w[c],
                "kind %d function %d type %d bits %d channels %d linear %d %d normalized %d modes "
                "%d %d %d size %d %d %d levels %zu seamless %d at %g %g %g level %g layer %d "
                "channel %d: %08x, expected %08x",
                image.kind, function, image.type, image.bits, image.channels, sampler.linear,
                sampler.mip_linear, sampler.normalized, sampler.address[0], sampler.address[1],
                sampler.address[2], image.levels[0].size[0], image.levels[0].size[1],
                image.levels[0].size[2], image.levels.size(), sampler.seamless, input[i].c[0],
                input[i].c[1], input[i].c[2], input[i].level, input[i].layer, c, output[i].w[c],
                want.w[c]);
    }
}

void one_round(reference::Kind kind) {
    static const int kChannels[] = {1, 2, 4}, kBits[] = {8, 16, 32};
    const auto type = static_cast<reference::Type>(below(3));
    const int bits = type == reference::Float ? kBits[1 + below(2)] : kBits[below(3)];
    const bool rows = kind == reference::K2D || kind == reference::K3D ||
                      kind == reference::Layered2D;
    int w = 1 + static_cast<int>(below(20)), h = rows ? 1 + static_cast<int>(below(20)) : 1;
    int d = kind == reference::K3D || kind == reference::Layered1D || kind == reference::Layered2D
                ? 1 + static_cast<int>(below(6))
                : 1;
    const bool in_rows = kind <= reference::K3D && below(2);
    if (in_rows) w += static_cast<int>(below(200));
    if (kind >= reference::Cubemap) h = w, d = 6;
    if (kind == reference::LayeredCubemap) d *= 1 + static_cast<int>(below(3));
    int most = 1;
    while ((w > h ? w : h) >> most)
        ++most;
    const int levels = kind == reference::Linear || below(2) ? 1
                                                             : 1 + static_cast<int>(below(most));
    const reference::Image image = make_image(kind, kChannels[below(3)], bits, type, w, h, d,
                                              levels);
    const reference::Sampler sampler = make_sampler(image, below(2));
    compare(image, sampler, kBase, in_rows);
    if (kind == reference::Linear) return;
    compare(image, sampler, kLod, in_rows);
    compare(image, sampler, kGrad, in_rows);
    if (kind == reference::K2D && levels == 1) compare(image, sampler, kGather, in_rows);
}

} // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
    CHECK(cudaMalloc(&places, kCount * sizeof(Place)));
    CHECK(cudaMalloc(&results, kCount * sizeof(Result)));
    for (int kind = reference::Linear; kind <= reference::LayeredCubemap; ++kind)
        for (int i = 0; i < rounds; ++i)
            one_round(static_cast<reference::Kind>(kind));
    return finish();
}
