// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an execution consists of: kernels over complex arrays, launched one after the other. T is
// float or double. The result of a launch is its own error: one that the program left unread is
// not.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace acc::fft {

template <class T>
struct alignas(2 * sizeof(T)) Complex {
    T re, im;
};

/// One pass of Stockham's autosorting algorithm, with the radix R: over `lines` arrays of R * rows
/// * span elements. The element number row * span + col + i * rows * span of a line, i < R, times
/// the twiddle factor's i-th power goes into a transform of length R, whose result number i goes to
/// row * span * R + col + i * span. span: the product of the earlier radices (`period`), times the
/// elements that lie between neighbours of a transform (`inner`, the product of the later
/// dimensions).
template <class T>
struct Pass {
    const Complex<T>* in;
    Complex<T>* out;
    const Complex<T>* twiddles; ///< exp(-2 pi i k / (period * R)), k < period
    unsigned int radix, span, rows, inner, period;
    size_t lines;
    size_t in_distance, out_distance; ///< of lines
    T in_sign, out_sign; ///< of imaginary parts: -1 in the first and in the last pass of an inverse
                         ///< transform
};
template <class T>
cudaError_t launch(const Pass<T>& pass, cudaStream_t stream);

/// Radices for which there is a pass, largest first. (1: a copy.)
constexpr unsigned int kRadices[] = {16, 13, 11, 8, 7, 5, 4, 3, 2, 1};

/// Rows between real data and their half of a spectrum. `half` is N / 2 of a row of N reals.
enum class Rows {
    split,  ///< transforms of half complex numbers (of N even reals) -> half + 1 numbers of the
            ///< spectrum
    merge,  ///< and back: half + 1 numbers -> half complex ones, whose inverse transform is N reals
    crop,   ///< spectra of N numbers -> half + 1 of them
    extend, ///< and back: the other ones are conjugates
    widen,  ///< N reals -> complex numbers
    narrow, ///< and back: their real parts
};
template <class T>
struct RowsStep {
    Rows kind;
    const Complex<T>* in;
    Complex<T>* out;
    const Complex<T>* roots; ///< exp(-2 pi i k / N), k <= half; split and merge
    unsigned int length;     ///< N
    size_t rows;
    size_t in_distance, out_distance; ///< of rows, in numbers of the kind that they hold
};
template <class T>
cudaError_t launch(const RowsStep<T>& step, cudaStream_t stream);

/// The steps of Bluestein's algorithm around its transforms of `padded` elements, for lines of
/// length * inner elements.
enum class Chirp {
    start,    ///< times the chirp, padded with zeros
    convolve, ///< times the chirp's spectrum, conjugate
    finish,   ///< conjugate, times the chirp, cut
};
template <class T>
struct ChirpStep {
    Chirp kind;
    const Complex<T>* in;
    Complex<T>* out;
    const Complex<T>* factors; ///< start, finish: exp(-pi i n^2 / length); convolve: the spectrum
                               ///< over `padded`
    unsigned int length, padded, inner;
    size_t lines;
    size_t in_distance, out_distance;
    T in_sign, out_sign;
};
template <class T>
cudaError_t launch(const ChirpStep<T>& step, cudaStream_t stream);

/// What elements of the user's arrays are.
enum class Element { half, single, twice }; ///< of 16, 32, 64 bits
/// Element (batch, i0, i1, i2) of an array lies at batch * distance + ((i0 * embed[1] + i1) *
/// embed[2] + i2) * stride.
struct Layout {
    unsigned int extent[3]; ///< the last is the innermost dimension, leading ones are 1
    unsigned long long embed[3];
    unsigned long long stride, distance;
    size_t batch;
    bool real;
    Element element;
};
/// Between the user's array and a dense one, in which rows (the last dimension) have a distance.
template <class T>
struct PackStep {
    bool from_user; ///< else to
    Layout layout;
    void* user;
    void* dense; ///< of T, or of Complex<T>
    size_t row_distance;
    void* callback; ///< a device function that loads or stores the user's elements, or null
    void* callback_info;
    unsigned int shared_size; ///< bytes of shared memory for the callback
};
template <class T>
cudaError_t launch(const PackStep<T>& step, cudaStream_t stream);

} // namespace acc::fft
