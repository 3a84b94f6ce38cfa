// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products and a vector update, ours and OpenBLAS's, one after the other. Prints NAME N FLOPS OURS
// THEIRS: CPU seconds of the best round of each (the model runs on threads of this process,
// OpenBLAS on one). usage: bench_libs_blas N ROUNDS
#include <cblas.h>
#include <cublas_v2.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace {

double cpu_seconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

int g_rounds = 5;

double best(const std::function<void()>& work) {
    work(); // translated, warm
    double least = 1e30;
    for (int i = 0; i < g_rounds; ++i) {
        const double start = cpu_seconds();
        work();
        least = std::min(least, cpu_seconds() - start);
    }
    return least;
}

void compare(const char* name, int n, double flops, const std::function<void()>& ours,
             const std::function<void()>& theirs) {
    const double mine = best([&] {
        ours();
        cudaDeviceSynchronize();
    });
    std::printf("%s %d %g %g %g\n", name, n, flops, mine, best(theirs));
}

template <class T>
T* on_device(const std::vector<T>& values) {
    void* data = nullptr;
    if (cudaMalloc(&data, values.size() * sizeof(T)) != cudaSuccess) std::exit(1);
    cudaMemcpy(data, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice);
    return static_cast<T*>(data);
}

template <class T>
std::vector<T> values(int n, unsigned seed) {
    std::vector<T> all(size_t(n) * size_t(n));
    for (T& value : all)
        value = T(float(int((seed = seed * 1664525u + 1013904223u) >> 16) % 64 - 32) / 32.f);
    return all;
}

} // namespace

int main(int argc, char** argv) {
    const int n = argc > 1 ? std::atoi(argv[1]) : 512;
    if (argc > 2) g_rounds = std::atoi(argv[2]);
    cublasHandle_t handle;
    if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS) return 1;
    const double flops = 2.0 * n * n * n;
    auto fa = values<float>(n, 1), fb = values<float>(n, 2), fc = values<float>(n, 3);
    auto da = values<double>(n, 1), db = values<double>(n, 2), dc = values<double>(n, 3);
    float *a = on_device(fa), *b = on_device(fb), *c = on_device(fc);
    double *ad = on_device(da), *bd = on_device(db), *cd = on_device(dc);
    __half *ah = on_device(values<__half>(n, 1)), *bh = on_device(values<__half>(n, 2)),
           *ch = on_device(values<__half>(n, 3));
    auto *ab = on_device(values<__nv_bfloat16>(n, 1)), *bb = on_device(values<__nv_bfloat16>(n, 2)),
         *cb = on_device(values<__nv_bfloat16>(n, 3));
    const float one = 1, none = 0;
    const double one_d = 1, none_d = 0;
    const auto theirs = [&] {
        cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, fa.data(), n, fb.data(),
                    n, 0, fc.data(), n);
    };
    for (const char* ops : {"nn", "tn", "nt"}) {
        const auto op = [](char letter) { return letter == 't' ? CUBLAS_OP_T : CUBLAS_OP_N; };
        const auto as_cblas = [](char letter) { return letter == 't' ? CblasTrans : CblasNoTrans; };
        compare((std::string("sgemm_") + ops).c_str(), n, flops,
                [&] {
                    cublasSgemm(handle, op(ops[0]), op(ops[1]), n, n, n, &one, a, n, b, n, &none, c,
                                n);
                },
                [&] {
                    cblas_sgemm(CblasColMajor, as_cblas(ops[0]), as_cblas(ops[1]), n, n, n, 1,
                                fa.data(), n, fb.data(), n, 0, fc.data(), n);
                });
    }
    const auto narrow = [&](const char* name, void* x, void* y, void* z, cudaDataType type) {
        compare(
            name, n, flops,
            [&] {
                cublasGemmEx(handle, CUBLAS_OP_N, CUBLAS_OP_N, n, n, n, &one, x, type, n, y, type,
                             n, &none, z, type, n, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT);
            },
            theirs);
    };
    narrow("f16_vs_sgemm", ah, bh, ch, CUDA_R_16F);
    narrow("bf16_vs_sgemm", ab, bb, cb, CUDA_R_16BF);
    compare(
        "dgemm_nn", n, flops,
        [&] {
            cublasDgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, n, n, n, &one_d, ad, n, bd, n, &none_d,
                        cd, n);
        },
        [&] {
            cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, da.data(), n,
                        db.data(), n, 0, dc.data(), n);
        });
    compare(
        "saxpy_n2", n, 2.0 * n * n, [&] { cublasSaxpy(handle, n * n, &one, a, 1, c, 1); },
        [&] { cblas_saxpy(n * n, 1, fa.data(), 1, fc.data(), 1); });
    cublasDestroy(handle);
    return 0;
}
