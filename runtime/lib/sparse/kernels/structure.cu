// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/kernels/structure.h"

#include "runtime/lib/sparse/kernels/access.cuh"

namespace acc::sparse {
namespace {

constexpr int kThreads = 256;
constexpr int kEach = 8; ///< elements of a thread
constexpr int kTile = kThreads * kEach;
constexpr int kBits = 4; ///< of a digit
constexpr int kDigits = 1 << kBits;

/// The sum of the values of the threads before this one; the total goes to `*total`.
__device__ int64_t sum_before(int64_t value, int64_t* total) {
    __shared__ int64_t sums[kThreads];
    const int t = int(threadIdx.x);
    sums[t] = value;
    __syncthreads();
    for (int distance = 1; distance < kThreads; distance *= 2) {
        const int64_t other = t >= distance ? sums[t - distance] : 0;
        __syncthreads();
        sums[t] += other;
        __syncthreads();
    }
    const int64_t before = t == 0 ? 0 : sums[t - 1];
    *total = sums[kThreads - 1];
    __syncthreads();
    return before;
}

__global__ void tile_sums_kernel(const int64_t* in, int64_t n, int64_t* tiles) {
    const int64_t first = int64_t(blockIdx.x) * kTile + threadIdx.x * kEach;
    int64_t sum = 0, total;
    for (int64_t i = first; i < first + kEach && i < n; ++i)
        sum += in[i];
    sum_before(sum, &total);
    if (threadIdx.x == 0) tiles[blockIdx.x] = total;
}

/// One block: each tile's sum becomes the sum of those before it.
__global__ void scan_tiles_kernel(int64_t* tiles, int64_t n) {
    int64_t carried = 0, total;
    for (int64_t first = 0; first < n; first += kThreads) {
        const int64_t i = first + threadIdx.x;
        const int64_t before = sum_before(i < n ? tiles[i] : 0, &total);
        if (i < n) tiles[i] = carried + before;
        carried += total;
    }
}

__global__ void scan_kernel(const int64_t* in, int64_t* out, int64_t n, const int64_t* tiles) {
    const int64_t first = int64_t(blockIdx.x) * kTile + threadIdx.x * kEach;
    int64_t values[kEach], sum = 0, total;
    for (int e = 0; e < kEach; ++e) {
        values[e] = first + e < n ? in[first + e] : 0;
        sum += values[e];
    }
    int64_t at = tiles[blockIdx.x] + sum_before(sum, &total);
    for (int e = 0; e < kEach && first + e < n; ++e) {
        out[first + e] = at;
        at += values[e];
        if (first + e == n - 1) out[n] = at;
    }
}

__device__ int digit(uint64_t key, int shift) {
    return int(key >> shift) & (kDigits - 1);
}

/// How often each digit is in each tile: counts[digit * tiles + tile].
__global__ void digits_kernel(const uint64_t* keys, int64_t n, int shift, int64_t* counts) {
    __shared__ int sums[kDigits];
    if (threadIdx.x < kDigits) sums[threadIdx.x] = 0;
    __syncthreads();
    const int64_t first = int64_t(blockIdx.x) * kTile;
    for (int64_t i = first + threadIdx.x; i < first + kTile && i < n; i += kThreads)
        atomicAdd(&sums[digit(keys[i], shift)], 1);
    __syncthreads();
    if (threadIdx.x < kDigits)
        counts[int64_t(threadIdx.x) * gridDim.x + blockIdx.x] = sums[threadIdx.x];
}

/// Each thread counts the digits of elements that follow each other; sums over threads before it
/// tell where they go, which keeps their order.
__global__ void scatter_kernel(const uint64_t* keys, const int64_t* items, int64_t n, int shift,
                               const int64_t* starts, uint64_t* keys_out, int64_t* items_out) {
    __shared__ int ranks[kDigits][kThreads];
    const int t = int(threadIdx.x);
    const int64_t first = int64_t(blockIdx.x) * kTile + t * kEach;
    for (int d = 0; d < kDigits; ++d)
        ranks[d][t] = 0;
    for (int64_t i = first; i < first + kEach && i < n; ++i)
        ++ranks[digit(keys[i], shift)][t];
    __syncthreads();
    // Thread t has the counts 16 t ... 16 t + 15 of the table read digit by digit.
    int* mine = &ranks[0][0] + t * kDigits;
    int64_t sum = 0, total;
    for (int e = 0; e < kDigits; ++e)
        sum += mine[e];
    int before = int(sum_before(sum, &total));
    for (int e = 0; e < kDigits; ++e) {
        const int count = mine[e];
        mine[e] = before;
        before += count;
    }
    __syncthreads();
    __shared__ int digit_starts[kDigits];
    if (t < kDigits) digit_starts[t] = ranks[t][0];
    __syncthreads();
    for (int64_t i = first; i < first + kEach && i < n; ++i) {
        const int d = digit(keys[i], shift);
        const int64_t to = starts[int64_t(d) * gridDim.x + blockIdx.x] + ranks[d][t]++ -
                           digit_starts[d];
        keys_out[to] = keys[i];
        items_out[to] = items[i];
    }
}

__global__ void starts_kernel(const uint64_t* keys, int64_t n, int64_t n_keys, int64_t* out) {
    const int64_t key = lib::thread_of_grid();
    if (key > n_keys) return;
    int64_t low = 0, count = n;
    while (count > 0) {
        const int64_t half = count / 2;
        if (keys[low + half] < uint64_t(key)) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    out[key] = low;
}

__global__ void count_kernel(Rows m, int64_t* counts) {
    const int64_t row = lib::thread_of_grid();
    if (row >= m.rows) return;
    int64_t count = 0;
    for_row(m, row, 0, 1, [&](int64_t, int64_t) { ++count; });
    counts[row] = count;
}

__global__ void expand_kernel(Rows m, Transposed memory) {
    const int64_t row = lib::thread_of_grid();
    if (row >= m.rows) return;
    int64_t at = memory.row_starts[row];
    for_row(m, row, 0, 1, [&](int64_t column, int64_t place) {
        memory.rows[at] = row;
        memory.places[at] = place;
        memory.sort.keys[0][at] = uint64_t(column);
        memory.sort.items[0][at] = at;
        ++at;
    });
}

/// What padding leaves at the end gets a key behind all columns.
__global__ void pad_kernel(Transposed memory, const int64_t* count, int64_t elements,
                           int64_t columns) {
    for (int64_t i = *count + lib::thread_of_grid(); i < elements; i += lib::threads_of_grid()) {
        memory.rows[i] = memory.places[i] = 0;
        memory.sort.keys[0][i] = uint64_t(columns);
        memory.sort.items[0][i] = i;
    }
}

__global__ void take_kernel(Transposed memory, int64_t elements) {
    const int64_t i = lib::thread_of_grid();
    if (i >= elements) return;
    const int64_t from = memory.sort.items[0][i];
    memory.indices[i] = memory.rows[from];
    memory.permutation[i] = memory.places[from];
}

/// The next launch, unless there was an error.
class Launches {
  public:
    template <class K, class... A>
    Launches& operator()(K kernel, unsigned grid, cudaStream_t stream, A&&... arguments) {
        if (error_ == cudaSuccess)
            error_ = lib::launch(kernel, grid, kThreads, stream, std::forward<A>(arguments)...);
        return *this;
    }
    void also(cudaError_t error) {
        if (error_ == cudaSuccess) error_ = error;
    }
    cudaError_t error() const { return error_; }

  private:
    cudaError_t error_ = cudaSuccess;
};

int64_t tiles_of(int64_t n) {
    return lib::blocks_for(n, kTile);
}

} // namespace

int64_t scan_scratch(int64_t n) {
    return tiles_of(n);
}

cudaError_t launch_scan(cudaStream_t stream, const int64_t* in, int64_t* out, int64_t n,
                        int64_t* scratch) {
    if (n == 0) return cudaMemsetAsync(out, 0, sizeof *out, stream);
    const unsigned tiles = unsigned(tiles_of(n));
    Launches next;
    next(tile_sums_kernel, tiles, stream, in, n, scratch);
    next(scan_tiles_kernel, 1, stream, scratch, int64_t(tiles));
    next(scan_kernel, tiles, stream, in, out, n, scratch);
    return next.error();
}

void Sortable::take(Pieces& pieces, int64_t count) {
    n = count;
    for (int i = 0; i < 2; ++i) {
        keys[i] = pieces.take<uint64_t>(count);
        items[i] = pieces.take<int64_t>(count);
    }
    const int64_t table = kDigits * tiles_of(count);
    scratch = pieces.take<int64_t>(table + 1 + scan_scratch(table));
}

cudaError_t launch_sort(cudaStream_t stream, Sortable& s, uint64_t bound) {
    if (s.n == 0) return cudaSuccess;
    const unsigned tiles = unsigned(tiles_of(s.n));
    const int64_t table = int64_t(kDigits) * tiles;
    Launches next;
    for (int shift = 0; shift < 64 && (bound - 1) >> shift != 0 && bound > 1; shift += kBits) {
        next(digits_kernel, tiles, stream, s.keys[0], s.n, shift, s.scratch);
        next.also(launch_scan(stream, s.scratch, s.scratch, table, s.scratch + table + 1));
        next(scatter_kernel, tiles, stream, s.keys[0], s.items[0], s.n, shift, s.scratch, s.keys[1],
             s.items[1]);
        std::swap(s.keys[0], s.keys[1]);
        std::swap(s.items[0], s.items[1]);
    }
    return next.error();
}

cudaError_t launch_find_starts(cudaStream_t stream, const uint64_t* keys, int64_t n, int64_t n_keys,
                               int64_t* out) {
    return lib::launch(starts_kernel, lib::blocks_for(n_keys + 1, kThreads), kThreads, stream, keys,
                       n, n_keys, out);
}

void Transposed::take(Pieces& pieces, int64_t m_rows, int64_t m_columns, int64_t elements) {
    row_starts = pieces.take<int64_t>(m_rows + 1);
    scan = pieces.take<int64_t>(scan_scratch(m_rows));
    sort.take(pieces, elements);
    rows = pieces.take<int64_t>(elements);
    places = pieces.take<int64_t>(elements);
    offsets = pieces.take<int64_t>(m_columns + 1);
    indices = pieces.take<int64_t>(elements);
    permutation = pieces.take<int64_t>(elements);
}

cudaError_t launch_transpose(cudaStream_t stream, const Rows& m, int64_t elements,
                             Transposed& memory, Rows* result) {
    Launches next;
    if (m.rows > 0)
        next(count_kernel, lib::blocks_for(m.rows, kThreads), stream, m, memory.row_starts);
    next.also(launch_scan(stream, memory.row_starts, memory.row_starts, m.rows, memory.scan));
    if (elements > 0 && m.rows > 0) {
        next(expand_kernel, lib::blocks_for(m.rows, kThreads), stream, m, memory);
        next(pad_kernel, lib::blocks_for(elements, kTile, 64), stream, memory,
             memory.row_starts + m.rows, elements, m.columns);
    }
    next.also(launch_sort(stream, memory.sort, uint64_t(m.columns) + 1));
    next.also(launch_find_starts(stream, memory.sort.keys[0], elements, m.columns, memory.offsets));
    if (elements > 0)
        next(take_kernel, lib::blocks_for(elements, kThreads), stream, memory, elements);
    *result = {};
    result->rows = m.columns;
    result->columns = m.rows;
    result->nnz = elements;
    result->offsets = {memory.offsets, 8, 0};
    result->indices = {memory.indices, 8, 0};
    result->values = m.values;
    result->permutation = memory.permutation;
    result->block_rows = result->block_columns = result->slice = 1;
    return next.error();
}

} // namespace acc::sparse
