// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes of surfaces: every geometry, every size of element, inside of the image and
// outside with the boundary modes clamp and zero. x counts bytes.
#include <cuda_runtime.h>

#include "textures.h"

namespace {

struct Place {
    int x, y, z;
};

/// Functions of one geometry. Read by value and by pointer, written with each boundary mode.
template <class T, int K>
struct Surface;
#define SURFACE(K, NAME, ...)                                                                      \
    template <class T>                                                                             \
    struct Surface<T, reference::K> {                                                              \
        static __device__ T read(cudaSurfaceObject_t s, Place p, int mode) {                       \
            T v;                                                                                   \
            if (mode == cudaBoundaryModeZero)                                                      \
                return NAME##read<T>(s, __VA_ARGS__, cudaBoundaryModeZero);                        \
            if (mode == cudaBoundaryModeClamp) {                                                   \
                NAME##read(&v, s, __VA_ARGS__, cudaBoundaryModeClamp);                             \
                return v;                                                                          \
            }                                                                                      \
            return NAME##read<T>(s, __VA_ARGS__);                                                  \
        }                                                                                          \
        static __device__ void write(T v, cudaSurfaceObject_t s, Place p, int mode) {              \
            if (mode == cudaBoundaryModeZero)                                                      \
                NAME##write(v, s, __VA_ARGS__, cudaBoundaryModeZero);                              \
            else if (mode == cudaBoundaryModeClamp)                                                \
                NAME##write(v, s, __VA_ARGS__, cudaBoundaryModeClamp);                             \
            else                                                                                   \
                NAME##write(v, s, __VA_ARGS__);                                                    \
        }                                                                                          \
    };
SURFACE(K1D, surf1D, p.x)
SURFACE(K2D, surf2D, p.x, p.y)
SURFACE(K3D, surf3D, p.x, p.y, p.z)
SURFACE(Layered1D, surf1DLayered, p.x, p.z)
SURFACE(Layered2D, surf2DLayered, p.x, p.y, p.z)
SURFACE(Cubemap, surfCubemap, p.x, p.y, p.z)
SURFACE(LayeredCubemap, surfCubemapLayered, p.x, p.y, p.z)

template <class T, int K>
__global__ void read(cudaSurfaceObject_t s, const Place* places, T* out, int mode) {
    const int i = static_cast<int>(threadIdx.x);
    out[i] = Surface<T, K>::read(s, places[i], mode);
}
template <class T, int K>
__global__ void write(cudaSurfaceObject_t s, const Place* places, const T* in, int mode) {
    const int i = static_cast<int>(threadIdx.x);
    Surface<T, K>::write(in[i], s, places[i], mode);
}

constexpr int kThreads = 64;

/// Where an access lies in the image's bytes; -1: it does not take place.
long offset_of(const reference::Image& image, Place p, int size, int mode) {
    const reference::Level& l = image.levels[0];
    const int row = l.size[0] * image.texel_bytes();
    const bool inside = p.x >= 0 && p.x + size <= row && p.y >= 0 && p.y < l.size[1] && p.z >= 0 &&
                        p.z < l.size[2];
    if (!inside && mode == cudaBoundaryModeZero) return -1;
    const auto nearest = [](int v, int most) { return v < 0 ? 0 : v > most ? most : v; };
    const long x = nearest(p.x, (row - size) / size * size);
    return (static_cast<long>(nearest(p.z, l.size[2] - 1)) * l.size[1] +
            nearest(p.y, l.size[1] - 1)) *
               row +
           x;
}

/// The image of a kind in an array with T's format, and what the functions make of it.
template <class T, int K>
void test(int channels, int bits, reference::Type type) {
    const auto kind = static_cast<reference::Kind>(K);
    const bool rows = K != reference::K1D && K != reference::Layered1D;
    const bool slices = K != reference::K1D && K != reference::K2D, cube = K >= reference::Cubemap;
    const int w = 9,
              h = cube   ? w
                  : rows ? 5
                         : 1,
              d = K == reference::LayeredCubemap ? 12
                  : cube                         ? 6
                  : slices                       ? 4
                                                 : 1;
    reference::Image image = make_image(kind, channels, bits, type, w, h, d);
    std::vector<uint8_t>& bytes = image.levels[0].bytes;
    const bool layered = K == reference::Layered1D || K == reference::Layered2D ||
                         K == reference::LayeredCubemap;
    const cudaChannelFormatDesc format = channel_format(image);
    cudaArray_t array;
    CHECK(cudaMalloc3DArray(&array, &format, make_cudaExtent(w, rows ? h : 0, slices ? d : 0),
                            cudaArraySurfaceLoadStore | (layered ? cudaArrayLayered : 0) |
                                (cube ? cudaArrayCubemap : 0)));
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(bytes.data(), w * sizeof(T), w, h);
    copy.dstArray = array;
    copy.extent = make_cudaExtent(w, h, d);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t object;
    CHECK(cudaCreateSurfaceObject(&object, &resource));
    Place places[kThreads], *device_places;
    T values[kThreads], *device_values;
    CHECK(cudaMalloc(&device_places, sizeof places));
    CHECK(cudaMalloc(&device_values, sizeof values));
    for (const int mode : {cudaBoundaryModeTrap, cudaBoundaryModeZero, cudaBoundaryModeClamp}) {
        const bool outside = mode != cudaBoundaryModeTrap;
        const auto any = [&](int n) {
            return outside ? static_cast<int>(below(static_cast<unsigned>(n) + 4)) - 2
                           : static_cast<int>(below(static_cast<unsigned>(n)));
        };
        for (Place& p : places)
            p = {any(w) * static_cast<int>(sizeof(T)), rows ? any(h) : 0, slices ? any(d) : 0};
        CHECK(cudaMemcpy(device_places, places, sizeof places, cudaMemcpyHostToDevice));
        read<T, K><<<1, kThreads>>>(object, device_places, device_values, mode);
        CHECK(cudaMemcpy(values, device_values, sizeof values, cudaMemcpyDeviceToHost));
        for (int i = 0; i < kThreads; ++i) {
            const long at = offset_of(image, places[i], sizeof(T), mode);
            T want = {};
            if (at >= 0) std::memcpy(&want, &bytes[static_cast<size_t>(at)], sizeof(T));
            EXPECT(std::memcmp(&want, &values[i], sizeof(T)) == 0,
                   "read kind %d size %zu mode %d at %d %d %d", K, sizeof(T), mode, places[i].x,
                   places[i].y, places[i].z);
        }
        // Each place once: the order of writes is open.
        std::vector<bool> taken(bytes.size());
        for (int i = 0; i < kThreads; ++i) {
            for (size_t b = 0; b < sizeof(T); ++b)
                reinterpret_cast<uint8_t*>(&values[i])[b] = static_cast<uint8_t>(random_bits());
            const long at = offset_of(image, places[i], sizeof(T), mode);
            if (at < 0) continue;
            if (taken[static_cast<size_t>(at)]) {
                int first = 0;
                while (offset_of(image, places[first], sizeof(T), mode) != at)
                    ++first;
                values[i] = values[first];
            }
            taken[static_cast<size_t>(at)] = true;
            std::memcpy(&bytes[static_cast<size_t>(at)], &values[i], sizeof(T));
        }
        CHECK(cudaMemcpy(device_values, values, sizeof values, cudaMemcpyHostToDevice));
        write<T, K><<<1, kThreads>>>(object, device_places, device_values, mode);
        CHECK(cudaDeviceSynchronize());
        std::vector<uint8_t> now(bytes.size());
        cudaMemcpy3DParms back = {};
        back.srcArray = array;
        back.dstPtr = make_cudaPitchedPtr(now.data(), w * sizeof(T), w, h);
        back.extent = make_cudaExtent(w, h, d);
        back.kind = cudaMemcpyDeviceToHost;
        CHECK(cudaMemcpy3D(&back));
        EXPECT(now == bytes, "written kind %d size %zu mode %d", K, sizeof(T), mode);
    }
    CHECK(cudaDestroySurfaceObject(object));
    CHECK(cudaFreeArray(array));
    CHECK(cudaFree(device_places));
    CHECK(cudaFree(device_values));
}

template <int K>
void every_size() {
    test<unsigned char, K>(1, 8, reference::Unsigned);
    test<char2, K>(2, 8, reference::Signed);
    test<short, K>(1, 16, reference::Signed);
    test<uchar4, K>(4, 8, reference::Unsigned);
    test<float, K>(1, 32, reference::Float);
    test<ushort4, K>(4, 16, reference::Unsigned);
    test<int2, K>(2, 32, reference::Signed);
    test<float4, K>(4, 32, reference::Float);
}

} // namespace

int main() {
    every_size<reference::K1D>();
    every_size<reference::K2D>();
    every_size<reference::K3D>();
    every_size<reference::Layered1D>();
    every_size<reference::Layered2D>();
    every_size<reference::Cubemap>();
    every_size<reference::LayeredCubemap>();
    return finish();
}
