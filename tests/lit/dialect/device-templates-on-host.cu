// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts: the host's pass makes no instances of device code, which may name what only the device's pass declares (tiny-cuda-nn).
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -c %s -o %t.o
#if defined(__CUDA_ARCH__)
template <class T>
__device__ void only(T* d, T v) {
    *d = v;
}
#else
template <class T>
__device__ void only(float* d, T v, int) {
    *d = v;
}
#endif
template <class T>
__device__ void called(T* d, T v) {
    only(d, v);
}
template <class T>
__global__ void kernel(T* d, T v) {
    auto f = [&](T x) { only(d, x); };
    f(v);
    called(d, v);
}
template <class T>
struct Member {
    template <class U>
    __device__ static void put(U* d) {
        only(d, U(1));
    }
};
template <class M>
__global__ void through(int* d) {
    M::put(d);
}
int main() {
    kernel<int><<<1, 1>>>(nullptr, 3);
    void (*address)(float*, float) = kernel<float>;
    address<<<1, 1>>>(nullptr, 3.0f);
    through<Member<int>><<<1, 1>>>(nullptr);
}
