// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface references, which CUDA had until 11: bound to linear memory, to rows with a
// pitch, to arrays, and again to others; their modes are those of the host's variable when binding.
#include <cuda_runtime.h>

#include "textures.h"

#if CUDART_VERSION < 13000 && !(defined(__NVCC__) && !defined(__ACC__) && CUDART_VERSION >= 12000)

texture<int, cudaTextureType1D, cudaReadModeElementType> numbers;
texture<float, 2> rows;
static texture<uchar4, 2, cudaReadModeNormalizedFloat> colours(1, cudaFilterModeLinear,
                                                               cudaAddressModeWrap);
texture<float, cudaTextureType3D> volume;
surface<void, 2> canvas;

namespace {

__global__ void read_numbers(int* out) {
    out[threadIdx.x] = tex1Dfetch(numbers, static_cast<int>(threadIdx.x) - 4);
}
__device__ float helper(texture<float, 2> reference, float x, float y) {
    return tex2D(reference, x, y);
}
__global__ void read_rows(float* out, float step) {
    const float x = static_cast<float>(threadIdx.x) * step - 2;
    out[threadIdx.x] = threadIdx.x % 2 ? helper(rows, x, 1.25f) : tex2D(rows, x, 1.25f);
}
__global__ void read_colours(float4* out) {
    out[threadIdx.x] = tex2D(colours, static_cast<float>(threadIdx.x) / 20, 0.3f);
}
__global__ void read_volume(float* out) {
    out[threadIdx.x] = tex3D(volume, static_cast<float>(threadIdx.x), 1.5f, 2.5f);
}
__global__ void draw() {
    surf2Dwrite(static_cast<float>(threadIdx.x), canvas, static_cast<int>(threadIdx.x * 4), 2);
}
__global__ void look(float* out) {
    out[threadIdx.x] = surf2Dread<float>(canvas, static_cast<int>(threadIdx.x * 4), 2) * 2;
}

constexpr int kThreads = 32;

void linear_memory() {
    int host[20], got[kThreads], *memory, *other, *out;
    for (int i = 0; i < 20; ++i)
        host[i] = i * i;
    CHECK(cudaMalloc(&memory, sizeof host));
    CHECK(cudaMalloc(&other, sizeof host));
    CHECK(cudaMalloc(&out, sizeof got));
    CHECK(cudaMemcpy(memory, host, sizeof host, cudaMemcpyHostToDevice));
    CHECK(cudaMemset(other, 0xff, sizeof host));
    size_t offset = 1;
    CHECK(cudaBindTexture(&offset, numbers, memory, sizeof host));
    EXPECT(offset == 0);
    read_numbers<<<1, kThreads>>>(out);
    CHECK(cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost));
    for (int i = 0; i < kThreads; ++i)
        EXPECT(got[i] == (i >= 4 && i < 24 ? (i - 4) * (i - 4) : 0), "%d: %d", i, got[i]);
    CHECK(cudaBindTexture(nullptr, numbers, other, sizeof host));
    read_numbers<<<1, kThreads>>>(out);
    CHECK(cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost));
    EXPECT(got[4] == -1 && got[3] == 0, "bound again: %d", got[4]);
    CHECK(cudaUnbindTexture(numbers));
}

void rows_with_pitch() {
    const reference::Image image = make_image(reference::K2D, 1, 32, reference::Float, 9, 4, 1);
    void* memory;
    size_t pitch;
    float got[kThreads], *out;
    CHECK(cudaMallocPitch(&memory, &pitch, 9 * 4, 4));
    CHECK(cudaMalloc(&out, sizeof got));
    CHECK(cudaMemcpy2D(memory, pitch, image.levels[0].bytes.data(), 36, 36, 4,
                       cudaMemcpyHostToDevice));
    for (const bool linear : {false, true}) {
        rows.filterMode = linear ? cudaFilterModeLinear : cudaFilterModePoint;
        rows.addressMode[0] = linear ? cudaAddressModeBorder : cudaAddressModeClamp;
        CHECK(cudaBindTexture2D(nullptr, rows, memory, 9, 4, pitch));
        read_rows<<<1, kThreads>>>(out, 0.4f);
        CHECK(cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost));
        reference::Sampler s;
        s.linear = linear;
        s.address[0] = linear ? reference::Border : reference::Clamp;
        const reference::Fetcher fetcher(image, s);
        for (int i = 0; i < kThreads; ++i) {
            const float c[3] = {static_cast<float>(i) * 0.4f - 2, 1.25f, 0};
            EXPECT(reference::bits_of(got[i]) == fetcher.fetch(c, 0).w[0], "rows %d linear %d: %g",
                   i, linear, got[i]);
        }
    }
}

void arrays() {
    const reference::Image image = make_image(reference::K2D, 4, 8, reference::Unsigned, 7, 5, 1);
    cudaArray_t array;
    CHECK(cudaMallocArray(&array, &colours.channelDesc, 7, 5));
    CHECK(cudaMemcpy2DToArray(array, 0, 0, image.levels[0].bytes.data(), 28, 28, 5,
                              cudaMemcpyHostToDevice));
    CHECK(cudaBindTextureToArray(colours, array));
    float4 got[kThreads], *out;
    CHECK(cudaMalloc(&out, sizeof got));
    read_colours<<<1, kThreads>>>(out);
    CHECK(cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost));
    reference::Sampler s;
    s.linear = s.normalized = s.normalized_read = true;
    s.address[0] = s.address[1] = reference::Wrap;
    const reference::Fetcher fetcher(image, s);
    for (int i = 0; i < kThreads; ++i) {
        const float c[3] = {static_cast<float>(i) / 20, 0.3f, 0};
        const reference::Words want = fetcher.fetch(c, 0);
        EXPECT(std::memcmp(&got[i], &want, 16) == 0, "colour %d: %g %g", i, got[i].x,
               reference::float_of(want.w[0]));
    }
    CHECK(cudaUnbindTexture(colours));
    CHECK(cudaFreeArray(array));
}

void volumes() {
    const reference::Image image = make_image(reference::K3D, 1, 32, reference::Float, 6, 4, 5);
    cudaArray_t array;
    const cudaExtent extent = make_cudaExtent(6, 4, 5);
    CHECK(cudaMalloc3DArray(&array, &volume.channelDesc, extent));
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(const_cast<uint8_t*>(image.levels[0].bytes.data()), 24, 6, 4);
    copy.dstArray = array;
    copy.extent = extent;
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    CHECK(cudaBindTextureToArray(volume, array, volume.channelDesc));
    float got[kThreads], *out;
    CHECK(cudaMalloc(&out, sizeof got));
    read_volume<<<1, kThreads>>>(out);
    CHECK(cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost));
    reference::Sampler s;
    const reference::Fetcher fetcher(image, s);
    for (int i = 0; i < kThreads; ++i) {
        const float c[3] = {static_cast<float>(i), 1.5f, 2.5f};
        EXPECT(reference::bits_of(got[i]) == fetcher.fetch(c, 0).w[0], "volume %d", i);
    }
    CHECK(cudaFreeArray(array));
}

void surfaces() {
    cudaArray_t array;
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocArray(&array, &format, kThreads, 4, cudaArraySurfaceLoadStore));
    CHECK(cudaBindSurfaceToArray(canvas, array));
    float got[kThreads], *out;
    CHECK(cudaMalloc(&out, sizeof got));
    draw<<<1, kThreads>>>();
    look<<<1, kThreads>>>(out);
    CHECK(cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost));
    for (int i = 0; i < kThreads; ++i)
        EXPECT(got[i] == static_cast<float>(2 * i), "surface %d: %g", i, got[i]);
    CHECK(cudaFreeArray(array));
}

} // namespace

int main() {
    linear_memory();
    rows_with_pitch();
    arrays();
    volumes();
    surfaces();
    return finish();
}

#else
int main() {
    std::printf("PASS\n"); // this CUDA has no references
}
#endif
