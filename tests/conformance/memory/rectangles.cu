// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pitched memory, 2D and 3D copies and fills, against loops on the host.
#include "../common/check.h"

__global__ void write_cells(unsigned char* base, size_t pitch, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height) base[y * pitch + x] = (unsigned char)(x * 3 + y * 7);
}

static void two_dimensions() {
    const int width = 213, height = 57;
    unsigned char* device;
    size_t pitch;
    CHECK(cudaMallocPitch(&device, &pitch, width, height));
    EXPECT(pitch >= (size_t)width);
    CHECK(cudaMemset2D(device, pitch, 0xee, width, height));
    write_cells<<<dim3(14, 8), dim3(16, 8)>>>(device, pitch, width - 10, height - 3);
    SYNC();
    std::vector<unsigned char> host(300 * height, 0x11);
    CHECK(cudaMemcpy2D(host.data(), 300, device, pitch, width, height, cudaMemcpyDeviceToHost));
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < 300; ++x) {
            const int inside = x < width - 10 && y < height - 3 ? (unsigned char)(x * 3 + y * 7)
                                                                : 0xee;
            EXPECT(host[y * 300 + x] == (x < width ? inside : 0x11), "at %d,%d: %d", x, y,
                   host[y * 300 + x]);
        }
    // a window, device to device, asynchronously
    unsigned char* other;
    CHECK(cudaMalloc(&other, 64 * 20));
    CHECK(cudaMemset(other, 0, 64 * 20));
    CHECK(cudaMemcpy2DAsync(other, 64, device + 5 * pitch + 9, pitch, 40, 20,
                            cudaMemcpyDeviceToDevice, 0));
    std::vector<unsigned char> window(64 * 20);
    CHECK(cudaMemcpy(window.data(), other, 64 * 20, cudaMemcpyDeviceToHost));
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 64; ++x)
            EXPECT(window[y * 64 + x] == (x < 40 ? (unsigned char)((x + 9) * 3 + (y + 5) * 7) : 0),
                   "window %d,%d", x, y);
    CHECK(cudaFree(other));
    CHECK(cudaFree(device));
}

static void three_dimensions() {
    const cudaExtent extent = make_cudaExtent(40 * sizeof(int), 9, 6);
    cudaPitchedPtr volume;
    CHECK(cudaMalloc3D(&volume, extent));
    CHECK(cudaMemset3D(volume, 0, extent));
    std::vector<int> source(40 * 9 * 6), back(40 * 9 * 6, -1);
    for (size_t i = 0; i < source.size(); ++i)
        source[i] = (int)i * 13;
    cudaMemcpy3DParms in = {};
    in.srcPtr = make_cudaPitchedPtr(source.data(), 40 * sizeof(int), 40, 9);
    in.dstPtr = volume;
    in.srcPos = make_cudaPos(4 * sizeof(int), 1, 2);
    in.dstPos = make_cudaPos(0, 0, 1);
    in.extent = make_cudaExtent(30 * sizeof(int), 8, 3);
    in.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&in));
    cudaMemcpy3DParms out = {};
    out.srcPtr = volume;
    out.dstPtr = make_cudaPitchedPtr(back.data(), 40 * sizeof(int), 40, 9);
    out.extent = extent;
    out.kind = cudaMemcpyDeviceToHost;
    CHECK(cudaMemcpy3D(&out));
    for (int z = 0; z < 6; ++z)
        for (int y = 0; y < 9; ++y)
            for (int x = 0; x < 40; ++x) {
                const bool inside = x < 30 && y < 8 && z >= 1 && z < 4;
                const int expected = inside ? source[((z - 1 + 2) * 9 + y + 1) * 40 + x + 4] : 0;
                EXPECT(back[(z * 9 + y) * 40 + x] == expected, "volume %d,%d,%d", x, y, z);
            }
    CHECK(cudaFree(volume.ptr));
}

static void errors() {
    unsigned char *device, host[64];
    CHECK(cudaMalloc(&device, 4096));
    EXPECT_ERROR(cudaErrorInvalidPitchValue,
                 cudaMemcpy2D(device, 8, host, 16, 16, 2, cudaMemcpyHostToDevice));
    EXPECT_ERROR(cudaErrorInvalidMemcpyDirection, cudaMemcpy(device, host, 4, (cudaMemcpyKind)17));
    CHECK(cudaFree(device));
}

int main() {
    two_dimensions();
    three_dimensions();
    errors();
    return finish();
}
