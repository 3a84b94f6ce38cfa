// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// The type of a __shared__ variable is instantiated for the variable, whoever else needs it.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 --extended-lambda -c %s -o %t.o
namespace other {
template <int N>
struct Scratch {};
template <int N>
struct Sized {
    int a[N];
};
template <class T>
__device__ void use(T&) {}
} // namespace other
template <int N>
__global__ void k() {
    __shared__ other::Scratch<N> scratch;
    __shared__ other::Sized<N> sized[2];
    other::use(scratch); // by its qualified name: no look into the type
    other::use(sized);
    auto lambda = [=] {
        __shared__ other::Sized<N + 1> inner;
        other::use(inner);
    };
    lambda();
}
template __global__ void k<128>();
