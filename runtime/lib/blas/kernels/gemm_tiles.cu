// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products by tiles of matrices in memory (tiles.cuh). What is outside of a matrix is zero.
#include "runtime/lib/blas/kernels/element.cuh"
#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/tiles.cuh"

namespace acc::blas {
namespace {

constexpr int64_t kMostBatches = 65535;

/// Elements of any of float's types.
struct AnyFloat {};

template <class In, class Acc>
__device__ Acc load_as(const void* data, int64_t i, Type type) {
    if constexpr (std::is_same_v<In, AnyFloat>)
        return load_any<float>(data, i, type);
    else if constexpr (std::is_same_v<In, signed char>)
        return Acc(static_cast<const signed char*>(data)[i]);
    else
        return load(static_cast<const In*>(data)[i]);
}

/// One operand as the kernel sees it: `data` is column or row `first` of what is `outer` by
/// `k_size`.
struct Side {
    const void* data;
    int64_t ld;
    int left; ///< columns or rows from `first` on, at least one
    Type type;
    bool conjugated;
};

/// Fills a slice: element (k, i) is k + first_k along k, i across. Threads go along what is
/// contiguous in memory. `k_left` of k are left. What is outside is not read: another element is,
/// and zero taken for it.
template <class In, class Acc, bool AlongK, int Across>
__device__ __forceinline__ void fill(Slice<Acc, Across>& slice, const Side& o, int64_t first_k,
                                     int k_left) {
    const int64_t origin = AlongK ? first_k : first_k * o.ld;
    if (o.left >= Across && k_left >= kDepth) {
#pragma unroll
        for (int e = 0; e < Across * kDepth / kThreads; ++e) {
            const int at = int(threadIdx.x) + e * kThreads;
            const int k = AlongK ? at % kDepth : at / Across,
                      i = AlongK ? at / kDepth : at % Across;
            const Acc value = load_as<In, Acc>(
                o.data, origin + (AlongK ? k + i * o.ld : i + k * o.ld), o.type);
            slice[k][i] = conjugate_if(o.conjugated, value);
        }
        return;
    }
#pragma unroll 1
    for (int e = 0; e < Across * kDepth / kThreads; ++e) {
        const int at = int(threadIdx.x) + e * kThreads;
        const int k = AlongK ? at % kDepth : at / Across, i = AlongK ? at / kDepth : at % Across;
        const int from_k = k < k_left ? k : 0, from_i = i < o.left ? i : 0;
        const Acc value = load_as<In, Acc>(
            o.data, origin + (AlongK ? from_k + from_i * o.ld : from_i + from_k * o.ld), o.type);
        slice[k][i] = k < k_left && i < o.left ? conjugate_if(o.conjugated, value) : zero<Acc>();
    }
}

/// Whether a tile has nothing of the part that is written.
template <class Acc>
__device__ bool is_outside(Part part, int64_t row, int64_t column) {
    if (part == Part::Lower) return row + kTileRows<Acc> <= column;
    if (part == Part::Upper) return column + kTileColumns<Acc> <= row;
    return false;
}

/// What the kernels have in common: the sums of a thread for its part of the tile at (row, column).
template <class In, class Acc, bool AlongKA, bool AlongKB>
__device__ __forceinline__ void add_up(Sums<Acc>& sums, const Side& a, const Side& b,
                                       int64_t k_size, int x, int y) {
    __shared__ Slice<Acc, kTileRows<Acc>> slice_a;
    __shared__ Slice<Acc, kTileColumns<Acc>> slice_b;
#pragma unroll
    for (int r = 0; r < kEachRows<Acc>; ++r)
#pragma unroll
        for (int c = 0; c < kEachColumns<Acc>; ++c)
            sums[r][c] = zero<Acc>();
    for (int64_t k = 0; k < k_size; k += kDepth) {
        const int left = k_size - k < kDepth ? int(k_size - k) : kDepth;
        fill<In, Acc, AlongKA>(slice_a, a, k, left);
        fill<In, Acc, AlongKB>(slice_b, b, k, left);
        __syncthreads();
        multiply_slices<Acc>(sums, slice_a, slice_b, x, y);
        __syncthreads();
    }
}

/// The side of an operand from row or column `first` on.
template <class In, bool AlongK, int Across>
__device__ __forceinline__ Side side_of(const Operand& o, int64_t z, int64_t first, int64_t outer) {
    const auto* data = static_cast<const char*>(data_of(o, z));
    const int64_t size = std::is_same_v<In, AnyFloat> ? o.element_size : int64_t(sizeof(In));
    const int64_t left = outer - first;
    return {data + first * (AlongK ? o.ld : 1) * size, o.ld, left < Across ? int(left) : Across,
            o.type, o.conjugated};
}

/// Where a block and a thread stand.
template <class Acc>
struct Place {
    int64_t row, column; ///< of the tile
    int x, y;            ///< of the thread's first element in it
    __device__ __forceinline__ explicit Place(int64_t m) {
        const unsigned tiles = unsigned((m + kTileRows<Acc> - 1) / kTileRows<Acc>);
        row = int64_t(blockIdx.x % tiles) * kTileRows<Acc>;
        column = int64_t(blockIdx.x / tiles) * kTileColumns<Acc>;
        x = int(threadIdx.x) % kAcross;
        y = int(threadIdx.x) / kAcross * kEachColumns<Acc>;
    }
};

/// D = alpha op(A) op(B) + beta C with one type for C and D, no epilogue. AlongKA, AlongKB: what of
/// A and B is contiguous along k.
template <class In, class Out, class Acc, bool AlongKA, bool AlongKB>
__global__ void __launch_bounds__(kThreads)
    tiles_kernel(const __grid_constant__ Product p, int64_t first_batch) {
    const Place<Acc> at(p.m);
    if (is_outside<Acc>(p.part, at.row, at.column)) return;
    const int64_t z = first_batch + blockIdx.z;
    const Acc alpha = get<Acc>(p.alpha, 0), beta = get<Acc>(p.beta, 0);
    const int64_t row = at.row + at.x, column = at.column + at.y;
    const auto* c = static_cast<const Out*>(data_of(p.c, z)) + row + column * p.c.ld;
    auto* d = static_cast<Out*>(data_of(p.d, z)) + row + column * p.d.ld;
    const bool adds = !is_zero(beta);
    // Where alpha is zero, A and B are not read. (Not as a length of the loop below, of which it
    // has to be plain that all threads go round it as often.)
    if (is_zero(alpha)) {
#pragma unroll 1
        for (int e = 0; e < kEachRows<Acc> * kEachColumns<Acc>; ++e) {
            const int i = e % kEachRows<Acc>, j = e / kEachRows<Acc>;
            const int64_t r = row + i * kAcross, s = column + j;
            if (r >= p.m || s >= p.n || !is_in(p.part, r, s)) continue;
            Acc value = zero<Acc>();
            if (adds) value = multiply(beta, Acc(load(c[i * kAcross + j * p.c.ld])));
            if constexpr (is_complex<Acc>)
                if (p.real_diagonal && r == s) value.y = 0;
            d[i * kAcross + j * p.d.ld] = store<Out>(value);
        }
        return;
    }
    Sums<Acc> sums;
    add_up<In, Acc, AlongKA, AlongKB>(
        sums, side_of<In, AlongKA, kTileRows<Acc>>(p.a, z, at.row, p.m),
        side_of<In, AlongKB, kTileColumns<Acc>>(p.b, z, at.column, p.n), p.k, at.x, at.y);
    const bool all = at.row + kTileRows<Acc> <= p.m && at.column + kTileColumns<Acc> <= p.n &&
                     p.part == Part::All;
#pragma unroll
    for (int j = 0; j < kEachColumns<Acc>; ++j)
#pragma unroll
        for (int i = 0; i < kEachRows<Acc>; ++i) {
            const int64_t r = row + i * kAcross, s = column + j;
            if (!all && (r >= p.m || s >= p.n || !is_in(p.part, r, s))) continue;
            Acc value = multiply(alpha, sums[i][j]);
            if (adds) value = multiply_add(beta, Acc(load(c[i * kAcross + j * p.c.ld])), value);
            if constexpr (is_complex<Acc>)
                if (p.real_diagonal && r == s) value.y = 0;
            d[i * kAcross + j * p.d.ld] = store<Out>(value);
        }
}

/// The same for any types of C and D, and with an epilogue.
template <class In, class Acc, bool AlongKA, bool AlongKB>
__global__ void __launch_bounds__(kThreads)
    finishing_kernel(const __grid_constant__ Product p, int64_t first_batch) {
    const Place<Acc> at(p.m);
    if (is_outside<Acc>(p.part, at.row, at.column)) return;
    const int64_t z = first_batch + blockIdx.z;
    Sums<Acc> sums;
    const bool reads = p.alpha.row_stride != 0 || multiplies<Acc>(p.alpha, 0);
    add_up<In, Acc, AlongKA, AlongKB>(
        sums, side_of<In, AlongKA, kTileRows<Acc>>(p.a, z, at.row, p.m),
        side_of<In, AlongKB, kTileColumns<Acc>>(p.b, z, at.column, p.n), reads ? p.k : 0, at.x,
        at.y);
    // One copy of what becomes of an element, not sixteen: it is long.
    constexpr int rows = kEachRows<Acc>, all = rows * kEachColumns<Acc>;
    Acc in_order[all];
#pragma unroll
    for (int e = 0; e < all; ++e)
        in_order[e] = sums[e % rows][e / rows];
    const void* c = data_of(p.c, z);
    void* d = data_of(p.d, z);
#pragma unroll 1
    for (int e = 0; e < all; ++e) {
        const int64_t r = at.row + at.x + e % rows * kAcross, s = at.column + at.y + e / rows;
        if (r >= p.m || s >= p.n) continue;
        // Of a vector of alpha some may be zero: what was added up there does not count.
        const bool counts = p.alpha.row_stride == 0 || multiplies<Acc>(p.alpha, r);
        finish(p, c, d, z, r, s, counts ? in_order[e] : zero<Acc>());
    }
}

/// A kernel and the size of its tiles.
struct Kernel {
    void (*function)(Product, int64_t);
    int rows, columns;
};

template <class Acc>
Kernel of_tiles(void (*function)(Product, int64_t)) {
    return {function, kTileRows<Acc>, kTileColumns<Acc>};
}

cublasStatus_t run(cudaStream_t stream, const Product& p, const Kernel& kernel) {
    const int64_t blocks = ((p.m + kernel.rows - 1) / kernel.rows) *
                           ((p.n + kernel.columns - 1) / kernel.columns);
    if (blocks > kMaxGridX) return CUBLAS_STATUS_NOT_SUPPORTED;
    for (int64_t first = 0; first < p.batch; first += kMostBatches) {
        const int64_t many = p.batch - first < kMostBatches ? p.batch - first : kMostBatches;
        const cublasStatus_t status = launch(
            kernel.function, dim3(unsigned(blocks), 1, unsigned(many)), kThreads, stream, p, first);
        if (status != CUBLAS_STATUS_SUCCESS) return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

template <class In, class Out, class Acc>
Kernel plain(const Product& p) {
    if (p.a.transposed)
        return of_tiles<Acc>(p.b.transposed ? tiles_kernel<In, Out, Acc, true, false>
                                            : tiles_kernel<In, Out, Acc, true, true>);
    return of_tiles<Acc>(p.b.transposed ? tiles_kernel<In, Out, Acc, false, false>
                                        : tiles_kernel<In, Out, Acc, false, true>);
}

template <class In, class Acc>
Kernel finishing(const Product& p) {
    if (p.a.transposed)
        return of_tiles<Acc>(p.b.transposed ? finishing_kernel<In, Acc, true, false>
                                            : finishing_kernel<In, Acc, true, true>);
    return of_tiles<Acc>(p.b.transposed ? finishing_kernel<In, Acc, false, false>
                                        : finishing_kernel<In, Acc, false, true>);
}

template <class In>
Kernel of_floats(const Product& p) {
    const bool simple = !p.has_epilogue && p.alpha.row_stride == 0 && p.c.type == p.d.type;
    if (simple && p.d.type == Type::F32) return plain<In, float, float>(p);
    if constexpr (!std::is_same_v<In, float>)
        if (simple && size_of(p.d.type) == sizeof(In) && p.d.type == p.a.type)
            return plain<In, In, float>(p);
    return finishing<AnyFloat, float>(p);
}

} // namespace

cublasStatus_t launch_tiles(cudaStream_t stream, Type accumulator, const Product& p) {
    switch (accumulator) {
    case Type::F64: return run(stream, p, plain<double, double, double>(p));
    case Type::C32: return run(stream, p, plain<cuComplex, cuComplex, cuComplex>(p));
    case Type::C64:
        return run(stream, p, plain<cuDoubleComplex, cuDoubleComplex, cuDoubleComplex>(p));
    case Type::I32: return run(stream, p, finishing<signed char, int>(p));
    default: break;
    }
    if (p.a.type == p.b.type) {
        if (p.a.type == Type::F32) return run(stream, p, of_floats<float>(p));
        if (p.a.type == Type::F16) return run(stream, p, of_floats<__half>(p));
        if (p.a.type == Type::BF16) return run(stream, p, of_floats<__nv_bfloat16>(p));
    }
    return run(stream, p, finishing<AnyFloat, float>(p));
}

} // namespace acc::blas
