// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the CUDA side's host code is written with.

#pragma once

#include "../problems.h"

#include <cuda_runtime.h>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        cudaError_t error_ = (call);                                                               \
        if (error_ != cudaSuccess) {                                                               \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                     \
                         cudaGetErrorString(error_));                                              \
            std::exit(1);                                                                          \
        }                                                                                          \
    } while (0)

// Device memory with what it holds at the start: values, or bytes that no result consists of.
template <typename T>
class Buffer {
  public:
    explicit Buffer(size_t count) : count_(count) {
        CHECK(cudaMalloc(&data_, count * sizeof(T)));
        reset();
    }
    explicit Buffer(const std::vector<T>& values) : count_(values.size()), start_(values) {
        CHECK(cudaMalloc(&data_, count_ * sizeof(T)));
        reset();
    }
    ~Buffer() { cudaFree(data_); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    void reset() {
        if (start_.empty())
            CHECK(cudaMemset(data_, 0xcd, count_ * sizeof(T)));
        else
            CHECK(cudaMemcpy(data_, start_.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
    }
    std::vector<T> read() const {
        std::vector<T> values(count_);
        CHECK(cudaMemcpy(values.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost));
        return values;
    }
    T* get() const { return data_; }

  private:
    size_t count_;
    std::vector<T> start_;
    T* data_ = nullptr;
};

inline int divide_up(int a, int b) {
    return (a + b - 1) / b;
}
