// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/fft/steps.h"

#include <map>
#include <utility>
#include <vector>

namespace acc::fft {

/// Constants in device memory that the steps of a plan read. Made when they are first asked for;
/// errors are thrown (std::bad_alloc).
template <class T>
class Tables {
    std::map<std::pair<int, std::pair<size_t, size_t>>, Complex<T>*> tables_;
    bool dry_ = false;

    template <class Make>
    const Complex<T>* table(int kind, size_t a, size_t b, Make make);

  public:
    /// dry: null pointers, for whoever only counts.
    explicit Tables(bool dry = false) : dry_(dry) {}
    Tables(const Tables&) = delete;
    Tables& operator=(const Tables&) = delete;
    ~Tables();
    /// exp(-2 pi i k / length), k < count.
    const Complex<T>* roots(size_t length, size_t count);
    /// exp(-pi i n^2 / length), n < length.
    const Complex<T>* chirp(size_t length);
    /// The transform over `padded` elements of the conjugate chirp, which goes on to negative n,
    /// over padded.
    const Complex<T>* chirp_spectrum(size_t length, size_t padded);
};

/// The least convenient length for Bluestein's algorithm: at least 2 length - 1, of the form 2^a, 3
/// * 2^a or 5 * 2^a.
size_t padded_length(size_t length);

} // namespace acc::fft
