// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that only fetch, and the same on plain loads: for filter linear that is one load, and the
// four loads and the arithmetic that a program would need.
#include "features.cuh"

#include <cstring>

namespace {

constexpr int kSize = 1024;

__device__ float sum_of(float v) {
    return v;
}
__device__ float sum_of(unsigned char v) {
    return v;
}
__device__ float sum_of(uchar4 v) {
    return static_cast<float>(v.x + v.y + v.z + v.w);
}
__device__ float sum_of(float4 v) {
    return v.x + v.y + v.z + v.w;
}
__device__ int column() {
    return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}
__device__ int row() {
    return static_cast<int>(blockIdx.y * blockDim.y + threadIdx.y);
}
__device__ int inside(int i) {
    return min(max(i, 0), kSize - 1);
}

template <class T>
__global__ void load_one(const T* p, float* out) {
    const int i = row() * kSize + column();
    out[i] = sum_of(p[i]);
}
__global__ void load_five(const float* p, float* out) {
    float sum = 0;
    for (int d = -2; d <= 2; ++d)
        sum += p[inside(row() + d) * kSize + inside(column() + d)];
    out[row() * kSize + column()] = sum;
}
__global__ void load_linear(const float* p, float* out, float scale) {
    const float x = (column() + 0.25f) * scale - 0.5f, y = (row() + 0.25f) * scale - 0.5f;
    const int i = static_cast<int>(floorf(x)), j = static_cast<int>(floorf(y));
    const float a = x - floorf(x), b = y - floorf(y);
    const float* upper = p + inside(j) * kSize;
    const float* lower = p + inside(j + 1) * kSize;
    const float above = upper[inside(i)] * (1 - a) + upper[inside(i + 1)] * a,
                below = lower[inside(i)] * (1 - a) + lower[inside(i + 1)] * a;
    out[row() * kSize + column()] = above * (1 - b) + below * b;
}
template <class T>
__global__ void fetch_number(cudaTextureObject_t t, float* out) {
    const int i = row() * kSize + column();
    out[i] = sum_of(tex1Dfetch<T>(t, i));
}
template <class T>
__global__ void fetch_one(cudaTextureObject_t t, float* out, float offset, float scale) {
    out[row() * kSize + column()] = sum_of(
        tex2D<T>(t, (column() + offset) * scale, (row() + offset) * scale));
}
__global__ void fetch_five(cudaTextureObject_t t, float* out) {
    float sum = 0;
    for (int d = -2; d <= 2; ++d)
        sum += tex2D<float>(t, column() + d + 0.5f, row() + d + 0.5f);
    out[row() * kSize + column()] = sum;
}

template <class T>
cudaTextureObject_t make_texture(const std::vector<T>& values, bool linear, bool normalized_read) {
    const cudaChannelFormatDesc format = cudaCreateChannelDesc<T>();
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    CHECK(cudaMallocArray(&resource.res.array.array, &format, kSize, kSize));
    CHECK(cudaMemcpy2DToArray(resource.res.array.array, 0, 0, values.data(), kSize * sizeof(T),
                              kSize * sizeof(T), kSize, cudaMemcpyHostToDevice));
    cudaTextureDesc sampler = {};
    sampler.addressMode[0] = sampler.addressMode[1] = cudaAddressModeClamp;
    sampler.filterMode = linear ? cudaFilterModeLinear : cudaFilterModePoint;
    sampler.readMode = normalized_read ? cudaReadModeNormalizedFloat : cudaReadModeElementType;
    cudaTextureObject_t object = 0;
    CHECK(cudaCreateTextureObject(&object, &resource, &sampler, nullptr));
    return object;
}
cudaTextureObject_t buffer(const float* values) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeLinear;
    resource.res.linear.devPtr = const_cast<float*>(values);
    resource.res.linear.desc = cudaCreateChannelDesc<float>();
    resource.res.linear.sizeInBytes = kSize * kSize * sizeof(float);
    const cudaTextureDesc sampler = {};
    cudaTextureObject_t object = 0;
    CHECK(cudaCreateTextureObject(&object, &resource, &sampler, nullptr));
    return object;
}

template <class T>
std::vector<T> image() {
    std::vector<T> values(kSize * kSize);
    for (size_t i = 0; i < values.size() * sizeof(T) / sizeof(float); ++i) {
        const float value = static_cast<float>(i * 7 % 101);
        std::memcpy(reinterpret_cast<char*>(values.data()) + i * sizeof value, &value,
                    sizeof value);
    }
    return values;
}

/// Beside each other; how far apart their results may be.
template <class Load, class Fetch>
void compare(const char* name, float* out, double tolerance, Load load, Fetch fetch) {
    std::vector<float> expected(kSize * kSize), is(kSize * kSize);
    const double loading = measure(load);
    CHECK(cudaMemcpy(expected.data(), out, is.size() * sizeof(float), cudaMemcpyDeviceToHost));
    const double fetching = measure(fetch);
    CHECK(cudaMemcpy(is.data(), out, is.size() * sizeof(float), cudaMemcpyDeviceToHost));
    for (size_t i = 0; i < is.size(); ++i)
        if (tolerance >= 0 && std::fabs(is[i] - expected[i]) > tolerance) {
            std::fprintf(stderr, "%s: element %zu is %g, expected %g\n", name, i, is[i],
                         expected[i]);
            std::exit(1);
        }
    const double warps = kSize * kSize / 32;
    std::printf("%-38s %7.1f ns a warp, loads %5.1f  %6.3f x\n", name, fetching / warps * 1e9,
                loading / warps * 1e9, loading / fetching);
}

} // namespace

void measure_textures() {
    const auto floats = image<float>();
    const auto vectors = image<float4>();
    const auto bytes = image<unsigned char>();
    const auto colours = image<uchar4>();
    const float* f = upload(floats);
    const float4* v = upload(vectors);
    const unsigned char* b = upload(bytes);
    const uchar4* c = upload(colours);
    float* out = upload(std::vector<float>(kSize * kSize));
    const dim3 block(32, 8), grid(kSize / 32, kSize / 8);
    const auto one = [&](auto* p) { return [=] { load_one<<<grid, block>>>(p, out); }; };
    const auto number = buffer(f), point = make_texture(floats, false, false);
    compare("tex1Dfetch float", out, 0, one(f),
            [&] { fetch_number<float><<<grid, block>>>(number, out); });
    compare("tex2D float, point", out, 0, one(f),
            [&] { fetch_one<float><<<grid, block>>>(point, out, 0.5f, 1); });
    compare(
        "five tex2D float, point", out, 0, [&] { load_five<<<grid, block>>>(f, out); },
        [&] { fetch_five<<<grid, block>>>(point, out); });
    const auto t4 = make_texture(vectors, false, false);
    compare("tex2D float4, point", out, 0, one(v),
            [&] { fetch_one<float4><<<grid, block>>>(t4, out, 0.5f, 1); });
    const auto t1 = make_texture(bytes, false, false);
    compare("tex2D uchar, point", out, 0, one(b),
            [&] { fetch_one<unsigned char><<<grid, block>>>(t1, out, 0.5f, 1); });
    const auto tc = make_texture(colours, false, false);
    compare("tex2D uchar4, point", out, 0, one(c),
            [&] { fetch_one<uchar4><<<grid, block>>>(tc, out, 0.5f, 1); });
    const auto linear = make_texture(floats, true, false);
    // The fraction has 8 bits.
    compare(
        "tex2D float, linear, the same by loads", out, 1,
        [&] { load_linear<<<grid, block>>>(f, out, 0.9f); },
        [&] { fetch_one<float><<<grid, block>>>(linear, out, 0.25f, 0.9f); });
    compare("tex2D float, linear, one load", out, -1, one(f),
            [&] { fetch_one<float><<<grid, block>>>(linear, out, 0.25f, 0.9f); });
    const auto lc = make_texture(colours, true, true);
    compare("tex2D uchar4, linear, one load", out, -1, one(c),
            [&] { fetch_one<float4><<<grid, block>>>(lc, out, 0.25f, 0.9f); });
}
