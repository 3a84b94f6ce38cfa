// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Structures: sums, sorting, transposing. All of it is stable and does not depend on scheduling.
#pragma once

#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

/// Hands out pieces of a buffer, aligned to 16 bytes; without one it only counts.
class Pieces {
  public:
    explicit Pieces(void* buffer) : base_(static_cast<char*>(buffer)) {
        if (base_ != nullptr) used_ = size_t(-reinterpret_cast<uintptr_t>(base_)) % 16;
    }
    template <class T>
    T* take(int64_t count) {
        T* piece = base_ == nullptr ? nullptr : reinterpret_cast<T*>(base_ + used_);
        used_ += (size_t(count) * sizeof(T) + 15) / 16 * 16;
        return piece;
    }
    /// Bytes for all pieces, wherever the buffer begins; never zero, as zero bytes give programs a
    /// null pointer, which asks for the size again.
    size_t size() const { return used_ + 16; }

  private:
    char* base_;
    size_t used_ = 0;
};

/// Elements of scratch memory that a sum over n numbers takes.
int64_t scan_scratch(int64_t n);
/// out[i] = in[0] + ... + in[i-1] for i = 0 ... n; in and out may be the same.
cudaError_t launch_scan(cudaStream_t, const int64_t* in, int64_t* out, int64_t n, int64_t* scratch);

/// Keys with what belongs to them, in two places each; sorting leaves the result in [0].
struct Sortable {
    uint64_t* keys[2];
    int64_t* items[2];
    int64_t n;
    int64_t* scratch;

    void take(Pieces& pieces, int64_t count);
};
/// By keys below `bound`; equal ones stay in their order.
cudaError_t launch_sort(cudaStream_t, Sortable& sortable, uint64_t bound);
/// out[k] = the first i whose key is not below k, for k = 0 ... n_keys. Keys are sorted.
cudaError_t launch_find_starts(cudaStream_t, const uint64_t* keys, int64_t n, int64_t n_keys,
                               int64_t* out);

/// The elements of a matrix, padding left out, and the memory for its transposed structure.
struct Transposed {
    int64_t* row_starts; ///< of the given matrix
    int64_t* scan;
    Sortable sort;
    int64_t* rows;    ///< of the given matrix, for each element
    int64_t* places;  ///< in values
    int64_t* offsets; ///< of the transposed one
    int64_t* indices;
    int64_t* permutation;

    /// For a matrix of this size with at most `elements` elements.
    void take(Pieces& pieces, int64_t rows, int64_t columns, int64_t elements);
};
/// The transposed matrix as CSR whose arrays are in `memory`; the values are those of `m`.
cudaError_t launch_transpose(cudaStream_t, const Rows& m, int64_t elements, Transposed& memory,
                             Rows* result);

} // namespace acc::sparse
