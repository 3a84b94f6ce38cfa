// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUDA arrays and their copies, against copies on the host: what goes into an array comes out of it
// again, in boxes, through device memory that kernels write, and level by level.
#include "../common/check.h"

__global__ void number(int2* cells, size_t pitch, int width, int height) {
    const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height)
        ((int2*)((char*)cells + y * pitch))[x] = make_int2(x - y, x * 1000 + y);
}

static bool is(int2 have, int x, int y) {
    return have.x == x && have.y == y;
}

static void rows_and_windows() {
    const int width = 77, height = 31;
    int2* memory;
    size_t pitch;
    CHECK(cudaMallocPitch(&memory, &pitch, width * sizeof(int2), height));
    number<<<dim3(5, 4), dim3(16, 8)>>>(memory, pitch, width, height);
    SYNC();
    cudaArray_t array, other;
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<int2>();
    CHECK(cudaMallocArray(&array, &format, width, height));
    CHECK(cudaMallocArray(&other, &format, width, height));
    CHECK(cudaMemcpy2DToArray(array, 0, 0, memory, pitch, width * sizeof(int2), height,
                              cudaMemcpyDeviceToDevice));
    std::vector<int2> zeros(width * height), all(width * height);
    CHECK(cudaMemcpy2DToArray(other, 0, 0, zeros.data(), width * sizeof(int2), width * sizeof(int2),
                              height, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy2DArrayToArray(other, 10 * sizeof(int2), 3, array, 20 * sizeof(int2), 7,
                                   40 * sizeof(int2), 20));
    CHECK(cudaMemcpy2DFromArray(all.data(), width * sizeof(int2), other, 0, 0, width * sizeof(int2),
                                height, cudaMemcpyDeviceToHost));
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const bool inside = x >= 10 && x < 50 && y >= 3 && y < 23;
            const int sx = x + 10, sy = y + 4;
            EXPECT(is(all[y * width + x], inside ? sx - sy : 0, inside ? sx * 1000 + sy : 0),
                   "at %d,%d", x, y);
        }
    CHECK(cudaFreeArray(array));
    CHECK(cudaFreeArray(other));
    CHECK(cudaFree(memory));
}

static void boxes() {
    const size_t width = 21, height = 9, depth = 6;
    cudaArray_t array;
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<short>();
    CHECK(cudaMalloc3DArray(&array, &format, make_cudaExtent(width, height, depth)));
    std::vector<short> source(width * height * depth), back(source.size(), -1);
    for (size_t i = 0; i < source.size(); ++i)
        source[i] = (short)(i * 7);
    cudaMemcpy3DParms in = {};
    in.srcPtr = make_cudaPitchedPtr(source.data(), width * sizeof(short), width, height);
    in.dstArray = array;
    in.extent = make_cudaExtent(width, height, depth); // elements
    in.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&in));
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    cudaMemcpy3DParms out = {};
    out.srcArray = array;
    out.srcPos = make_cudaPos(4, 2, 1); // elements
    out.dstPtr = make_cudaPitchedPtr(back.data(), width * sizeof(short), width, height);
    out.dstPos = make_cudaPos(6 * sizeof(short), 0, 2); // bytes
    out.extent = make_cudaExtent(10, 5, 3);
    out.kind = cudaMemcpyDeviceToHost;
    CHECK(cudaMemcpy3DAsync(&out, stream));
    CHECK(cudaStreamSynchronize(stream));
    for (size_t z = 0; z < depth; ++z)
        for (size_t y = 0; y < height; ++y)
            for (size_t x = 0; x < width; ++x) {
                const bool inside = x >= 6 && x < 16 && y < 5 && z >= 2 && z < 5;
                const size_t from = ((z - 1) * height + y + 2) * width + x - 2;
                EXPECT(back[(z * height + y) * width + x] == (inside ? source[from] : -1),
                       "at %d,%d,%d", (int)x, (int)y, (int)z);
            }
    CHECK(cudaStreamDestroy(stream));
    CHECK(cudaFreeArray(array));
}

static void levels() {
    cudaMipmappedArray_t mipmap;
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<unsigned char>();
    CHECK(cudaMallocMipmappedArray(&mipmap, &format, make_cudaExtent(50, 20, 0), 6));
    for (int pass = 0; pass < 2; ++pass)
        for (int level = 0; level < 6; ++level) {
            const size_t width = 50 >> level, height = 20 >> level ? 20 >> level : 1;
            cudaArray_t array;
            CHECK(cudaGetMipmappedArrayLevel(&array, mipmap, level));
            cudaExtent extent;
            CHECK(cudaArrayGetInfo(nullptr, &extent, nullptr, array));
            EXPECT(extent.width == width && extent.height == height && extent.depth == 0,
                   "level %d", level);
            std::vector<unsigned char> bytes(width * height, (unsigned char)(level + 1));
            if (pass == 0)
                CHECK(cudaMemcpy2DToArray(array, 0, 0, bytes.data(), width, width, height,
                                          cudaMemcpyHostToDevice));
            else
                CHECK(cudaMemcpy2DFromArray(bytes.data(), width, array, 0, 0, width, height,
                                            cudaMemcpyDeviceToHost));
            for (unsigned char byte : bytes)
                EXPECT(byte == level + 1, "level %d: %d", level, byte);
        }
    CHECK(cudaFreeMipmappedArray(mipmap));
}

static void misuse() {
    cudaArray_t array;
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocArray(&array, &format, 8, 8));
    float data[80] = {};
    EXPECT_ERROR(cudaErrorInvalidValue,
                 cudaMemcpy2DToArray(array, 0, 0, data, 36, 36, 2, cudaMemcpyHostToDevice));
    EXPECT_ERROR(cudaErrorInvalidValue,
                 cudaMemcpy2DToArray(array, 0, 1, data, 32, 32, 8, cudaMemcpyHostToDevice));
    cudaArray_t none;
    EXPECT_ERROR(cudaErrorInvalidValue, cudaMallocArray(&none, &format, 0, 8));
    EXPECT_ERROR(cudaErrorInvalidValue,
                 cudaMalloc3DArray(&none, &format, make_cudaExtent(4, 5, 6), cudaArrayCubemap));
    CHECK(cudaFreeArray(array));
}

int main() {
    rows_and_windows();
    boxes();
    levels();
    misuse();
    return finish();
}
