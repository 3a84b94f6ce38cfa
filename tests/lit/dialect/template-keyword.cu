// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// A member template of a class that depends on a template's arguments, named without `template`.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -c %s -o %t.o
// RUN: accc -arch=sm_80 -std=c++17 -G -c %s -o %t.o
template <class To, class From>
struct Cast {
    template <int N>
    static __device__ void cast(To* to, const From* from) {
        for (int i = 0; i < N; ++i)
            to[i] = To(from[i]);
    }
    template <bool B>
    static __device__ int one(int x) {
        return B ? 2 : x;
    }
    static constexpr int value = 3;
};
template <class T, class U, int N>
__device__ void f(T* to, const U* from) {
    Cast<T, U>::cast<N>(to, from);
    int x = Cast<T, Cast<U, int>>::one<true>(2) + 1;
    (Cast<T, U>::cast<4>(to, from));
    to[0] = Cast<T, U>::value < N; // a comparison
    to[1] = Cast<T, U>::value < N && N > (x);
    to[2] = Cast<T, U>::template one<false>(2);
}
template <class T>
struct S {
    template <int N>
    __device__ void member(T* to, const int* from) {
        Cast<T, int>::cast<N>(to, from);
    }
};
template <class T>
struct Declared {
    template <int N>
    __device__ int f(int x) {
        return x + N;
    }
};
template <>
template <>
__device__ int Declared<int>::f<3>(int x) { // what is declared has no keyword
    return x;
}
template __device__ int Declared<float>::f<3>(int);
__global__ void k(float* p, const int* q) {
    f<float, int, 2>(p, q);
    S<float>().member<5>(p, q);
}
