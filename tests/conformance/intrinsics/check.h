// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the programs of this folder share: error checks, managed arrays, counting of mismatches.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>

#define CUDA_CHECK(call)                                                                           \
    do {                                                                                           \
        const cudaError_t status_ = (call);                                                        \
        if (status_ != cudaSuccess) {                                                              \
            std::printf("%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                              \
                        cudaGetErrorString(status_));                                              \
            std::exit(2);                                                                          \
        }                                                                                          \
    } while (0)

/// `count` elements in device memory with a copy on the host.
template <class T>
class Array {
    T* device_ = nullptr;
    T* host_;
    size_t count_;

  public:
    explicit Array(size_t count)
        : host_(static_cast<T*>(std::calloc(count, sizeof(T)))), count_(count) {
        CUDA_CHECK(cudaMalloc(&device_, count * sizeof(T)));
    }
    Array(const Array&) = delete;
    ~Array() {
        std::free(host_);
        cudaFree(device_);
    }
    T* device() { return device_; }
    T& operator[](size_t i) { return host_[i]; }
    void upload() {
        CUDA_CHECK(cudaMemcpy(device_, host_, count_ * sizeof(T), cudaMemcpyHostToDevice));
    }
    void download() {
        CUDA_CHECK(cudaMemcpy(host_, device_, count_ * sizeof(T), cudaMemcpyDeviceToHost));
    }
};

inline void wait_for_kernel() {
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaDeviceSynchronize());
}

inline int& mismatches() {
    static int count = 0;
    return count;
}

/// Compares as bits, so that signs of zero and NaN payloads count too.
template <class T>
void expect_equal(const char* what, T got, T want, unsigned long long a = 0,
                  unsigned long long b = 0) {
    if (std::memcmp(&got, &want, sizeof(T)) == 0) return;
    if (++mismatches() > 10) return;
    unsigned long long got_bits = 0, want_bits = 0;
    std::memcpy(&got_bits, &got, sizeof(T));
    std::memcpy(&want_bits, &want, sizeof(T));
    std::printf("%s(%#llx, %#llx) = %#llx, expected %#llx\n", what, a, b, got_bits, want_bits);
}

inline int finish() {
    if (mismatches())
        std::printf("FAIL: %d mismatches\n", mismatches());
    else
        std::printf("PASS\n");
    return mismatches() ? 1 : 0;
}

/// Splitmix64: the same inputs everywhere.
inline unsigned long long next_random() {
    static unsigned long long state = 0x9e3779b97f4a7c15ull;
    unsigned long long z = state += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}
