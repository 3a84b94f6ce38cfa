// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __constant__ memory written by the device side: asynchronous copies of a variable, copies from
// device memory, fills and kernels that have its address, each in order with its stream.
#include "../common/check.h"

constexpr int kCount = 64;
__constant__ float coefficients[kCount];
static __constant__ int hidden[kCount] = {7, 8, 9};
template <typename T>
__constant__ T values[4];

__global__ void scale(float* out) {
    out[threadIdx.x] = coefficients[threadIdx.x] * 2;
}
__global__ void read_hidden(int* out) {
    out[threadIdx.x] = hidden[threadIdx.x];
}
__global__ void write_ints(int* to) {
    to[threadIdx.x] = 1000 + threadIdx.x;
}
__global__ void read_table(double* out) {
    for (int i = 0; i < 4; ++i)
        out[i] = values<double>[i];
}

bool all_are(Buffer<float>& buffer, float wanted) {
    buffer.download();
    for (int i = 0; i < kCount; ++i)
        if (buffer[i] != wanted) return false;
    return true;
}

int main() {
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    Buffer<float> first(kCount), second(kCount), source(kCount);

    // Two rounds in one stream without waiting: each kernel sees the copy before it.
    const std::vector<float> round_a(kCount, 1.5f), round_b(kCount, 2.5f);
    CHECK(cudaMemcpyToSymbolAsync(coefficients, round_a.data(), sizeof coefficients, 0,
                                  cudaMemcpyHostToDevice, stream));
    scale<<<1, kCount, 0, stream>>>(first.device());
    CHECK(cudaMemcpyToSymbolAsync(coefficients, round_b.data(), sizeof coefficients, 0,
                                  cudaMemcpyHostToDevice, stream));
    scale<<<1, kCount, 0, stream>>>(second.device());
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(all_are(first, 3.0f) && all_are(second, 5.0f));

    // From device memory, both forms.
    for (int i = 0; i < kCount; ++i)
        source[i] = 4.0f;
    source.upload();
    CHECK(cudaMemcpyToSymbol(coefficients, source.device(), sizeof coefficients, 0,
                             cudaMemcpyDeviceToDevice));
    scale<<<1, kCount>>>(first.device());
    SYNC();
    EXPECT(all_are(first, 8.0f));
    CHECK(cudaMemcpyToSymbolAsync(coefficients, second.device(), sizeof coefficients, 0,
                                  cudaMemcpyDeviceToDevice, stream));
    scale<<<1, kCount, 0, stream>>>(first.device());
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(all_are(first, 10.0f));

    // Filled, and written by a kernel, through its address.
    void* address = nullptr;
    CHECK(cudaGetSymbolAddress(&address, coefficients));
    CHECK(cudaMemset(address, 0, sizeof coefficients));
    scale<<<1, kCount>>>(first.device());
    SYNC();
    EXPECT(all_are(first, 0.0f));
    CHECK(cudaGetSymbolAddress(&address, hidden));
    Buffer<int> ints(kCount);
    read_hidden<<<1, kCount>>>(ints.device());
    SYNC();
    ints.download();
    EXPECT(ints[0] == 7 && ints[2] == 9 && ints[3] == 0);
    write_ints<<<1, kCount, 0, stream>>>(static_cast<int*>(address));
    read_hidden<<<1, kCount, 0, stream>>>(ints.device());
    CHECK(cudaStreamSynchronize(stream));
    ints.download();
    for (int i = 0; i < kCount; ++i)
        EXPECT(ints[i] == 1000 + i, "hidden[%d] is %d", i, ints[i]);

    const double halves[4] = {0.5, 1.5, 2.5, 3.5};
    CHECK(cudaMemcpyToSymbolAsync(values<double>, halves, sizeof halves, 0, cudaMemcpyHostToDevice,
                                  stream));
    Buffer<double> doubles(4);
    read_table<<<1, 1, 0, stream>>>(doubles.device());
    CHECK(cudaStreamSynchronize(stream));
    doubles.download();
    for (int i = 0; i < 4; ++i)
        EXPECT(doubles[i] == halves[i], "values[%d] is %g", i, doubles[i]);
    return finish();
}
