// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every public header in a file for the host's compiler alone, in each standard, and from C.
// RUN: cd %cuda_headers && ls *.h *.hpp crt/*.h crt/*.hpp nvtx3/*.h nvtx3/*.hpp cooperative_groups/*.h > %t.all
// (curand_kernel.h and its parts are C++, as CUDA's. cublas.h is another API than cublas_v2.h, with the same names: alone, below.)
// RUN: grep -v -e __acc_ -e '^cublas.h' %t.all | sed 's/.*/#include <&>/' > %t.hpp
// RUN: grep -v -e hpp -e curand_ %t.hpp > %t.h && grep -q curand.h %t.h
// RUN: g++ -std=c++11 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: g++ -std=c++14 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: g++ -std=c++23 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: clang++-22 -std=c++11 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: clang++-22 -std=c++23 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.hpp -x c++ %s
// RUN: gcc -std=c11 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.h -x c %s
// RUN: clang-22 -std=c11 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include %t.h -x c %s
// RUN: g++ -std=c++11 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include cublas.h -x c++ /dev/null
// RUN: gcc -std=c11 -Wall -Wextra -Werror -fsyntax-only -I %cuda_headers -include cublas.h -x c /dev/null

__half_raw half_bits(unsigned short x) {
    __half_raw raw;
    raw.x = x;
    return raw;
}
int sizes[] = {sizeof(__half2_raw), sizeof(__nv_bfloat16_raw), sizeof(__nv_fp8x4_storage_t),
               sizeof(__nv_fp6x2_storage_t), sizeof(__nv_fp4x4_storage_t)};
PFN_cuMemAlloc allocate;

cudaError_t copy(void *to, const void *from, cudaStream_t stream) {
    nvtxRangePush("copy");
    cudaError_t result = cudaMemcpyAsync(to, from, sizeof(float4), cudaMemcpyDefault, stream);
    nvtxRangePop();
    return result;
}

#ifdef __cplusplus
float arithmetic(__half h, __nv_bfloat16 b) {
    h = h * h + __half(2);
    b = b - __float2bfloat16(0.5f);
    __nv_fp8_e4m3 eight(1.5f);
    __nv_fp6_e3m2 six(h);
    __nv_fp4x2_e2m1 four(make_float2(1, 2));
    return float(h) + float(b) + float(eight) + float(six) + float2(four).y;
}
// A volatile half is copied through its bits.
volatile __half *exchange(volatile __half *h, volatile __half_raw *bits) {
    __half_raw old = *h;
    volatile __half *same = &(*h = *bits);
    bits->x = old.x;
    return same;
}
volatile __nv_bfloat16 *exchange(volatile __nv_bfloat16 *b, volatile __nv_bfloat16_raw *bits) {
    __nv_bfloat16_raw old = *b;
    volatile __nv_bfloat16 *same = &(*b = *bits);
    bits->x = old.x;
    return same;
}
dim3 grid() { return dim3(2, 3); }
#endif
