// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this. In its own default argument a parameter's name is still the outer one's.
// REQUIRES: accc, accdevicelib
// RUN: accc %s -o %t && %t
int x = 3;
static const unsigned N = 5;
enum E { A, B };
constexpr int n = 4;
__device__ int d = 6;
namespace q {
int w = 7;
int f(int w = w);
int f(int w) { return w; }
} // namespace q
int f(int x = x) { return x; }
__host__ __device__ int g(int a, unsigned N = N, const int n = n) { return a + N * n; }
int h(E B = B) { return B; }
template <int M, class T> __device__ T t(T a, int n = n) { return a + n + M; }
__device__ int e(int d = d) { return d; }
__global__ void k(int* p) { *p = g(1) + t<10>(2) + e(); }
int main() {
    int *p, found = 0;
    cudaMalloc(&p, sizeof(int));
    k<<<1, 1>>>(p);
    cudaMemcpy(&found, p, sizeof(int), cudaMemcpyDeviceToHost);
    x = 30;
    return f() == 30 && f(1) == 1 && q::f() == 7 && h() == 1 && g(0) == 20 && found == 21 + 16 + 6 ? 0 : 1;
}
