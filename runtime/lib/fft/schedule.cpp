// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/fft/schedule.h"

#include <algorithm>
#include <stdexcept>

namespace acc::fft {
namespace {

/// The radices of a length's passes, or none when it has other prime factors. The powers of two
/// come first and largest first: neighbours in memory stay neighbours of a warp then.
std::vector<unsigned int> radices(unsigned int length) {
    std::vector<unsigned int> result;
    for (unsigned int radix : {16u, 8u, 4u, 2u, 13u, 11u, 7u, 5u, 3u})
        while (length % radix == 0) {
            result.push_back(radix);
            length /= radix;
        }
    if (length != 1) result.clear();
    return result;
}

/// What 32 bits of the kernels hold: the distance of neighbours, whole blocks of threads included.
unsigned int narrowed(size_t span) {
    if (span > 0xffff0000u) throw std::length_error("cufft: a distance of 2^32");
    return (unsigned int)span;
}

/// Whether the array is dense, but for a distance of its rows, which is stored in elements. Rows of
/// pairs: in pairs.
bool plain(const Layout& l, bool twice, const Callback& callback, size_t per_number,
           size_t* row_distance) {
    if (callback.function != nullptr || l.stride != 1) return false;
    if (l.element != (twice ? Element::twice : Element::single)) return false;
    const bool one_row = l.extent[0] == 1 && l.extent[1] == 1;
    const bool one_plane = l.extent[0] == 1;
    const unsigned long long row = one_row ? l.distance : l.embed[2];
    if (!one_plane && l.embed[1] != l.extent[1]) return false;
    if (!one_row && l.batch > 1 && l.distance != l.extent[0] * l.extent[1] * row) return false;
    const unsigned long long distance = one_row && l.batch == 1 ? l.extent[2] : row;
    if (distance % per_number != 0) {
        if (!(one_row && l.batch == 1)) return false;
    }
    *row_distance = (distance + per_number - 1) / per_number;
    return true;
}

} // namespace

template <class T>
void Schedule<T>::need(size_t numbers) {
    piece_ = std::max(piece_, numbers);
}

template <class T>
void Schedule<T>::add_passes(unsigned int length, size_t inner, size_t lines, T in_sign, T out_sign,
                             size_t in_distance, size_t out_distance) {
    std::vector<unsigned int> list = radices(length);
    if (list.empty()) list.push_back(1);
    const size_t dense = length * inner;
    unsigned int period = 1;
    for (size_t i = 0; i < list.size(); ++i) {
        const bool first = i == 0, last = i + 1 == list.size();
        Pass<T> p = {};
        p.radix = list[i];
        p.period = period;
        p.inner = narrowed(inner);
        p.span = narrowed(period * inner);
        p.rows = length / list[i] / period;
        p.lines = lines;
        p.in_distance = first ? in_distance : dense;
        p.out_distance = last ? out_distance : dense;
        p.in_sign = first ? in_sign : T(1);
        p.out_sign = last ? out_sign : T(1);
        if (period > 1) p.twiddles = tables_.roots(size_t(period) * list[i], period);
        steps_.push_back(p);
        need(lines * p.out_distance);
        period *= list[i];
    }
}

template <class T>
void Schedule<T>::add_bluestein(unsigned int length, size_t inner, size_t lines, T sign,
                                size_t in_distance, size_t out_distance) {
    const size_t padded = padded_length(length), dense = padded * inner;
    ChirpStep<T> s = {};
    s.length = length;
    s.padded = narrowed(padded);
    s.inner = narrowed(inner);
    s.lines = lines;
    s.kind = Chirp::start;
    s.factors = tables_.chirp(length);
    s.in_distance = in_distance;
    s.out_distance = dense;
    s.in_sign = sign;
    s.out_sign = T(1);
    steps_.push_back(s);
    need(lines * dense);
    add_passes(s.padded, inner, lines, T(1), T(1), dense, dense);
    s.kind = Chirp::convolve;
    s.factors = tables_.chirp_spectrum(length, padded);
    s.in_distance = dense;
    s.in_sign = T(1);
    steps_.push_back(s);
    add_passes(s.padded, inner, lines, T(1), T(1), dense, dense);
    s.kind = Chirp::finish;
    s.factors = tables_.chirp(length);
    s.out_distance = out_distance;
    s.out_sign = sign;
    steps_.push_back(s);
    need(lines * out_distance);
}

template <class T>
void Schedule<T>::add_transform(unsigned int length, size_t inner, size_t lines, bool inverse,
                                size_t in_distance, size_t out_distance) {
    // An inverse transform is a conjugate one of conjugate numbers.
    const T sign = inverse ? T(-1) : T(1);
    if (length > 1 && radices(length).empty())
        add_bluestein(length, inner, lines, sign, in_distance, out_distance);
    else if (length > 1 || in_distance != out_distance)
        add_passes(length, inner, lines, sign, sign, in_distance, out_distance);
}

template <class T>
void Schedule<T>::add_rows(Rows kind, unsigned int length, size_t rows, size_t in_distance,
                           size_t out_distance) {
    RowsStep<T> s = {};
    s.kind = kind;
    s.length = length;
    s.rows = rows;
    s.in_distance = in_distance;
    s.out_distance = out_distance;
    if (kind == Rows::split || kind == Rows::merge) s.roots = tables_.roots(length, length / 2 + 1);
    steps_.push_back(s);
    need(rows * out_distance);
}

template <class T>
void Schedule<T>::add_pack(const Layout& layout, const Callback& callback, bool from_user,
                           size_t row_distance) {
    PackStep<T> s = {};
    s.from_user = from_user;
    s.layout = layout;
    s.row_distance = row_distance;
    s.callback = callback.function;
    s.callback_info = callback.info;
    s.shared_size = callback.shared_size;
    steps_.push_back(s);
    if (from_user) need(layout.batch * layout.extent[0] * layout.extent[1] * row_distance);
}

template <class T>
void Schedule<T>::add_complex(const Problem& p, bool inverse, const Callback& load,
                              const Callback& store) {
    const unsigned int *n = p.length, rest = n[0] * n[1];
    const size_t rows = p.batch * rest;
    size_t in_distance = n[2], out_distance = n[2];
    if (!plain(p.in, p.twice, load, 1, &in_distance)) {
        in_distance = n[2];
        add_pack(p.in, load, true, n[2]);
    }
    const bool direct = plain(p.out, p.twice, store, 1, &out_distance);
    // Only the last step's lines can have the output's distance; lines of several rows have none.
    const bool rows_last = rest == 1, dense = direct && out_distance == n[2];
    add_transform(n[2], 1, rows, inverse, in_distance, rows_last && direct ? out_distance : n[2]);
    add_transform(n[1], n[2], p.batch * n[0], inverse, size_t(n[1]) * n[2], size_t(n[1]) * n[2]);
    add_transform(n[0], size_t(n[1]) * n[2], p.batch, inverse, size_t(rest) * n[2],
                  size_t(rest) * n[2]);
    if (!(dense || (rows_last && direct))) add_pack(p.out, store, false, n[2]);
    if (steps_.empty())
        add_passes(1, 1, p.batch, T(1), T(1), in_distance, out_distance); // all lengths are 1
}

template <class T>
void Schedule<T>::add_to_complex(const Problem& p, const Callback& load, const Callback& store) {
    const unsigned int *n = p.length, half = n[2] / 2, count = half + 1;
    const bool even = n[2] % 2 == 0;
    const size_t rows = p.batch * n[0] * n[1], plane = size_t(n[1]) * count;
    size_t in_distance = 0, out_distance = count;
    if (!plain(p.in, p.twice, load, even ? 2 : 1, &in_distance)) {
        in_distance = even ? half : n[2];
        add_pack(p.in, load, true, n[2]);
    }
    const bool direct = plain(p.out, p.twice, store, 1, &out_distance);
    const bool rows_last = n[0] * n[1] == 1, dense = direct && out_distance == count;
    if (even) {
        add_transform(half, 1, rows, false, in_distance, half);
    } else {
        add_rows(Rows::widen, n[2], rows, in_distance, n[2]);
        add_transform(n[2], 1, rows, false, n[2], n[2]);
    }
    add_rows(even ? Rows::split : Rows::crop, n[2], rows, even ? half : n[2],
             rows_last && direct ? out_distance : count);
    add_transform(n[1], count, p.batch * n[0], false, plane, plane);
    add_transform(n[0], plane, p.batch, false, n[0] * plane, n[0] * plane);
    if (!(dense || (rows_last && direct))) add_pack(p.out, store, false, count);
}

template <class T>
void Schedule<T>::add_to_real(const Problem& p, const Callback& load, const Callback& store) {
    const unsigned int *n = p.length, half = n[2] / 2, count = half + 1;
    const bool even = n[2] % 2 == 0;
    const size_t rows = p.batch * n[0] * n[1], plane = size_t(n[1]) * count;
    size_t in_distance = count, out_distance = 0;
    const bool rows_first = n[0] * n[1] == 1;
    if (!plain(p.in, p.twice, load, 1, &in_distance) || (!rows_first && in_distance != count)) {
        in_distance = count;
        add_pack(p.in, load, true, count);
    }
    add_transform(n[0], plane, p.batch, true, n[0] * plane, n[0] * plane);
    add_transform(n[1], count, p.batch * n[0], true, plane, plane);
    const bool direct = plain(p.out, p.twice, store, even ? 2 : 1, &out_distance);
    if (!direct) out_distance = even ? half : n[2];
    add_rows(even ? Rows::merge : Rows::extend, n[2], rows, in_distance, even ? half : n[2]);
    if (even) {
        add_transform(half, 1, rows, true, half, out_distance);
    } else {
        add_transform(n[2], 1, rows, true, n[2], n[2]);
        add_rows(Rows::narrow, n[2], rows, n[2], out_distance);
    }
    if (!direct) add_pack(p.out, store, false, n[2]);
}

template <class T>
Schedule<T>::Schedule(const Problem& p, bool inverse, const Callback& load, const Callback& store,
                      Tables<T>& tables)
    : tables_(tables) {
    switch (p.transform) {
    case Transform::complex: add_complex(p, inverse, load, store); break;
    case Transform::to_complex: add_to_complex(p, load, store); break;
    case Transform::to_real: add_to_real(p, load, store); break;
    }
    // Rows that change their form cannot do so in place.
    if (steps_.size() == 1)
        if (const RowsStep<T>* s = std::get_if<RowsStep<T>>(&steps_[0])) {
            const RowsStep<T> rows = *s;
            steps_.clear();
            add_passes(1, rows.in_distance, rows.rows, T(1), T(1), rows.in_distance,
                       rows.in_distance);
            steps_.push_back(rows);
        }
}

template <class T>
size_t Schedule<T>::work_size() const {
    return steps_.size() < 2 ? 0 : (steps_.size() == 2 ? 1 : 2) * piece_ * sizeof(Complex<T>);
}

template <class T>
cudaError_t Schedule<T>::run(void* in, void* out, void* work, cudaStream_t stream) const {
    Complex<T>* const pieces[2] = {static_cast<Complex<T>*>(work),
                                   static_cast<Complex<T>*>(work) + piece_};
    void* from = in;
    for (size_t i = 0; i < steps_.size(); ++i) {
        void* const to = i + 1 == steps_.size() ? out : pieces[i % 2];
        Step step = steps_[i];
        const cudaError_t error = std::visit(
            [&](auto& s) {
                if constexpr (requires { s.user; }) {
                    s.user = s.from_user ? from : to;
                    s.dense = s.from_user ? to : from;
                } else {
                    s.in = static_cast<const Complex<T>*>(from);
                    s.out = static_cast<Complex<T>*>(to);
                }
                return launch(s, stream);
            },
            step);
        if (error != cudaSuccess) return error;
        from = to;
    }
    return cudaSuccess;
}

template class Schedule<float>;
template class Schedule<double>;

} // namespace acc::fft
