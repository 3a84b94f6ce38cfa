// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this, with each of the command lines.
// Macros that say which options were given.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -fdevice-syntax-only %s
// RUN: accc -arch=sm_80 -DLAMBDA --extended-lambda -fdevice-syntax-only %s
// RUN: accc -arch=sm_80 -DLAMBDA --expt-extended-lambda -fdevice-syntax-only %s
// RUN: accc -arch=sm_80 -DCONSTEXPR --expt-relaxed-constexpr -fdevice-syntax-only %s
#if defined(__CUDACC_EXTENDED_LAMBDA__) != defined(LAMBDA)
#error "__CUDACC_EXTENDED_LAMBDA__"
#endif
#if defined(__CUDACC_RELAXED_CONSTEXPR__) != defined(CONSTEXPR)
#error "__CUDACC_RELAXED_CONSTEXPR__"
#endif
#if !defined(__NVCC_DIAG_PRAGMA_SUPPORT__)
#error "__NVCC_DIAG_PRAGMA_SUPPORT__"
#endif
int main() {}
