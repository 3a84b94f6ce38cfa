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

} // namespace bench
