// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface instructions as inline PTX: each geometry, coordinates of both types, levels,
// gradients, offsets, gathers, queries; loads and stores of surfaces.
#include <cuda_runtime.h>

#include "textures.h"

namespace {

constexpr int kThreads = 64;

struct Place {
    float x, y, z, level;
    int layer;
};
struct Out {
    uint32_t w[4];
};

__device__ Out to_words(float a, float b, float c, float d) {
    return {{__float_as_uint(a), __float_as_uint(b), __float_as_uint(c), __float_as_uint(d)}};
}

#define FLOATS(TEXT, ...)                                                                          \
    do {                                                                                           \
        float a_, b_, c_, d_;                                                                      \
        asm volatile(TEXT : "=f"(a_), "=f"(b_), "=f"(c_), "=f"(d_) : "l"(t), __VA_ARGS__);         \
        out[i] = to_words(a_, b_, c_, d_);                                                         \
    } while (0)

__global__ void fetch(cudaTextureObject_t t, int form, const Place* places, Out* out) {
    const int i = static_cast<int>(threadIdx.x);
    const Place p = places[i];
    const int x = static_cast<int>(p.x), y = static_cast<int>(p.y), z = static_cast<int>(p.z);
    switch (form) {
    case 0: FLOATS("tex.1d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5}];", "f"(p.x)); break;
    case 1: FLOATS("tex.2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}];", "f"(p.x), "f"(p.y)); break;
    case 2:
        FLOATS("tex.3d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6,%7,%7}];", "f"(p.x), "f"(p.y),
               "f"(p.z));
        break;
    case 3:
        FLOATS("tex.a1d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}];", "r"(p.layer), "f"(p.x));
        break;
    case 4:
        FLOATS("tex.a2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6,%7,%7}];", "r"(p.layer), "f"(p.x),
               "f"(p.y));
        break;
    case 5:
        FLOATS("tex.cube.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6,%7,%7}];", "f"(p.x), "f"(p.y),
               "f"(p.z));
        break;
    case 6:
        FLOATS("tex.acube.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6,%7,%8}];", "r"(p.layer), "f"(p.x),
               "f"(p.y), "f"(p.z));
        break;
    case 7: FLOATS("tex.2d.v4.f32.s32 {%0,%1,%2,%3}, [%4, {%5,%6}];", "r"(x), "r"(y)); break;
    case 8:
        FLOATS("tex.base.2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}], {%7,%8};", "f"(p.x), "f"(p.y),
               "r"(-2), "r"(3));
        break;
    case 9:
        FLOATS("tex.level.2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}], %7;", "f"(p.x), "f"(p.y),
               "f"(p.level));
        break;
    case 10:
        FLOATS("tex.level.a2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6,%7,%7}], %8;", "r"(p.layer),
               "f"(p.x), "f"(p.y), "f"(p.level));
        break;
    case 11:
        FLOATS("tex.grad.2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}], {%7,%8}, {%8,%7};", "f"(p.x),
               "f"(p.y), "f"(p.level), "f"(p.z));
        break;
    case 12:
        FLOATS("tex.level.2d.v4.f32.s32 {%0,%1,%2,%3}, [%4, {%5,%6}], %7;", "r"(x), "r"(y), "r"(z));
        break;
    case 13:
        FLOATS("tld4.r.2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}];", "f"(p.x), "f"(p.y));
        break;
    case 14:
        FLOATS("tld4.a.2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6}];", "f"(p.x), "f"(p.y));
        break;
    case 15:
        FLOATS("tld4.b.a2d.v4.f32.f32 {%0,%1,%2,%3}, [%4, {%5,%6,%7,%7}];", "r"(p.layer), "f"(p.x),
               "f"(p.y));
        break;
    default: { // with what says whether the texels are there
        unsigned a, b, c, d, there;
        asm volatile("{.reg .pred p; tex.2d.v4.u32.f32 {%0,%1,%2,%3}|p, [%5, {%6,%7}]; selp.u32 "
                     "%4, 1, 0, p;}"
                     : "=r"(a), "=r"(b), "=r"(c), "=r"(d), "=r"(there)
                     : "l"(t), "f"(p.x), "f"(p.y));
        out[i] = {{a * there, b * there, c * there, d * there}};
    }
    }
}

/// The kind of image that a form reads.
reference::Kind kind_of(int form) {
    const reference::Kind kinds[] = {
        reference::K1D,       reference::K2D,     reference::K3D,           reference::Layered1D,
        reference::Layered2D, reference::Cubemap, reference::LayeredCubemap};
    if (form < 7) return kinds[form];
    return form == 10 || form == 15 ? reference::Layered2D : reference::K2D;
}

reference::Words expected(const reference::Fetcher& f, int form, const Place& p) {
    const float c[3] = {p.x, p.y, p.z};
    const int n[3] = {static_cast<int>(p.x), static_cast<int>(p.y), 0};
    switch (form) {
    case 7: return f.fetch_numbers(n, 0, 0);
    case 8: return f.fetch(c, 0, {-2, 3, 0});
    case 9:
    case 10: return f.fetch_level(c, p.layer, p.level);
    case 11: return f.fetch_gradients(c, 0, {p.level, p.z, 0}, {p.z, p.level, 0});
    case 12: return f.fetch_numbers(n, 0, static_cast<int>(p.z));
    case 13: return f.gather(c, 0, 0);
    case 14: return f.gather(c, 0, 3);
    case 15: return f.gather(c, p.layer, 2);
    default: return f.fetch(c, p.layer);
    }
}

void fetches() {
    Place places[kThreads], *device_places;
    Out results[kThreads], *device_results;
    CHECK(cudaMalloc(&device_places, sizeof places));
    CHECK(cudaMalloc(&device_results, sizeof results));
    for (int form = 0; form <= 16; ++form)
        for (int round = 0; round < 6; ++round) {
            const reference::Kind kind = kind_of(form);
            const bool cube = kind >= reference::Cubemap, levels = form >= 9 && form <= 12;
            const reference::Image image = make_image(
                kind, 4, round % 2 ? 16 : 32, reference::Float, 8,
                kind == reference::K1D || kind == reference::Layered1D ? 1 : 8,
                kind == reference::LayeredCubemap                  ? 12
                : cube                                             ? 6
                : kind == reference::K1D || kind == reference::K2D ? 1
                                                                   : 4,
                levels ? 4 : 1);
            const reference::Sampler sampler = make_sampler(image, false);
            const Texture texture(image, sampler);
            const reference::Fetcher fetcher(image, sampler);
            for (Place& p : places) {
                const bool normalized = sampler.normalized && form != 7 && form != 12;
                p = {coordinate(cube ? 1 : 8, normalized || cube),
                     coordinate(cube ? 1 : 8, normalized || cube),
                     coordinate(cube ? 1 : 4, normalized || cube),
                     static_cast<float>(below(300)) / 100, static_cast<int>(below(5))};
                if (form == 7 || form == 12)
                    p.x = static_cast<float>(below(12)) - 2,
                    p.y = static_cast<float>(below(12)) - 2, p.z = static_cast<float>(below(5));
                if (form == 11) p.z = static_cast<float>(below(100)) / 50;
            }
            CHECK(cudaMemcpy(device_places, places, sizeof places, cudaMemcpyHostToDevice));
            fetch<<<1, kThreads>>>(texture.object, form, device_places, device_results);
            CHECK(cudaMemcpy(results, device_results, sizeof results, cudaMemcpyDeviceToHost));
            for (int i = 0; i < kThreads; ++i) {
                const reference::Words want = expected(fetcher, form, places[i]);
                for (int c = 0; c < 4; ++c)
                    EXPECT(results[i].w[c] == want.w[c], "form %d at %g %g %g: %08x, expected %08x",
                           form, places[i].x, places[i].y, places[i].z, results[i].w[c], want.w[c]);
            }
        }
}

__global__ void halves(cudaTextureObject_t t, unsigned* out) {
    const float x = static_cast<float>(threadIdx.x);
    asm("tex.1d.v2.f16x2.f32 {%0,%1}, [%2, {%3}];"
        : "=r"(out[2 * threadIdx.x]), "=r"(out[2 * threadIdx.x + 1])
        : "l"(t), "f"(x));
}
__global__ void query(cudaTextureObject_t t, unsigned* out) {
    asm("txq.width.b32 %0, [%1];" : "=r"(out[0]) : "l"(t));
    asm("txq.height.b32 %0, [%1];" : "=r"(out[1]) : "l"(t));
    asm("txq.depth.b32 %0, [%1];" : "=r"(out[2]) : "l"(t));
    asm("txq.level.width.b32 %0, [%1], %2;" : "=r"(out[3]) : "l"(t), "r"(1));
    asm("txq.num_mipmap_levels.b32 %0, [%1];" : "=r"(out[4]) : "l"(t));
}

void halves_and_queries() {
    reference::Image image = make_image(reference::K1D, 4, 16, reference::Float, 16, 1, 1);
    reference::Sampler s;
    unsigned *out, host[32];
    CHECK(cudaMalloc(&out, sizeof host));
    {
        const Texture texture(image, s);
        halves<<<1, 16>>>(texture.object, out);
        CHECK(cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost));
        for (int i = 0; i < 64; ++i) {
            uint16_t texel, got;
            std::memcpy(&texel, &image.levels[0].bytes[static_cast<size_t>(2 * i)], 2);
            std::memcpy(&got, reinterpret_cast<char*>(host) + 2 * i, 2);
            const bool nan = (texel & 0x7fff) > 0x7c00;
            EXPECT(nan ? (got & 0x7fff) > 0x7c00 : got == texel, "half %d: %04x, expected %04x", i,
                   got, texel);
        }
    }
    image = make_image(reference::K3D, 1, 8, reference::Unsigned, 10, 6, 3, 2);
    s.normalized = true;
    const Texture texture(image, s);
    query<<<1, 1>>>(texture.object, out);
    CHECK(cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost));
    const unsigned want[] = {10, 6, 3, 5, 2};
    for (int i = 0; i < 5; ++i)
        EXPECT(host[i] == want[i], "query %d: %u, expected %u", i, host[i], want[i]);
    CHECK(cudaFree(out));
}

/// Copies 16 bytes a row with different instructions, byte x of row y to byte x of row y + 8.
__global__ void copy_rows(cudaSurfaceObject_t s) {
    const int y = static_cast<int>(threadIdx.x), to = y + 8;
    unsigned a, b, c, d;
    unsigned long long l, m;
    unsigned short h, k;
    switch (y) {
    case 0:
        for (int x = 0; x < 16; ++x) {
            asm volatile("suld.b.2d.b8.trap %0, [%1, {%2,%3}];" : "=h"(h) : "l"(s), "r"(x), "r"(y));
            asm volatile("sust.b.2d.b8.trap [%0, {%1,%2}], %3;" ::"l"(s), "r"(x), "r"(to), "h"(h));
        }
        break;
    case 1:
        for (int x = 0; x < 16; x += 4) {
            asm volatile("suld.b.2d.v2.b16.clamp {%0,%1}, [%2, {%3,%4}];"
                         : "=h"(h), "=h"(k)
                         : "l"(s), "r"(x), "r"(y));
            asm volatile("sust.b.2d.v2.b16.clamp [%0, {%1,%2}], {%3,%4};" ::"l"(s), "r"(x), "r"(to),
                         "h"(h), "h"(k));
        }
        break;
    case 2:
        asm volatile("suld.b.2d.v4.b32.zero {%0,%1,%2,%3}, [%4, {%5,%6}];"
                     : "=r"(a), "=r"(b), "=r"(c), "=r"(d)
                     : "l"(s), "r"(0), "r"(y));
        asm volatile("sust.b.2d.v4.b32.zero [%0, {%1,%2}], {%3,%4,%5,%6};" ::"l"(s), "r"(0),
                     "r"(to), "r"(a), "r"(b), "r"(c), "r"(d));
        break;
    case 3:
        asm volatile("suld.b.2d.v2.b64.trap {%0,%1}, [%2, {%3,%4}];"
                     : "=l"(l), "=l"(m)
                     : "l"(s), "r"(0), "r"(y));
        asm volatile("sust.b.2d.cs.v2.b64.trap [%0, {%1,%2}], {%3,%4};" ::"l"(s), "r"(0), "r"(to),
                     "l"(l), "l"(m));
        break;
    default:
        for (int x = 0; x < 16; x += 8) {
            asm volatile("suld.b.2d.ca.b64.trap %0, [%1, {%2,%3}];"
                         : "=l"(l)
                         : "l"(s), "r"(x), "r"(y));
            asm volatile("sust.b.2d.b64.trap [%0, {%1,%2}], %3;" ::"l"(s), "r"(x), "r"(to), "l"(l));
        }
    }
}

void surfaces() {
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<uchar4>();
    cudaArray_t array;
    CHECK(cudaMallocArray(&array, &format, 4, 16, cudaArraySurfaceLoadStore));
    uint8_t bytes[16][16];
    for (auto& row : bytes)
        for (uint8_t& b : row)
            b = static_cast<uint8_t>(random_bits());
    CHECK(cudaMemcpy2DToArray(array, 0, 0, bytes, 16, 16, 16, cudaMemcpyHostToDevice));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t object;
    CHECK(cudaCreateSurfaceObject(&object, &resource));
    copy_rows<<<1, 8>>>(object);
    CHECK(cudaMemcpy2DFromArray(bytes, 16, array, 0, 0, 16, 16, cudaMemcpyDeviceToHost));
    for (int y = 0; y < 8; ++y)
        EXPECT(std::memcmp(bytes[y], bytes[y + 8], 16) == 0, "row %d", y);
    CHECK(cudaDestroySurfaceObject(object));
    CHECK(cudaFreeArray(array));
}

} // namespace

int main() {
    fetches();
    halves_and_queries();
    surfaces();
    return finish();
}
