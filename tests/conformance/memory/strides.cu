// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements that lie apart at known distances: every second, third, fourth, backwards, rows of a
// few, in global and in shared memory, read and written, by all threads and by some; what lies
// between them stays. At the ends of an allocation too.
#include "../common/check.h"

#include <algorithm>
#include <vector>

namespace {

constexpr int kThreads = 256, kMost = 5, kSize = kThreads * kMost;

__device__ bool takes_part(int which, int t) {
    return which == 0 || (which == 1 && t % 3 != 1) || (which == 2 && t < 77);
}

// Where thread t is, of a form that is known when it is compiled.
template <int Form>
__host__ __device__ int place(int t) {
    switch (Form) {
    case 0: return 2 * t + 1;
    case 1: return 3 * t;
    case 2: return 3 * t + 2;
    case 3: return 4 * t + 3;
    case 4: return 5 * t;
    case 5: return kSize - 1 - t;
    case 6: return kSize - 2 - 2 * t;
    case 7: return (t & ~3) * 2 + (t & 3);                      // four of each eight
    case 8: return (t & 1) * 8 + (t >> 1 & 7) + (t >> 4) * 16;  // two rows of eight
    case 9: return (t >> 5) * 64 + (t & 3) * 16 + (t >> 2 & 7); // transposed, with gaps
    default: return t ^ 5;
    }
}

template <class T, int Form>
__global__ void move(int which, const T* in, T* out) {
    __shared__ T part[kSize];
    const int t = threadIdx.x;
    for (int i = t; i < kSize; i += kThreads)
        part[i] = in[i];
    __syncthreads();
    T mine = 0;
    if (takes_part(which, t)) {
        mine = in[place<Form>(t)] + part[place<Form>(t)]; // both
        part[place<Form>(t)] = mine;
        out[place<Form>(t)] = mine;
    }
    __syncthreads();
    for (int i = t; i < kSize; i += kThreads)
        out[kSize + i] = part[i];
}

template <class T, int Form>
void test(int which) {
    std::vector<T> in(kSize), out(2 * kSize);
    for (int i = 0; i < kSize; ++i)
        in[i] = static_cast<T>(i * 7 + 3);
    T *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, kSize * sizeof(T)));
    CHECK(cudaMalloc(&d_out, 2 * kSize * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), kSize * sizeof(T), cudaMemcpyHostToDevice));
    for (int round = 0; round < 2; ++round) { // the second time its memory is known
        CHECK(cudaMemset(d_out, 0, 2 * kSize * sizeof(T)));
        move<T, Form><<<2, kThreads>>>(which, d_in, d_out);
        CHECK(cudaMemcpy(out.data(), d_out, 2 * kSize * sizeof(T), cudaMemcpyDeviceToHost));
        std::vector<T> wanted(2 * kSize);
        std::copy(in.begin(), in.end(), wanted.begin() + kSize);
        for (int t = 0; t < kThreads; ++t) {
            const bool takes = which == 0 || (which == 1 && t % 3 != 1) || (which == 2 && t < 77);
            if (!takes) continue;
            const int i = place<Form>(t);
            wanted[i] = wanted[kSize + i] = static_cast<T>(in[i] + in[i]);
        }
        int wrong = 0, first = -1;
        for (int i = 0; i < 2 * kSize; ++i)
            if (out[i] != wanted[i] && wrong++ == 0) first = i;
        EXPECT(wrong == 0, "%zu bytes, form %d, threads %d: %d wrong, first at %d", sizeof(T), Form,
               which, wrong, first);
    }
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

// Columns and rows change places, in global memory and by way of shared memory; also at the edge of
// a matrix that is no multiple of the block.
template <class T, int Wide, int High>
__global__ void turn(int n, int pitch, const T* in, T* out, T* by_tile) {
    __shared__ T tile[High][Wide + 1];
    const int x = blockIdx.x * Wide + threadIdx.x, y = blockIdx.y * High + threadIdx.y;
    const bool inside = x < n && y < n;
    if (inside) out[x * pitch + y] = in[y * pitch + x];
    tile[threadIdx.y][threadIdx.x] = inside ? in[x * pitch + y] : T(0);
    __syncthreads();
    const int t = threadIdx.y * Wide + threadIdx.x; // column after column of the tile
    by_tile[(blockIdx.y * gridDim.x + blockIdx.x) * Wide * High + t] = tile[t % High][t / High];
}

template <class T, int Wide, int High>
void test_turn(int n) {
    const int pitch = n + 5, across = (n + Wide - 1) / Wide, down = (n + High - 1) / High;
    const size_t tiles = size_t(across) * down * Wide * High;
    std::vector<T> in(n * pitch), out(n * pitch), by_tile(tiles);
    for (size_t i = 0; i < in.size(); ++i)
        in[i] = static_cast<T>(i * 11 + 1);
    T *d_in, *d_out, *d_tile;
    CHECK(cudaMalloc(&d_in, in.size() * sizeof(T)));
    CHECK(cudaMalloc(&d_out, in.size() * sizeof(T)));
    CHECK(cudaMalloc(&d_tile, tiles * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), in.size() * sizeof(T), cudaMemcpyHostToDevice));
    turn<T, Wide, High><<<dim3(across, down), dim3(Wide, High)>>>(n, pitch, d_in, d_out, d_tile);
    CHECK(cudaMemcpy(out.data(), d_out, in.size() * sizeof(T), cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpy(by_tile.data(), d_tile, tiles * sizeof(T), cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int y = 0; y < n; ++y)
        for (int x = 0; x < n; ++x)
            wrong += out[x * pitch + y] != in[y * pitch + x];
    for (size_t i = 0; i < tiles; ++i) {
        const int block = int(i / (Wide * High)), t = int(i % (Wide * High));
        const int x = block % across * Wide + t / High, y = block / across * High + t % High;
        wrong += by_tile[i] != (x < n && y < n ? in[x * pitch + y] : T(0));
    }
    EXPECT(wrong == 0, "%zu bytes, %d x %d threads, n %d: %d wrong", sizeof(T), Wide, High, n,
           wrong);
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
    CHECK(cudaFree(d_tile));
}

template <class T>
void test_turns() {
    for (int n : {64, 77}) {
        test_turn<T, 16, 16>(n);
        test_turn<T, 32, 8>(n);
        test_turn<T, 8, 32>(n);
        test_turn<T, 32, 32>(n);
        test_turn<T, 64, 4>(n);
    }
}

template <class T>
void test_forms() {
    for (int which = 0; which < 3; ++which) {
        test<T, 0>(which);
        test<T, 1>(which);
        test<T, 2>(which);
        test<T, 3>(which);
        test<T, 4>(which);
        test<T, 5>(which);
        test<T, 6>(which);
        test<T, 7>(which);
        test<T, 8>(which);
        test<T, 9>(which);
        test<T, 10>(which);
    }
    test_turns<T>();
}

} // namespace

int main() {
    test_forms<unsigned char>();
    test_forms<short>();
    test_forms<int>();
    test_forms<long long>();
    return finish();
}
