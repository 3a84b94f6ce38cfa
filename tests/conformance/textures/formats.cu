// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tex1Dfetch, tex1D, tex2D of every element type, in all their overloads: from linear memory, from
// rows with a pitch, from arrays; as elements and as normalized floats.
#include <cuda_runtime.h>

#include "textures.h"

namespace {

constexpr int kWidth = 37, kHeight = 11;

/// What a texture of T is.
template <class T>
struct Format;
#define FORMAT(T, CHANNELS, BITS, TYPE, FLOATS)                                                    \
    template <>                                                                                    \
    struct Format<T> {                                                                             \
        enum { channels = CHANNELS, bits = BITS };                                                 \
        static constexpr reference::Type type = reference::TYPE;                                   \
        using floats = FLOATS;                                                                     \
    };
#define FORMATS(SCALAR, VECTOR, BITS, TYPE)                                                        \
    FORMAT(SCALAR, 1, BITS, TYPE, float)                                                           \
    FORMAT(VECTOR##1, 1, BITS, TYPE, float1)                                                       \
    FORMAT(VECTOR##2, 2, BITS, TYPE, float2)                                                       \
    FORMAT(VECTOR##4, 4, BITS, TYPE, float4)
FORMATS(signed char, char, 8, Signed)
FORMATS(unsigned char, uchar, 8, Unsigned)
FORMATS(short, short, 16, Signed)
FORMATS(unsigned short, ushort, 16, Unsigned)
FORMATS(int, int, 32, Signed)
FORMATS(unsigned int, uint, 32, Unsigned)
FORMATS(float, float, 32, Float)
FORMAT(char, 1, 8, Signed, float)

template <class T>
__global__ void fetch_numbers(cudaTextureObject_t t, T* by_value, T* by_pointer, int count) {
    const int i = static_cast<int>(threadIdx.x);
    by_value[i] = tex1Dfetch<T>(t, i - 8);
    tex1Dfetch(&by_pointer[i], t, i - 8);
}
template <class T>
__global__ void fetch_rows(cudaTextureObject_t t, T* by_value, T* by_pointer, float step) {
    const int i = static_cast<int>(threadIdx.x);
    const float x = static_cast<float>(i) * step - 3, y = static_cast<float>(i % 13) * 0.75f;
    by_value[i] = tex2D<T>(t, x, y);
    tex2D(&by_pointer[i], t, x, y);
}
template <class T>
__global__ void fetch_row(cudaTextureObject_t t, T* by_value, T* by_pointer, float step) {
    const int i = static_cast<int>(threadIdx.x);
    const float x = static_cast<float>(i) * step - 3;
    by_value[i] = tex1D<T>(t, x);
    tex1D(&by_pointer[i], t, x);
}

constexpr int kThreads = 64;

/// The elements of T are the low parts of the words.
template <class T>
void expect(const T* device, const reference::Words (&want)[kThreads], int channels, int bits,
            const char* what) {
    T got[kThreads];
    CHECK(cudaMemcpy(got, device, sizeof got, cudaMemcpyDeviceToHost));
    for (int i = 0; i < kThreads; ++i)
        for (int c = 0; c < channels; ++c)
            EXPECT(std::memcmp(reinterpret_cast<const char*>(&got[i]) + c * bits / 8, &want[i].w[c],
                               static_cast<size_t>(bits) / 8) == 0,
                   "%s of %d bits, %d channels: %d, channel %d, expected %08x", what, bits,
                   channels, i, c, want[i].w[c]);
}

/// Fetches as type R, which is T or the floats that it becomes.
template <class R>
void fetch(const reference::Image& image, const reference::Sampler& sampler,
           cudaTextureObject_t object, int bits, const char* what) {
    R *by_value, *by_pointer;
    CHECK(cudaMalloc(&by_value, kThreads * sizeof(R)));
    CHECK(cudaMalloc(&by_pointer, kThreads * sizeof(R)));
    const reference::Fetcher fetcher(image, sampler);
    reference::Words want[kThreads];
    const float step = 0.7f;
    if (image.kind == reference::Linear)
        fetch_numbers<R><<<1, kThreads>>>(object, by_value, by_pointer, kWidth);
    else if (image.kind == reference::K1D)
        fetch_row<R><<<1, kThreads>>>(object, by_value, by_pointer, step);
    else
        fetch_rows<R><<<1, kThreads>>>(object, by_value, by_pointer, step);
    for (int i = 0; i < kThreads; ++i) {
        const int n[3] = {i - 8, 0, 0};
        const float c[3] = {static_cast<float>(i) * step - 3, static_cast<float>(i % 13) * 0.75f,
                            0};
        want[i] = image.kind == reference::Linear ? fetcher.fetch_numbers(n, 0, 0)
                                                  : fetcher.fetch(c, 0);
    }
    expect(by_value, want, image.channels, bits, what);
    expect(by_pointer, want, image.channels, bits, what);
    CHECK(cudaFree(by_value));
    CHECK(cudaFree(by_pointer));
}

template <class T>
void fetch_as_both(const reference::Image& image, cudaTextureObject_t elements,
                   cudaTextureObject_t floats, const char* what) {
    reference::Sampler s;
    fetch<T>(image, s, elements, Format<T>::bits, what);
    s.normalized_read = true;
    s.linear = image.kind == reference::K2D;
    if (floats) fetch<typename Format<T>::floats>(image, s, floats, 32, what);
}

cudaTextureDesc plain() {
    cudaTextureDesc desc = {};
    desc.addressMode[0] = desc.addressMode[1] = desc.addressMode[2] = cudaAddressModeClamp;
    return desc;
}
cudaTextureObject_t make_object(const cudaResourceDesc& resource, const cudaTextureDesc& desc) {
    cudaTextureObject_t object;
    CHECK(cudaCreateTextureObject(&object, &resource, &desc, nullptr));
    return object;
}

template <class T>
void test() {
    constexpr bool converts = Format<T>::type != reference::Float && Format<T>::bits < 32;
    // linear memory
    const reference::Image row = make_image(reference::Linear, Format<T>::channels, Format<T>::bits,
                                            Format<T>::type, kWidth, 1, 1);
    void* memory;
    CHECK(cudaMalloc(&memory, row.levels[0].bytes.size()));
    CHECK(cudaMemcpy(memory, row.levels[0].bytes.data(), row.levels[0].bytes.size(),
                     cudaMemcpyHostToDevice));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeLinear;
    resource.res.linear.devPtr = memory;
    resource.res.linear.desc = cudaCreateChannelDesc<T>();
    resource.res.linear.sizeInBytes = row.levels[0].bytes.size();
    cudaTextureDesc desc = plain(), normalized = plain();
    normalized.readMode = cudaReadModeNormalizedFloat;
    cudaTextureObject_t a = make_object(resource, desc),
                        b = converts ? make_object(resource, normalized) : 0;
    fetch_as_both<T>(row, a, b, "linear memory");
    CHECK(cudaDestroyTextureObject(a));
    if (b) CHECK(cudaDestroyTextureObject(b));
    CHECK(cudaFree(memory));
    // rows with a pitch
    normalized.filterMode = cudaFilterModeLinear;
    const reference::Image rows = make_image(reference::K2D, Format<T>::channels, Format<T>::bits,
                                             Format<T>::type, kWidth, kHeight, 1);
    size_t pitch;
    CHECK(cudaMallocPitch(&memory, &pitch, kWidth * sizeof(T), kHeight));
    CHECK(cudaMemcpy2D(memory, pitch, rows.levels[0].bytes.data(), kWidth * sizeof(T),
                       kWidth * sizeof(T), kHeight, cudaMemcpyHostToDevice));
    resource = {};
    resource.resType = cudaResourceTypePitch2D;
    resource.res.pitch2D.devPtr = memory;
    resource.res.pitch2D.desc = cudaCreateChannelDesc<T>();
    resource.res.pitch2D.width = kWidth;
    resource.res.pitch2D.height = kHeight;
    resource.res.pitch2D.pitchInBytes = pitch;
    a = make_object(resource, desc);
    b = converts ? make_object(resource, normalized) : 0;
    fetch_as_both<T>(rows, a, b, "rows");
    CHECK(cudaDestroyTextureObject(a));
    if (b) CHECK(cudaDestroyTextureObject(b));
    CHECK(cudaFree(memory));
    // arrays
    for (const reference::Kind kind : {reference::K1D, reference::K2D}) {
        reference::Image image = make_image(kind, Format<T>::channels, Format<T>::bits,
                                            Format<T>::type, kWidth,
                                            kind == reference::K1D ? 1 : kHeight, 1);
        reference::Sampler s;
        const Texture texture(image, s);
        fetch_as_both<T>(image, texture.object, 0, "array");
    }
}

} // namespace

int main() {
    test<char>();
    test<signed char>();
    test<char1>();
    test<char2>();
    test<char4>();
    test<unsigned char>();
    test<uchar1>();
    test<uchar2>();
    test<uchar4>();
    test<short>();
    test<short1>();
    test<short2>();
    test<short4>();
    test<unsigned short>();
    test<ushort1>();
    test<ushort2>();
    test<ushort4>();
    test<int>();
    test<int1>();
    test<int2>();
    test<int4>();
    test<unsigned int>();
    test<uint1>();
    test<uint2>();
    test<uint4>();
    test<float>();
    test<float1>();
    test<float2>();
    test<float4>();
    return finish();
}
