// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads that exchange through shared memory at distances known at run time only, as sorts and
// transforms do: i ^ j, i | j, i & j, 2 * i - (i & (j - 1)), i + j; read and written, by all
// threads and by some, where those that take no part would be outside; what lies between stays.
#include "../common/check.h"

#include <algorithm>
#include <vector>

namespace {

constexpr int kSize = 1024;

__host__ __device__ bool takes_part(int which, int t) {
    return which == 0 || (which == 1 && t % 3 != 1) || (which == 2 && t < 77) ||
           (which == 3 && (t & 8) == 0);
}

// Where thread t is; some forms are the same for several threads.
template <int Form>
__host__ __device__ int place(unsigned t, unsigned j) { // sums may wrap
    switch (Form) {
    case 0: return t ^ j;
    case 1: return 2 * t - (t & (j - 1));
    case 2: return 2 * t - (t & (j - 1)) + j;
    case 3: return t & j;
    case 4: return t | j;
    case 5: return (t ^ j) * 3 + 1;
    case 6: return 300 - (t ^ j);
    case 7: return (t & j) * 2 + (t & 1);
    case 8: return (t >> (j & 31)) * 3 + 2;
    case 9: return t << (j & 31);
    case 10: return (t & (j & 63)) << 2 | 512 | j >> 20 & 3;
    default: return (t ^ j) + (t & ~3u) + 5;
    }
}

__host__ __device__ bool inside(int i) {
    return i >= 0 && i < kSize;
}

template <class T, int Form>
__global__ void move(int j, int which, const T* in, T* out) {
    __shared__ T part[kSize];
    const int t = threadIdx.x, n = blockDim.x;
    for (int i = t; i < kSize; i += n)
        part[i] = in[i];
    __syncthreads();
    T mine = 0;
    if (takes_part(which, t) && inside(place<Form>(t, j))) mine = part[place<Form>(t, j)];
    out[t] = mine;
    __syncthreads();
    // Of several threads at one place, who wins is open: all write the same there.
    const int i = place<Form>(t, j);
    if (takes_part(which, t) && inside(i)) part[i] = static_cast<T>(i * 5 + 1);
    __syncthreads();
    for (int k = t; k < kSize; k += n)
        out[n + k] = part[k];
}

template <class T, int Form>
void test(int j, int which, int threads) {
    std::vector<T> in(kSize), out(threads + kSize), wanted(threads + kSize);
    for (int i = 0; i < kSize; ++i)
        in[i] = static_cast<T>(i * 7 + 3);
    std::copy(in.begin(), in.end(), wanted.begin() + threads);
    for (int t = 0; t < threads; ++t) {
        const int i = place<Form>(t, j);
        if (!takes_part(which, t) || !inside(i)) continue;
        wanted[t] = in[i];
        wanted[threads + i] = static_cast<T>(i * 5 + 1);
    }
    T *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, kSize * sizeof(T)));
    CHECK(cudaMalloc(&d_out, out.size() * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), kSize * sizeof(T), cudaMemcpyHostToDevice));
    move<T, Form><<<1, threads>>>(j, which, d_in, d_out);
    CHECK(cudaMemcpy(out.data(), d_out, out.size() * sizeof(T), cudaMemcpyDeviceToHost));
    int wrong = 0, first = -1;
    for (size_t i = 0; i < out.size(); ++i)
        if (out[i] != wanted[i] && wrong++ == 0) first = static_cast<int>(i);
    EXPECT(wrong == 0, "%zu bytes, form %d, j %d, threads %d of %d: %d wrong, first at %d",
           sizeof(T), Form, j, which, threads, wrong, first);
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

template <class T, int Form>
void test_form() {
    for (const int threads : {256, 96, 50})
        for (const int j : {1, 2, 4, 8, 16, 64, 256, 3, 21, 0, 1000, -1, 0x7fffffff})
            for (int which = 0; which < 4; ++which)
                test<T, Form>(j, which, threads);
}

template <class T>
void test_all() {
    test_form<T, 0>();
    test_form<T, 1>();
    test_form<T, 2>();
    test_form<T, 3>();
    test_form<T, 4>();
    test_form<T, 5>();
    test_form<T, 6>();
    test_form<T, 7>();
    test_form<T, 8>();
    test_form<T, 9>();
    test_form<T, 10>();
    test_form<T, 11>();
}

// Elements of global memory, read by all threads: the same for many, one after the other, or not.
template <class T>
__global__ void pick(int shift, int factor, int mask, const T* in, T* out) {
    const int t = threadIdx.x;
    const T a = in[(t >> shift) * factor], b = in[t & mask], c = in[t ^ mask];
    out[t] = a + b * T(3) + c * T(5);
}

template <class T>
void test_pick(int threads) {
    std::vector<T> in(kSize), out(threads);
    for (int i = 0; i < kSize; ++i)
        in[i] = static_cast<T>(i * 11 + 2);
    T *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, kSize * sizeof(T)));
    CHECK(cudaMalloc(&d_out, threads * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), kSize * sizeof(T), cudaMemcpyHostToDevice));
    for (const int shift : {0, 1, 2, 3, 4, 8, 31})
        for (const int factor : {1, 2, 3, 0})
            for (const int mask : {0, 1, 7, 8, 15, 240, 255, 85}) {
                for (int round = 0; round < 2; ++round) // the second time its memory is known
                    pick<T><<<2, threads>>>(shift, factor, mask, d_in, d_out);
                CHECK(cudaMemcpy(out.data(), d_out, threads * sizeof(T), cudaMemcpyDeviceToHost));
                int wrong = 0;
                for (int t = 0; t < threads; ++t)
                    wrong += out[t] != static_cast<T>(in[(t >> shift) * factor] +
                                                      in[t & mask] * T(3) + in[t ^ mask] * T(5));
                EXPECT(wrong == 0, "%zu bytes, %d threads, shift %d, factor %d, mask %d: %d wrong",
                       sizeof(T), threads, shift, factor, mask, wrong);
            }
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

// One thread of each warp, at a place that is one for it only because it is the first.
__global__ void firsts(const int* in, int* out) {
    __shared__ int part[64];
    const int t = threadIdx.x;
    if (t < 64) part[t] = -t;
    __syncthreads();
    if ((t & 31) == 0) part[t >> 5] = in[t >> 5] + in[t] * 1000;
    if ((t & 31) == 31) part[32 + (t >> 5)] = in[t];
    __syncthreads();
    if (t < 64) out[t] = part[t];
}

void test_firsts() {
    std::vector<int> in(kSize), out(64);
    for (int i = 0; i < kSize; ++i)
        in[i] = i + 7;
    int *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, kSize * sizeof(int)));
    CHECK(cudaMalloc(&d_out, 64 * sizeof(int)));
    CHECK(cudaMemcpy(d_in, in.data(), kSize * sizeof(int), cudaMemcpyHostToDevice));
    for (const int threads : {512, 256, 64, 80}) {
        firsts<<<1, threads>>>(d_in, d_out);
        CHECK(cudaMemcpy(out.data(), d_out, 64 * sizeof(int), cudaMemcpyDeviceToHost));
        for (int i = 0; i < 64; ++i) {
            const int w = i % 32;
            const int wanted = i < 32 && w * 32 < threads         ? in[w] + in[w * 32] * 1000
                               : i >= 32 && w * 32 + 31 < threads ? in[w * 32 + 31]
                                                                  : -i;
            EXPECT(out[i] == wanted, "%d threads, word %d: %d, not %d", threads, i, out[i], wanted);
        }
    }
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

// The same without a look at the index: all threads are inside. A transform's steps.
template <class T>
__global__ void steps(int n, int add, const T* in, T* out) {
    extern __shared__ char memory[];
    T* part = reinterpret_cast<T*>(memory);
    const int t = threadIdx.x, half = n / 2;
    part[t] = in[t];
    part[t + half] = in[t + half];
    for (int j = 1; j < n; j *= 2) {
        __syncthreads();
        const int i = 2 * t - (t & (j - 1));
        const T a = part[i], b = part[i + j];
        part[i] = a + b;
        part[i + j] = a - b + static_cast<T>(add * i);
        __syncthreads();
        const T c = part[t ^ j], d = part[half + (t ^ j / 2)];
        __syncthreads();
        part[t] = c;
        part[half + t] = d;
    }
    __syncthreads();
    out[t] = part[t];
    out[t + half] = part[t + half];
}

template <class T>
void test_steps(int n) {
    std::vector<T> in(n), out(n), part(n), next(n);
    for (int i = 0; i < n; ++i)
        part[i] = in[i] = static_cast<T>(i % 13 + 1);
    const int half = n / 2;
    for (int j = 1; j < n; j *= 2) {
        for (int t = 0; t < half; ++t) {
            const int i = 2 * t - (t & (j - 1));
            const T a = part[i], b = part[i + j];
            part[i] = a + b;
            part[i + j] = a - b + static_cast<T>(2 * i);
        }
        for (int t = 0; t < half; ++t) {
            next[t] = part[t ^ j];
            next[half + t] = part[half + (t ^ j / 2)];
        }
        part = next;
    }
    T *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, n * sizeof(T)));
    CHECK(cudaMalloc(&d_out, n * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), n * sizeof(T), cudaMemcpyHostToDevice));
    steps<T><<<1, half, n * sizeof(T)>>>(n, 2, d_in, d_out);
    CHECK(cudaMemcpy(out.data(), d_out, n * sizeof(T), cudaMemcpyDeviceToHost));
    EXPECT(out == part, "%zu bytes, %d elements", sizeof(T), n);
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

// Fewer and fewer threads take part, at places further and further apart: a scan in a tree.
template <class T>
__global__ void tree(int n, const T* in, T* out) {
    extern __shared__ char memory[];
    T* part = reinterpret_cast<T*>(memory);
    const int t = threadIdx.x;
    for (int i = t; i < n; i += blockDim.x)
        part[i] = in[i];
    int apart = 1;
    for (int active = n / 2; active > 0; active /= 2, apart *= 2) {
        __syncthreads();
        if (t < active) part[apart * (2 * t + 2) - 1] += part[apart * (2 * t + 1) - 1];
    }
    __syncthreads();
    if (t == 0) part[n - 1] = 0;
    for (int active = 1; active < n; active *= 2) {
        apart /= 2;
        __syncthreads();
        if (t < active) {
            const int left = apart * (2 * t + 1) - 1, right = apart * (2 * t + 2) - 1;
            const T value = part[left];
            part[left] = part[right];
            part[right] += value;
        }
    }
    __syncthreads();
    for (int i = t; i < n; i += blockDim.x)
        out[i] = part[i];
}

template <class T>
void test_tree(int n) {
    std::vector<T> in(n), out(n), wanted(n);
    for (int i = 0; i < n; ++i)
        in[i] = static_cast<T>(i % 17 - 5);
    for (int i = 1; i < n; ++i)
        wanted[i] = wanted[i - 1] + in[i - 1];
    T *d_in, *d_out;
    CHECK(cudaMalloc(&d_in, n * sizeof(T)));
    CHECK(cudaMalloc(&d_out, n * sizeof(T)));
    CHECK(cudaMemcpy(d_in, in.data(), n * sizeof(T), cudaMemcpyHostToDevice));
    for (const int threads : {n / 2, n / 2 + 32}) {
        tree<T><<<1, threads, n * sizeof(T)>>>(n, d_in, d_out);
        CHECK(cudaMemcpy(out.data(), d_out, n * sizeof(T), cudaMemcpyDeviceToHost));
        EXPECT(out == wanted, "%zu bytes, %d elements, %d threads", sizeof(T), n, threads);
    }
    CHECK(cudaFree(d_in));
    CHECK(cudaFree(d_out));
}

} // namespace

int main() {
    test_all<int>();
    test_all<unsigned long long>();
    test_all<unsigned char>();
    for (const int threads : {256, 64}) {
        test_pick<int>(threads);
        test_pick<unsigned long long>(threads);
        test_pick<short>(threads);
    }
    test_firsts();
    for (const int n : {64, 256, 512, 1024}) {
        test_steps<int>(n);
        test_steps<long long>(n);
        test_steps<float>(n);
        test_tree<int>(n);
        test_tree<long long>(n);
        test_tree<short>(n);
    }
    return finish();
}
