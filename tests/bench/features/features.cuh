// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of bench_features share.
#pragma once

#include "../harness.h"

#include <cuda_runtime.h>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        const cudaError_t error_ = (call);                                                         \
        if (error_ != cudaSuccess) {                                                               \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                     \
                         cudaGetErrorString(error_));                                              \
            std::exit(1);                                                                          \
        }                                                                                          \
    } while (0)

/// CPU seconds of one launch: the least of eight groups of them, each of a twentieth of a second,
/// after a first one that is not counted.
template <class Launch>
double measure(Launch launch) {
    const auto group = [&](int count) {
        const double begin = bench::cpu_seconds();
        for (int i = 0; i < count; ++i)
            launch();
        CHECK(cudaGetLastError());
        CHECK(cudaDeviceSynchronize());
        return (bench::cpu_seconds() - begin) / count;
    };
    group(1);
    const int count = 1 + static_cast<int>(0.05 / group(1));
    double best = group(count);
    for (int i = 0; i < 7; ++i)
        best = std::min(best, group(count));
    return best;
}

template <class T>
T* upload(const std::vector<T>& values) {
    T* p = nullptr;
    CHECK(cudaMalloc(&p, values.size() * sizeof(T)));
    CHECK(cudaMemcpy(p, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice));
    return p;
}

void measure_products(double peak); ///< in operations per second of one core; 0: it is not known
void measure_textures();
