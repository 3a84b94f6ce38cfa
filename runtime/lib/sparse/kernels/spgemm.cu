// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/kernels/spgemm.h"

#include "runtime/lib/sparse/kernels/dispatch.cuh"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 256;

__global__ void count_kernel(Rows a, Rows b, int64_t* counts) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    int64_t count = 0;
    for_row(a, row, 0, 1, [&](int64_t k, int64_t) { count += range_of(b, k).steps; });
    counts[row] = count;
}

__global__ void list_kernel(Rows a, Rows b, const int64_t* starts, Sortable products,
                            int64_t* a_places, int64_t* b_places) {
    const int64_t row = lib::thread_of_grid();
    if (row >= a.rows) return;
    int64_t at = starts[row];
    for_row(a, row, 0, 1, [&](int64_t k, int64_t a_place) {
        for_row(b, k, 0, 1, [&](int64_t column, int64_t b_place) {
            products.keys[0][at] = uint64_t(row) * uint64_t(b.columns) + uint64_t(column);
            products.items[0][at] = at;
            a_places[at] = a_place;
            b_places[at++] = b_place;
        });
    });
}

__global__ void firsts_kernel(const uint64_t* keys, int64_t n, int64_t* firsts) {
    const int64_t i = lib::thread_of_grid();
    if (i < n) firsts[i] = i == 0 || keys[i] != keys[i - 1];
}

__global__ void compact_kernel(const uint64_t* keys, int64_t n, const int64_t* sums,
                               int64_t* first_products, uint64_t* elements) {
    const int64_t i = lib::thread_of_grid();
    if (i == n) first_products[sums[n]] = n;
    if (i >= n || sums[i + 1] == sums[i]) return;
    first_products[sums[i]] = i;
    elements[sums[i]] = keys[i];
}

__global__ void structure_kernel(const uint64_t* elements, int64_t n, int64_t rows, int64_t columns,
                                 Indices offsets, Indices indices) {
    const int64_t i = lib::thread_of_grid();
    if (i < n) set_index(indices, i, int64_t(elements[i] % uint64_t(columns)));
    if (i > rows) return;
    int64_t low = 0, count = n;
    while (count > 0) {
        const int64_t half = count / 2;
        if (elements[low + half] < uint64_t(i) * uint64_t(columns)) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    set_index(offsets, i, low);
}

template <class C>
__global__ void values_kernel(Rows a, Rows b, Values c, int64_t n, const int64_t* first_products,
                              const int64_t* items, const int64_t* a_places,
                              const int64_t* b_places, AnyScalar alpha, AnyScalar beta) {
    const int64_t i = lib::thread_of_grid();
    if (i >= n) return;
    C sum(0);
    for (int64_t p = first_products[i]; p < first_products[i + 1]; ++p) {
        const int64_t item = items[p];
        sum += load<C>(a.values, a_places[item]) * load<C>(b.values, b_places[item]);
    }
    store<C>(c, i, plus_beta(scalar<C>(alpha) * sum, scalar<C>(beta), c, i));
}

template <class K, class... A>
cudaError_t each(cudaStream_t stream, K kernel, int64_t n, A&&... arguments) {
    if (n == 0) return cudaSuccess;
    return lib::launch(kernel, lib::blocks_for(n, kThreads), kThreads, stream,
                       std::forward<A>(arguments)...);
}

} // namespace

cudaError_t launch_count_products(cudaStream_t stream, const Rows& a, const Rows& b,
                                  int64_t* counts) {
    return each(stream, count_kernel, a.rows, a, b, counts);
}

cudaError_t launch_list_products(cudaStream_t stream, const Rows& a, const Rows& b,
                                 const int64_t* starts, Sortable& products, int64_t* a_places,
                                 int64_t* b_places) {
    return each(stream, list_kernel, a.rows, a, b, starts, products, a_places, b_places);
}

cudaError_t launch_firsts(cudaStream_t stream, const uint64_t* keys, int64_t n, int64_t* firsts) {
    return each(stream, firsts_kernel, n, keys, n, firsts);
}

cudaError_t launch_compact(cudaStream_t stream, const uint64_t* keys, int64_t n,
                           const int64_t* sums, int64_t* first_products, uint64_t* elements) {
    return each(stream, compact_kernel, n + 1, keys, n, sums, first_products, elements);
}

cudaError_t launch_structure(cudaStream_t stream, const uint64_t* elements, int64_t n, int64_t rows,
                             int64_t columns, Indices offsets, Indices indices) {
    const int64_t threads = n > rows + 1 ? n : rows + 1;
    return each(stream, structure_kernel, threads, elements, n, rows, columns, offsets, indices);
}

cudaError_t launch_values(cudaStream_t stream, Element compute, const Rows& a, const Rows& b,
                          Values c, int64_t n, const int64_t* first_products, const int64_t* items,
                          const int64_t* a_places, const int64_t* b_places, AnyScalar alpha,
                          AnyScalar beta) {
    return with_float_type(compute, [&](auto t) {
        return each(stream, values_kernel<decltype(t)>, n, a, b, c, n, first_products, items,
                    a_places, b_places, alpha, beta);
    });
}

} // namespace acc::sparse
