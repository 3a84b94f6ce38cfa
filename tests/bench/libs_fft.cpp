// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Transforms in single precision, ours and FFTW's, one after the other. Prints NAME N FLOPS OURS
// THEIRS: CPU seconds of the best round of each (the model runs on threads of this process, FFTW on
// one). FLOPS: 5 n log2 n, half of it for real data. usage: bench_libs_fft ROUNDS
#include <cuda_runtime_api.h>
#include <cufft.h>
#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

double cpu_seconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

int g_rounds = 5;

template <class Work>
double best(Work work) {
    work(); // translated, warm
    double least = 1e30;
    for (int i = 0; i < g_rounds; ++i) {
        const double start = cpu_seconds();
        work();
        least = std::min(least, cpu_seconds() - start);
    }
    return least;
}

void check(bool fine, const char* what) {
    if (fine) return;
    std::fprintf(stderr, "bench_libs_fft: %s\n", what);
    std::exit(1);
}

/// Transforms of `batch` arrays of these lengths.
void compare(const char* name, std::vector<int> lengths, int batch, bool real) {
    double total = batch, one = 1;
    for (int n : lengths)
        one *= n;
    total *= one;
    const size_t count = size_t(total);
    std::vector<float> input(2 * count);
    for (size_t i = 0; i < input.size(); ++i)
        input[i] = float(i * 2654435761u % 1000) / 1000;

    float *in, *out;
    check(cudaMalloc(reinterpret_cast<void**>(&in), 8 * count) == cudaSuccess &&
              cudaMalloc(reinterpret_cast<void**>(&out), 8 * count + 64) == cudaSuccess,
          "no memory");
    cudaMemcpy(in, input.data(), 8 * count, cudaMemcpyHostToDevice);
    cufftHandle plan;
    check(cufftPlanMany(&plan, int(lengths.size()), lengths.data(), nullptr, 1, 0, nullptr, 1, 0,
                        real ? CUFFT_R2C : CUFFT_C2C, batch) == CUFFT_SUCCESS,
          "no plan");
    const double ours = best([&] {
        if (real)
            cufftExecR2C(plan, in, reinterpret_cast<cufftComplex*>(out));
        else
            cufftExecC2C(plan, reinterpret_cast<cufftComplex*>(in),
                         reinterpret_cast<cufftComplex*>(out), CUFFT_FORWARD);
        check(cudaDeviceSynchronize() == cudaSuccess, "a transform failed");
    });
    cufftDestroy(plan);
    cudaFree(in);
    cudaFree(out);

    float* from = fftwf_alloc_real(2 * count);
    fftwf_complex* to = fftwf_alloc_complex(count + 8);
    const int rank = int(lengths.size()), distance = int(one);
    const int half = distance / lengths.back() * (lengths.back() / 2 + 1);
    fftwf_plan reference = real ? fftwf_plan_many_dft_r2c(rank, lengths.data(), batch, from,
                                                          nullptr, 1, distance, to, nullptr, 1,
                                                          half, FFTW_MEASURE)
                                : fftwf_plan_many_dft(rank, lengths.data(), batch,
                                                      reinterpret_cast<fftwf_complex*>(from),
                                                      nullptr, 1, distance, to, nullptr, 1,
                                                      distance, FFTW_FORWARD, FFTW_MEASURE);
    std::copy(input.begin(), input.end(), from);
    const double theirs = best([&] { fftwf_execute(reference); });
    fftwf_destroy_plan(reference);
    fftwf_free(from);
    fftwf_free(to);
    std::printf("%s %d %g %g %g\n", name, int(one), (real ? 2.5 : 5) * total * std::log2(one), ours,
                theirs);
    std::fflush(stdout);
}

} // namespace

int main(int count, char** arguments) {
    if (count > 1) g_rounds = std::atoi(arguments[1]);
    compare("c2c", {64}, 4096, false);
    compare("c2c", {1024}, 256, false);
    compare("c2c", {1000}, 256, false);
    compare("c2c", {65536}, 4, false);
    compare("c2c", {1 << 20}, 1, false);
    compare("c2c-prime", {1009}, 64, false);
    compare("c2c-2d", {512, 512}, 1, false);
    compare("c2c-3d", {64, 64, 64}, 1, false);
    compare("r2c", {4096}, 64, true);
    compare("r2c-2d", {512, 512}, 1, true);
    return 0;
}
