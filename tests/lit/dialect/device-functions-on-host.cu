// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 3 programs.
// A __host__ __device__ template may call a __device__ function, as long as the host does not get there.
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
