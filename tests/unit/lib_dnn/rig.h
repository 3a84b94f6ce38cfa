// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of cuDNN share: tensors of any layout with their values on the host in double, and
// on the device in their own type.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>
#include <cudnn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace dnn_test {

using Sizes = std::vector<int>;

inline size_t size_of(cudnnDataType_t type) {
    switch (type) {
    case CUDNN_DATA_DOUBLE: return 8;
    case CUDNN_DATA_HALF:
    case CUDNN_DATA_BFLOAT16: return 2;
    case CUDNN_DATA_INT8: return 1;
    default: return 4;
    }
}
/// The distance between one and the next number.
inline double epsilon(cudnnDataType_t type) {
    switch (type) {
    case CUDNN_DATA_DOUBLE: return 2.3e-16;
    case CUDNN_DATA_HALF: return 9.8e-4;
    case CUDNN_DATA_BFLOAT16: return 7.9e-3;
    default: return 1.2e-7;
    }
}

inline void put(cudnnDataType_t type, double value, void* to) {
    const auto as = [&](auto number) { std::memcpy(to, &number, sizeof number); };
    switch (type) {
    case CUDNN_DATA_DOUBLE: as(value); break;
    case CUDNN_DATA_HALF: as(__float2half(float(value))); break;
    case CUDNN_DATA_BFLOAT16: as(__float2bfloat16(float(value))); break;
    case CUDNN_DATA_INT8: as((signed char)(value)); break;
    case CUDNN_DATA_INT32: as(int(value)); break;
    default: as(float(value)); break;
    }
}
inline double get(cudnnDataType_t type, const void* from) {
    const auto as = [&](auto number) {
        std::memcpy(&number, from, sizeof number);
        return number;
    };
    switch (type) {
    case CUDNN_DATA_DOUBLE: return as(double());
    case CUDNN_DATA_HALF: return __half2float(as(__half()));
    case CUDNN_DATA_BFLOAT16: return __bfloat162float(as(__nv_bfloat16()));
    case CUDNN_DATA_INT8: return as((signed char)(0));
    case CUDNN_DATA_INT32: return as(int());
    default: return as(float());
    }
}

/// Calls f with all indices below the sizes, the last fastest.
inline void each(const Sizes& sizes, const std::function<void(const Sizes&)>& f) {
    Sizes at(sizes.size(), 0);
    for (;;) {
        f(at);
        size_t d = sizes.size();
        while (d > 0 && ++at[d - 1] == sizes[d - 1])
            at[--d] = 0;
        if (d == 0) return;
    }
}

enum class Layout { Nchw, Nhwc, Gaps };

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    double operator()() { return std::uniform_real_distribution<double>(-1, 1)(engine_); }

  private:
    std::mt19937 engine_;
};

/// A tensor: values on the host, memory on the device, a descriptor. With Gaps each stride is wider
/// than it need be, and what lies between is watched.
class Tensor {
  public:
    Tensor(cudnnDataType_t type, Sizes sizes, Layout layout = Layout::Nchw)
        : type_(type), sizes_(std::move(sizes)), strides_(sizes_.size()) {
        int stride = 1;
        const size_t dims = sizes_.size();
        if (layout == Layout::Nhwc) stride = sizes_[1];
        for (size_t d = dims; d-- > 0;) {
            if (layout == Layout::Nhwc && d == 1) {
                strides_[1] = 1;
                continue;
            }
            strides_[d] = stride;
            stride = stride * sizes_[d] + (layout == Layout::Gaps ? 1 : 0);
        }
        values_.resize(size_t(stride) + 1, kGap);
        each(sizes_, [&](const Sizes& at) { (*this)(at) = 0; });
        EXPECT_EQ(cudaMalloc(&data_, values_.size() * size_of(type)), cudaSuccess);
        EXPECT_EQ(cudnnCreateTensorDescriptor(&desc_), CUDNN_STATUS_SUCCESS);
        EXPECT_EQ(
            cudnnSetTensorNdDescriptor(desc_, type, int(dims), sizes_.data(), strides_.data()),
            CUDNN_STATUS_SUCCESS);
        upload();
    }
    /// Filled with what the type holds exactly.
    Tensor(cudnnDataType_t type, Sizes sizes, Layout layout, Random& random)
        : Tensor(type, std::move(sizes), layout) {
        fill([&] { return random(); });
    }
    ~Tensor() {
        cudaFree(data_);
        cudnnDestroyTensorDescriptor(desc_);
    }
    Tensor(const Tensor&) = delete;
    Tensor& operator=(const Tensor&) = delete;

    void fill(const std::function<double()>& f) {
        each(sizes_, [&](const Sizes& at) {
            char bytes[8];
            put(type_, f(), bytes);
            (*this)(at) = dnn_test::get(type_, bytes);
        });
        upload();
    }
    void upload() {
        std::vector<char> bytes(values_.size() * size_of(type_));
        for (size_t i = 0; i < values_.size(); ++i)
            put(type_, values_[i], bytes.data() + i * size_of(type_));
        EXPECT_EQ(cudaMemcpy(data_, bytes.data(), bytes.size(), cudaMemcpyHostToDevice),
                  cudaSuccess);
    }
    /// What is on the device now, as values; gaps must be as they were.
    std::vector<double> read(const std::string& where = "") const {
        std::vector<char> bytes(values_.size() * size_of(type_));
        EXPECT_EQ(cudaMemcpy(bytes.data(), data_, bytes.size(), cudaMemcpyDeviceToHost),
                  cudaSuccess);
        std::vector<double> result(values_.size());
        for (size_t i = 0; i < result.size(); ++i) {
            result[i] = dnn_test::get(type_, bytes.data() + i * size_of(type_));
            if (values_[i] == kGap) {
                EXPECT_EQ(result[i], kGap) << where << ": a gap was written";
            }
        }
        return result;
    }
    size_t offset(const Sizes& at) const {
        size_t offset = 0;
        for (size_t d = 0; d < at.size(); ++d)
            offset += size_t(at[d]) * size_t(strides_[d]);
        return offset;
    }
    double& operator()(const Sizes& at) { return values_[offset(at)]; }
    double operator()(const Sizes& at) const { return values_[offset(at)]; }
    double operator()(int n, int c, int h, int w) const { return (*this)(Sizes{n, c, h, w}); }

    const Sizes& sizes() const { return sizes_; }
    const Sizes& strides() const { return strides_; }
    cudnnDataType_t type() const { return type_; }
    void* data() const { return data_; }
    cudnnTensorDescriptor_t desc() const { return desc_; }

  private:
    static constexpr double kGap = 77;
    cudnnDataType_t type_;
    Sizes sizes_, strides_;
    std::vector<double> values_;
    void* data_ = nullptr;
    cudnnTensorDescriptor_t desc_ = nullptr;
};

/// Each element on the device is about `wanted(index)`, within `limit` times the size of things
/// there, or NaN as well.
inline void expect_near(const Tensor& got, const std::function<double(const Sizes&)>& wanted,
                        double limit, const std::string& where) {
    const std::vector<double> values = got.read(where);
    int told = 0;
    each(got.sizes(), [&](const Sizes& at) {
        const double value = values[got.offset(at)], want = wanted(at);
        const bool right = std::isnan(want) ? std::isnan(value)
                           : std::isinf(want)
                               ? value == want
                               : std::abs(value - want) <= limit * std::max(1.0, std::abs(want));
        if (right || ++told > 3) return;
        std::string place;
        for (int i : at)
            place += " " + std::to_string(i);
        ADD_FAILURE() << where << " element" << place << ": " << value << " wanted " << want;
    });
}

/// alpha or beta: float, for doubles double.
class Scalar {
  public:
    Scalar(cudnnDataType_t type, double value) {
        put(type == CUDNN_DATA_DOUBLE ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT, value, bytes_);
    }
    operator const void*() const { return bytes_; }

  private:
    alignas(8) char bytes_[8];
};

/// A descriptor of any kind that is destroyed in the end.
template <class D>
class Descriptor {
  public:
    Descriptor(cudnnStatus_t (*create)(D*), cudnnStatus_t (*destroy)(D)) : destroy_(destroy) {
        EXPECT_EQ(create(&desc_), CUDNN_STATUS_SUCCESS);
    }
    ~Descriptor() { EXPECT_EQ(destroy_(desc_), CUDNN_STATUS_SUCCESS); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator D() const { return desc_; }

  private:
    D desc_ = nullptr;
    cudnnStatus_t (*destroy_)(D);
};

/// Tests with a handle.
class Dnn : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(cudnnCreate(&handle_), CUDNN_STATUS_SUCCESS); }
    void TearDown() override { ASSERT_EQ(cudnnDestroy(handle_), CUDNN_STATUS_SUCCESS); }

    cudnnHandle_t handle_ = nullptr;
};

#define ACC_OK(call) ASSERT_EQ(call, CUDNN_STATUS_SUCCESS) << #call
#define ACC_BAD(call) EXPECT_EQ(call, CUDNN_STATUS_BAD_PARAM) << #call
#define ACC_NONE(call) EXPECT_EQ(CUDNN_STATUS_CATEGORY(call), CUDNN_STATUS_NOT_SUPPORTED) << #call

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr cudnnDataType_t kFloats[] = {CUDNN_DATA_FLOAT, CUDNN_DATA_DOUBLE, CUDNN_DATA_HALF,
                                       CUDNN_DATA_BFLOAT16};

} // namespace dnn_test
