// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From the parameters of a plan to what it does.
#include "runtime/lib/fft/plan.h"

#include <limits>

namespace acc::fft {
namespace {

bool is_real(cudaDataType type) {
    return type == CUDA_R_16F || type == CUDA_R_32F || type == CUDA_R_64F;
}

bool element_of(cudaDataType type, Element* element) {
    switch (type) {
    case CUDA_R_16F:
    case CUDA_C_16F: *element = Element::half; return true;
    case CUDA_R_32F:
    case CUDA_C_32F: *element = Element::single; return true;
    case CUDA_R_64F:
    case CUDA_C_64F: *element = Element::twice; return true;
    default: return false;
    }
}

/// The layout of an array of these extents; without an embedding it is dense.
Layout layout_of(const unsigned int extent[3], int rank, const long long* embed, long long stride,
                 long long distance, size_t batch) {
    Layout l = {};
    for (int i = 0; i < 3; ++i) {
        l.extent[i] = extent[i];
        const int given = i - (3 - rank); // the index of the dimension in the user's arrays
        l.embed[i] = embed != nullptr && given > 0 ? (unsigned long long)embed[given] : extent[i];
    }
    l.stride = embed != nullptr ? (unsigned long long)stride : 1;
    l.distance = embed != nullptr ? (unsigned long long)distance
                                  : (unsigned long long)extent[0] * extent[1] * extent[2];
    l.batch = batch;
    return l;
}

} // namespace

bool types_of(cufftType type, cudaDataType* in, cudaDataType* out) {
    switch (type) {
    case CUFFT_C2C: *in = *out = CUDA_C_32F; return true;
    case CUFFT_R2C: *in = CUDA_R_32F, *out = CUDA_C_32F; return true;
    case CUFFT_C2R: *in = CUDA_C_32F, *out = CUDA_R_32F; return true;
    case CUFFT_Z2Z: *in = *out = CUDA_C_64F; return true;
    case CUFFT_D2Z: *in = CUDA_R_64F, *out = CUDA_C_64F; return true;
    case CUFFT_Z2D: *in = CUDA_C_64F, *out = CUDA_R_64F; return true;
    }
    return false;
}

cufftResult make_problem(const Request& r, Problem* problem, bool* padded_in_place) {
    Problem p;
    Element in_element, out_element;
    if (r.rank < 1 || r.rank > 3 || r.n == nullptr) return CUFFT_INVALID_VALUE;
    if (!element_of(r.in, &in_element) || !element_of(r.out, &out_element) ||
        in_element != out_element || (is_real(r.in) && is_real(r.out)))
        return CUFFT_INVALID_TYPE;
    if (r.batch < 1) return CUFFT_INVALID_SIZE;
    unsigned long long total = (unsigned long long)r.batch;
    for (int i = 0; i < r.rank; ++i) {
        if (r.n[i] < 1 || r.n[i] > std::numeric_limits<int>::max()) return CUFFT_INVALID_SIZE;
        p.length[3 - r.rank + i] = (unsigned int)r.n[i];
        if (__builtin_mul_overflow(total, (unsigned long long)r.n[i], &total) || total >> 40 != 0)
            return CUFFT_INVALID_SIZE;
    }
    p.transform = is_real(r.in)    ? Transform::to_complex
                  : is_real(r.out) ? Transform::to_real
                                   : Transform::complex;
    p.twice = in_element == Element::twice;
    p.batch = (size_t)r.batch;
    const bool embedded = r.inembed != nullptr && r.onembed != nullptr;
    if (embedded && (r.istride < 1 || r.ostride < 1 || r.idist < 0 || r.odist < 0))
        return CUFFT_INVALID_VALUE;
    // Of a real transform's last dimension the complex side has a half and one.
    unsigned int in[3] = {p.length[0], p.length[1], p.length[2]}, out[3] = {in[0], in[1], in[2]};
    if (p.transform == Transform::to_complex) out[2] = out[2] / 2 + 1;
    if (p.transform == Transform::to_real) in[2] = in[2] / 2 + 1;
    if (embedded)
        for (int i = 1; i < r.rank; ++i)
            if (r.inembed[i] < in[3 - r.rank + i] || r.onembed[i] < out[3 - r.rank + i])
                return CUFFT_INVALID_VALUE;
    p.in = layout_of(in, r.rank, embedded ? r.inembed : nullptr, r.istride, r.idist, p.batch);
    p.out = layout_of(out, r.rank, embedded ? r.onembed : nullptr, r.ostride, r.odist, p.batch);
    p.in.real = is_real(r.in);
    p.out.real = is_real(r.out);
    p.in.element = p.out.element = in_element;
    *problem = p;
    *padded_in_place = !embedded && p.transform != Transform::complex;
    return CUFFT_SUCCESS;
}

} // namespace acc::fft
