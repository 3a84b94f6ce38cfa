// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors of vectors and of dense matrices.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"

using namespace acc::sparse;

namespace {

cusparseStatus_t make(cusparseSpVecDescr** place, int64_t size, int64_t nnz, const void* indices,
                      const void* values, cusparseIndexType_t index_type, cusparseIndexBase_t base,
                      cudaDataType type) {
    if (size < 0 || nnz < 0 || nnz > size || !valid(index_type) || !valid(base) ||
        element_of(type) == Element::None || (nnz > 0 && (indices == nullptr || values == nullptr)))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return create(place, {size, nnz, writable(indices), writable(values), index_type, base, type});
}

cusparseStatus_t make(cusparseDnVecDescr** place, int64_t size, const void* values,
                      cudaDataType type) {
    if (size < 0 || element_of(type) == Element::None || (size > 0 && values == nullptr))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return create(place, {size, writable(values), type});
}

cusparseStatus_t make(cusparseDnMatDescr** place, int64_t rows, int64_t columns, int64_t ld,
                      const void* values, cudaDataType type, cusparseOrder_t order) {
    if (rows < 0 || columns < 0 || !valid(order) || element_of(type) == Element::None ||
        ld < (order == CUSPARSE_ORDER_COL ? rows : columns) ||
        (rows > 0 && columns > 0 && values == nullptr))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return create(place, {rows, columns, ld, writable(values), type, order});
}

template <class V>
cusparseStatus_t get(const cusparseSpVecDescr* v, int64_t* size, int64_t* nnz, V** indices,
                     V** values, cusparseIndexType_t* index_type, cusparseIndexBase_t* base,
                     cudaDataType* type) {
    if (any_null(v, size, nnz, indices, values, index_type, base, type))
        return CUSPARSE_STATUS_INVALID_VALUE;
    *size = v->size;
    *nnz = v->nnz;
    *indices = v->indices;
    *values = v->values;
    *index_type = v->index_type;
    *base = v->base;
    *type = v->type;
    return CUSPARSE_STATUS_SUCCESS;
}

template <class V>
cusparseStatus_t get(const cusparseDnVecDescr* v, int64_t* size, V** values, cudaDataType* type) {
    if (any_null(v, size, values, type)) return CUSPARSE_STATUS_INVALID_VALUE;
    *size = v->size;
    *values = v->values;
    *type = v->type;
    return CUSPARSE_STATUS_SUCCESS;
}

template <class V>
cusparseStatus_t get(const cusparseDnMatDescr* m, int64_t* rows, int64_t* columns, int64_t* ld,
                     V** values, cudaDataType* type, cusparseOrder_t* order) {
    if (any_null(m, rows, columns, ld, values, type, order)) return CUSPARSE_STATUS_INVALID_VALUE;
    *rows = m->rows;
    *columns = m->columns;
    *ld = m->ld;
    *values = m->values;
    *type = m->type;
    *order = m->order;
    return CUSPARSE_STATUS_SUCCESS;
}

} // namespace

#define ACC_FORMS(C, V, K)                                                                         \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##SpVec(                                     \
        K cusparseSpVecDescr** v, int64_t size, int64_t nnz, V* indices, V* values,                \
        cusparseIndexType_t index_type, cusparseIndexBase_t base, cudaDataType type) {             \
        return guard(__func__, [&] {                                                               \
            return make(place_of(v), size, nnz, indices, values, index_type, base, type);          \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##DnVec(                                     \
        K cusparseDnVecDescr** v, int64_t size, V* values, cudaDataType type) {                    \
        return guard(__func__, [&] { return make(place_of(v), size, values, type); });             \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##DnMat(                                     \
        K cusparseDnMatDescr** m, int64_t rows, int64_t columns, int64_t ld, V* values,            \
        cudaDataType type, cusparseOrder_t order) {                                                \
        return guard(__func__,                                                                     \
                     [&] { return make(place_of(m), rows, columns, ld, values, type, order); });   \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##SpVecGet(                                        \
        K cusparseSpVecDescr* v, int64_t* size, int64_t* nnz, V** indices, V** values,             \
        cusparseIndexType_t* index_type, cusparseIndexBase_t* base, cudaDataType* type) {          \
        return guard(__func__,                                                                     \
                     [&] { return get(v, size, nnz, indices, values, index_type, base, type); });  \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##DnVecGet(K cusparseDnVecDescr* v, int64_t* size, \
                                                           V** values, cudaDataType* type) {       \
        return guard(__func__, [&] { return get(v, size, values, type); });                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##DnMatGet(                                        \
        K cusparseDnMatDescr* m, int64_t* rows, int64_t* columns, int64_t* ld, V** values,         \
        cudaDataType* type, cusparseOrder_t* order) {                                              \
        return guard(__func__, [&] { return get(m, rows, columns, ld, values, type, order); });    \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##SpVecGetValues(K cusparseSpVecDescr* v,          \
                                                                 V** values) {                     \
        return guard(__func__, [&] { return member(v, &cusparseSpVecDescr::values, values); });    \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##DnVecGetValues(K cusparseDnVecDescr* v,          \
                                                                 V** values) {                     \
        return guard(__func__, [&] { return member(v, &cusparseDnVecDescr::values, values); });    \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##DnMatGetValues(K cusparseDnMatDescr* m,          \
                                                                 V** values) {                     \
        return guard(__func__, [&] { return member(m, &cusparseDnMatDescr::values, values); });    \
    }
ACC_FORMS(, void, )
ACC_FORMS(Const, const void, const)

#define ACC_ENDS(NAME)                                                                             \
    ACC_LIBRARY_API cusparseStatus_t cusparseDestroy##NAME(const cusparse##NAME##Descr* v) {       \
        delete v;                                                                                  \
        return CUSPARSE_STATUS_SUCCESS;                                                            \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME##SetValues(cusparse##NAME##Descr* v,           \
                                                               void* values) {                     \
        return guard(__func__, [&] {                                                               \
            if (any_null(v, values)) return CUSPARSE_STATUS_INVALID_VALUE;                         \
            v->values = values;                                                                    \
            return CUSPARSE_STATUS_SUCCESS;                                                        \
        });                                                                                        \
    }
ACC_ENDS(SpVec)
ACC_ENDS(DnVec)
ACC_ENDS(DnMat)
ACC_ENDS(SpMat)

ACC_LIBRARY_API cusparseStatus_t cusparseSpVecGetIndexBase(const cusparseSpVecDescr* v,
                                                           cusparseIndexBase_t* base) {
    return guard(__func__, [&] { return member(v, &cusparseSpVecDescr::base, base); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDnMatSetStridedBatch(cusparseDnMatDescr* m, int count,
                                                              int64_t stride) {
    return guard(__func__, [&] {
        if (m == nullptr || count <= 0 || stride < 0) return CUSPARSE_STATUS_INVALID_VALUE;
        const int64_t lines = m->order == CUSPARSE_ORDER_COL ? m->columns : m->rows;
        if (stride != 0 && stride < lines * m->ld) return CUSPARSE_STATUS_INVALID_VALUE;
        m->batches = count;
        m->stride = stride;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDnMatGetStridedBatch(const cusparseDnMatDescr* m,
                                                              int* count, int64_t* stride) {
    return guard(__func__, [&] {
        if (any_null(m, count, stride)) return CUSPARSE_STATUS_INVALID_VALUE;
        *count = m->batches;
        *stride = m->stride;
        return CUSPARSE_STATUS_SUCCESS;
    });
}
