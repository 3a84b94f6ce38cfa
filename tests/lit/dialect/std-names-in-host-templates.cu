// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// Names that both std and the global namespace have, of both sides, in templates of the host and of
// the device, with arguments that depend on the template's.
#include <cassert>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
using namespace std;

template <typename T> void on_host(T** list) {
    T* one = (T*)malloc(sizeof(T));
    memset(one, 0, sizeof(T));
    memcpy(*list, one, sizeof(T));
    assert(sqrt(*one) == abs(*one));
    printf("%p %f\n", (void*)list, (double)floor(pow(*one, *one)));
    free(one);
    free(list);
    std::free(std::malloc(sizeof(T)));
}

template <typename T> __host__ __device__ T on_both(const T* list) {
    T* one = (T*)malloc(sizeof(T));
    memcpy(one, list, sizeof(T));
    const T value = *one;
    free(one);
    std::free(std::malloc(sizeof(T)));
    return fabs(value);
}

template <typename T> __global__ void on_device(T* list) {
    T* one = (T*)std::malloc(sizeof(T));
    memset(one, 0, sizeof(T));
    *list = on_both(one);
    std::free(one);
}

int main() {
    on_host((float**)malloc(sizeof(float*)));
    on_host((double**)malloc(sizeof(double*)));
    on_device<<<1, 1>>>((float*)nullptr);
    const double one = 1;
    return on_both(&one) == 1;
}
