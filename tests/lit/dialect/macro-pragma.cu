// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this program.
// A macro may stand for a line with a pragma: nvcc reads what the host's preprocessor has written.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck --allow-empty --implicit-check-not=warning: %s
// RUN: accc -arch=sm_80 -E %s | FileCheck --check-prefix=TEXT %s
#define UNROLL #pragma unroll
#define NO_UNROLL #pragma unroll 1
#define N 4
#define UNROLL_N #pragma unroll N
#define ONCE #pragma nv_diag_suppress 177
#define ONCE #pragma nv_diag_suppress 177
#define BODY(p)                                                                                    \
    do {                                                                                           \
        *p += 1;                                                                                   \
    } while (0)
ONCE
__global__ void k(int* p, int n) {
    // TEXT: #pragma unroll{{$}}
    UNROLL
    for (int i = 0; i < 4; ++i)
        p[i] = i;
    // TEXT: #pragma unroll 1{{$}}
    NO_UNROLL
    for (int i = 0; i < 4; ++i)
        BODY(p);
    // TEXT: #pragma unroll {{N|4$}}
    UNROLL_N
    for (int i = 0; i < n; ++i)
        p[i] += 2;
}
#define MESSAGE #pragma message("two \\ \"words\"")
// CHECK: warning: two \ "words"
MESSAGE
