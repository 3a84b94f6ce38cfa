// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products whose threads keep a tile of the result in registers, with more values in a warp than a
// processor has registers; columns of tables in shared and global memory, an element or four words
// for each thread; sums of products of bytes; loops that count with constants, upwards, downwards,
// past gaps, left early.
#include "../common/check.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

template <class T>
struct Device {
    explicit Device(size_t n) : n(n) { CHECK(cudaMalloc(&p, n * sizeof(T))); }
    explicit Device(const std::vector<T>& v) : Device(v.size()) {
        CHECK(cudaMemcpy(p, v.data(), n * sizeof(T), cudaMemcpyHostToDevice));
    }
    ~Device() { CHECK(cudaFree(p)); }
    std::vector<T> read() const {
        std::vector<T> v(n);
        CHECK(cudaMemcpy(v.data(), p, n * sizeof(T), cudaMemcpyDeviceToHost));
        return v;
    }
    size_t n;
    T* p = nullptr;
};

template <class T>
std::vector<T> numbers(size_t n, unsigned seed) {
    std::vector<T> v(n);
    for (size_t i = 0; i < n; ++i)
        v[i] = static_cast<T>(
            static_cast<int>(static_cast<unsigned>(i * 2654435761u + seed) >> 27) - 13);
    return v;
}

// c = a b, of n x n; Threads compute Tile x Tile of it, Each x Each each. Unrolled: the steps of a
// tile stand one after the other. Threads of which `part` is false compute nothing.
template <class T, int Tile, int Depth, int Each, int Threads, bool Unrolled>
__global__ void product(int n, int part, const T* a, const T* b, T* c) {
    __shared__ T tile_a[Depth][Tile], tile_b[Depth][Tile];
    const int row = blockIdx.y * Tile, column = blockIdx.x * Tile, t = threadIdx.x;
    const int x = t % (Tile / Each) * Each, y = t / (Tile / Each) * Each;
    constexpr int kTimes = Unrolled ? Depth : 1;
    T sums[Each][Each] = {};
    for (int k = 0; k < n; k += Depth) {
        for (int i = t; i < Tile * Depth; i += Threads) {
            tile_a[i % Depth][i / Depth] = a[(row + i / Depth) * n + k + i % Depth];
            tile_b[i / Tile][i % Tile] = b[(k + i / Tile) * n + column + i % Tile];
        }
        __syncthreads();
        if (t % 8 != part)
#pragma unroll kTimes
            for (int i = 0; i < Depth; ++i) {
                T of_a[Each], of_b[Each];
                for (int j = 0; j < Each; ++j) {
                    of_a[j] = tile_a[i][y + j];
                    of_b[j] = tile_b[i][x + j];
                }
                for (int r = 0; r < Each; ++r)
                    for (int q = 0; q < Each; ++q)
                        sums[r][q] += of_a[r] * of_b[q];
            }
        __syncthreads();
    }
    for (int r = 0; r < Each; ++r)
        for (int q = 0; q < Each; ++q)
            c[(row + y + r) * n + column + x + q] = sums[r][q];
}

template <class T, int Tile, int Depth, int Each, bool Unrolled>
void test_product() {
    constexpr int n = 128, kThreads = Tile / Each * (Tile / Each);
    const std::vector<T> a = numbers<T>(n * n, 1), b = numbers<T>(n * n, 77);
    std::vector<T> wanted(n * n);
    for (int i = 0; i < n; ++i)
        for (int k = 0; k < n; ++k)
            for (int j = 0; j < n; ++j)
                wanted[i * n + j] += a[i * n + k] * b[k * n + j];
    Device<T> d_a(a), d_b(b), d_c(n * n);
    for (int part : {-1, 3}) {
        product<T, Tile, Depth, Each, kThreads, Unrolled>
            <<<dim3(n / Tile, n / Tile), kThreads>>>(n, part, d_a.p, d_b.p, d_c.p);
        const std::vector<T> c = d_c.read();
        int wrong = 0;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                const int t = i % Tile / Each * (Tile / Each) + j % Tile / Each;
                wrong += c[i * n + j] != (t % 8 == part ? T(0) : wanted[i * n + j]);
            }
        EXPECT(wrong == 0, "%zu bytes, tile %d, %d deep, %d each, without %d: %d wrong", sizeof(T),
               Tile, Depth, Each, part, wrong);
    }
}

__host__ __device__ int dot(int a, int b, int c, bool is_signed) {
#ifdef __CUDA_ARCH__
    return is_signed ? __dp4a(a, b, c)
                     : static_cast<int>(__dp4a(static_cast<unsigned>(a), static_cast<unsigned>(b),
                                               static_cast<unsigned>(c)));
#else
    for (int i = 0; i < 32; i += 8)
        c += is_signed ? static_cast<int8_t>(a >> i) * static_cast<int8_t>(b >> i)
                       : static_cast<uint8_t>(a >> i) * static_cast<uint8_t>(b >> i);
    return c;
#endif
}

// Sums of products of bytes: steps in one row, and such in which another sum takes part.
template <bool Signed>
__global__ void dots(const int* a, const int* b, int* c) {
    __shared__ int tile_a[16][16], tile_b[16][16];
    const int x = threadIdx.x, y = threadIdx.y;
    tile_a[y][x] = a[y * 16 + x];
    tile_b[y][x] = b[y * 16 + x];
    __syncthreads();
    int sum = 5, other = 1 << 20;
    for (int i = 0; i < 16; ++i) {
        sum = dot(tile_a[y][i], tile_b[i][x], sum, Signed);
        if (i % 5 == 4) other = dot(tile_b[i][x], tile_a[y][i], other + sum, Signed);
    }
    c[y * 16 + x] = sum ^ other;
}

template <bool Signed>
void test_dots() {
    std::vector<int> a(256), b(256);
    for (int i = 0; i < 256; ++i) {
        a[i] = static_cast<int>(i * 2654435761u + 12345);
        b[i] = i % 7 ? static_cast<int>(i * 40503u * 65599u) : static_cast<int>(0x80808080u);
    }
    Device<int> d_a(a), d_b(b), d_c(256);
    dots<Signed><<<1, dim3(16, 16)>>>(d_a.p, d_b.p, d_c.p);
    const std::vector<int> c = d_c.read();
    int wrong = 0;
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 16; ++x) {
            int sum = 5, other = 1 << 20;
            for (int i = 0; i < 16; ++i) {
                sum = dot(a[y * 16 + i], b[i * 16 + x], sum, Signed);
                if (i % 5 == 4) other = dot(b[i * 16 + x], a[y * 16 + i], other + sum, Signed);
            }
            wrong += c[y * 16 + x] != (sum ^ other);
        }
    EXPECT(wrong == 0, "bytes, signed %d: %d wrong", int(Signed), wrong);
}

// Thread t reads Words words of each row that it takes (every `Step`-th word is the start of one),
// from shared and from global memory; Wide threads are in different rows, the others read the same.
template <int Words, int Step, int At, int Wide>
__global__ void columns(const int* in, int* out) {
    extern __shared__ int4 raw[];
    int* table = reinterpret_cast<int*>(raw);
    for (int i = threadIdx.x; i < Wide * Step; i += blockDim.x)
        table[i] = in[i];
    __syncthreads();
    const int at = threadIdx.x % Wide * Step + At;
    int x[Words], y[Words];
    if (Words == 4) {
        const int4 v = *reinterpret_cast<const int4*>(table + at);
        const int4 w = *reinterpret_cast<const int4*>(in + at);
        x[0] = v.x, x[1 % Words] = v.y, x[2 % Words] = v.z, x[3 % Words] = v.w;
        y[0] = w.x, y[1 % Words] = w.y, y[2 % Words] = w.z, y[3 % Words] = w.w;
    } else {
        x[0] = table[at];
        y[0] = in[at];
    }
    for (int i = 0; i < Words; ++i)
        out[threadIdx.x * Words + i] = x[i] * 3 + y[i];
}

template <int Words, int Step, int At, int Wide>
void test_columns() {
    for (int threads : {256, 96, 40}) {
        const std::vector<int> in = numbers<int>(Wide * Step, At + Wide);
        Device<int> d_in(in), d_out(256 * Words);
        columns<Words, Step, At, Wide><<<2, threads, Wide * Step * sizeof(int)>>>(d_in.p, d_out.p);
        const std::vector<int> out = d_out.read();
        int wrong = 0;
        for (int t = 0; t < threads; ++t)
            for (int i = 0; i < Words; ++i)
                wrong += out[t * Words + i] != in[t % Wide * Step + At + i] * 4;
        EXPECT(wrong == 0, "%d words of %d from %d on, %d rows, %d threads: %d wrong", Words, Step,
               At, Wide, threads, wrong);
    }
}

// Loops that count; `n` is read by a loop that only looks as if it ended by a constant.
template <int Kind>
__host__ __device__ unsigned sum_of(const unsigned* table, int n) {
    unsigned sum = 0;
    switch (Kind) {
    case 0:
        for (int i = 0; i < 64; ++i)
            sum = sum * 3 + table[i];
        break;
    case 1:
        for (int i = 63; i >= 0; --i)
            sum = sum * 3 + table[i];
        break;
    case 2:
        for (int i = 5; i != 53; i += 3)
            sum = sum * 3 + table[i];
        break;
    case 3:
        for (int i = -40; i < 20; i += 7)
            sum = sum * 3 + table[i + 40];
        break;
    case 4:
        for (int i = 0; i < 64; ++i) {
            sum = sum * 3 + table[i];
            if (sum % 5 == n % 5u) break;
        }
        break;
    case 5:
        for (unsigned i = 60; i < 64; i -= 4) // comes round
            sum = sum * 3 + table[i];
        break;
    case 6:
        for (int i = 0; i < 64; i += i == 10 ? n : 1)
            sum = sum * 3 + table[i];
        break;
    case 7:
        for (int i = 0; i < 8; ++i)
            for (int j = 0; j < 8; ++j)
                sum = sum * 3 + table[i * 8 + j] + j;
        break;
    case 8:
        for (int i = 1; i < 64; i *= 2)
            sum = sum * 3 + table[i];
        break;
    default:
        for (int i = 0; i < n; ++i)
            sum = sum * 3 + table[i];
    }
    return sum;
}

template <int Kind>
__global__ void count(const unsigned* in, unsigned* out) {
    __shared__ unsigned table[64];
    for (int i = threadIdx.x; i < 64; i += blockDim.x)
        table[i] = in[i];
    __syncthreads();
    out[threadIdx.x] = sum_of<Kind>(table, 1 + threadIdx.x % 9);
}

template <int Kind>
void test_count() {
    const std::vector<unsigned> in = numbers<unsigned>(64, Kind);
    Device<unsigned> d_in(in), d_out(80);
    count<Kind><<<1, 80>>>(d_in.p, d_out.p);
    const std::vector<unsigned> out = d_out.read();
    int wrong = 0;
    for (int t = 0; t < 80; ++t)
        wrong += out[t] != sum_of<Kind>(in.data(), 1 + t % 9);
    EXPECT(wrong == 0, "loop %d: %d wrong", Kind, wrong);
}

} // namespace

int main() {
    test_product<float, 128, 8, 8, false>();
    test_product<float, 64, 16, 4, false>();
    test_product<float, 64, 8, 8, true>();
    test_product<float, 128, 4, 16, false>();
    test_product<unsigned, 64, 8, 8, false>();
    test_product<double, 64, 8, 4, false>();
    test_product<float, 64, 8, 4, true>();
    test_dots<true>();
    test_dots<false>();
    test_columns<1, 8, 0, 32>();
    test_columns<1, 8, 5, 16>();
    test_columns<1, 4, 3, 8>();
    test_columns<1, 16, 3, 16>();
    test_columns<4, 8, 0, 16>();
    test_columns<4, 8, 4, 32>();
    test_columns<4, 16, 12, 8>();
    test_columns<4, 4, 0, 64>();
    test_count<0>();
    test_count<1>();
    test_count<2>();
    test_count<3>();
    test_count<4>();
    test_count<5>();
    test_count<6>();
    test_count<7>();
    test_count<8>();
    test_count<9>();
    return finish();
}
