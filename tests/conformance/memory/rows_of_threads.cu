// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each thread reads a row of its own, several elements beside each other: rows of many lengths and
// distances, some of whose threads take no part, up to the last byte of an allocation, and stores
// that change a row between its reads.
#include "../common/check.h"

#include <cuda_fp16.h>

#include <algorithm>
#include <type_traits>

template <class T>
__device__ T mixed(T sum, T x, int i) {
    return sum * T(std::is_integral_v<T> ? 3 : 1) + x * T(i + 1); // exact in any case
}

// N elements of a row of `stride`, in the order of the program, which is not that of memory.
template <class T, int N>
__global__ void sums(const T* rows, int stride, int count, const int* wanted, T* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t >= count || !wanted[t]) return;
    const T* row = rows + t * stride;
    T sum = 0;
    for (int i = 0; i < N; ++i)
        sum = mixed(sum, row[i * 5 % N], i);
    out[t] = sum;
}

// Rows whose distance is known.
template <class T, int N, int Stride>
__global__ void near_rows(const T* rows, int count, T* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    T sum = 0;
    if (t < count)
        for (int i = 0; i < N; ++i)
            sum = mixed(sum, rows[t * Stride + i], i);
    out[t] = sum;
}

// A row from its end on, so that threads go down in memory.
template <int N>
__global__ void downwards(const int* rows, int count, int* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t >= count) return;
    const int* row = rows + (count - 1 - t) * 24;
    int sum = 0;
    for (int i = 0; i < N; ++i)
        sum = mixed(sum, row[i], i);
    out[t] = sum;
}

__global__ void fours(const float4* rows, int length, int count, float* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t >= count) return;
    float sum = 0;
    for (int i = 0; i < length; ++i) {
        const float4 v = rows[t * length + i];
        sum = mixed(sum, v.x, i) + v.y * 2 - v.z + v.w * 5;
    }
    out[t] = sum;
}

// Rows that lie anywhere; threads without one have an index or an address that is none.
template <class T, int N>
__global__ void by_index(const T* rows, const int* index, int stride, int none, T* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x, at = index[t];
    T sum = 0;
    if (at != none)
        for (int i = 0; i < N; ++i)
            sum = mixed(sum, rows[at * stride + i], i);
    out[t] = sum;
}

template <class T, int N>
__global__ void by_pointer(const T* const* rows, T* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    const T* row = rows[t];
    T sum = 0;
    if (row)
        for (int i = 0; i < N; ++i)
            sum = mixed(sum, row[i], i);
    out[t] = sum;
}

struct alignas(16) Eight {
    float4 low, high;
};
__global__ void tables(const Eight* table, const unsigned* index, unsigned count, float* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned at = index[t];
    float sum = -1;
    if (at < count) {
        const Eight e = table[at];
        sum = e.low.x + e.low.y * 2 + e.low.z * 3 + e.low.w * 4 + e.high.x * 5 + e.high.y * 6 +
              e.high.z * 7 + e.high.w * 8;
    }
    out[t] = sum;
}

// Elements change between the reads.
__global__ void changing(int* rows, int stride, int* out) {
    const int t = threadIdx.x;
    int* row = rows + t * stride;
    const int a = row[0], b = row[1];
    row[1] = a + 100;
    row[2] = b + 200;
    const int c = row[1], d = row[2], e = row[3];
    out[t] = a + 3 * b + 7 * c + 11 * d + 13 * e;
}

__global__ void halves(const __half2* rows, int length, float* out) {
    const int t = blockIdx.x * blockDim.x + threadIdx.x;
    float sum = 0;
    for (int i = 0; i < length; ++i) {
        const float2 two = __half22float2(rows[t * length + i]);
        sum += two.x * 2 + two.y;
    }
    out[t] = sum;
}

// What is no number stays so, in its one form.
__global__ void widened(const unsigned* from, unsigned* to) {
    const __half2 h = reinterpret_cast<const __half2*>(from)[threadIdx.x];
    to[2 * threadIdx.x] = __float_as_uint(__low2float(h));
    to[2 * threadIdx.x + 1] = __float_as_uint(__high2float(h));
}

template <class T>
static std::vector<T> numbers(size_t n) {
    std::vector<T> x(n);
    for (size_t i = 0; i < n; ++i)
        x[i] = static_cast<T>(static_cast<int>(i * 37 % 19) - 9);
    return x;
}
template <class T>
static T host_mixed(T sum, T x, int i) {
    using U = std::conditional_t<std::is_integral_v<T>, unsigned, T>;
    return static_cast<T>(U(sum) * U(std::is_integral_v<T> ? 3 : 1) + U(x) * U(i + 1));
}

template <class T, int N>
static void check_sums(int stride, int count, int block, bool all) {
    // The last row ends with the allocation, but for what is rounded up.
    const size_t elements = static_cast<size_t>(count - 1) * stride + N;
    const size_t room = (elements * sizeof(T) + 65535) / 65536 * 65536;
    char* memory = nullptr;
    CHECK(cudaMalloc((void**)&memory, room));
    T* rows = reinterpret_cast<T*>(memory + room) - elements;
    const std::vector<T> x = numbers<T>(elements);
    CHECK(cudaMemcpy(rows, x.data(), elements * sizeof(T), cudaMemcpyDefault));
    std::vector<int> which(count);
    for (int t = 0; t < count; ++t)
        which[t] = all || t * 7 % 5 < 3;
    Buffer<int> wanted(which);
    Buffer<T> out(count, T(-1));
    sums<T, N><<<(count + block - 1) / block, block>>>(rows, stride, count, wanted.device(),
                                                       out.device());
    SYNC();
    out.download();
    for (int t = 0; t < count; ++t) {
        T sum = 0;
        for (int i = 0; i < N; ++i)
            sum = host_mixed(sum, x[static_cast<size_t>(t) * stride + i * 5 % N], i);
        if (!which[t]) sum = T(-1);
        EXPECT(out[t] == sum, "%d of %d by %d, block %d, thread %d", N, static_cast<int>(sizeof(T)),
               stride, block, t);
    }
    CHECK(cudaFree(memory));
}

template <class T, int N, int Stride>
static void check_near(int count, int block) {
    const std::vector<T> x = numbers<T>(static_cast<size_t>(count) * Stride + 1);
    const int blocks = (count + block - 1) / block;
    Buffer<T> rows(x), out(static_cast<size_t>(blocks) * block, T(-1));
    near_rows<T, N, Stride><<<blocks, block>>>(rows.device() + 1, count, out.device());
    SYNC();
    out.download();
    for (int t = 0; t < blocks * block; ++t) {
        T sum = 0;
        for (int i = 0; t < count && i < N; ++i)
            sum = host_mixed(sum, x[static_cast<size_t>(t) * Stride + i + 1], i);
        EXPECT(out[t] == sum, "%d of each %d, block %d, thread %d", N, Stride, block, t);
    }
}

template <int N>
static void check_downwards(int count, int block) {
    const std::vector<int> x = numbers<int>(static_cast<size_t>(count) * 24);
    Buffer<int> rows(x), out(count, -1);
    downwards<N><<<(count + block - 1) / block, block>>>(rows.device(), count, out.device());
    SYNC();
    out.download();
    for (int t = 0; t < count; ++t) {
        int sum = 0;
        for (int i = 0; i < N; ++i)
            sum = host_mixed(sum, x[(count - 1 - t) * 24 + i], i);
        EXPECT(out[t] == sum, "downwards, %d: thread %d", N, t);
    }
}

static void check_fours(int length, int count, int block) {
    const std::vector<float> x = numbers<float>(static_cast<size_t>(count) * length * 4);
    Buffer<float> rows(x), out(count, -1);
    fours<<<(count + block - 1) / block, block>>>(reinterpret_cast<float4*>(rows.device()), length,
                                                  count, out.device());
    SYNC();
    out.download();
    for (int t = 0; t < count; ++t) {
        float sum = 0;
        for (int i = 0; i < length; ++i) {
            const float* v = &x[(static_cast<size_t>(t) * length + i) * 4];
            sum = host_mixed(sum, v[0], i) + v[1] * 2 - v[2] + v[3] * 5;
        }
        EXPECT(out[t] == sum, "fours, %d: thread %d: %g, expected %g", length, t, out[t], sum);
    }
}

template <class T, int N>
static void check_anywhere(int threads, int block, int none) {
    constexpr int kStride = N + 3, kRows = 77;
    const std::vector<T> x = numbers<T>(kRows * kStride);
    Buffer<T> rows(x), out(threads, T(-1)), found(threads, T(-1));
    std::vector<int> index(threads);
    std::vector<const T*> pointer(threads);
    for (int t = 0; t < threads; ++t) {
        const bool has = t % 32 < 2 || t * 7 % 5 < 3; // all, some and few of a warp
        index[t] = (t / 32 % 3 == 1 ? t % 32 == 9 : has || t / 32 % 3 == 0) ? t * 31 % kRows : none;
        pointer[t] = index[t] == none ? nullptr : rows.device() + index[t] * kStride;
    }
    Buffer<int> indices(index);
    Buffer<const T*> pointers(pointer);
    by_index<T, N>
        <<<threads / block, block>>>(rows.device(), indices.device(), kStride, none, out.device());
    by_pointer<T, N><<<threads / block, block>>>(pointers.device(), found.device());
    SYNC();
    out.download();
    found.download();
    for (int t = 0; t < threads; ++t) {
        T sum = 0;
        for (int i = 0; index[t] != none && i < N; ++i)
            sum = host_mixed(sum, x[index[t] * kStride + i], i);
        EXPECT(out[t] == sum, "%d by index, thread %d of %d", N, t, block);
        EXPECT(found[t] == sum, "%d by pointer, thread %d of %d", N, t, block);
    }
}

static void check_tables(int count, int block) {
    constexpr int kThreads = 384;
    const std::vector<float> x = numbers<float>(static_cast<size_t>(count) * 8);
    std::vector<unsigned> index(kThreads);
    for (int t = 0; t < kThreads; ++t)
        index[t] = t % 11 == 3 ? ~0u - t : (t * 17) % count;
    Buffer<float> table(x), out(kThreads, -2);
    Buffer<unsigned> indices(index);
    tables<<<kThreads / block, block>>>(reinterpret_cast<Eight*>(table.device()), indices.device(),
                                        count, out.device());
    SYNC();
    out.download();
    for (int t = 0; t < kThreads; ++t) {
        float sum = -1;
        if (index[t] < static_cast<unsigned>(count)) {
            sum = 0;
            for (int i = 0; i < 8; ++i)
                sum += x[index[t] * 8 + i] * static_cast<float>(i + 1);
        }
        EXPECT(out[t] == sum, "table of %d, thread %d: %g, expected %g", count, t, out[t], sum);
    }
}

static void check_changing(int stride) {
    const std::vector<int> x = numbers<int>(96 * 16 + 4);
    std::vector<int> expected = x;
    Buffer<int> rows(x), out(96, -1);
    // Far rows, or rows that lie in each other but for those of one thread.
    changing<<<1, 96>>>(rows.device(), stride, out.device());
    SYNC();
    out.download();
    for (int t = 0; t < 96; ++t) {
        int* row = &expected[t * stride];
        const int a = row[0], b = row[1];
        row[1] = a + 100;
        row[2] = b + 200;
        const int sum = a + 3 * b + 7 * row[1] + 11 * row[2] + 13 * row[3];
        EXPECT(out[t] == sum, "changing, by %d: thread %d", stride, t);
    }
}

static void check_halves(int length) {
    constexpr int kThreads = 160;
    std::vector<__half2> x(kThreads * length);
    for (size_t i = 0; i < x.size(); ++i)
        x[i] = __floats2half2_rn(static_cast<float>(i % 13), static_cast<float>(i % 7) * 0.5f);
    Buffer<__half2> rows(x);
    Buffer<float> out(kThreads, -1);
    halves<<<2, kThreads / 2>>>(rows.device(), length, out.device());
    SYNC();
    out.download();
    for (int t = 0; t < kThreads; ++t) {
        float sum = 0;
        for (int i = 0; i < length; ++i) {
            const int at = t * length + i;
            sum += static_cast<float>(at % 13 * 2) + static_cast<float>(at % 7) * 0.5f;
        }
        EXPECT(out[t] == sum, "halves, %d: thread %d: %g, expected %g", length, t, out[t], sum);
    }
}

static void check_widened() {
    const std::vector<unsigned> x{0x7c01fe55, 0x7c00fc00, 0x00010001 << 9, 0x8001ffff};
    Buffer<unsigned> from(x), to(8, 1);
    widened<<<1, 4>>>(from.device(), to.device());
    SYNC();
    to.download();
    const unsigned expected[] = {0x7fffffff, 0x7fffffff, 0xff800000, 0x7f800000,
                                 0x38000000, 0x38000000, 0x7fffffff, 0xb3800000};
    for (int i = 0; i < 8; ++i)
        EXPECT(to[i] == expected[i], "widened %d: %x, expected %x", i, to[i], expected[i]);
}

template <class T, int N>
static void check_all() {
    for (int block : {64, 128, 48})
        for (bool all : {true, false}) {
            check_sums<T, N>(N, 200, block, all);
            check_sums<T, N>(N + 13, 256, block, all);
        }
    check_near<T, N, N + 5>(256, 128);
    check_near<T, N, N + 5>(231, 96);
    check_near<T, N, N>(192, 64);
}

int main() {
    check_all<int, 2>();
    check_all<int, 3>();
    check_all<float, 4>();
    check_all<int, 5>();
    check_all<int, 7>();
    check_all<float, 8>();
    check_all<int, 11>();
    check_all<float, 16>();
    check_all<short, 3>();
    check_all<short, 6>();
    check_all<unsigned short, 7>();
    check_all<double, 4>();
    for (int none : {-1, 1 << 30})
        for (int block : {32, 96, 192}) {
            check_anywhere<int, 2>(576, block, none);
            check_anywhere<float, 4>(576, block, none);
            check_anywhere<short, 5>(576, block, none);
            check_anywhere<float, 13>(576, block, none);
        }
    check_tables(1, 64);
    check_tables(100, 384);
    check_downwards<8>(256, 128);
    check_downwards<6>(201, 64);
    for (int length : {1, 2, 3, 5, 8})
        check_fours(length, 224, 96);
    for (int stride : {16, 7, 4})
        check_changing(stride);
    for (int length : {5, 8, 24})
        check_halves(length);
    check_widened();
    return finish();
}
