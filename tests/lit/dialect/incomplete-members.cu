// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Members of classes that are not defined yet, in templates. nvcc 13.0 accepts this, as long as nothing is instantiated.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// RUN: not accc -arch=sm_80 -DINSTANTIATED -c %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=error:
namespace n {
class I;
}
using n::I;
template <class T> __device__ int f(I* p, T t) {
    int a = p->x + 1;
    a += p->y;
    p->z;
    return p->g(a);
}
template <class T> __global__ void k(I* p, T t) {
    p->go(1);
    p->x = 3;
}
template <class T> struct A {
    I* p;
    I& r;
    __device__ int f() { return p->x + r.y; }
    __host__ __device__ int g(T t) const {
        if (p->ok()) return p->get(t);
        for (auto& x : p->list())
            t += x;
        return t;
    }
    template <class U> int h(U u) {
        auto l = [&] { return p->x + u; };
        return l();
    }
    int i() const;
};
template <class T> int A<T>::i() const { return p->go(); }
__global__ void uses(A<int>* a) {}
#ifdef INSTANTIATED
template <class T> __device__ int j(I* p, T) {
    // CHECK-DAG: .cu:[[#@LINE+1]]:13: error: member access into incomplete type 'I'; it must be defined before this template
    return p->x;
}
struct S {
    // CHECK-DAG: .cu:[[#@LINE+1]]:46: error: member access into incomplete type 'I'; it must be defined before this template
    template <class T> int m(I* p) { return p->x; }
    // CHECK-DAG: .cu:[[#@LINE+1]]:27: error: member access into incomplete type 'I'
    int n(I* p) { return p->x; }
};
class n::I {
  public:
    int x;
};
__global__ void l(I* p) { p->x = j(p, 1); }
int use(I* p) { return S().m<int>(p); }
#endif
