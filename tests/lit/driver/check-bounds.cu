// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC_CHECK=bounds: an access one element beyond an allocation, or after its free, is a fault at its
// line, and the report names the allocation. Without it the report still names the right one.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc -lineinfo %s -o %t.exe
// RUN: env ACC_CHECK=bounds %t.exe device 1000 1000 2>&1 | FileCheck --check-prefix=END %s
// RUN: env ACC_CHECK=bounds %t.exe pinned 1000 1000 2>&1 | FileCheck --check-prefix=END %s
// RUN: env ACC_CHECK=bounds %t.exe managed 1000 1000 2>&1 | FileCheck --check-prefix=END %s
// RUN: env ACC_CHECK=bounds %t.exe pool 1000 1000 2>&1 | FileCheck --check-prefix=END %s
// RUN: env ACC_CHECK=bounds %t.exe device 1000000 1000000 2>&1 | FileCheck --check-prefix=LARGE %s
// RUN: env ACC_CHECK=bounds %t.exe device 1000 -1 2>&1 | FileCheck --check-prefix=INSIDE %s
// RUN: env ACC_CHECK=bounds %t.exe device 1024 -1 2>&1 | FileCheck --check-prefix=START %s
// RUN: env ACC_CHECK=bounds %t.exe freed 1000 10 2>&1 | FileCheck --check-prefix=FREED %s
// RUN: env ACC_CHECK=bounds %t.exe device 1001 1001 2>&1 | FileCheck --check-prefix=SLACK %s
// RUN: env ACC_CHECK=exact %t.exe device 1001 1001 2>&1 | FileCheck --check-prefix=EXACT %s
// RUN: env ACC_CHECK=bounds %t.exe device 1000 999 2>&1 | FileCheck --check-prefix=FINE %s
// RUN: %t.exe device 1000 600000 2>&1 | FileCheck --check-prefix=PLAIN %s
#include <cstdio>
#include <cstdlib>
#include <string>

__global__ void write_at(int *data, long long index) {
    data[index] = 1; // the faulting line
}

int main(int, char **argv) {
    std::setvbuf(stdout, nullptr, _IONBF, 0);
    const std::string kind = argv[1];
    const size_t bytes = std::atoll(argv[2]) * sizeof(int);
    int *data = nullptr, *other = nullptr;
    if (kind == "pinned")
        cudaMallocHost((void **)&data, bytes);
    else if (kind == "managed")
        cudaMallocManaged(&data, bytes);
    else if (kind == "pool")
        cudaMallocAsync((void **)&data, bytes, 0);
    else
        cudaMalloc(&data, bytes);
    if (kind == "freed") {
        cudaFree(data);
        cudaMalloc(&other, bytes);
        if (other == data)
            std::printf("the addresses were given out again\n");
    }
    write_at<<<1, 1>>>(data, std::atoll(argv[3]));
    std::printf("error %d\n", int(cudaDeviceSynchronize()));
    cudaFree(data);
}
// END: device fault: access to an address that is not mapped
// END: source: {{.*}}check-bounds.cu:23
// END: nearest: 0 bytes after the end of {{device memory|memory of a pool|pinned host memory|managed memory}} 0x{{[0-9a-f]+}} of 4000 bytes (allocation {{[0-9]+}})
// END: error 700
// LARGE: nearest: 0 bytes after the end of device memory 0x{{[0-9a-f]+}} of 4000000 bytes
// INSIDE: error 0
// START: nearest: {{.*}}4 bytes before device memory 0x{{[0-9a-f]+}} of 4096 bytes
// FREED-NOT: given out again
// FREED: nearest: inside device memory 0x{{[0-9a-f]+}} of 4000 bytes (allocation {{[0-9]+}}), at offset 40: it was freed
// FREED: error 700
// SLACK: error 0
// SLACK: ACC_CHECK: byte 4004 of device memory 0x{{[0-9a-f]+}} of 4004 bytes (allocation {{[0-9]+}}) was written
// EXACT: nearest: 0 bytes after the end of device memory 0x{{[0-9a-f]+}} of 4004 bytes
// EXACT: error 700
// FINE-NOT: acc:
// FINE: error 0
// PLAIN: nearest: {{[0-9]+}} bytes after the end of device memory 0x{{[0-9a-f]+}} of 4000 bytes
