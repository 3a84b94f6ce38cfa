// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensor copies: boxes of tensors of one to five dimensions, with elements of every width, that lie
// partly outside, with strides and swizzles; back to global memory, with reductions, to several
// blocks, and as columns of pixels. The reference works element by element.
// Options: -arch=sm_90 -lcuda
#include "check.h"

#include <cuda.h>

enum { kBytes = 16384, kThreads = 64 };

#define DRIVER_CHECK(call)                                                                         \
    do {                                                                                           \
        const CUresult result_ = (call);                                                           \
        if (result_ != CUDA_SUCCESS) {                                                             \
            std::printf("%s:%d: %s: %d\n", __FILE__, __LINE__, #call, (int)result_);               \
            std::exit(2);                                                                          \
        }                                                                                          \
    } while (0)

struct At {
    int c[5];
};

#define LOAD(D, COORDS, ...)                                                                       \
    asm volatile("cp.async.bulk.tensor." D                                                         \
                 ".shared::cluster.global.tile.mbarrier::complete_tx::bytes "                      \
                 "[%0], [%1, " COORDS "], [%2];" ::"r"(to),                                        \
                 "l"(map), "r"(bar), __VA_ARGS__                                                   \
                 : "memory")
#define STORE(D, COORDS, ...)                                                                      \
    asm volatile("cp.async.bulk.tensor." D ".global.shared::cta.tile.bulk_group "                  \
                 "[%1, " COORDS "], [%0];" ::"r"(to),                                              \
                 "l"(map), "r"(bar), __VA_ARGS__                                                   \
                 : "memory")
#define EVERY_RANK(DO)                                                                             \
    switch (rank) {                                                                                \
    case 1: DO("1d", "{%3}", "r"(at.c[0])); break;                                                 \
    case 2: DO("2d", "{%3, %4}", "r"(at.c[0]), "r"(at.c[1])); break;                               \
    case 3: DO("3d", "{%3, %4, %5}", "r"(at.c[0]), "r"(at.c[1]), "r"(at.c[2])); break;             \
    case 4:                                                                                        \
        DO("4d", "{%3, %4, %5, %6}", "r"(at.c[0]), "r"(at.c[1]), "r"(at.c[2]), "r"(at.c[3]));      \
        break;                                                                                     \
    default:                                                                                       \
        DO("5d", "{%3, %4, %5, %6, %7}", "r"(at.c[0]), "r"(at.c[1]), "r"(at.c[2]), "r"(at.c[3]),   \
           "r"(at.c[4]));                                                                          \
    }

__device__ void load(unsigned to, const CUtensorMap* map, unsigned bar, int rank,
                     At at){EVERY_RANK(LOAD)} __device__
    void store(unsigned to, const CUtensorMap* map, unsigned bar, int rank,
               At at){EVERY_RANK(STORE)} __device__ unsigned shared_address(const void* p) {
    return (unsigned)__cvta_generic_to_shared(p);
}
__device__ void start_barrier(unsigned bar, unsigned bytes) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(bar) : "memory");
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    asm volatile(
        "{\n\t.reg .b64 s;\n\tmbarrier.arrive.expect_tx.shared::cta.b64 s, [%0], %1;\n\t}" ::"r"(
            bar),
        "r"(bytes)
        : "memory");
}
__device__ void wait_for(unsigned bar) {
    unsigned done = 0;
    while (!done)
        asm volatile(
            "{\n\t.reg .pred p;\n\tmbarrier.try_wait.parity.shared::cta.b64 p, [%1], 0;\n\t"
            "selp.u32 %0, 1, 0, p;\n\t}"
            : "=r"(done)
            : "r"(bar)
            : "memory");
}

__global__ void load_box(const __grid_constant__ CUtensorMap map, int rank, At at, unsigned bytes,
                         unsigned char* out) {
    __shared__ alignas(1024) unsigned char box[kBytes];
    __shared__ alignas(8) unsigned long long bar;
    for (int i = threadIdx.x; i < kBytes; i += kThreads)
        box[i] = 0xcd;
    __syncthreads();
    if (threadIdx.x == 0) {
        asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
        start_barrier(shared_address(&bar), bytes);
        load(shared_address(box), &map, shared_address(&bar), rank, at);
    }
    __syncthreads();
    wait_for(shared_address(&bar));
    for (int i = threadIdx.x; i < kBytes; i += kThreads)
        out[i] = box[i];
}
__global__ void store_box(const __grid_constant__ CUtensorMap map, int rank, At at,
                          const unsigned char* in) {
    __shared__ alignas(1024) unsigned char box[kBytes];
    for (int i = threadIdx.x; i < kBytes; i += kThreads)
        box[i] = in[i];
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    __syncthreads();
    if (threadIdx.x != 0) return;
    store(shared_address(box), &map, 0, rank, at);
    asm volatile("cp.async.bulk.commit_group;\n\tcp.async.bulk.wait_group 0;" ::: "memory");
}
__global__ void reduce_box(const __grid_constant__ CUtensorMap map, const unsigned char* in, int x,
                           int y, bool most) {
    __shared__ alignas(1024) unsigned char box[kBytes];
    for (int i = threadIdx.x; i < kBytes; i += kThreads)
        box[i] = in[i];
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    __syncthreads();
    if (threadIdx.x != 0) return;
    if (most)
        asm volatile(
            "cp.reduce.async.bulk.tensor.2d.global.shared::cta.max.tile.bulk_group [%0, {%1, %2}], "
            "[%3];" ::"l"(&map),
            "r"(x), "r"(y), "r"(shared_address(box))
            : "memory");
    else
        asm volatile(
            "cp.reduce.async.bulk.tensor.2d.global.shared::cta.add.tile.bulk_group [%0, {%1, %2}], "
            "[%3];" ::"l"(&map),
            "r"(x), "r"(y), "r"(shared_address(box))
            : "memory");
    asm volatile("cp.async.bulk.commit_group;\n\tcp.async.bulk.wait_group 0;" ::: "memory");
}
/// Each of four blocks loads a quarter of the box for all of them.
__global__ void __cluster_dims__(4, 1, 1)
    multicast(const __grid_constant__ CUtensorMap map, unsigned bytes, unsigned char* out) {
    __shared__ alignas(1024) unsigned char box[kBytes];
    __shared__ alignas(8) unsigned long long bar;
    const unsigned rank = blockIdx.x % 4;
    if (threadIdx.x == 0) start_barrier(shared_address(&bar), 4 * bytes);
    asm volatile("barrier.cluster.arrive;\n\tbarrier.cluster.wait;" ::: "memory");
    if (threadIdx.x == 0)
        asm volatile(
            "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes."
            "multicast::cluster [%0], [%1, {%2, %3}], [%4], %5;" ::"r"(
                shared_address(box + rank * bytes)),
            "l"(&map), "r"(0), "r"(8 * rank), "r"(shared_address(&bar)), "h"((unsigned short)15)
            : "memory");
    wait_for(shared_address(&bar));
    for (unsigned i = threadIdx.x; i < 4 * bytes; i += kThreads)
        out[blockIdx.x * 4 * bytes + i] = box[i];
    asm volatile("barrier.cluster.arrive;\n\tbarrier.cluster.wait;" ::: "memory");
}
__global__ void load_columns(const __grid_constant__ CUtensorMap map, At at, int w, int h,
                             unsigned bytes, unsigned char* out) {
    __shared__ alignas(1024) unsigned char box[kBytes];
    __shared__ alignas(8) unsigned long long bar;
    if (threadIdx.x == 0) {
        start_barrier(shared_address(&bar), bytes);
        asm volatile(
            "cp.async.bulk.tensor.4d.shared::cluster.global.im2col.mbarrier::complete_tx::bytes "
            "[%0], [%1, {%2, %3, %4, %5}], [%6], {%7, %8};" ::"r"(shared_address(box)),
            "l"(&map), "r"(at.c[0]), "r"(at.c[1]), "r"(at.c[2]), "r"(at.c[3]),
            "r"(shared_address(&bar)), "h"((unsigned short)w), "h"((unsigned short)h)
            : "memory");
    }
    __syncthreads();
    wait_for(shared_address(&bar));
    for (unsigned i = threadIdx.x; i < bytes; i += kThreads)
        out[i] = box[i];
}

/// A tensor in memory, and the boxes of it that a map describes.
struct Tensor {
    int rank = 0, bytes = 0;
    CUtensorMapDataType type = CU_TENSOR_MAP_DATA_TYPE_UINT8;
    CUtensorMapSwizzle swizzle = CU_TENSOR_MAP_SWIZZLE_NONE;
    bool nan = false;
    cuuint64_t size[5] = {}, stride[5] = {}; // stride[0]: of an element
    cuuint32_t box[5] = {}, step[5] = {1, 1, 1, 1, 1};

    size_t total() const { return stride[rank - 1] * size[rank - 1]; }
    int count(int d) const {
        return d >= rank ? 1 : d == 0 ? box[0] : (box[d] + step[d] - 1) / step[d];
    }
    int elements() const { return count(0) * count(1) * count(2) * count(3) * count(4); }
    CUtensorMap encode(void* memory) const {
        CUtensorMap map;
        DRIVER_CHECK(cuTensorMapEncodeTiled(&map, type, rank, memory, size, stride + 1, box, step,
                                            CU_TENSOR_MAP_INTERLEAVE_NONE, swizzle,
                                            CU_TENSOR_MAP_L2_PROMOTION_NONE,
                                            nan ? CU_TENSOR_MAP_FLOAT_OOB_FILL_NAN_REQUEST_ZERO_FMA
                                                : CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE));
        return map;
    }
    /// Byte of the box where element i of it lies.
    int place(int i) const {
        const int mask = swizzle == CU_TENSOR_MAP_SWIZZLE_128B  ? 7
                         : swizzle == CU_TENSOR_MAP_SWIZZLE_64B ? 3
                         : swizzle == CU_TENSOR_MAP_SWIZZLE_32B ? 1
                                                                : 0;
        const int at = i * bytes;
        return at ^ ((at / 128 & mask) * 16);
    }
    /// Byte of the tensor where element i of the box at `at` is; -1: outside.
    long long source(int i, At at) const {
        long long byte = 0;
        bool inside = true;
        for (int d = 0; d < rank; ++d) {
            const long long c = at.c[d] + (long long)(i % count(d)) * (d ? step[d] : 1);
            inside = inside && c >= 0 && c < (long long)size[d];
            byte += c * stride[d];
            i /= count(d);
        }
        return inside ? byte : -1;
    }
};

static int next(int limit) {
    return (int)(next_random() % limit);
}

static Tensor random_tensor() {
    static const struct {
        CUtensorMapDataType type;
        int bytes;
    } types[] = {{CU_TENSOR_MAP_DATA_TYPE_UINT8, 1},   {CU_TENSOR_MAP_DATA_TYPE_UINT16, 2},
                 {CU_TENSOR_MAP_DATA_TYPE_FLOAT16, 2}, {CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 2},
                 {CU_TENSOR_MAP_DATA_TYPE_UINT32, 4},  {CU_TENSOR_MAP_DATA_TYPE_INT32, 4},
                 {CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4}, {CU_TENSOR_MAP_DATA_TYPE_TFLOAT32, 4},
                 {CU_TENSOR_MAP_DATA_TYPE_FLOAT64, 8}, {CU_TENSOR_MAP_DATA_TYPE_INT64, 8}};
    Tensor t;
    const auto& chosen = types[next(10)];
    t.type = chosen.type, t.bytes = chosen.bytes;
    t.rank = 1 + next(5);
    t.swizzle = (CUtensorMapSwizzle)next(4);
    static const int widest[] = {256, 32, 64, 128};
    const int row = 16 * (1 + next(widest[t.swizzle] / 16));
    t.box[0] = row / t.bytes;
    if (t.box[0] > 256) t.box[0] = 256;
    t.size[0] = 1 + next(40);
    t.stride[0] = t.bytes;
    t.stride[1] = (t.size[0] * t.bytes + 15) / 16 * 16 + 16 * next(2);
    for (int d = 1; d < t.rank; ++d) {
        t.size[d] = 1 + next(7);
        t.box[d] = 1 + next(5);
        t.step[d] = next(3) ? 1 : 1 + next(3);
        if (d + 1 < 5) t.stride[d + 1] = t.stride[d] * t.size[d] + 16 * next(2);
    }
    return t;
}
static At random_place(const Tensor& t) {
    At at = {};
    for (int d = 0; d < t.rank; ++d)
        at.c[d] = next((int)t.size[d] + 4) - 2;
    return at;
}

static void check_load(const Tensor& t, At at) {
    Array<unsigned char> memory(t.total() + 16), out(kBytes);
    for (size_t i = 0; i < t.total(); ++i)
        memory[i] = (unsigned char)next(250);
    memory.upload();
    const int bytes = t.elements() * t.bytes;
    load_box<<<1, kThreads>>>(t.encode(memory.device()), t.rank, at, bytes, out.device());
    wait_for_kernel();
    out.download();
    static unsigned char want[kBytes];
    std::memset(want, 0xcd, sizeof want);
    for (int i = 0; i < t.elements(); ++i) {
        const long long from = t.source(i, at);
        for (int b = 0; b < t.bytes; ++b)
            want[t.place(i) + b] = from < 0 ? 0 : memory[from + b];
    }
    for (int i = 0; i < kBytes; ++i)
        expect_equal("loaded", out[i], want[i], i, bytes);
}

static void check_store(const Tensor& t, At at) {
    Array<unsigned char> memory(t.total() + 16), in(kBytes);
    unsigned char* want = (unsigned char*)std::malloc(t.total());
    for (size_t i = 0; i < t.total(); ++i)
        want[i] = memory[i] = (unsigned char)next(250);
    for (int i = 0; i < kBytes; ++i)
        in[i] = (unsigned char)next(250);
    memory.upload();
    in.upload();
    store_box<<<1, kThreads>>>(t.encode(memory.device()), t.rank, at, in.device());
    wait_for_kernel();
    memory.download();
    for (int i = 0; i < t.elements(); ++i) {
        const long long to = t.source(i, at);
        for (int b = 0; to >= 0 && b < t.bytes; ++b)
            want[to + b] = in[t.place(i) + b];
    }
    for (size_t i = 0; i < t.total(); ++i)
        expect_equal("stored", memory[i], want[i], i, t.rank);
    std::free(want);
}

static Tensor plane(CUtensorMapDataType type, int bytes, int width, int height, int box, int rows) {
    Tensor t;
    t.type = type, t.bytes = bytes, t.rank = 2;
    t.size[0] = width, t.size[1] = height;
    t.stride[0] = bytes, t.stride[1] = width * bytes;
    t.box[0] = box, t.box[1] = rows;
    return t;
}

template <class T>
static void check_reduce(CUtensorMapDataType type, bool most) {
    Tensor t = plane(type, sizeof(T), 20, 9, 16, 8);
    Array<T> memory(20 * 9), in(kBytes / sizeof(T));
    T want[180];
    for (int i = 0; i < 180; ++i)
        want[i] = memory[i] = (T)next(1000);
    for (int i = 0; i < 128; ++i)
        in[i] = (T)next(1000);
    memory.upload();
    in.upload();
    const At at = {{7, -2}};
    reduce_box<<<1, kThreads>>>(t.encode(memory.device()), (const unsigned char*)in.device(), 7, -2,
                                most);
    wait_for_kernel();
    memory.download();
    for (int i = 0; i < t.elements(); ++i) {
        const long long to = t.source(i, at);
        if (to < 0) continue;
        T& w = want[to / sizeof(T)];
        w = most ? (w > in[i] ? w : in[i]) : (T)(w + in[i]);
    }
    for (int i = 0; i < 180; ++i)
        expect_equal("reduced", memory[i], want[i], i, most);
}

static void check_fill() {
    Tensor t = plane(CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4, 8, 4, 16, 4);
    t.nan = true;
    Array<float> memory(32);
    Array<unsigned char> out(kBytes);
    memory.upload();
    load_box<<<1, kThreads>>>(t.encode(memory.device()), 2, At{{4, 1}}, 256, out.device());
    wait_for_kernel();
    out.download();
    for (int i = 0; i < 64; ++i) {
        float f;
        std::memcpy(&f, &out[4 * i], 4);
        expect_equal("NaN outside", f != f, t.source(i, At{{4, 1}}) < 0, i);
    }
}

static void check_multicast() {
    Tensor t = plane(CU_TENSOR_MAP_DATA_TYPE_UINT16, 2, 64, 32, 64, 8);
    t.swizzle = CU_TENSOR_MAP_SWIZZLE_128B;
    const int quarter = 64 * 8 * 2;
    Array<unsigned short> memory(64 * 32), out(8 * 4 * quarter / 2);
    for (int i = 0; i < 64 * 32; ++i)
        memory[i] = (unsigned short)i;
    memory.upload();
    multicast<<<8, kThreads>>>(t.encode(memory.device()), quarter, (unsigned char*)out.device());
    wait_for_kernel();
    out.download();
    for (int b = 0; b < 8; ++b)
        for (int i = 0; i < 4 * quarter / 2; ++i)
            expect_equal("to all", out[b * 2 * quarter + t.place(i) / 2], memory[i], b, i);
}

/// Of images of 10 x 7 pixels with 16 channels the columns of a 3 x 3 filter.
static void check_columns() {
    enum { kC = 16, kW = 10, kH = 7, kN = 3, kPixels = 100 };
    Array<unsigned short> memory(kC * kW * kH * kN), out(kC * kPixels);
    for (int i = 0; i < kC * kW * kH * kN; ++i)
        memory[i] = (unsigned short)(i + 1);
    memory.upload();
    const cuuint64_t size[] = {kC, kW, kH, kN}, stride[] = {2 * kC, 2 * kC * kW, 2 * kC * kW * kH};
    const int lower[] = {-1, -1}, upper[] = {-1, -1};
    const cuuint32_t step[] = {1, 1, 1, 1};
    CUtensorMap map;
    DRIVER_CHECK(cuTensorMapEncodeIm2col(
        &map, CU_TENSOR_MAP_DATA_TYPE_UINT16, 4, memory.device(), size, stride, lower, upper, kC,
        kPixels, step, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_NONE,
        CU_TENSOR_MAP_L2_PROMOTION_NONE, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE));
    for (int s = 0; s < 3; ++s)
        for (int r = 0; r < 3; ++r) {
            const At at = {{0, 2, -1, 0}};
            load_columns<<<1, kThreads>>>(map, at, s, r, 2 * kC * kPixels,
                                          (unsigned char*)out.device());
            wait_for_kernel();
            out.download();
            int w = 2, h = -1, n = 0;
            for (int p = 0; p < kPixels; ++p) {
                for (int c = 0; c < kC; ++c) {
                    const int x = w + s, y = h + r;
                    const bool inside = x >= 0 && x < kW && y >= 0 && y < kH && n < kN;
                    const unsigned short want = inside ? ((n * kH + y) * kW + x) * kC + c + 1 : 0;
                    expect_equal("column", out[p * kC + c], want, p, c);
                }
                if (++w < kW - 1) continue; // the corners: filters of 3 stay over the image
                w = -1;
                if (++h < kH - 1) continue;
                h = -1, ++n;
            }
        }
}

static void check_errors() {
    CUtensorMap map;
    Array<unsigned> memory(1024);
    Tensor t = plane(CU_TENSOR_MAP_DATA_TYPE_UINT32, 4, 32, 32, 16, 16);
    const auto encode = [&](const Tensor& x, void* p) {
        return cuTensorMapEncodeTiled(&map, x.type, x.rank, p, x.size, x.stride + 1, x.box, x.step,
                                      CU_TENSOR_MAP_INTERLEAVE_NONE, x.swizzle,
                                      CU_TENSOR_MAP_L2_PROMOTION_NONE,
                                      CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
    };
    expect_equal("good", encode(t, memory.device()), CUDA_SUCCESS);
    expect_equal("misaligned address", encode(t, (char*)memory.device() + 4),
                 CUDA_ERROR_INVALID_VALUE);
    Tensor bad = t;
    bad.rank = 6;
    expect_equal("six dimensions", encode(bad, memory.device()), CUDA_ERROR_INVALID_VALUE);
    bad = t, bad.stride[1] = 100;
    expect_equal("stride", encode(bad, memory.device()), CUDA_ERROR_INVALID_VALUE);
    bad = t, bad.box[1] = 257;
    expect_equal("box", encode(bad, memory.device()), CUDA_ERROR_INVALID_VALUE);
    bad = t, bad.box[0] = 3;
    expect_equal("row of 12 bytes", encode(bad, memory.device()), CUDA_ERROR_INVALID_VALUE);
    bad = t, bad.swizzle = CU_TENSOR_MAP_SWIZZLE_32B;
    expect_equal("row beyond the swizzle", encode(bad, memory.device()), CUDA_ERROR_INVALID_VALUE);
    bad = t, bad.step[1] = 9;
    expect_equal("element stride", encode(bad, memory.device()), CUDA_ERROR_INVALID_VALUE);
    expect_equal("null", cuTensorMapReplaceAddress(&map, nullptr), CUDA_ERROR_INVALID_VALUE);
}

int main() {
    CUDA_CHECK(cudaFree(0));
    for (int i = 0; i < 60; ++i) {
        Tensor t = random_tensor();
        if (t.elements() * t.bytes > kBytes - 1024) continue; // a swizzle reaches further
        const At at = random_place(t);
        check_load(t, at);
        check_store(t, at);
    }
    for (int most = 0; most < 2; ++most) {
        check_reduce<unsigned>(CU_TENSOR_MAP_DATA_TYPE_UINT32, most);
        check_reduce<int>(CU_TENSOR_MAP_DATA_TYPE_INT32, most);
        check_reduce<unsigned long long>(CU_TENSOR_MAP_DATA_TYPE_UINT64, most);
    }
    check_reduce<float>(CU_TENSOR_MAP_DATA_TYPE_FLOAT32, false);
    check_fill();
    check_multicast();
    check_columns();
    check_errors();
    return finish();
}
