// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A dense matrix of the host as a descriptor in every format, with the arrays it points to.
#pragma once

#include "rig.h"

#include <memory>

namespace sparse_test {

struct Format {
    cusparseFormat_t format = CUSPARSE_FORMAT_CSR;
    cusparseIndexType_t index = CUSPARSE_INDEX_32I;
    cusparseIndexBase_t base = CUSPARSE_INDEX_BASE_ZERO;
    int block_rows = 1, block_columns = 1;
    cusparseOrder_t order = CUSPARSE_ORDER_ROW;
    int slice = 2;
};

class Described {
  public:
    Described(const Matrix& m, cudaDataType type, const Format& f) : type_(type), f_(f) {
        switch (f.format) {
        case CUSPARSE_FORMAT_CSR: compressed(m); break;
        case CUSPARSE_FORMAT_CSC: compressed(m.op(kT)); break;
        case CUSPARSE_FORMAT_COO: coordinates(m); break;
        case CUSPARSE_FORMAT_BSR: blocks(m); break;
        case CUSPARSE_FORMAT_BLOCKED_ELL: padded(m); break;
        default: slices(m); break;
        }
        make(m.rows, m.columns);
    }
    ~Described() { EXPECT_EQ(cusparseDestroySpMat(matrix_), CUSPARSE_STATUS_SUCCESS); }
    Described(const Described&) = delete;
    Described& operator=(const Described&) = delete;

    operator cusparseSpMatDescr_t() const { return matrix_; }
    std::vector<Number> values() const { return array_->values(); }
    int64_t nnz() const { return nnz_; }
    const std::vector<int64_t>& offsets() const { return offsets_; }
    const std::vector<int64_t>& indices() const { return indices_; }
    void* value_data() const { return array_->data(); }

  private:
    int64_t base() const { return f_.base == CUSPARSE_INDEX_BASE_ONE; }

    void compressed(const Matrix& m) {
        for (int r = 0; r < m.rows; ++r) {
            offsets_.push_back(int64_t(values_.size()) + base());
            for (int c = 0; c < m.columns; ++c)
                if (m.at(r, c) != 0.0) add(c, m.at(r, c));
        }
        offsets_.push_back(int64_t(values_.size()) + base());
        nnz_ = int64_t(values_.size());
    }
    void coordinates(const Matrix& m) {
        for (int r = 0; r < m.rows; ++r)
            for (int c = 0; c < m.columns; ++c)
                if (m.at(r, c) != 0.0) {
                    offsets_.push_back(r + base());
                    add(c, m.at(r, c));
                }
        nnz_ = int64_t(values_.size());
    }
    void blocks(const Matrix& m) {
        const int R = f_.block_rows, C = f_.block_columns;
        for (int r = 0; r < m.rows; r += R) {
            offsets_.push_back(int64_t(indices_.size()) + base());
            for (int c = 0; c < m.columns; c += C)
                if (!is_zero(m, r, c)) {
                    indices_.push_back(c / C + base());
                    for (int i = 0; i < R * C; ++i)
                        values_.push_back(f_.order == CUSPARSE_ORDER_ROW
                                              ? m.at(r + i / C, c + i % C)
                                              : m.at(r + i % R, c + i / R));
                }
        }
        offsets_.push_back(int64_t(indices_.size()) + base());
        nnz_ = int64_t(indices_.size());
    }
    void padded(const Matrix& m) {
        const int b = f_.block_rows;
        size_t most = 0;
        std::vector<std::vector<int>> rows(size_t(m.rows / b));
        for (int r = 0; r < m.rows; r += b) {
            for (int c = 0; c < m.columns; c += b)
                if (!is_zero(m, r, c)) rows[size_t(r / b)].push_back(c / b);
            most = std::max(most, rows[size_t(r / b)].size());
        }
        ell_columns_ = int64_t(most) * b;
        for (auto& row : rows) {
            row.resize(most, -1);
            for (int c : row)
                indices_.push_back(c < 0 ? -1 : c + base());
        }
        for (int r = 0; r < m.rows; ++r)
            for (int c : rows[size_t(r / b)])
                for (int i = 0; i < b; ++i)
                    values_.push_back(c < 0 ? 0 : m.at(r, c * b + i));
    }
    void slices(const Matrix& m) {
        for (int first = 0; first < m.rows; first += f_.slice) {
            offsets_.push_back(int64_t(values_.size()) + base());
            std::vector<std::vector<int>> rows(size_t(f_.slice));
            size_t most = 0;
            for (int r = first; r < std::min(first + f_.slice, m.rows); ++r) {
                for (int c = 0; c < m.columns; ++c)
                    if (m.at(r, c) != 0.0) rows[size_t(r - first)].push_back(c), ++nnz_;
                most = std::max(most, rows[size_t(r - first)].size());
            }
            for (size_t k = 0; k < most; ++k)
                for (int i = 0; i < f_.slice; ++i) {
                    const bool there = k < rows[size_t(i)].size();
                    indices_.push_back(there ? rows[size_t(i)][k] + base() : -1);
                    values_.push_back(there ? m.at(first + i, rows[size_t(i)][k]) : 77.0);
                }
        }
        offsets_.push_back(int64_t(values_.size()) + base());
    }
    bool is_zero(const Matrix& m, int row, int column) const {
        for (int r = row; r < row + f_.block_rows; ++r)
            for (int c = column; c < column + f_.block_columns; ++c)
                if (m.at(r, c) != 0.0) return false;
        return true;
    }
    void add(int column, Number value) {
        indices_.push_back(column + base());
        values_.push_back(value);
    }

    void make(int64_t rows, int64_t columns) {
        offset_ = std::make_unique<Index>(f_.index, offsets_);
        index_ = std::make_unique<Index>(f_.index, indices_);
        array_ = std::make_unique<Array>(type_, values_);
        void *o = offset_->data(), *i = index_->data(), *v = array_->data();
        cusparseStatus_t status = CUSPARSE_STATUS_INTERNAL_ERROR;
        switch (f_.format) {
        case CUSPARSE_FORMAT_CSR:
            status = cusparseCreateCsr(&matrix_, rows, columns, nnz_, o, i, v, f_.index, f_.index,
                                       f_.base, type_);
            break;
        case CUSPARSE_FORMAT_CSC:
            status = cusparseCreateCsc(&matrix_, rows, columns, nnz_, o, i, v, f_.index, f_.index,
                                       f_.base, type_);
            break;
        case CUSPARSE_FORMAT_COO:
            status = cusparseCreateCoo(&matrix_, rows, columns, nnz_, o, i, v, f_.index, f_.base,
                                       type_);
            break;
        case CUSPARSE_FORMAT_BSR:
            status = cusparseCreateBsr(&matrix_, rows / f_.block_rows, columns / f_.block_columns,
                                       nnz_, f_.block_rows, f_.block_columns, o, i, v, f_.index,
                                       f_.index, f_.base, type_, f_.order);
            break;
        case CUSPARSE_FORMAT_BLOCKED_ELL:
            status = cusparseCreateBlockedEll(&matrix_, rows, columns, f_.block_rows, ell_columns_,
                                              i, v, f_.index, f_.base, type_);
            break;
        default:
            status = cusparseCreateSlicedEll(&matrix_, rows, columns, nnz_, int64_t(values_.size()),
                                             f_.slice, o, i, v, f_.index, f_.index, f_.base, type_);
        }
        EXPECT_EQ(status, CUSPARSE_STATUS_SUCCESS);
    }

    cudaDataType type_;
    Format f_;
    std::vector<int64_t> offsets_, indices_;
    std::vector<Number> values_;
    int64_t nnz_ = 0, ell_columns_ = 0;
    std::unique_ptr<Index> offset_, index_;
    std::unique_ptr<Array> array_;
    cusparseSpMatDescr_t matrix_ = nullptr;
};

/// A dense matrix of the host on the device, rows or columns `ld` apart.
class DescribedDense {
  public:
    DescribedDense(const Matrix& m, cudaDataType type, cusparseOrder_t order, int more = 0)
        : rows_(m.rows), columns_(m.columns), order_(order),
          ld_((order == CUSPARSE_ORDER_COL ? m.rows : m.columns) + more) {
        std::vector<Number> values(size_t(ld_) *
                                   size_t(order == CUSPARSE_ORDER_COL ? m.columns : m.rows));
        for (int r = 0; r < m.rows; ++r)
            for (int c = 0; c < m.columns; ++c)
                values[at(r, c)] = m.at(r, c);
        array_ = std::make_unique<Array>(type, values);
        EXPECT_EQ(cusparseCreateDnMat(&matrix_, m.rows, m.columns, std::max(ld_, 1), array_->data(),
                                      type, order),
                  CUSPARSE_STATUS_SUCCESS);
    }
    ~DescribedDense() { EXPECT_EQ(cusparseDestroyDnMat(matrix_), CUSPARSE_STATUS_SUCCESS); }
    DescribedDense(const DescribedDense&) = delete;
    DescribedDense& operator=(const DescribedDense&) = delete;

    operator cusparseDnMatDescr_t() const { return matrix_; }
    Matrix value() const {
        const std::vector<Number> all = array_->values();
        Matrix m(rows_, columns_);
        for (int r = 0; r < rows_; ++r)
            for (int c = 0; c < columns_; ++c)
                m.at(r, c) = all[at(r, c)];
        return m;
    }

  private:
    size_t at(int r, int c) const {
        return size_t(order_ == CUSPARSE_ORDER_COL ? c * ld_ + r : r * ld_ + c);
    }
    int rows_, columns_;
    cusparseOrder_t order_;
    int ld_;
    std::unique_ptr<Array> array_;
    cusparseDnMatDescr_t matrix_ = nullptr;
};

/// A dense vector of the host on the device.
class DescribedVector {
  public:
    DescribedVector(const std::vector<Number>& values, cudaDataType type) : array_(type, values) {
        EXPECT_EQ(cusparseCreateDnVec(&vector_, int64_t(values.size()), array_.data(), type),
                  CUSPARSE_STATUS_SUCCESS);
    }
    ~DescribedVector() { EXPECT_EQ(cusparseDestroyDnVec(vector_), CUSPARSE_STATUS_SUCCESS); }
    DescribedVector(const DescribedVector&) = delete;
    DescribedVector& operator=(const DescribedVector&) = delete;

    operator cusparseDnVecDescr_t() const { return vector_; }
    std::vector<Number> values() const { return array_.values(); }

  private:
    Array array_;
    cusparseDnVecDescr_t vector_ = nullptr;
};

} // namespace sparse_test
