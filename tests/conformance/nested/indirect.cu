// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true
// Launches in functions that a kernel reaches only at run time: by a pointer out of memory or an
// argument, by a class's table that another kernel has put into memory.
#include "../common/check.h"

__global__ void count(int* to) {
    atomicAdd(to, 1);
}

using Function = void (*)(int*);
__device__ __noinline__ void launch(int* to) {
    count<<<1, 32>>>(to);
}
__global__ void give(Function* to) {
    *to = launch;
}
__global__ void call(int* to, Function function) {
    function(to);
}

struct Work {
    __device__ virtual void run(int* to) = 0;
};
struct Launches : Work {
    __device__ void run(int* to) override { count<<<2, 32>>>(to); }
};
__global__ void make(Work** to) {
    *to = new Launches;
}
__global__ void use(Work** work, int* to) {
    (*work)->run(to);
}

int main() {
    int* counter;
    Function* function;
    Work** work;
    CHECK(cudaMallocManaged(&counter, sizeof *counter));
    CHECK(cudaMallocManaged(&function, sizeof *function));
    CHECK(cudaMalloc(&work, sizeof *work));
    *counter = 0;
    make<<<1, 1>>>(work);
    use<<<1, 1>>>(work, counter);
    CHECK(cudaDeviceSynchronize());
    EXPECT(*counter == 64, "%d", *counter);
    give<<<1, 1>>>(function);
    CHECK(cudaDeviceSynchronize());
    call<<<1, 1>>>(counter, *function);
    CHECK(cudaDeviceSynchronize());
    EXPECT(*counter == 96, "%d", *counter);
    return finish();
}
