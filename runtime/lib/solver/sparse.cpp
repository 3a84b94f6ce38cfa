// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/solver/sparse.h"

namespace acc::solver {

Structure structure_of(int n, int nnz, const cusparseMatDescr_t descriptor, const int* offsets,
                       const int* columns) {
    want(n >= 0 && nnz >= 0 && descriptor != nullptr && offsets != nullptr &&
         (nnz == 0 || columns != nullptr));
    want(cusparseGetMatType(descriptor) == CUSPARSE_MATRIX_TYPE_GENERAL,
         CUSOLVER_STATUS_MATRIX_TYPE_NOT_SUPPORTED);
    Structure result;
    want(read_structure(n, nnz, offsets, columns, base_of(descriptor), &result));
    return result;
}

Structure structure_of(int n, int nnz, const cusparseMatDescr_t descriptor, const int* offsets,
                       const int* columns, cudaStream_t stream) {
    want(n >= 0 && nnz >= 0 && offsets != nullptr && (nnz == 0 || columns != nullptr));
    std::vector<int> o(size_t(n) + 1), c(size_t(nnz) + 1);
    want(cudaMemcpyAsync(o.data(), offsets, o.size() * sizeof(int), cudaMemcpyDefault, stream));
    if (nnz > 0)
        want(cudaMemcpyAsync(c.data(), columns, size_t(nnz) * sizeof(int), cudaMemcpyDefault,
                             stream));
    want(cudaStreamSynchronize(stream));
    return structure_of(n, nnz, descriptor, o.data(), c.data());
}

void DeviceBand::analyse(cudaStream_t stream, const Structure& a, int base_, bool hermitian) {
    const Order order = inverse_of(narrow_order(a));
    const Band b = band_of(a, order);
    base = base_;
    room = 0;
    nnz = int64_t(a.columns.size());
    shape = {a.n, b.lower, b.upper, hermitian};
    if (hermitian) shape.lower = b.lower > b.upper ? b.lower : b.upper;
    if (a.n == 0) return;
    want(inverse.allocate(order.size() * sizeof(int)));
    want(cudaMemcpyAsync(inverse.as<int>(), order.data(), order.size() * sizeof(int),
                         cudaMemcpyHostToDevice, stream));
    want(cudaStreamSynchronize(stream));
}

template <class T>
void DeviceBand::make_room(int64_t count) {
    const size_t rows = size_t(shape.n * count);
    room = 0;
    want(band.allocate(size_t(shape.size() * count) * sizeof(T)));
    want(tau.allocate(rows * sizeof(T)));
    want(pivots.allocate(rows * sizeof(T)));
    want(work.allocate(rows * sizeof(T)));
    room = count;
    element = sizeof(T);
    real_element = sizeof(Real<T>);
}

template <class T>
int DeviceBand::singular(cudaStream_t stream, Real<T> tolerance) {
    if (shape.n == 0) return -1;
    want_room<T>(1);
    std::vector<Real<T>> sizes(size_t(shape.n));
    want(cudaMemcpyAsync(sizes.data(), pivots.as<Real<T>>(), sizes.size() * sizeof(Real<T>),
                         cudaMemcpyDeviceToHost, stream));
    want(cudaStreamSynchronize(stream));
    return first_small(sizes.data(), shape.n, tolerance);
}

#define ACC_INSTANCES(T)                                                                           \
    template void DeviceBand::make_room<T>(int64_t);                                               \
    template int DeviceBand::singular<T>(cudaStream_t, Real<T>);
ACC_INSTANCES(float)
ACC_INSTANCES(double)
ACC_INSTANCES(Complex<float>)
ACC_INSTANCES(Complex<double>)

} // namespace acc::solver
