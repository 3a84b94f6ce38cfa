// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/fft/tables.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <new>
#include <numbers>

namespace acc::fft {
namespace {

using Number = std::complex<double>;

Number root(size_t k, size_t length) {
    const double angle = -2 * std::numbers::pi * double(k) / double(length);
    return {std::cos(angle), std::sin(angle)};
}

Number chirp_factor(size_t n, size_t length) {
    return root(size_t((__uint128_t(n) * n) % (2 * length)), 2 * length);
}

/// Cooley and Tukey's algorithm, recursively, on the host: for tables only.
void recurse(const Number* in, Number* out, size_t length, size_t stride,
             const std::vector<Number>& roots) {
    if (length == 1) {
        *out = *in;
        return;
    }
    const size_t radix = length % 2 == 0 ? 2 : length % 3 == 0 ? 3 : 5, part = length / radix;
    for (size_t i = 0; i < radix; ++i)
        recurse(in + i * stride, out + i * part, part, stride * radix, roots);
    const size_t total = roots.size();
    for (size_t k = 0; k < part; ++k) {
        Number v[5], sum[5] = {};
        for (size_t i = 0; i < radix; ++i)
            v[i] = out[k + i * part] * roots[i * k * stride % total];
        for (size_t j = 0; j < radix; ++j)
            for (size_t i = 0; i < radix; ++i)
                sum[j] += v[i] * roots[i * j * (total / radix) % total];
        for (size_t j = 0; j < radix; ++j)
            out[k + j * part] = sum[j];
    }
}

} // namespace

size_t padded_length(size_t length) {
    size_t best = 0;
    for (size_t factor : {1, 3, 5}) {
        size_t padded = factor;
        while (padded < 2 * length - 1)
            padded *= 2;
        if (best == 0 || padded < best) best = padded;
    }
    return best;
}

template <class T>
Tables<T>::~Tables() {
    for (auto& [key, table] : tables_)
        cudaFree(table);
}

template <class T>
template <class Make>
const Complex<T>* Tables<T>::table(int kind, size_t a, size_t b, Make make) {
    if (dry_) return nullptr;
    Complex<T>*& place = tables_[{kind, {a, b}}];
    if (place != nullptr) return place;
    const std::vector<Number> values = make();
    std::vector<Complex<T>> rounded(values.size());
    for (size_t i = 0; i < values.size(); ++i)
        rounded[i] = {T(values[i].real()), T(values[i].imag())};
    const size_t size = rounded.size() * sizeof rounded[0];
    if (cudaMalloc(reinterpret_cast<void**>(&place), size) != cudaSuccess) {
        place = nullptr;
        throw std::bad_alloc();
    }
    if (cudaMemcpy(place, rounded.data(), size, cudaMemcpyHostToDevice) != cudaSuccess)
        throw std::bad_alloc();
    return place;
}

template <class T>
const Complex<T>* Tables<T>::roots(size_t length, size_t count) {
    return table(0, length, count, [&] {
        std::vector<Number> values(count);
        for (size_t k = 0; k < count; ++k)
            values[k] = root(k, length);
        return values;
    });
}

template <class T>
const Complex<T>* Tables<T>::chirp(size_t length) {
    return table(1, length, 0, [&] {
        std::vector<Number> values(length);
        for (size_t n = 0; n < length; ++n)
            values[n] = chirp_factor(n, length);
        return values;
    });
}

template <class T>
const Complex<T>* Tables<T>::chirp_spectrum(size_t length, size_t padded) {
    return table(2, length, padded, [&] {
        std::vector<Number> chirp(padded), spectrum(padded), roots(padded);
        for (size_t n = 0; n < length; ++n) {
            const Number factor = std::conj(chirp_factor(n, length)) / double(padded);
            chirp[n] = factor;
            if (n > 0) chirp[padded - n] = factor;
        }
        for (size_t k = 0; k < padded; ++k)
            roots[k] = root(k, padded);
        recurse(chirp.data(), spectrum.data(), padded, 1, roots);
        return spectrum;
    });
}

template class Tables<float>;
template class Tables<double>;

} // namespace acc::fft
