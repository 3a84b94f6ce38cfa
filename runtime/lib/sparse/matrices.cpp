// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors of sparse matrices.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"

#include <cstring>

using namespace acc::sparse;

namespace {

using Matrix = cusparseSpMatDescr;

/// Descriptors are made before the arrays of a result exist: null pointers are no error here.
cusparseStatus_t make(Matrix** place, const Matrix& m) {
    if (m.rows < 0 || m.columns < 0 || m.nnz < 0 || !valid(m.offset_type) || !valid(m.index_type) ||
        !valid(m.base) || element_of(m.type) == Element::None)
        return CUSPARSE_STATUS_INVALID_VALUE;
    return create(place, m);
}

Matrix compressed(cusparseFormat_t format, int64_t rows, int64_t columns, int64_t nnz,
                  const void* offsets, const void* indices, const void* values,
                  cusparseIndexType_t offset_type, cusparseIndexType_t index_type,
                  cusparseIndexBase_t base, cudaDataType type) {
    Matrix m = {};
    m.format = format;
    m.rows = rows;
    m.columns = columns;
    m.nnz = nnz;
    m.offsets = writable(offsets);
    m.indices = writable(indices);
    m.values = writable(values);
    m.offset_type = offset_type;
    m.index_type = index_type;
    m.base = base;
    m.type = type;
    return m;
}

/// Of a matrix without elements, rows or columns nnz has to be zero, which fits.
bool fits(int64_t rows, int64_t columns, int64_t nnz) {
    return rows >= 0 && columns >= 0 && (nnz == 0 || (columns > 0 && (nnz - 1) / columns < rows));
}

cusparseStatus_t make_compressed(Matrix** place, const Matrix& m) {
    return fits(m.rows, m.columns, m.nnz) ? make(place, m) : CUSPARSE_STATUS_INVALID_VALUE;
}

cusparseStatus_t make_bsr(Matrix** place, Matrix m, int64_t block_rows, int64_t block_columns,
                          cusparseOrder_t order) {
    if (block_rows <= 0 || block_columns <= 0 || !valid(order) || !fits(m.rows, m.columns, m.nnz))
        return CUSPARSE_STATUS_INVALID_VALUE;
    m.rows *= block_rows;
    m.columns *= block_columns;
    m.block_rows = block_rows;
    m.block_columns = block_columns;
    m.block_order = order;
    return make(place, m);
}

cusparseStatus_t make_padded(Matrix** place, Matrix m, int64_t block, int64_t ell_columns) {
    if (block <= 0 || ell_columns < 0 || ell_columns > m.columns || ell_columns % block != 0 ||
        m.rows % block != 0 || m.columns % block != 0)
        return CUSPARSE_STATUS_INVALID_VALUE;
    m.block_rows = m.block_columns = block;
    m.ell_columns = ell_columns;
    return make(place, m);
}

cusparseStatus_t make_slices(Matrix** place, Matrix m, int64_t size, int64_t slice) {
    if (slice <= 0 || size < m.nnz || !fits(m.rows, m.columns, m.nnz))
        return CUSPARSE_STATUS_INVALID_VALUE;
    m.size_of_values = size;
    m.slice = slice;
    return make(place, m);
}

template <class V>
cusparseStatus_t get(const Matrix* m, cusparseFormat_t format, int64_t* rows, int64_t* columns,
                     int64_t* nnz, V** offsets, V** indices, V** values,
                     cusparseIndexType_t* offset_type, cusparseIndexType_t* index_type,
                     cusparseIndexBase_t* base, cudaDataType* type) {
    if (any_null(m, rows, columns, nnz, offsets, indices, values, offset_type, index_type, base,
                 type) ||
        m->format != format)
        return CUSPARSE_STATUS_INVALID_VALUE;
    *rows = m->rows;
    *columns = m->columns;
    *nnz = m->nnz;
    *offsets = m->offsets;
    *indices = m->indices;
    *values = m->values;
    *offset_type = m->offset_type;
    *index_type = m->index_type;
    *base = m->base;
    *type = m->type;
    return CUSPARSE_STATUS_SUCCESS;
}

template <class V>
cusparseStatus_t get_padded(const Matrix* m, int64_t* rows, int64_t* columns, int64_t* block,
                            int64_t* ell_columns, V** indices, V** values,
                            cusparseIndexType_t* index_type, cusparseIndexBase_t* base,
                            cudaDataType* type) {
    V* none = nullptr;
    cusparseIndexType_t unused;
    if (any_null(block, ell_columns)) return CUSPARSE_STATUS_INVALID_VALUE;
    const cusparseStatus_t status = get(m, CUSPARSE_FORMAT_BLOCKED_ELL, rows, columns, block, &none,
                                        indices, values, &unused, index_type, base, type);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    *block = m->block_columns;
    *ell_columns = m->ell_columns;
    return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t set_pointers(Matrix* m, cusparseFormat_t format, void* offsets, void* indices,
                              void* values) {
    if (m == nullptr || m->format != format || offsets == nullptr ||
        (m->nnz > 0 && any_null(indices, values)))
        return CUSPARSE_STATUS_INVALID_VALUE;
    m->offsets = offsets;
    m->indices = indices;
    m->values = values;
    return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t set_batch(Matrix* m, cusparseFormat_t format, int count, int64_t offsets_stride,
                           int64_t indices_stride, int64_t values_stride) {
    if (m == nullptr || m->format != format || count <= 0 || offsets_stride < 0 ||
        indices_stride < 0 || values_stride < 0)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const int64_t offsets = format == CUSPARSE_FORMAT_COO ? 0 : m->rows / m->block_rows + 1;
    if ((offsets_stride != 0 && offsets_stride < offsets) ||
        (indices_stride != 0 && indices_stride < m->nnz) ||
        (values_stride != 0 && values_stride < stored_elements(*m)))
        return CUSPARSE_STATUS_INVALID_VALUE;
    m->batches = count;
    m->offsets_stride = offsets_stride;
    m->indices_stride = indices_stride;
    m->values_stride = values_stride;
    return CUSPARSE_STATUS_SUCCESS;
}

} // namespace

#define ACC_COMPRESSED_PARAMETERS offsets, indices, values, offset_type, index_type, base, type
#define ACC_FORMS(C, V, K)                                                                         \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##Csr(                                       \
        K Matrix** m, int64_t rows, int64_t columns, int64_t nnz, V* offsets, V* indices,          \
        V* values, cusparseIndexType_t offset_type, cusparseIndexType_t index_type,                \
        cusparseIndexBase_t base, cudaDataType type) {                                             \
        return guard(__func__, [&] {                                                               \
            return make_compressed(place_of(m), compressed(CUSPARSE_FORMAT_CSR, rows, columns,     \
                                                           nnz, ACC_COMPRESSED_PARAMETERS));       \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##Csc(                                       \
        K Matrix** m, int64_t rows, int64_t columns, int64_t nnz, V* offsets, V* indices,          \
        V* values, cusparseIndexType_t offset_type, cusparseIndexType_t index_type,                \
        cusparseIndexBase_t base, cudaDataType type) {                                             \
        return guard(__func__, [&] {                                                               \
            return make_compressed(place_of(m), compressed(CUSPARSE_FORMAT_CSC, rows, columns,     \
                                                           nnz, ACC_COMPRESSED_PARAMETERS));       \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##Coo(                                       \
        K Matrix** m, int64_t rows, int64_t columns, int64_t nnz, V* row_indices, V* indices,      \
        V* values, cusparseIndexType_t index_type, cusparseIndexBase_t base, cudaDataType type) {  \
        return guard(__func__, [&] {                                                               \
            return make_compressed(place_of(m), compressed(CUSPARSE_FORMAT_COO, rows, columns,     \
                                                           nnz, row_indices, indices, values,      \
                                                           index_type, index_type, base, type));   \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##Bsr(                                       \
        K Matrix** m, int64_t rows, int64_t columns, int64_t nnz, int64_t block_rows,              \
        int64_t block_columns, V* offsets, V* indices, V* values, cusparseIndexType_t offset_type, \
        cusparseIndexType_t index_type, cusparseIndexBase_t base, cudaDataType type,               \
        cusparseOrder_t order) {                                                                   \
        return guard(__func__, [&] {                                                               \
            return make_bsr(                                                                       \
                place_of(m),                                                                       \
                compressed(CUSPARSE_FORMAT_BSR, rows, columns, nnz, ACC_COMPRESSED_PARAMETERS),    \
                block_rows, block_columns, order);                                                 \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##BlockedEll(                                \
        K Matrix** m, int64_t rows, int64_t columns, int64_t block, int64_t ell_columns,           \
        V* indices, V* values, cusparseIndexType_t index_type, cusparseIndexBase_t base,           \
        cudaDataType type) {                                                                       \
        return guard(__func__, [&] {                                                               \
            return make_padded(place_of(m),                                                        \
                               compressed(CUSPARSE_FORMAT_BLOCKED_ELL, rows, columns, 0, nullptr,  \
                                          indices, values, index_type, index_type, base, type),    \
                               block, ell_columns);                                                \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##C##SlicedEll(                                 \
        K Matrix** m, int64_t rows, int64_t columns, int64_t nnz, int64_t size, int64_t slice,     \
        V* offsets, V* indices, V* values, cusparseIndexType_t offset_type,                        \
        cusparseIndexType_t index_type, cusparseIndexBase_t base, cudaDataType type) {             \
        return guard(__func__, [&] {                                                               \
            return make_slices(place_of(m),                                                        \
                               compressed(CUSPARSE_FORMAT_SLICED_ELLPACK, rows, columns, nnz,      \
                                          ACC_COMPRESSED_PARAMETERS),                              \
                               size, slice);                                                       \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##CsrGet(                                          \
        K Matrix* m, int64_t* rows, int64_t* columns, int64_t* nnz, V** offsets, V** indices,      \
        V** values, cusparseIndexType_t* offset_type, cusparseIndexType_t* index_type,             \
        cusparseIndexBase_t* base, cudaDataType* type) {                                           \
        return guard(__func__, [&] {                                                               \
            return get(m, CUSPARSE_FORMAT_CSR, rows, columns, nnz, ACC_COMPRESSED_PARAMETERS);     \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##CscGet(                                          \
        K Matrix* m, int64_t* rows, int64_t* columns, int64_t* nnz, V** offsets, V** indices,      \
        V** values, cusparseIndexType_t* offset_type, cusparseIndexType_t* index_type,             \
        cusparseIndexBase_t* base, cudaDataType* type) {                                           \
        return guard(__func__, [&] {                                                               \
            return get(m, CUSPARSE_FORMAT_CSC, rows, columns, nnz, ACC_COMPRESSED_PARAMETERS);     \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##CooGet(                                          \
        K Matrix* m, int64_t* rows, int64_t* columns, int64_t* nnz, V** row_indices, V** indices,  \
        V** values, cusparseIndexType_t* index_type, cusparseIndexBase_t* base,                    \
        cudaDataType* type) {                                                                      \
        return guard(__func__, [&] {                                                               \
            cusparseIndexType_t same;                                                              \
            return get(m, CUSPARSE_FORMAT_COO, rows, columns, nnz, row_indices, indices, values,   \
                       &same, index_type, base, type);                                             \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##BlockedEllGet(                                   \
        K Matrix* m, int64_t* rows, int64_t* columns, int64_t* block, int64_t* ell_columns,        \
        V** indices, V** values, cusparseIndexType_t* index_type, cusparseIndexBase_t* base,       \
        cudaDataType* type) {                                                                      \
        return guard(__func__, [&] {                                                               \
            return get_padded(m, rows, columns, block, ell_columns, indices, values, index_type,   \
                              base, type);                                                         \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##C##SpMatGetValues(K Matrix* m, V** values) {        \
        return guard(__func__, [&] { return member(m, &Matrix::values, values); });                \
    }
ACC_FORMS(, void, )
ACC_FORMS(Const, const void, const)

#define ACC_SET_POINTERS(NAME, FORMAT)                                                             \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME##SetPointers(Matrix* m, void* offsets,         \
                                                                 void* indices, void* values) {    \
        return guard(__func__, [&] { return set_pointers(m, FORMAT, offsets, indices, values); }); \
    }
ACC_SET_POINTERS(Csr, CUSPARSE_FORMAT_CSR)
ACC_SET_POINTERS(Csc, CUSPARSE_FORMAT_CSC)
ACC_SET_POINTERS(Coo, CUSPARSE_FORMAT_COO)

ACC_LIBRARY_API cusparseStatus_t cusparseSpMatGetFormat(const Matrix* m, cusparseFormat_t* format) {
    return guard(__func__, [&] { return member(m, &Matrix::format, format); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMatGetIndexBase(const Matrix* m,
                                                           cusparseIndexBase_t* base) {
    return guard(__func__, [&] { return member(m, &Matrix::base, base); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMatGetSize(const Matrix* m, int64_t* rows,
                                                      int64_t* columns, int64_t* nnz) {
    return guard(__func__, [&] {
        if (any_null(m, rows, columns, nnz)) return CUSPARSE_STATUS_INVALID_VALUE;
        const bool blocks = m->format == CUSPARSE_FORMAT_BSR;
        *rows = blocks ? m->rows / m->block_rows : m->rows;
        *columns = blocks ? m->columns / m->block_columns : m->columns;
        *nnz = m->format == CUSPARSE_FORMAT_BLOCKED_ELL ? stored_elements(*m) : m->nnz;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMatGetStridedBatch(const Matrix* m, int* count) {
    return guard(__func__, [&] { return member(m, &Matrix::batches, count); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseCooSetStridedBatch(Matrix* m, int count, int64_t stride) {
    return guard(__func__,
                 [&] { return set_batch(m, CUSPARSE_FORMAT_COO, count, 0, stride, stride); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseCsrSetStridedBatch(Matrix* m, int count,
                                                            int64_t offsets_stride,
                                                            int64_t columns_values_stride) {
    return guard(__func__, [&] {
        return set_batch(m, CUSPARSE_FORMAT_CSR, count, offsets_stride, columns_values_stride,
                         columns_values_stride);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseBsrSetStridedBatch(Matrix* m, int count,
                                                            int64_t offsets_stride,
                                                            int64_t columns_stride,
                                                            int64_t values_stride) {
    return guard(__func__, [&] {
        return set_batch(m, CUSPARSE_FORMAT_BSR, count, offsets_stride, columns_stride,
                         values_stride);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMatGetAttribute(const Matrix* m,
                                                           cusparseSpMatAttribute_t attribute,
                                                           void* data, size_t size) {
    return guard(__func__, [&] {
        if (any_null(m, data) || size != sizeof(int)) return CUSPARSE_STATUS_INVALID_VALUE;
        switch (attribute) {
        case CUSPARSE_SPMAT_FILL_MODE:
            std::memcpy(data, &m->fill_mode, size);
            return CUSPARSE_STATUS_SUCCESS;
        case CUSPARSE_SPMAT_DIAG_TYPE:
            std::memcpy(data, &m->diag_type, size);
            return CUSPARSE_STATUS_SUCCESS;
        default: return CUSPARSE_STATUS_INVALID_VALUE;
        }
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMatSetAttribute(Matrix* m,
                                                           cusparseSpMatAttribute_t attribute,
                                                           void* data, size_t size) {
    return guard(__func__, [&] {
        if (any_null(m, data) || size != sizeof(int)) return CUSPARSE_STATUS_INVALID_VALUE;
        int value = 0;
        std::memcpy(&value, data, size);
        if (value != 0 && value != 1) return CUSPARSE_STATUS_INVALID_VALUE;
        switch (attribute) {
        case CUSPARSE_SPMAT_FILL_MODE:
            m->fill_mode = cusparseFillMode_t(value);
            return CUSPARSE_STATUS_SUCCESS;
        case CUSPARSE_SPMAT_DIAG_TYPE:
            m->diag_type = cusparseDiagType_t(value);
            return CUSPARSE_STATUS_SUCCESS;
        default: return CUSPARSE_STATUS_INVALID_VALUE;
        }
    });
}
