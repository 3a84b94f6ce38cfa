// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What CUDA says of device 0; NVML has to find it, too.
#include <cstdio>

#include <nvml.h>

int main() {
    cudaDeviceProp properties;
    nvmlDevice_t device;
    if (cudaGetDeviceProperties(&properties, 0) != cudaSuccess || nvmlInit() != NVML_SUCCESS ||
        nvmlDeviceGetHandleByIndex(0, &device) != NVML_SUCCESS || nvmlShutdown() != NVML_SUCCESS)
        return 1;
    std::printf("%s, %d.%d, %zu MiB\n", properties.name, properties.major, properties.minor,
                properties.totalGlobalMem >> 20);
    return 0;
}
