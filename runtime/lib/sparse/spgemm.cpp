// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SpGEMM and SpGEMMreuse. The program's buffers: the first has the products of each row, a second
// one the list of products; of that one SpGEMM_copy and SpGEMMreuse_compute make values.
#include "runtime/lib/sparse/kernels/spgemm.h"
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"
#include "runtime/lib/sparse/operand.h"

#include <initializer_list>

struct cusparseSpGEMMDescr {
    int64_t* starts = nullptr; ///< of each row's products
    int64_t products = -1;     ///< not counted yet
    int64_t elements = -1;     ///< of C; not known yet
    acc::sparse::Sortable sorted = {};
    int64_t *a_places = nullptr, *b_places = nullptr;
    int64_t *sums = nullptr, *scan = nullptr, *first_products = nullptr;
    uint64_t* keys = nullptr; ///< of C's elements
};

using namespace acc::sparse;

namespace {

using Matrix = cusparseSpMatDescr;
using Product = cusparseSpGEMMDescr;

/// The arguments that every step has.
struct Step {
    cusparseOperation_t op_a, op_b;
    const Matrix *a, *b;
    Matrix* c;
    cusparseSpGEMMAlg_t alg;
    Product* product;
};

cusparseStatus_t check(const Step& s) {
    if (any_null(s.a, s.b, s.c, s.product) || !valid(s.op_a) || !valid(s.op_b) ||
        s.alg < CUSPARSE_SPGEMM_DEFAULT || s.alg > CUSPARSE_SPGEMM_ALG3 ||
        s.a->columns != s.b->rows || s.a->rows != s.c->rows || s.b->columns != s.c->columns)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const bool plain = s.op_a == CUSPARSE_OPERATION_NON_TRANSPOSE &&
                       s.op_b == CUSPARSE_OPERATION_NON_TRANSPOSE;
    for (const Matrix* m : {s.a, s.b, static_cast<const Matrix*>(s.c)})
        if (m->format != CUSPARSE_FORMAT_CSR || m->batches != 1 || m->type != s.a->type || !plain)
            return CUSPARSE_STATUS_NOT_SUPPORTED;
    return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t check(const Step& s, const void* alpha, const void* beta, cudaDataType compute) {
    if (any_null(alpha, beta)) return CUSPARSE_STATUS_INVALID_VALUE;
    const cusparseStatus_t status = check(s);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    const Element type = element_of(s.a->type), in = compute_of(compute);
    const bool half = type == Element::F16 || type == Element::BF16;
    const bool known = half ? in == Element::F32 : in == type && in != Element::I32;
    return known ? CUSPARSE_STATUS_SUCCESS : CUSPARSE_STATUS_NOT_SUPPORTED;
}

/// Counts the products, or tells the size of the memory for that.
cusparseStatus_t estimate(const Context& context, const Step& s, size_t* size, void* buffer) {
    if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    auto* starts = pieces.take<int64_t>(s.a->rows + 1);
    auto* scan = pieces.take<int64_t>(scan_scratch(s.a->rows));
    if (buffer == nullptr) {
        *size = pieces.size();
        return CUSPARSE_STATUS_SUCCESS;
    }
    cudaError_t error = launch_count_products(context.stream, rows_of(*s.a), rows_of(*s.b), starts);
    if (error == cudaSuccess) error = launch_scan(context.stream, starts, starts, s.a->rows, scan);
    if (error != cudaSuccess) return status_of(error);
    s.product->starts = starts;
    s.product->elements = -1;
    return fetch(context, starts + s.a->rows, &s.product->products, sizeof(int64_t));
}

void take_list(Pieces& pieces, Product& p) {
    p.sorted.take(pieces, p.products);
    p.a_places = pieces.take<int64_t>(p.products);
    p.b_places = pieces.take<int64_t>(p.products);
    p.sums = pieces.take<int64_t>(p.products + 1);
    p.scan = pieces.take<int64_t>(scan_scratch(p.products));
    p.first_products = pieces.take<int64_t>(p.products + 1);
    p.keys = pieces.take<uint64_t>(p.products);
}

size_t list_size(const Product& product) {
    Pieces pieces(nullptr);
    Product unused = product;
    take_list(pieces, unused);
    return pieces.size();
}

/// Lists and sorts the products; then C's size is known.
cusparseStatus_t list(const Context& context, const Step& s, void* buffer) {
    Product& p = *s.product;
    Pieces pieces(buffer);
    take_list(pieces, p);
    const Rows a = rows_of(*s.a), b = rows_of(*s.b);
    cudaError_t error = launch_list_products(context.stream, a, b, p.starts, p.sorted, p.a_places,
                                             p.b_places);
    if (error == cudaSuccess)
        error = launch_sort(context.stream, p.sorted, uint64_t(a.rows) * uint64_t(b.columns));
    if (error == cudaSuccess)
        error = launch_firsts(context.stream, p.sorted.keys[0], p.products, p.sums);
    if (error == cudaSuccess)
        error = launch_scan(context.stream, p.sums, p.sums, p.products, p.scan);
    if (error == cudaSuccess)
        error = launch_compact(context.stream, p.sorted.keys[0], p.products, p.sums,
                               p.first_products, p.keys);
    if (error != cudaSuccess) return status_of(error);
    const cusparseStatus_t status = fetch(context, p.sums + p.products, &p.elements,
                                          sizeof p.elements);
    if (status == CUSPARSE_STATUS_SUCCESS) s.c->nnz = p.elements;
    return status;
}

cusparseStatus_t write_structure(const Context& context, const Step& s) {
    const Product& p = *s.product;
    if (s.c->offsets == nullptr || (p.elements > 0 && s.c->indices == nullptr))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return status_of(launch_structure(context.stream, p.keys, p.elements, s.c->rows, s.c->columns,
                                      indices_of(s.c->offsets, s.c->offset_type, s.c->base),
                                      indices_of(s.c->indices, s.c->index_type, s.c->base)));
}

cusparseStatus_t write_values(const Context& context, const Step& s, const void* alpha,
                              const void* beta, Element compute) {
    const Product& p = *s.product;
    if (p.elements > 0 && s.c->values == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    return status_of(launch_values(
        context.stream, compute, rows_of(*s.a), rows_of(*s.b), {s.c->values, element_of(s.c->type)},
        p.elements, p.first_products, p.sorted.items[0], p.a_places, p.b_places,
        scalar(context, compute, alpha), scalar(context, compute, beta)));
}

cusparseStatus_t compute_list(const Context& context, const Step& s, size_t* size, void* buffer) {
    if (size == nullptr || s.product->products < 0) return CUSPARSE_STATUS_INVALID_VALUE;
    if (buffer != nullptr) return list(context, s, buffer);
    *size = list_size(*s.product);
    return CUSPARSE_STATUS_SUCCESS;
}

/// Of buffers that are not used: not zero, see Pieces::size.
constexpr size_t kNothing = 16;

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMM_createDescr(cusparseSpGEMMDescr_t* product) {
    return guard(__func__, [&] { return create(product, Product{}); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMM_destroyDescr(cusparseSpGEMMDescr_t product) {
    delete product;
    return CUSPARSE_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMM_workEstimation(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, const void* beta,
    cusparseSpMatDescr_t c, cudaDataType compute, cusparseSpGEMMAlg_t alg,
    cusparseSpGEMMDescr_t product, size_t* size, void* buffer) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s, alpha, beta, compute);
        return status != CUSPARSE_STATUS_SUCCESS ? status : estimate(*handle, s, size, buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMM_getNumProducts(cusparseSpGEMMDescr_t product,
                                                               int64_t* count) {
    return guard(__func__, [&] {
        if (any_null(product, count) || product->products < 0) return CUSPARSE_STATUS_INVALID_VALUE;
        *count = product->products;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

/// The list is made at once, whatever the fraction is.
ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMM_estimateMemory(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, const void* beta,
    cusparseSpMatDescr_t c, cudaDataType compute, cusparseSpGEMMAlg_t alg,
    cusparseSpGEMMDescr_t product, float chunk_fraction, size_t* size3, void* buffer3,
    size_t* size2) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s, alpha, beta, compute);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (size3 == nullptr || product->products < 0 ||
            !(chunk_fraction > 0 && chunk_fraction <= 1))
            return CUSPARSE_STATUS_INVALID_VALUE;
        if (alg != CUSPARSE_SPGEMM_ALG2 && alg != CUSPARSE_SPGEMM_ALG3)
            return CUSPARSE_STATUS_NOT_SUPPORTED;
        if (buffer3 == nullptr)
            *size3 = kNothing;
        else if (size2 == nullptr)
            return CUSPARSE_STATUS_INVALID_VALUE;
        if (size2 != nullptr) *size2 = list_size(*product);
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMM_compute(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, const void* beta,
    cusparseSpMatDescr_t c, cudaDataType compute, cusparseSpGEMMAlg_t alg,
    cusparseSpGEMMDescr_t product, size_t* size, void* buffer) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s, alpha, beta, compute);
        return status != CUSPARSE_STATUS_SUCCESS ? status : compute_list(*handle, s, size, buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t
cusparseSpGEMM_copy(cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b,
                    const void* alpha, cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b,
                    const void* beta, cusparseSpMatDescr_t c, cudaDataType compute,
                    cusparseSpGEMMAlg_t alg, cusparseSpGEMMDescr_t product) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        cusparseStatus_t status = check(s, alpha, beta, compute);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (product->elements < 0) return CUSPARSE_STATUS_INVALID_VALUE;
        status = write_structure(*handle, s);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return write_values(*handle, s, alpha, beta, compute_of(compute));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMMreuse_workEstimation(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, cusparseSpMatDescr_t c,
    cusparseSpGEMMAlg_t alg, cusparseSpGEMMDescr_t product, size_t* size, void* buffer) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s);
        return status != CUSPARSE_STATUS_SUCCESS ? status : estimate(*handle, s, size, buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMMreuse_nnz(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, cusparseSpMatDescr_t c,
    cusparseSpGEMMAlg_t alg, cusparseSpGEMMDescr_t product, size_t* size2, void*, size_t* size3,
    void*, size_t* size4, void* buffer4) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (any_null(size2, size3)) return CUSPARSE_STATUS_INVALID_VALUE;
        *size2 = *size3 = kNothing;
        return compute_list(*handle, s, size4, buffer4);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMMreuse_copy(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, cusparseSpMatDescr_t c,
    cusparseSpGEMMAlg_t alg, cusparseSpGEMMDescr_t product, size_t* size, void* buffer) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (size == nullptr || product->elements < 0) return CUSPARSE_STATUS_INVALID_VALUE;
        if (buffer != nullptr) return write_structure(*handle, s);
        *size = kNothing;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpGEMMreuse_compute(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstSpMatDescr_t b, const void* beta,
    cusparseSpMatDescr_t c, cudaDataType compute, cusparseSpGEMMAlg_t alg,
    cusparseSpGEMMDescr_t product) {
    return guard(__func__, handle, [&] {
        const Step s = {op_a, op_b, a, b, c, alg, product};
        const cusparseStatus_t status = check(s, alpha, beta, compute);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (product->elements < 0) return CUSPARSE_STATUS_INVALID_VALUE;
        return write_values(*handle, s, alpha, beta, compute_of(compute));
    });
}
