// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions over arrays (arrays.py): 32 threads, each with arrays of its own beside those that all
// read. Results and stores are compared.
#pragma once
#include "prelude.cuh"

struct Point {
    float x, y;
    int z;
    double w;
};
/// Arrays of 4096 elements; the pointers lead to element 2048. own and marks are the thread's,
/// written as well as read.
struct Arrays {
    const int32_t* i;
    const uint32_t* u;
    const uint8_t* b;
    const int16_t* s;
    const float* f;
    const double* d;
    const int64_t* l;
    const Point* points;
    const float4* quads;
    int32_t* own;
    uint8_t* marks;
};
/// n 1..12, m 1..6, ld 1..60, wrap: 0xfffffff0.
struct Sizes {
    int n;
    unsigned m;
    size_t ld;
    unsigned wrap;
    long long back;
};

constexpr int kElements = 4096, kMiddle = kElements / 2, kThreads = 32;

HD inline void own_part(Arrays& a, int thread) {
    a.own += thread * kElements;
    a.marks += thread * kElements;
}

#ifndef __CUDACC__
#include "harness.h"

/// One array in both places; the pointers lead to its middle.
template <class T>
struct Filled {
    explicit Filled(std::vector<T> values) : host(std::move(values)), device(host) {}
    const T* here() const { return host.data() + kMiddle; }
    const T* there() const { return (const T*)device.at + kMiddle; }
    std::vector<T> host;
    Buffer<T> device;
};

template <class T>
std::vector<T> numbers(uint64_t seed) {
    std::vector<T> v(kElements);
    for (T& e : v)
        e = (T)(int32_t)next(seed);
    return v;
}

struct Inputs {
    Filled<int32_t> i{numbers<int32_t>(11)};
    Filled<uint32_t> u{numbers<uint32_t>(12)};
    Filled<uint8_t> b{numbers<uint8_t>(13)};
    Filled<int16_t> s{numbers<int16_t>(14)};
    Filled<float> f{numbers<float>(15)};
    Filled<double> d{numbers<double>(16)};
    Filled<int64_t> l{numbers<int64_t>(17)};
    Filled<Point> points{some_points()};
    Filled<float4> quads{some_quads()};

    std::vector<Point> some_points() const {
        std::vector<Point> v(kElements);
        for (int k = 0; k < kElements; ++k)
            v[k] = Point{f.host[k], f.host[kElements - 1 - k], i.host[k], d.host[k]};
        return v;
    }
    std::vector<float4> some_quads() const {
        std::vector<float4> v(kElements);
        for (int k = 0; k < kElements; ++k)
            v[k] = make_float4(f.host[k], 1, f.host[kElements - 1 - k], (float)k);
        return v;
    }
    Arrays here() const {
        return {i.here(), u.here(),      b.here(),     s.here(), f.here(), d.here(),
                l.here(), points.here(), quads.here(), nullptr,  nullptr};
    }
    Arrays there() const {
        return {i.there(), u.there(),      b.there(),     s.there(), f.there(), d.there(),
                l.there(), points.there(), quads.there(), nullptr,   nullptr};
    }
};

template <class F>
int check_arrays(const char* kernel, F function) {
    static const Inputs& inputs = *new Inputs; // outlives the runtime
    const size_t cells = (size_t)kThreads * kElements;
    static const std::vector<int32_t> own_before(cells, 0x01010101);
    static const std::vector<uint8_t> marks_before(cells, 2);
    int bad = 0;
    for (Sizes z : {Sizes{12, 6, 60, 0xfffffff0u, 90}, Sizes{1, 1, 1, 0xfffffff0u, 0},
                    Sizes{7, 3, 33, 0xfffffff0u, -3}}) {
        std::vector<uint64_t> want(kThreads);
        std::vector<int32_t> own = own_before;
        std::vector<uint8_t> marks = marks_before;
        for (int t = 0; t < kThreads; ++t) {
            Arrays a = inputs.here();
            a.own = own.data() + kMiddle;
            a.marks = marks.data() + kMiddle;
            own_part(a, t);
            want[t] = function(a, z, t);
        }
        for (const Build& build : builds) {
            Buffer<uint64_t> out(kThreads);
            Buffer<int32_t> own_there(own_before);
            Buffer<uint8_t> marks_there(marks_before);
            Arrays a = inputs.there();
            a.own = (int32_t*)own_there.at + kMiddle;
            a.marks = (uint8_t*)marks_there.at + kMiddle;
            must(launch(kernel_of(build, kernel), 1, kThreads, a, z, out.at), kernel);
            bool results = out.read() == want,
                 stores = own_there.read() == own && marks_there.read() == marks;
            if (results && stores) continue;
            printf("%s of %s, n %d: results %s, stores %s\n", kernel, build.file, z.n,
                   results ? "agree" : "differ", stores ? "agree" : "differ");
            ++bad;
        }
    }
    return bad;
}
#endif
