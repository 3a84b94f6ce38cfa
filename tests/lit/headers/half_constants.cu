// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 16-bit floats of known bits are constants, on both sides and in every version of C++ that has them.
// RUN: %cuda_device -std=c++11 %s -o - | FileCheck %s
// RUN: %cuda_host -std=c++11 %s -o /dev/null
// RUN: %cuda_device -std=c++20 %s -o /dev/null
#include <cuda_bf16.h>
#include <cuda_fp16.h>

constexpr half least(__half_raw{0x0400});
constexpr half2 both(least, half{__half_raw{0x7bff}});
constexpr __nv_bfloat16 one(__nv_bfloat16_raw{0x3f80});
constexpr __nv_bfloat162 pair(one, __nv_bfloat16{});

// CHECK-DAG: constant %struct.__half2 { %struct.__half { i16 1024 }, %struct.__half { i16 31743 } }
// CHECK-DAG: constant %struct.__nv_bfloat162 { %struct.__nv_bfloat16 { i16 16256 }, %struct.__nv_bfloat16 zeroinitializer }
__constant__ half2 both_on_device = both;
__constant__ __nv_bfloat162 pair_on_device = pair;
