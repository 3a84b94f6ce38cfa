// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each kernel is given: sizes, inputs, how far results may be apart, and the work of one
// launch (what a report counts per second). All sides read it here. Full sizes are such that the
// interpreter needs 0.05 to 0.5 s; tiny ones are for checks. Where a result can be exact on all
// sides (integers, sums of small whole numbers) the tolerance is zero.

#pragma once

#include "session.h"

namespace bench {

inline int pick(Scale scale, int tiny, int full) {
    return scale == Scale::tiny ? tiny : full;
}

constexpr Tolerance exact{0, 0};

// A half-precision number; made of floats below 65504 that are zero or above 2^-14, by cutting off.
struct Half {
    Half() = default;
    Half(float value) {
        uint32_t word;
        std::memcpy(&word, &value, sizeof word);
        const uint32_t magnitude = word & 0x7fffffff;
        bits = static_cast<uint16_t>(word >> 16 & 0x8000);
        if (magnitude >= 0x38800000) bits |= static_cast<uint16_t>((magnitude - 0x38000000) >> 13);
    }
    explicit operator double() const {
        const double fraction = bits & 0x3ff, sign = bits & 0x8000 ? -1 : 1;
        const int exponent = bits >> 10 & 31;
        if (exponent == 31) return fraction ? NAN : sign * INFINITY;
        return sign *
               (exponent ? std::ldexp(1024 + fraction, exponent - 25) : std::ldexp(fraction, -24));
    }
    uint16_t bits = 0;
};

// `count` whole numbers from 0 to limit - 1.
template <typename T>
std::vector<T> random_whole(size_t count, int limit, uint64_t seed) {
    const std::vector<float> values = random_floats(count, 0, static_cast<float>(limit), seed);
    std::vector<T> whole(count);
    for (size_t i = 0; i < count; ++i)
        whole[i] = static_cast<T>(static_cast<int>(values[i]));
    return whole;
}

// y = a * x + y
struct Saxpy {
    explicit Saxpy(Scale scale)
        : n(pick(scale, 1000, 1 << 24)), x(random_floats(n, -1, 1, 1)),
          y(random_floats(n, -1, 1, 2)) {}
    int n;
    float a = 0.5f;
    std::vector<float> x, y;
    static constexpr Tolerance tolerance{1e-6, 0};
    static constexpr const char* unit = "byte";
    double work() const { return 12.0 * n; }
};

// a = b + s * c
struct Triad {
    explicit Triad(Scale scale)
        : n(pick(scale, 5000, 1 << 24)), b(random_floats(n, -1, 1, 9)),
          c(random_floats(n, -1, 1, 10)) {}
    int n;
    int groups = 512; // of 256 threads, each of which goes on by whole grids
    float s = 1.5f;
    std::vector<float> b, c;
    static constexpr Tolerance tolerance{1e-6, 0};
    static constexpr const char* unit = "byte";
    double work() const { return 12.0 * n; }
};

// An n x n matrix, n a multiple of 32.
struct Transpose {
    explicit Transpose(Scale scale)
        : n(pick(scale, 96, 4096)), in(random_floats(size_t(n) * n, 0, 1, 11)) {}
    int n;
    std::vector<float> in;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "byte";
    double work() const { return 8.0 * n * n; }
};

// c = a * b, square; n is a multiple of every tile that is used.
struct Sgemm {
    explicit Sgemm(Scale scale)
        : n(pick(scale, 128, 768)), a(random_floats(size_t(n) * n, -1, 1, 3)),
          b(random_floats(size_t(n) * n, -1, 1, 4)) {}
    int n;
    std::vector<float> a, b;
    static constexpr Tolerance tolerance{1e-4, 1e-5};
    static constexpr const char* unit = "flop";
    double work() const { return 2.0 * n * n * n; }
};

// The same in double.
struct Dgemm {
    explicit Dgemm(Scale scale) : n(pick(scale, 64, 512)), a(size_t(n) * n), b(size_t(n) * n) {
        const std::vector<float> values = random_floats(2 * a.size(), -1, 1, 12);
        for (size_t i = 0; i < a.size(); ++i) {
            a[i] = values[2 * i];
            b[i] = values[2 * i + 1];
        }
    }
    int n;
    std::vector<double> a, b;
    static constexpr Tolerance tolerance{1e-12, 1e-12};
    static constexpr const char* unit = "flop";
    double work() const { return 2.0 * n * n * n; }
};

// c = a * b in 8-bit integers with 32-bit sums. Four bytes along k in each word; b is stored column
// by column.
struct Igemm {
    explicit Igemm(Scale scale)
        : n(pick(scale, 64, 768)), words(n / 4), a(random_words(size_t(n) * words, 13)),
          b(random_words(size_t(n) * words, 14)) {}
    static std::vector<int> random_words(size_t count, uint64_t seed) {
        const std::vector<uint32_t> halves = random_whole<uint32_t>(2 * count, 1 << 16, seed);
        std::vector<int> result(count);
        for (size_t i = 0; i < count; ++i)
            result[i] = static_cast<int>(halves[2 * i] << 16 | halves[2 * i + 1]);
        return result;
    }
    int n, words;
    // b by rows: `words` rows of n words. Columns: by columns, n columns of `words` words.
    std::vector<int> a, b;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "op";
    double work() const { return 2.0 * n * n * n; }
};

// A layer of a network: 3 x 3 filters over all input channels of an image whose border of zeros is
// stored.
struct Conv3x3 {
    explicit Conv3x3(Scale scale)
        : size(pick(scale, 32, 256)), in_channels(pick(scale, 3, 16)),
          out_channels(pick(scale, 4, 16)), in(size_t(in_channels) * (size + 2) * (size + 2)),
          weights(random_floats(size_t{9} * in_channels * out_channels, -1, 1, 15)) {
        const std::vector<float> pixels = random_floats(size_t(in_channels) * size * size, 0, 1,
                                                        16);
        for (int c = 0, i = 0; c < in_channels; ++c)
            for (int y = 1; y <= size; ++y)
                for (int x = 1; x <= size; ++x)
                    in[(size_t(c) * (size + 2) + y) * (size + 2) + x] = pixels[i++];
    }
    int size, in_channels, out_channels;
    std::vector<float> in, weights;
    static constexpr Tolerance tolerance{1e-4, 1e-5};
    static constexpr const char* unit = "flop";
    double work() const { return 18.0 * size * size * in_channels * out_channels; }
};

// One step of the heat equation on n x n cells; the border stays.
struct Stencil2d {
    explicit Stencil2d(Scale scale)
        : n(pick(scale, 66, 4098)), in(random_floats(size_t(n) * n, 0, 1, 5)) {}
    int n;
    float rate = 0.2f;
    std::vector<float> in;
    static constexpr Tolerance tolerance{1e-6, 0};
    static constexpr const char* unit = "byte";
    double work() const { return 8.0 * n * n; }
};

// The same on n x n x n cells.
struct Stencil3d {
    explicit Stencil3d(Scale scale)
        : n(pick(scale, 34, 258)), in(random_floats(size_t(n) * n * n, 0, 1, 17)) {}
    int n;
    float rate = 0.15f;
    std::vector<float> in;
    static constexpr Tolerance tolerance{1e-6, 0};
    static constexpr const char* unit = "byte";
    double work() const { return 8.0 * n * n * n; }
};

// Accelerations by all other bodies; x, y, z, mass of each.
struct Nbody {
    explicit Nbody(Scale scale)
        : n(pick(scale, 512, 8192)), bodies(random_floats(size_t{4} * n, 0, 1, 6)) {}
    int n;
    float softening = 0.01f;
    std::vector<float> bodies;
    static constexpr Tolerance tolerance{1e-2, 1e-4};
    static constexpr const char* unit = "interaction";
    double work() const { return 1.0 * n * n; }
};

// How long points of the plane stay near the origin. The operations are written as fused ones, so
// the result is exact.
struct Mandelbrot {
    explicit Mandelbrot(Scale scale) : n(pick(scale, 64, 1024)), step(3.0f / n) {}
    int n; // pixels on a side
    int limit = 256;
    float step;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "pixel";
    double work() const { return 1.0 * n * n; }
};

// Prices of European options: calls, then puts.
struct BlackScholes {
    explicit BlackScholes(Scale scale)
        : n(pick(scale, 3000, 1 << 22)), price(random_floats(n, 5, 30, 18)),
          strike(random_floats(n, 1, 100, 19)), years(random_floats(n, 0.25f, 10, 20)) {}
    int n;
    float rate = 0.02f, volatility = 0.30f;
    std::vector<float> price, strike, years;
    static constexpr Tolerance tolerance{1e-4, 1e-5};
    static constexpr const char* unit = "option";
    double work() const { return 1.0 * n; }
};

// Spheres in a box of light, one ray a pixel, a shadow ray at each hit, mirrors up to `bounces`
// deep; brightness of each pixel. Rays that graze a sphere may hit on one side and miss on another.
struct Raytrace {
    explicit Raytrace(Scale scale) : n(pick(scale, 64, 768)) {
        const std::vector<float> random = random_floats(size_t{5} * count, 0, 1, 21);
        for (int i = 0; i < count; ++i) {
            const float* r = &random[5 * i];
            const float sphere[8] = {8 * r[0] - 4,
                                     6 * r[1] - 3,
                                     6 + 6 * r[2],
                                     0.5f + r[3], // centre, radius
                                     0.2f + 0.6f * r[4],
                                     0.3f,
                                     0,
                                     0}; // colour, mirror
            spheres.insert(spheres.end(), sphere, sphere + 8);
        }
    }
    int n; // pixels on a side
    static constexpr int count = 24;
    int bounces = 3;
    std::vector<float> spheres; // eight numbers of each
    static constexpr Tolerance tolerance{1e-3, 1e-3, 0.002};
    static constexpr const char* unit = "pixel";
    double work() const { return 1.0 * n * n; }
};

// The sum of n zeros and ones: below 2^24, so exact in float in any order.
struct Reduction {
    explicit Reduction(Scale scale)
        : n(pick(scale, 10000, 1 << 24)), in(random_whole<float>(n, 2, 7)) {}
    int n;
    int groups = 256; // of 256 threads; each leaves one partial sum
    std::vector<float> in;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "byte";
    double work() const { return 4.0 * n; }
};

// Exclusive sums of whole numbers.
struct Scan {
    explicit Scan(Scale scale)
        : n(pick(scale, 300000, 1 << 23)), in(random_whole<int>(n, 10, 22)) {}
    int n;
    static constexpr int per_group = 512; // elements of a group of 256 threads
    std::vector<int> in;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "element";
    double work() const { return 1.0 * n; }
};

// How often each byte occurs; the input is words of four bytes.
struct Histogram {
    explicit Histogram(Scale scale) : words(pick(scale, 5000, 1 << 22)), in(random_words(words)) {}
    static std::vector<uint32_t> random_words(size_t count) {
        // Squares: some bytes are common, others rare.
        const std::vector<float> values = random_floats(4 * count, 0, 1, 23);
        std::vector<uint32_t> result(count);
        for (size_t i = 0; i < 4 * count; ++i)
            result[i / 4] |= static_cast<uint32_t>(values[i] * values[i] * 256) << (i % 4 * 8);
        return result;
    }
    int words;
    int groups = 128; // of 256 threads
    std::vector<uint32_t> in;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "byte";
    double work() const { return 4.0 * words; }
};

// y = A * x, A sparse in compressed rows of 8 to 119 elements; small whole numbers, so exact in any
// order.
struct Spmv {
    explicit Spmv(Scale scale) : rows(pick(scale, 500, 1 << 16)), starts(1, 0) {
        for (int length : random_whole<int>(rows, 112, 24))
            starts.push_back(starts.back() + 8 + length);
        columns = random_whole<int>(starts.back(), rows, 25);
        values = random_whole<float>(starts.back(), 8, 26);
        x = random_whole<float>(rows, 8, 27);
    }
    int rows;
    std::vector<int> starts, columns;
    std::vector<float> values, x;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "flop";
    double work() const { return 2.0 * starts.back(); }
};

// Distances of all vertices from the first one, in a graph with 4 to 19 edges from each; level by
// level.
struct Bfs {
    explicit Bfs(Scale scale) : vertices(pick(scale, 2000, 1 << 19)), starts(1, 0) {
        for (int degree : random_whole<int>(vertices, 16, 28))
            starts.push_back(starts.back() + 4 + degree);
        edges = random_whole<int>(starts.back(), vertices, 29);
    }
    int vertices;
    std::vector<int> starts, edges;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "edge";
    double work() const { return 1.0 * starts.back(); }
};

// Each row to mean 0 and variance 1, then scaled and shifted.
struct Layernorm {
    explicit Layernorm(Scale scale)
        : rows(pick(scale, 8, 4096)), columns(pick(scale, 300, 2048)),
          in(random_floats(size_t(rows) * columns, -2, 3, 30)),
          gamma(random_floats(columns, 0, 2, 31)), beta(random_floats(columns, -1, 1, 32)) {}
    int rows, columns;
    float epsilon = 1e-5f;
    std::vector<float> in, gamma, beta;
    static constexpr Tolerance tolerance{1e-4, 1e-5};
    static constexpr const char* unit = "element";
    double work() const { return 1.0 * rows * columns; }
};

// Softmax of each row.
struct Softmax {
    explicit Softmax(Scale scale)
        : rows(pick(scale, 8, 4096)), columns(pick(scale, 300, 2048)),
          in(random_floats(size_t(rows) * columns, -4, 4, 8)) {}
    int rows, columns;
    std::vector<float> in;
    static constexpr Tolerance tolerance{1e-7, 1e-5};
    static constexpr const char* unit = "element";
    double work() const { return 1.0 * rows * columns; }
};

// Attention of each head: softmax(q * k^T / sqrt(64)) * v, stored in half, computed in float.
struct Attention {
    explicit Attention(Scale scale)
        : heads(pick(scale, 2, 8)), length(pick(scale, 96, 512)), q(random_halves(33)),
          k(random_halves(34)), v(random_halves(35)) {}
    std::vector<Half> random_halves(uint64_t seed) const {
        const std::vector<float> values = random_floats(size_t(heads) * length * size, -2, 2, seed);
        return std::vector<Half>(values.begin(), values.end());
    }
    int heads, length;              // length: of a sequence; at most 512
    static constexpr int size = 64; // of a vector
    static constexpr float factor = 0.125f;
    std::vector<Half> q, k, v; // [heads][length][size]
    static constexpr Tolerance tolerance{2e-3, 2e-3};
    static constexpr const char* unit = "flop";
    double work() const { return 4.0 * heads * length * length * size; }
};

// Fourier transforms of 1024 complex numbers, radix 4.
struct Fft {
    explicit Fft(Scale scale)
        : batch(pick(scale, 4, 4096)), in(random_floats(size_t{2} * size * batch, -1, 1, 36)),
          roots(2 * size) {
        for (int i = 0; i < size; ++i) {
            roots[2 * i] = static_cast<float>(std::cos(-2 * 3.14159265358979323846 * i / size));
            roots[2 * i + 1] = static_cast<float>(std::sin(-2 * 3.14159265358979323846 * i / size));
        }
    }
    static constexpr int size = 1024;
    int batch;
    std::vector<float> in;    // real and imaginary parts in turns
    std::vector<float> roots; // powers of the root of unity, likewise
    static constexpr Tolerance tolerance{1e-3, 1e-4};
    static constexpr const char* unit = "flop";
    double work() const { return 5.0 * size * 10 * batch; }
};

// Parts of 1024 keys, each sorted.
struct Bitonic {
    explicit Bitonic(Scale scale)
        : parts(pick(scale, 4, 1024)),
          in(random_whole<uint32_t>(size_t(size) * parts, 1 << 24, 37)) {}
    static constexpr int size = 1024;
    int parts;
    std::vector<uint32_t> in;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "key";
    double work() const { return 1.0 * size * parts; }
};

// The best local alignment's score (Smith-Waterman) of pairs of sequences of 256 letters.
struct Alignment {
    explicit Alignment(Scale scale)
        : pairs(pick(scale, 4, 256)), a(random_whole<int8_t>(size_t(size) * pairs, 4, 38)),
          b(random_whole<int8_t>(size_t(size) * pairs, 4, 39)) {
        // Related sequences: two of three letters are the same.
        for (size_t i = 0; i < a.size(); ++i)
            if (i % 3 != 0) b[i] = a[i];
    }
    static constexpr int size = 256;
    int pairs;
    int match = 3, mismatch = -2, gap = -2;
    std::vector<int8_t> a, b;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "cell";
    double work() const { return 1.0 * size * size * pairs; }
};

// SHA-256 of messages of 128 bytes, so three blocks of each. Eight words of each result.
struct Sha256 {
    explicit Sha256(Scale scale)
        : messages(pick(scale, 100, 1 << 16)),
          in(random_whole<uint32_t>(size_t(words) * messages, 1 << 24, 40)) {}
    static constexpr int words = 32; // of a message
    int messages;
    std::vector<uint32_t> in;
    static constexpr Tolerance tolerance = exact;
    static constexpr const char* unit = "message";
    double work() const { return 1.0 * messages; }
};

} // namespace bench
