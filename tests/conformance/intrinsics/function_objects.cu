// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvstd::function in kernels and on the host: callables of every kind, copies, moves, emptiness.
#include "check.h"

#include <nvfunctional>

struct Counted {
    int* alive;
    int add;
    __host__ __device__ Counted(int* a, int n) : alive(a), add(n) { ++*alive; }
    __host__ __device__ Counted(const Counted& o) : alive(o.alive), add(o.add) { ++*alive; }
    __host__ __device__ ~Counted() { --*alive; }
    __host__ __device__ int operator()(int x) const { return x + add; }
};
struct Large { // does not fit inside of a function object
    int weights[40];
    __host__ __device__ int operator()(int x) const { return weights[x] + weights[39]; }
};
struct Point {
    int x, y;
    __host__ __device__ int scaled(int by) const { return x * by + y; }
};
struct OnlyMoved {
    int n;
    __host__ __device__ int operator()(int&& x) const {
        const int old = x;
        x = n;
        return old;
    }
};
__host__ __device__ int twice(int x) {
    return 2 * x;
}
__host__ __device__ int apply(nvstd::function<int(int)> f, int x) {
    return f(x);
}

enum { kResults = 24 };

__host__ __device__ void use(int* r) {
    typedef nvstd::function<int(int)> Function;
    int alive = 0, hidden = 5, i = 0;
    Function empty, null(nullptr), f = twice;
    r[i++] = (bool)empty + 2 * (bool)null + 4 * (bool)f;
    r[i++] = f(21);
    f = [=](int x) { return x * hidden; };
    r[i++] = apply(f, 7);
    f = [&](int x) { return hidden += x; };
    r[i++] = f(10) + hidden;
    {
        Function counted = Counted(&alive, 3), copy = counted;
        r[i++] = alive;
        r[i++] = copy(4) + counted(5);
        Function moved = (Function&&)copy;
        r[i++] = alive * 10 + (bool)copy;
        counted = nullptr;
        r[i++] = alive;
        moved.swap(counted);
        r[i++] = (bool)moved * 100 + counted(1);
        swap(moved, counted);
        r[i++] = moved(2);
        moved = moved;
        r[i++] = moved(3) * 10 + alive;
    }
    r[i++] = alive;
    Large large = {};
    large.weights[2] = 40, large.weights[39] = 2;
    Function big = large;
    large.weights[2] = 0; // the function object has its own
    Function big_copy(big);
    r[i++] = big(2) + big_copy(2);
    big = Function();
    r[i++] = big_copy(39) * 10 + (big == nullptr);
    nvstd::function<int(const Point&, int)> member = &Point::scaled;
    nvstd::function<int(const Point*)> field = &Point::x;
    Point p = {3, 4};
    r[i++] = member(p, 10) * 100 + field(&p);
    nvstd::function<int(int&&)> by_move = OnlyMoved{8};
    int given = 6;
    r[i++] = by_move((int&&)given) * 10 + given;
    nvstd::function<void(int)> nothing = [&](int x) { given = x; };
    nothing(77);
    r[i++] = given;
    int (*no_function)(int) = nullptr;
    r[i++] = (nullptr == Function(no_function)) + 2 * (Function(empty) != nullptr);
    nvstd::function<nvstd::function<int(int)>(int)> adder = [](int a) {
        return nvstd::function<int(int)>([=](int b) { return a + b; });
    };
    r[i++] = adder(30)(12);
}
static const int want[] = {4, 42, 35, 30, 2, 15, 20, 1, 4, 5, 61, 0, 84, 41, 3403, 68, 77, 1, 42};

__global__ void kernel(int* out) {
    use(out + kResults * threadIdx.x);
}

int main() {
    const int threads = 64, count = sizeof want / sizeof *want;
    Array<int> out(kResults * threads);
    out.upload();
    kernel<<<1, threads>>>(out.device());
    wait_for_kernel();
    out.download();
    int host[kResults] = {};
    use(host);
    for (int i = 0; i < count; ++i) {
        expect_equal("host", host[i], want[i], i);
        for (int t = 0; t < threads; ++t)
            expect_equal("device", out[kResults * t + i], want[i], i, t);
    }
    return finish();
}
