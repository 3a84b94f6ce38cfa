// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of cuSPARSE share: values of every type on the device, matrices in every format
// made from dense ones on the host, the distance between results.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>
#include <cusparse.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace sparse_test {

using Number = std::complex<double>;

inline bool is_complex(cudaDataType type) {
    return type == CUDA_C_32F || type == CUDA_C_64F || type == CUDA_C_16F || type == CUDA_C_16BF;
}
inline size_t size_of(cudaDataType type) {
    switch (type) {
    case CUDA_R_64F:
    case CUDA_C_32F: return 8;
    case CUDA_C_64F: return 16;
    case CUDA_R_16F:
    case CUDA_R_16BF: return 2;
    case CUDA_R_8I: return 1;
    default: return 4;
    }
}
/// The distance between one and the next number.
inline double epsilon(cudaDataType type) {
    switch (type) {
    case CUDA_R_64F:
    case CUDA_C_64F: return 2.3e-16;
    case CUDA_R_16F:
    case CUDA_C_16F: return 9.8e-4;
    case CUDA_R_16BF:
    case CUDA_C_16BF: return 7.9e-3;
    case CUDA_R_8I:
    case CUDA_R_32I: return 0;
    default: return 1.2e-7;
    }
}

/// `value` rounded to the type, at `to`.
inline void put(cudaDataType type, Number value, void* to) {
    const auto as = [&](auto number, size_t at) {
        std::memcpy(static_cast<char*>(to) + at, &number, sizeof number);
    };
    const double re = value.real(), im = value.imag();
    switch (type) {
    case CUDA_R_32F: as(float(re), 0); break;
    case CUDA_R_64F: as(re, 0); break;
    case CUDA_C_32F: as(float(re), 0), as(float(im), 4); break;
    case CUDA_C_64F: as(re, 0), as(im, 8); break;
    case CUDA_R_16F: as(__float2half(float(re)), 0); break;
    case CUDA_R_16BF: as(__float2bfloat16(float(re)), 0); break;
    case CUDA_C_16F: as(__float2half(float(re)), 0), as(__float2half(float(im)), 2); break;
    case CUDA_C_16BF: as(__float2bfloat16(float(re)), 0), as(__float2bfloat16(float(im)), 2); break;
    case CUDA_R_8I: as((signed char)(re), 0); break;
    default: as(int(re), 0); break;
    }
}
inline Number get(cudaDataType type, const void* from) {
    const auto as = [&]<class T>(T number, size_t at) {
        std::memcpy(&number, static_cast<const char*>(from) + at, sizeof number);
        return double(float(number)) == double(number) ? double(float(number)) : double(number);
    };
    switch (type) {
    case CUDA_R_32F: return as(float(), 0);
    case CUDA_R_64F: return as(double(), 0);
    case CUDA_C_32F: return {as(float(), 0), as(float(), 4)};
    case CUDA_C_64F: return {as(double(), 0), as(double(), 8)};
    case CUDA_R_16F:
    case CUDA_C_16F: {
        __half h[2];
        std::memcpy(h, from, size_of(type) == 2 ? 2 : 4);
        if (type == CUDA_C_16F) return {__half2float(h[0]), __half2float(h[1])};
        return __half2float(h[0]);
    }
    case CUDA_R_16BF:
    case CUDA_C_16BF: {
        __nv_bfloat16 h[2];
        std::memcpy(h, from, size_of(type) == 2 ? 2 : 4);
        if (type == CUDA_C_16BF) return {__bfloat162float(h[0]), __bfloat162float(h[1])};
        return __bfloat162float(h[0]);
    }
    case CUDA_R_8I: return as((signed char)(0), 0);
    default: return as(int(), 0);
    }
}

/// Device memory that begins as a copy of the host's.
class Memory {
  public:
    explicit Memory(size_t size) : size_(size) {
        EXPECT_EQ(cudaMalloc(&data_, size_ + 16), cudaSuccess);
    }
    Memory(const void* host, size_t size) : Memory(size) {
        EXPECT_EQ(cudaMemcpy(data_, host, size, cudaMemcpyHostToDevice), cudaSuccess);
    }
    ~Memory() { cudaFree(data_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    void* data() const { return data_; }
    template <class T>
    T* as() const {
        return static_cast<T*>(data_);
    }
    void read(void* host) const {
        EXPECT_EQ(cudaMemcpy(host, data_, size_, cudaMemcpyDeviceToHost), cudaSuccess);
    }

  private:
    void* data_ = nullptr;
    size_t size_;
};

/// Numbers of a type on the device.
class Array {
  public:
    Array(cudaDataType type, const std::vector<Number>& values)
        : type_(type), n_(values.size()), memory_(packed(type, values).data(), n_ * size_of(type)) {
    }
    void* data() const { return memory_.data(); }
    std::vector<Number> values() const {
        std::vector<char> bytes(n_ * size_of(type_));
        memory_.read(bytes.data());
        std::vector<Number> result(n_);
        for (size_t i = 0; i < n_; ++i)
            result[i] = get(type_, bytes.data() + i * size_of(type_));
        return result;
    }

  private:
    static std::vector<char> packed(cudaDataType type, const std::vector<Number>& values) {
        std::vector<char> bytes(values.size() * size_of(type) + 1);
        for (size_t i = 0; i < values.size(); ++i)
            put(type, values[i], bytes.data() + i * size_of(type));
        return bytes;
    }
    cudaDataType type_;
    size_t n_;
    Memory memory_;
};

/// Indices of a type on the device.
class Index {
  public:
    Index(cusparseIndexType_t type, const std::vector<int64_t>& values)
        : memory_(values.size() * (type == CUSPARSE_INDEX_64I ? 8 : 4)) {
        const std::vector<int> narrow(values.begin(), values.end());
        const bool wide = type == CUSPARSE_INDEX_64I;
        EXPECT_EQ(cudaMemcpy(memory_.data(), wide ? (const void*)values.data() : narrow.data(),
                             values.size() * (wide ? 8 : 4), cudaMemcpyHostToDevice),
                  cudaSuccess);
    }
    void* data() const { return memory_.data(); }

  private:
    Memory memory_;
};

/// Integers on the device, read back.
inline std::vector<int> ints(const void* device, size_t n) {
    std::vector<int> result(n);
    EXPECT_EQ(cudaMemcpy(result.data(), device, n * sizeof(int), cudaMemcpyDeviceToHost),
              cudaSuccess);
    return result;
}

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    int below(int n) { return int(engine_() % unsigned(n)); }
    double real() { return std::uniform_real_distribution<double>(-1, 1)(engine_); }
    /// What the type holds exactly.
    Number one(cudaDataType type) {
        if (type == CUDA_R_8I || type == CUDA_R_32I) return double(below(19) - 9);
        char bytes[16];
        put(type, {real(), is_complex(type) ? real() : 0}, bytes);
        return get(type, bytes);
    }
    std::vector<Number> many(cudaDataType type, size_t n) {
        std::vector<Number> result(n);
        for (Number& value : result)
            value = one(type);
        return result;
    }

  private:
    std::mt19937 engine_;
};

/// A dense matrix on the host.
struct Matrix {
    int rows = 0, columns = 0;
    std::vector<Number> values; ///< by rows

    Matrix(int r, int c) : rows(r), columns(c), values(size_t(r) * size_t(c)) {}
    Number& at(int r, int c) { return values[size_t(r) * size_t(columns) + size_t(c)]; }
    Number at(int r, int c) const { return values[size_t(r) * size_t(columns) + size_t(c)]; }
    Matrix op(cusparseOperation_t op) const {
        if (op == CUSPARSE_OPERATION_NON_TRANSPOSE) return *this;
        Matrix result(columns, rows);
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c)
                result.at(c, r) = op == CUSPARSE_OPERATION_TRANSPOSE ? at(r, c)
                                                                     : std::conj(at(r, c));
        return result;
    }
};

inline Matrix random_dense(Random& random, cudaDataType type, int rows, int columns) {
    Matrix m(rows, columns);
    m.values = random.many(type, m.values.size());
    return m;
}
/// With about this share of nonzeros, and some empty rows.
inline Matrix random_sparse(Random& random, cudaDataType type, int rows, int columns,
                            double density) {
    Matrix m(rows, columns);
    for (int r = 0; r < rows; ++r) {
        if (random.below(8) == 0) continue;
        for (int c = 0; c < columns; ++c)
            if (random.below(1000) < density * 1000) m.at(r, c) = random.one(type);
    }
    return m;
}

/// a b.
inline Matrix product(const Matrix& a, const Matrix& b) {
    Matrix c(a.rows, b.columns);
    for (int i = 0; i < a.rows; ++i)
        for (int k = 0; k < a.columns; ++k)
            for (int j = 0; j < b.columns; ++j)
                c.at(i, j) += a.at(i, k) * b.at(k, j);
    return c;
}

inline void expect_near(const std::vector<Number>& got, const std::vector<Number>& wanted,
                        double limit, const std::string& where) {
    ASSERT_EQ(got.size(), wanted.size()) << where;
    for (size_t i = 0; i < got.size(); ++i)
        ASSERT_LE(std::abs(got[i] - wanted[i]), limit)
            << where << " element " << i << ": " << got[i] << " wanted " << wanted[i];
}

/// alpha, beta: a number of the type in host memory.
class Scalar {
  public:
    Scalar(cudaDataType type, Number value) { put(type, value, bytes_); }
    const void* data() const { return bytes_; }

  private:
    alignas(16) char bytes_[16];
};

/// Tests with a handle.
class Sparse : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(cusparseCreate(&handle_), CUSPARSE_STATUS_SUCCESS); }
    void TearDown() override { ASSERT_EQ(cusparseDestroy(handle_), CUSPARSE_STATUS_SUCCESS); }

    cusparseHandle_t handle_ = nullptr;
};

#define ACC_OK(call) ASSERT_EQ(call, CUSPARSE_STATUS_SUCCESS) << #call

constexpr cusparseOperation_t kN = CUSPARSE_OPERATION_NON_TRANSPOSE;
constexpr cusparseOperation_t kT = CUSPARSE_OPERATION_TRANSPOSE;
constexpr cusparseOperation_t kC = CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE;

} // namespace sparse_test
