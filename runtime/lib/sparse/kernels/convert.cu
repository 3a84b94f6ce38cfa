// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/kernels/convert.h"

#include "runtime/lib/sparse/kernels/dispatch.cuh"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 256;

/// The type in which elements are compared with zero and copied.
Element natural(Element type) {
    switch (type) {
    case Element::F16:
    case Element::BF16: return Element::F32;
    case Element::C16:
    case Element::CBF16: return Element::C32;
    case Element::I8: return Element::None;
    default: return type;
    }
}

/// with_type for what is stored; 8-bit integers are read as int and never written.
template <class F>
cudaError_t with_stored(Element type, F f) {
    return with_type(natural(type), f);
}

template <class C>
__global__ void clear_kernel(Dense b) {
    for (int64_t i = lib::thread_of_grid(); i < b.rows * b.columns; i += lib::threads_of_grid())
        store<C>(b.values, i / b.columns * b.row_step + i % b.columns * b.column_step, C(0));
}

template <class C>
__global__ void to_dense_kernel(Rows a, Dense b) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    for_row(a, row, 0, 1, [&](int64_t column, int64_t place) {
        store<C>(b.values, row * b.row_step + column * b.column_step, load<C>(a.values, place));
    });
}

template <class C>
__global__ void count_kernel(Dense a, int64_t* counts) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    int64_t count = 0;
    for (int64_t column = 0; column < a.columns; ++column)
        count += load<C>(a, row, column) != C(0);
    counts[row] = count;
}

template <class C>
__global__ void fill_kernel(Dense a, const int64_t* starts, Indices sorted, Indices indices,
                            Values values) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    int64_t at = starts[row];
    for (int64_t column = 0; column < a.columns; ++column) {
        const C value = load<C>(a, row, column);
        if (value == C(0)) continue;
        if (sorted.data != nullptr) set_index(sorted, at, row);
        set_index(indices, at, column);
        store<C>(values, at++, value);
    }
}

template <class C>
__global__ void fill_blocks_kernel(Dense a, Rows b) {
    const int64_t row = lib::thread_of_grid();
    if (row >= b.rows) return;
    const Range r = range_of(b, row);
    for (int64_t k = 0; k < r.steps; ++k) {
        const int64_t block = index_at(b.indices, r.first + k);
        for (int64_t c = 0; c < b.block_columns; ++c)
            store<C>(b.values, r.place + k * r.step_place + c * r.column_place,
                     block < 0 ? C(0) : load<C>(a, row, block * b.block_columns + c));
    }
}

__global__ void store_kernel(const int64_t* in, int64_t n, Indices out) {
    const int64_t i = lib::thread_of_grid();
    if (i < n) set_index(out, i, in[i]);
}

__global__ void load_kernel(Indices in, int64_t n, int64_t* out) {
    const int64_t i = lib::thread_of_grid();
    if (i < n) out[i] = index_at(in, i);
}

template <class W>
__global__ void permute_kernel(const int64_t* permutation, int64_t n, const W* in, W* out) {
    const int64_t i = lib::thread_of_grid();
    if (i < n) out[i] = in[permutation[i]];
}

__global__ void row_of_each_kernel(Indices offsets, int64_t rows, Indices out) {
    const int64_t row = lib::thread_of_grid();
    if (row >= rows) return;
    for (int64_t i = index_at(offsets, row); i < index_at(offsets, row + 1); ++i)
        set_index(out, i, row);
}

__global__ void row_starts_kernel(Indices sorted, int64_t nnz, int64_t rows, Indices out) {
    const int64_t row = lib::thread_of_grid();
    if (row <= rows) set_index(out, row, lower_bound(sorted, nnz, row));
}

__global__ void identity_kernel(int* out, int64_t n) {
    const int64_t i = lib::thread_of_grid();
    if (i < n) out[i] = int(i);
}

__global__ void keys_kernel(Indices high, Indices low, int64_t n, uint64_t bound, uint64_t* keys,
                            int64_t* items) {
    const int64_t i = lib::thread_of_grid();
    if (i >= n) return;
    keys[i] = uint64_t(index_at(high, i)) * bound + uint64_t(index_at(low, i));
    items[i] = i;
}

__global__ void unkeys_kernel(const uint64_t* keys, int64_t n, uint64_t bound, Indices high,
                              Indices low) {
    const int64_t i = lib::thread_of_grid();
    if (i >= n) return;
    if (high.data != nullptr) set_index(high, i, int64_t(keys[i] / bound));
    set_index(low, i, int64_t(keys[i] % bound));
}

/// A thread for each of n.
template <class K, class... A>
cudaError_t each(cudaStream_t stream, K kernel, int64_t n, A&&... arguments) {
    if (n == 0) return cudaSuccess;
    return lib::launch(kernel, lib::blocks_for(n, kThreads), kThreads, stream,
                       std::forward<A>(arguments)...);
}

} // namespace

cudaError_t launch_to_dense(cudaStream_t stream, const Rows& a, const Dense& b) {
    if (b.rows == 0 || b.columns == 0) return cudaSuccess;
    return with_stored(b.values.type, [&](auto t) {
        using C = decltype(t);
        const cudaError_t error = lib::launch(clear_kernel<C>,
                                              lib::blocks_for(b.rows * b.columns, kThreads, 1024),
                                              kThreads, stream, b);
        return error != cudaSuccess ? error : each(stream, to_dense_kernel<C>, a.rows, a, b);
    });
}

cudaError_t launch_count(cudaStream_t stream, const Dense& a, int64_t* counts) {
    return with_stored(a.values.type, [&](auto t) {
        return each(stream, count_kernel<decltype(t)>, a.rows, a, counts);
    });
}

cudaError_t launch_fill(cudaStream_t stream, const Dense& a, const int64_t* starts, Indices sorted,
                        Indices indices, Values values) {
    return with_stored(a.values.type, [&](auto t) {
        return each(stream, fill_kernel<decltype(t)>, a.rows, a, starts, sorted, indices, values);
    });
}

cudaError_t launch_fill_blocks(cudaStream_t stream, const Dense& a, const Rows& b) {
    return with_stored(a.values.type, [&](auto t) {
        return each(stream, fill_blocks_kernel<decltype(t)>, b.rows, a, b);
    });
}

cudaError_t launch_store(cudaStream_t stream, const int64_t* in, int64_t n, Indices out) {
    return each(stream, store_kernel, n, in, n, out);
}

cudaError_t launch_load(cudaStream_t stream, Indices in, int64_t n, int64_t* out) {
    return each(stream, load_kernel, n, in, n, out);
}

cudaError_t launch_permute(cudaStream_t stream, const int64_t* permutation, int64_t n,
                           const void* in, void* out, size_t size) {
    const auto as = [&](auto w) {
        using W = decltype(w);
        return each(stream, permute_kernel<W>, n, permutation, n, static_cast<const W*>(in),
                    static_cast<W*>(out));
    };
    switch (size) {
    case 1: return as(char{});
    case 2: return as(short{});
    case 4: return as(int{});
    case 8: return as(int2{});
    default: return as(int4{});
    }
}

cudaError_t launch_row_of_each(cudaStream_t stream, Indices offsets, int64_t rows, Indices out) {
    return each(stream, row_of_each_kernel, rows, offsets, rows, out);
}

cudaError_t launch_row_starts(cudaStream_t stream, Indices sorted, int64_t nnz, int64_t rows,
                              Indices out) {
    return each(stream, row_starts_kernel, rows + 1, sorted, nnz, rows, out);
}

cudaError_t launch_identity(cudaStream_t stream, int* out, int64_t n) {
    return each(stream, identity_kernel, n, out, n);
}

cudaError_t launch_keys(cudaStream_t stream, Indices high, Indices low, int64_t n, uint64_t bound,
                        uint64_t* keys, int64_t* items) {
    return each(stream, keys_kernel, n, high, low, n, bound, keys, items);
}

cudaError_t launch_unkeys(cudaStream_t stream, const uint64_t* keys, int64_t n, uint64_t bound,
                          Indices high, Indices low) {
    return each(stream, unkeys_kernel, n, keys, n, bound, high, low);
}

} // namespace acc::sparse
