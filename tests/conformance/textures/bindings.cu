// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What binding texture and surface references promises: offsets of memory that is not aligned,
// arrays of one row, mipmaps, formats, what is bound twice, unbound or not bound at all, and the
// order of launches and bindings.
#include "../common/check.h"

#if CUDART_VERSION < 13000 && (defined(__ACC__) || CUDART_VERSION < 12000)

texture<int, cudaTextureType1D> numbers;
static texture<float, cudaTextureType1D> line;
texture<unsigned char, cudaTextureType2D, cudaReadModeNormalizedFloat> levels;
texture<float, cudaTextureType2D> plane;
static surface<void, 2> canvas;

__global__ void fetch_numbers(int* out, int first) {
    out[threadIdx.x] = tex1Dfetch(numbers, first + threadIdx.x);
}
__global__ void fetch_line(float* out) {
    out[threadIdx.x] = tex1D(line, threadIdx.x + 0.5f);
}
__global__ void fetch_plane(float* out) {
    out[threadIdx.x] = tex2D(plane, threadIdx.x + 0.5f, 1.5f);
}
__global__ void fetch_level(float* out, float lod) {
    out[threadIdx.x] = tex2DLod(levels, 0.5f, 0.5f, lod);
}
__global__ void paint(int value) {
    surf2Dwrite(value + (int)threadIdx.x, canvas, threadIdx.x * 4, 1);
}

const int kThreads = 32;

static void offsets() {
    std::vector<int> host(1000);
    for (int i = 0; i < 1000; ++i)
        host[i] = i * 3;
    Buffer<int> memory(host), out(kThreads);
    size_t offset = 77;
    CHECK(cudaBindTexture(&offset, numbers, memory.device(), 1000 * sizeof(int)));
    EXPECT(offset == 0);
    CHECK(cudaBindTexture(&offset, numbers, memory.device() + 101, 800 * sizeof(int)));
    EXPECT(offset > 0 && offset % sizeof(int) == 0, "offset %d", (int)offset);
    size_t again = 0;
    CHECK(cudaGetTextureAlignmentOffset(&again, numbers));
    EXPECT(again == offset);
    fetch_numbers<<<1, kThreads>>>(out.device(), (int)(offset / sizeof(int)));
    SYNC();
    out.download();
    for (int i = 0; i < kThreads; ++i)
        EXPECT(out[i] == (101 + i) * 3, "%d: %d", i, out[i]);
    // As much as there is, in the largest words.
    CHECK(cudaBindTexture(&offset, numbers, memory.device() + 101, SIZE_MAX));
    fetch_numbers<<<1, kThreads>>>(out.device(), (int)(offset / sizeof(int)));
    SYNC();
    out.download();
    for (int i = 0; i < kThreads; ++i)
        EXPECT(out[i] == (101 + i) * 3, "%d: %d", i, out[i]);
    // Without a place for the offset only aligned memory can be bound.
    EXPECT_ERROR(cudaErrorInvalidValue,
                 cudaBindTexture(NULL, numbers, memory.device() + 1, 800 * sizeof(int)));
    // The default size: as much as there is.
    CHECK(cudaBindTexture(NULL, numbers, memory.device()));
    fetch_numbers<<<1, kThreads>>>(out.device(), 1000 - kThreads);
    SYNC();
    out.download();
    for (int i = 0; i < kThreads; ++i)
        EXPECT(out[i] == (1000 - kThreads + i) * 3, "%d: %d", i, out[i]);
    CHECK(cudaUnbindTexture(numbers));
    CHECK(cudaUnbindTexture(numbers)); // nothing is bound: no operation
    EXPECT_ERROR(cudaErrorInvalidTextureBinding, cudaGetTextureAlignmentOffset(&again, numbers));
}

/// Kernels read what was bound when they were launched, however much is bound afterwards.
static void order() {
    const int rounds = 50;
    Buffer<int> out(rounds * kThreads);
    std::vector<Buffer<int>*> sources;
    for (int i = 0; i < rounds; ++i) {
        sources.push_back(new Buffer<int>(std::vector<int>(kThreads, i + 1)));
        CHECK(cudaBindTexture(NULL, numbers, sources[i]->device(), kThreads * sizeof(int)));
        fetch_numbers<<<1, kThreads>>>(out.device() + i * kThreads, 0);
    }
    SYNC();
    out.download();
    for (int i = 0; i < rounds * kThreads; ++i)
        EXPECT(out[i] == i / kThreads + 1, "%d: %d", i, out[i]);
    for (Buffer<int>* source : sources)
        delete source;
}

/// A 1D reference reads an array of one row, however it was made; an array that is gone is not
/// bound any more, and another one in its place is not it.
static void single_rows() {
    Buffer<float> out(kThreads);
    for (int height = 0; height < 2; ++height) {
        cudaArray_t array;
        CHECK(cudaMallocArray(&array, &line.channelDesc, kThreads, height));
        std::vector<float> host(kThreads);
        for (int i = 0; i < kThreads; ++i)
            host[i] = i * 0.5f + height;
        CHECK(cudaMemcpy2DToArray(array, 0, 0, host.data(), kThreads * sizeof(float),
                                  kThreads * sizeof(float), 1, cudaMemcpyHostToDevice));
        CHECK(cudaBindTextureToArray(line, array));
        fetch_line<<<1, kThreads>>>(out.device());
        SYNC();
        out.download();
        for (int i = 0; i < kThreads; ++i)
            EXPECT(out[i] == host[i], "height %d, %d: %g", height, i, out[i]);
        CHECK(cudaFreeArray(array));
    }
}

static void formats_of_arrays() {
    cudaArray_t array;
    const cudaChannelFormatDesc bits = cudaCreateChannelDesc<unsigned>();
    CHECK(cudaMallocArray(&array, &bits, kThreads, 4));
    std::vector<float> host(kThreads * 4);
    for (size_t i = 0; i < host.size(); ++i)
        host[i] = i * 1.25f;
    CHECK(cudaMemcpyToArray(array, 0, 0, host.data(), host.size() * sizeof(float),
                            cudaMemcpyHostToDevice));
    CHECK(cudaBindTextureToArray(plane, array, plane.channelDesc)); // read as what it is not
    Buffer<float> out(kThreads);
    fetch_plane<<<1, kThreads>>>(out.device());
    SYNC();
    out.download();
    for (int i = 0; i < kThreads; ++i)
        EXPECT(out[i] == (kThreads + i) * 1.25f, "%d: %g", i, out[i]);
    const cudaChannelFormatDesc wide = cudaCreateChannelDesc<float2>();
    EXPECT_ERROR(cudaErrorInvalidValue, cudaBindTextureToArray(plane, array, wide));
    CHECK(cudaUnbindTexture(plane));
    CHECK(cudaFreeArray(array));
}

static void mipmaps() {
    cudaMipmappedArray_t mipmap;
    CHECK(cudaMallocMipmappedArray(&mipmap, &levels.channelDesc, make_cudaExtent(16, 8, 0), 4));
    for (int level = 0; level < 4; ++level) {
        const size_t width = 16 >> level, height = 8 >> level;
        std::vector<unsigned char> host(width * height, (unsigned char)(51 * (level + 1)));
        cudaArray_t array;
        CHECK(cudaGetMipmappedArrayLevel(&array, mipmap, level));
        CHECK(cudaMemcpy2DToArray(array, 0, 0, host.data(), width, width, height,
                                  cudaMemcpyHostToDevice));
    }
    levels.normalized = 1;
    levels.mipmapFilterMode = cudaFilterModePoint;
    levels.maxMipmapLevelClamp = 2; // the last level is not read
    CHECK(cudaBindTextureToMipmappedArray(levels, mipmap, levels.channelDesc));
    Buffer<float> out(kThreads);
    for (int lod = 0; lod < 4; ++lod) {
        fetch_level<<<1, kThreads>>>(out.device(), (float)lod);
        SYNC();
        out.download();
        const int level = lod < 2 ? lod : 2;
        EXPECT(out[0] == 51 * (level + 1) / 255.0f, "level %d: %g", lod, out[0]);
    }
    CHECK(cudaUnbindTexture(levels));
    CHECK(cudaFreeMipmappedArray(mipmap));
}

static void surfaces_and_symbols() {
    cudaArray_t first, second;
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<int>();
    CHECK(cudaMallocArray(&first, &format, kThreads, 3, cudaArraySurfaceLoadStore));
    CHECK(cudaMallocArray(&second, &format, kThreads, 3, cudaArraySurfaceLoadStore));
    CHECK(cudaBindSurfaceToArray(canvas, first));
    paint<<<1, kThreads>>>(100);
    CHECK(cudaBindSurfaceToArray(canvas, second));
    paint<<<1, kThreads>>>(200);
    SYNC();
    std::vector<int> row(kThreads);
    for (int i = 0; i < 2; ++i) {
        CHECK(cudaMemcpyFromArray(row.data(), i == 0 ? first : second, 0, 1, kThreads * sizeof(int),
                                  cudaMemcpyDeviceToHost));
        for (int x = 0; x < kThreads; ++x)
            EXPECT(row[x] == (i + 1) * 100 + x, "%d, %d: %d", i, x, row[x]);
    }
    cudaArray_t plain;
    CHECK(cudaMallocArray(&plain, &format, kThreads, 3));
    EXPECT_ERROR(cudaErrorInvalidValue, cudaBindSurfaceToArray(canvas, plain));
    const textureReference* texture;
    CHECK(cudaGetTextureReference(&texture, &plane));
    EXPECT(texture == &plane);
    const surfaceReference* surface;
    CHECK(cudaGetSurfaceReference(&surface, &canvas));
    EXPECT(surface == &canvas);
    EXPECT_ERROR(cudaErrorInvalidTexture, cudaGetTextureReference(&texture, &row));
    EXPECT_ERROR(cudaErrorInvalidTexture, cudaGetTextureReference(&texture, &canvas));
    EXPECT_ERROR(cudaErrorInvalidSurface, cudaGetSurfaceReference(&surface, &plane));
    CHECK(cudaFreeArray(first));
    CHECK(cudaFreeArray(second));
    CHECK(cudaFreeArray(plain));
}

static void pitched_rows() {
    char* memory;
    size_t pitch, offset = 5;
    CHECK(cudaMallocPitch(&memory, &pitch, kThreads * sizeof(float), 4));
    std::vector<float> host(kThreads * 4);
    for (size_t i = 0; i < host.size(); ++i)
        host[i] = i * 2.0f;
    CHECK(cudaMemcpy2D(memory, pitch, host.data(), kThreads * sizeof(float),
                       kThreads * sizeof(float), 4, cudaMemcpyHostToDevice));
    CHECK(cudaBindTexture2D(&offset, plane, memory, plane.channelDesc, kThreads, 4, pitch));
    EXPECT(offset == 0);
    Buffer<float> out(kThreads);
    fetch_plane<<<1, kThreads>>>(out.device());
    SYNC();
    out.download();
    for (int i = 0; i < kThreads; ++i)
        EXPECT(out[i] == (kThreads + i) * 2.0f, "%d: %g", i, out[i]);
    EXPECT_ERROR(cudaErrorInvalidValue, cudaBindTexture2D(NULL, plane, memory, plane.channelDesc,
                                                          kThreads, 4, kThreads * 4 + 4));
    CHECK(cudaUnbindTexture(plane));
    CHECK(cudaFree(memory));
}

int main() {
    offsets();
    order();
    single_rows();
    formats_of_arrays();
    mipmaps();
    surfaces_and_symbols();
    pitched_rows();
    return finish();
}

#else
int main() {
    std::printf("PASS\n"); // this CUDA has no references
    return 0;
}
#endif
