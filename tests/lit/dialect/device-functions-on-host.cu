// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 6 programs.
// Host code may name a __device__ function, and templates may call one, as long as the host does not get there.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// No name of a __device__ function is left undefined; all stand for a function that says so and ends the program.
// RUN: llvm-nm --undefined-only %t.o | FileCheck --implicit-check-not=" U _Z" --check-prefix=NAMES %s
// NAMES: fputs
// RUN: llvm-nm %t.o | FileCheck --check-prefix=STUB %s
// STUB: t __acc_no_host_code
namespace p1 {
struct S {
    __device__ int f() const { return __popc(1); }
};
template <class T>
__host__ __device__ int f() {
    T s;
    return s.f();
}
int use() { return f<S>(); }
} // namespace p1
namespace p2 {
__device__ int f(int x) { return __popc(x); }
template <int (*F)(int)>
__global__ void k(int* p) {
    *p = F(3);
}
void use(int* p) { k<f><<<1, 1>>>(p); }
} // namespace p2
namespace p3 {
template <class F>
__global__ void k(F f, int* p) {
    *p = f(1);
}
struct G {
    __device__ int operator()(int x) const { return __popc(x); }
};
void use(int* p) {
    G g;
    k<G><<<1, 1>>>(g, p);
}
} // namespace p3
namespace p4 { // in initial values and in functions of the host
typedef float (*Fp)(float);
__device__ float f(float x) { return __popc(int(x)); }
__device__ float g(float x) { return x; }
Fp table[2] = {f, &g};
struct S {
    Fp p = f;
    Fp o;
    S() : o(g) {}
    __device__ float m(float x) { return x; }
    __device__ static int s(int x) { return x; }
};
template <class F>
__global__ void k(F h) {
    h(1.0f);
}
void take(Fp) {}
void use(bool c) {
    Fp p = g;
    auto q = c ? &f : nullptr;
    take(q);
    S s;
    s.p = f;
    auto m = &S::m;
    int (*n)(int) = S::s;
    k<<<1, 1>>>(f);
    if (f == p || !m || !n) take((Fp)f);
}
} // namespace p4
namespace p5 { // in unevaluated operands
struct F {
    __device__ float operator()(int x) const { return __int_as_float(x); }
};
__device__ int f(int);
template <class G, class R>
__global__ void k(G g, R* p) {
    *p = g(1);
}
void use() {
    F g;
    using R = decltype(g(1));
    R* p = nullptr;
    static_assert(sizeof(decltype(f(1))) == 4 && !noexcept(f(1)), "");
    k<<<1, 1>>>(g, p + sizeof(f(1)));
}
template <class G>
void launch(G g) {
    using R = decltype(g(1));
    R* p = nullptr;
    k<G, R><<<1, 1>>>(g, p);
}
void use2() { launch(F()); }
} // namespace p5
namespace p6 { // in templates of the host
struct F {
    __device__ F() {}
    __device__ F(int) {}
    __device__ ~F() {}
    __device__ void operator()(int) const {}
};
template <class T>
T make() {
    return T();
}
template <class F>
__global__ void k(F f) {
    f(1);
}
template <class F>
void dispatch(F f, bool device) {
    if (device)
        k<<<1, 1>>>(f);
    else
        f(1);
}
template <class T>
struct V {
    T value;
    __device__ T get() const { return value; }
    T host() { return get(); }
};
int use() {
    dispatch(make<F>(), true);
    return V<int>{3}.host();
}
} // namespace p6
