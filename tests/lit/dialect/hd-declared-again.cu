// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
__host__ __device__ int none(int x);
int none(int x) { return x + 1; }
__host__ __device__ int device(int x);
__device__ int device(int x) { return x + 1; }
__host__ __device__ int host(int x);
__host__ int host(int x) { return x + 1; }
template <class T> struct A {
    T v;
    __host__ __device__ T at(int);
    template <class U> __host__ __device__ U plus(U);
};
template <class T> T A<T>::at(int i) { return v + i; }
template <class T> template <class U> U A<T>::plus(U u) { return u + v; }
template <class T> __host__ __device__ A<T> operator+(const A<T>&, const A<T>&);
template <class T> A<T> operator+(const A<T>& a, const A<T>& b) { return {a.v + b.v}; }
__host__ __device__ int all(int x) {
    A<int> a{x};
    return none(x) + device(x) + host(x) + a.at(1) + a.plus(2) + (a + a).v;
}
__global__ void k(int* p) { *p = all(*p); }
int main() { return all(0); }
