// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory, elements of all types, and sums on the host.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>
#include <nccl.h>

#include <cstdint>
#include <cstring>
#include <vector>

#define OK(call) ASSERT_EQ(int(call), 0) << #call

namespace acc::nccl_test {

using Bytes = std::vector<unsigned char>;

inline constexpr int kTypes = ncclNumTypes;
inline constexpr size_t kSizes[] = {1, 1, 4, 4, 8, 8, 2, 4, 8, 2, 1, 1};

/// Runs body(T{}) with the type's element.
template <class Body>
void with_type(int type, Body body) {
    switch (type) {
    case ncclInt8: return body(int8_t{});
    case ncclUint8: return body(uint8_t{});
    case ncclInt32: return body(int32_t{});
    case ncclUint32: return body(uint32_t{});
    case ncclInt64: return body(int64_t{});
    case ncclUint64: return body(uint64_t{});
    case ncclFloat16: return body(__half{});
    case ncclFloat32: return body(float{});
    case ncclFloat64: return body(double{});
    case ncclBfloat16: return body(__nv_bfloat16{});
    case ncclFloat8e4m3: return body(__nv_fp8_e4m3{});
    default: return body(__nv_fp8_e5m2{});
    }
}

/// Element i of a rank: small integers, so that every type has them and their sums and products.
inline int value(int rank, size_t i) {
    return int(i * 7 + size_t(rank) * 3) % 3 + (rank == 0 ? 0 : 1);
}

inline Bytes elements(int type, int rank, size_t begin, size_t count) {
    Bytes bytes(count * kSizes[type]);
    with_type(type, [&](auto element) {
        using T = decltype(element);
        for (size_t i = 0; i < count; ++i) {
            const T one = T(float(value(rank, begin + i)));
            std::memcpy(&bytes[i * sizeof one], &one, sizeof one);
        }
    });
    return bytes;
}

/// What `ranks` of these elements make, each multiplied by `factor`.
inline Bytes combined(int type, int op, int ranks, size_t begin, size_t count, int factor = 1) {
    Bytes bytes(count * kSizes[type]);
    with_type(type, [&](auto element) {
        using T = decltype(element);
        for (size_t i = 0; i < count; ++i) {
            int all = value(0, begin + i) * factor;
            for (int r = 1; r < ranks; ++r) {
                const int one = value(r, begin + i) * factor;
                all = op == ncclProd  ? all * one
                      : op == ncclMax ? std::max(all, one)
                      : op == ncclMin ? std::min(all, one)
                                      : all + one;
            }
            double result = all;
            if (op == ncclAvg) result = type <= ncclUint64 ? all / ranks : result / ranks;
            const T one = type == ncclFloat64 ? T(result) : T(float(result));
            std::memcpy(&bytes[i * sizeof one], &one, sizeof one);
        }
    });
    return bytes;
}

class Memory {
  public:
    explicit Memory(size_t bytes) : bytes_(bytes) {
        EXPECT_EQ(cudaMalloc(&data_, bytes + 1), cudaSuccess);
        EXPECT_EQ(cudaMemset(data_, 0xa5, bytes + 1), cudaSuccess);
        EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess); // for streams that do not wait
    }
    explicit Memory(const Bytes& content) : Memory(content.size()) { set(0, content); }
    ~Memory() { cudaFree(data_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    char* at(size_t offset = 0) const { return static_cast<char*>(data_) + offset; }
    void set(size_t offset, const Bytes& content) {
        EXPECT_EQ(cudaMemcpy(at(offset), content.data(), content.size(), cudaMemcpyHostToDevice),
                  cudaSuccess);
    }
    Bytes get(size_t offset, size_t bytes) const {
        Bytes content(bytes);
        EXPECT_EQ(cudaMemcpy(content.data(), at(offset), bytes, cudaMemcpyDeviceToHost),
                  cudaSuccess);
        return content;
    }
    Bytes get() const { return get(0, bytes_); }

  private:
    void* data_ = nullptr;
    size_t bytes_;
};

} // namespace acc::nccl_test
