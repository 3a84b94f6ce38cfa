// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `nvcc -DN=1024 program.cu` is common and the headers come after that macro: what every program gets without an #include
// survives any one-capital-letter macro but T (clang's own headers and the runtime's documented templates use T).
// RUN: %cuda_device -O1 %s -o - -DA=1 -DB=1 -DC=1 -DD=1 -DE=1 -DF=1 -DG=1 -DH=1 -DI=1 -DJ=1 -DK=1 -DL=1 -DM=1 -DN=1024 -DO=1 -DP=1 -DQ=1 -DR=1 -DS=1 -DU=1 -DV=1 -DW=1 -DX=1 -DY=1 -DZ=1 | FileCheck %s
// RUN: %cuda_host -O1 %s -o /dev/null -DA=1 -DB=1 -DC=1 -DD=1 -DE=1 -DF=1 -DG=1 -DH=1 -DI=1 -DJ=1 -DK=1 -DL=1 -DM=1 -DN=1024 -DO=1 -DP=1 -DQ=1 -DR=1 -DS=1 -DU=1 -DV=1 -DW=1 -DX=1 -DY=1 -DZ=1

#include <cooperative_groups.h>
#include <cuda.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

// CHECK: ret i32 1024
extern "C" __device__ int size() { return N; }

// CHECK-LABEL: define{{.*}} @uses
extern "C" __device__ void uses(float4 *p, const float4 *q) { __stcs(p, __ldg(q)); }
