// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With per-thread default streams the API names stand for the _ptsz and _ptds entry points.
// RUN: %cuda_host -O1 -Xclang -fgpu-default-stream=per-thread -DCUDA_API_PER_THREAD_DEFAULT_STREAM %s -o - | FileCheck %s
// RUN: %cuda_host -O1 %s -o - | FileCheck --check-prefix=LEGACY %s

__global__ void kernel() {}
// CHECK: call{{.*}} @cudaLaunchKernel_ptsz(
// LEGACY: call{{.*}} @cudaLaunchKernel(
// CHECK-LABEL: define{{.*}} @work
extern "C" void work(void *to, const void *from) {
    kernel<<<1, 1>>>();
    // CHECK: call{{.*}} @cudaMemcpy_ptds(ptr
    // LEGACY: call{{.*}} @cudaMemcpy(
    cudaMemcpy(to, from, 4, cudaMemcpyDeviceToHost);
    // CHECK: call{{.*}} @cudaStreamSynchronize_ptsz(
    cudaStreamSynchronize(0);
}
