// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuFFT's callbacks: device functions of the program load the input and store the output, with the
// offsets of the program's arrays. Links with -lcufft.
#include "../common/check.h"

#include <cufftXt.h>

#include <cmath>
#include <complex>

#define OK(call) EXPECT((call) == CUFFT_SUCCESS)

using Number = std::complex<double>;

struct Window {
    float factor;
    int loads;
};

// Windowed bytes as the input; and a scaled, rearranged output.
__device__ cufftReal load_byte(void* data, size_t offset, void* info, void*) {
    Window* window = (Window*)info;
    atomicAdd(&window->loads, 1);
    return window->factor * ((unsigned char*)data)[offset];
}
__device__ void store_magnitude(void* data, size_t offset, cufftComplex value, void* info, void*) {
    ((float*)data)[offset] = *(float*)info * (value.x * value.x + value.y * value.y);
}
__device__ cufftDoubleComplex load_conjugate(void* data, size_t offset, void*, void* shared) {
    // The shared memory is the block's.
    ((double*)shared)[0] = -1;
    cufftDoubleComplex v = ((cufftDoubleComplex*)data)[offset];
    v.y = ((double*)shared)[0] * v.y;
    return v;
}
__device__ cufftCallbackLoadR load_byte_place = load_byte;
__device__ cufftCallbackStoreC store_magnitude_place = store_magnitude;
__device__ cufftCallbackLoadZ load_conjugate_place = load_conjugate;

static std::vector<Number> transform(const std::vector<Number>& in, int sign) {
    const size_t n = in.size();
    std::vector<Number> out(n);
    for (size_t k = 0; k < n; ++k)
        for (size_t i = 0; i < n; ++i)
            out[k] += in[i] * std::polar(1.0, sign * 2 * M_PI * double(i * k % n) / double(n));
    return out;
}

static void real_input_and_complex_output() {
    const int n = 48, batch = 3, pitch = 50;
    Buffer<unsigned char> bytes(batch * pitch);
    for (int i = 0; i < batch * pitch; ++i)
        bytes[i] = (unsigned char)(i * 37 % 251);
    bytes.upload();
    Buffer<Window> window(1, Window{0.5f, 0});
    Buffer<float> scale(1, 0.25f), out(batch * (n / 2 + 1));
    cufftHandle plan;
    int length[1] = {n}, in_embed[1] = {pitch}, out_embed[1] = {n / 2 + 1};
    OK(cufftPlanMany(&plan, 1, length, in_embed, 1, pitch, out_embed, 1, n / 2 + 1, CUFFT_R2C,
                     batch));
    void *load, *store, *load_info = window.device(), *store_info = scale.device();
    CHECK(cudaMemcpyFromSymbol(&load, load_byte_place, sizeof load));
    CHECK(cudaMemcpyFromSymbol(&store, store_magnitude_place, sizeof store));
    OK(cufftXtSetCallback(plan, &load, CUFFT_CB_LD_REAL, &load_info));
    OK(cufftXtSetCallback(plan, &store, CUFFT_CB_ST_COMPLEX, &store_info));
    EXPECT(cufftXtSetCallback(plan, &store, CUFFT_CB_ST_REAL, &store_info) == CUFFT_INVALID_TYPE);
    OK(cufftExecR2C(plan, (cufftReal*)bytes.device(), (cufftComplex*)out.device()));
    out.download();
    for (int b = 0; b < batch; ++b) {
        std::vector<Number> in(n);
        for (int i = 0; i < n; ++i)
            in[i] = 0.5 * bytes[b * pitch + i];
        const std::vector<Number> expected = transform(in, -1);
        for (int k = 0; k <= n / 2; ++k) {
            const double e = 0.25 * std::norm(expected[k]), got = out[b * (n / 2 + 1) + k];
            EXPECT(std::fabs(got - e) <= 1e-4 * std::fabs(e) + 1e-2, "%d: %g, expected %g", k, got,
                   e);
        }
    }
    EXPECT(window.download()[0].loads == n * batch, "each element is loaded once");
    OK(cufftDestroy(plan));
}

static void double_with_shared_memory() {
    const int n = 34;
    Buffer<cufftDoubleComplex> in(n), out(n);
    std::vector<Number> numbers(n);
    for (int i = 0; i < n; ++i) {
        in[i] = make_cuDoubleComplex(i * 0.5 - 3, 7 - i);
        numbers[i] = {in[i].x, -in[i].y};
    }
    in.upload();
    cufftHandle plan;
    void* load;
    CHECK(cudaMemcpyFromSymbol(&load, load_conjugate_place, sizeof load));
    OK(cufftPlan1d(&plan, n, CUFFT_Z2Z, 1));
    OK(cufftXtSetCallback(plan, &load, CUFFT_CB_LD_COMPLEX_DOUBLE, nullptr));
    OK(cufftXtSetCallbackSharedSize(plan, CUFFT_CB_LD_COMPLEX_DOUBLE, 256));
    EXPECT(cufftXtSetCallbackSharedSize(plan, CUFFT_CB_LD_COMPLEX_DOUBLE, 1 << 20) ==
           CUFFT_INVALID_VALUE);
    OK(cufftExecZ2Z(plan, in.device(), out.device(), CUFFT_INVERSE));
    out.download();
    const std::vector<Number> expected = transform(numbers, 1);
    for (int k = 0; k < n; ++k)
        EXPECT(std::abs(expected[k] - Number(out[k].x, out[k].y)) < 1e-11, "%d", k);
    // Without it the plan is what it was.
    OK(cufftXtClearCallback(plan, CUFFT_CB_LD_COMPLEX_DOUBLE));
    OK(cufftExecZ2Z(plan, in.device(), out.device(), CUFFT_FORWARD));
    out.download();
    for (int i = 0; i < n; ++i)
        numbers[i] = std::conj(numbers[i]);
    const std::vector<Number> plain = transform(numbers, -1);
    for (int k = 0; k < n; ++k)
        EXPECT(std::abs(plain[k] - Number(out[k].x, out[k].y)) < 1e-11, "%d", k);
    OK(cufftDestroy(plan));
}

int main() {
    real_input_and_complex_output();
    double_with_shared_memory();
    return finish();
}
