// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each way a kernel can go wrong gives its documented error, from every later call, in a process of
// its own; after cudaDeviceReset the device works again.
#include "../common/check.h"

#include <fcntl.h>

__global__ void write_at(int* p, long long offset) {
    p[offset] = 1;
}
__global__ void read_at(const int* p, long long offset, int* out) {
    *out = p[offset];
}
__global__ void write_misaligned(char* p) {
    *(volatile int*)(p + 1) = 1;
}
__global__ void trap() {
    __trap();
}
__global__ void atomic_at(int* p) {
    atomicAdd(p, 1);
}
__global__ void fine(int* p) {
    *p += 1;
}

__device__ __noinline__ int endless(int depth, volatile int* p) {
    volatile int here[64];
    here[depth % 64] = depth;
    return *p == 12345 ? here[0] : endless(depth + 1, p) + here[depth % 64];
}
__global__ void recurse(int* p) {
    *p = endless(0, p);
}

__global__ void shared_out_of_range(int* p, int index) {
    __shared__ int tile[32];
    tile[threadIdx.x % 32] = 1;
    __syncthreads();
    *p = ((volatile int*)tile)[index];
}

enum Fault {
    OutOfBounds,
    Null,
    NullRead,
    HostPointer,
    Misaligned,
    Trap,
    Freed,
    Atomic,
    Recursion,
    SharedRange,
    FaultCount
};

static const char* const kNames[] = {
    "out of bounds", "null write",   "null read",      "host pointer",      "misaligned",
    "trap",          "freed memory", "atomic on null", "endless recursion", "shared memory"};

static void launch(Fault fault, int* p) {
    static int on_host[64];
    switch (fault) {
    case OutOfBounds: write_at<<<1, 1>>>(p, 1ll << 36); break;
    case Null: write_at<<<1, 1>>>(nullptr, 0); break;
    case NullRead: read_at<<<1, 1>>>(nullptr, 1, p); break;
    case HostPointer: write_at<<<1, 1>>>(on_host, 3); break;
    case Misaligned: write_misaligned<<<1, 1>>>((char*)p); break;
    case Trap: trap<<<1, 1>>>(); break;
    case Freed: {
        int* freed;
        cudaMalloc(&freed, 64 << 20);
        cudaFree(freed);
        write_at<<<1, 1>>>(freed, 1000);
        break;
    }
    case Atomic: atomic_at<<<1, 1>>>(nullptr); break;
    case Recursion: recurse<<<1, 1>>>(p); break;
    case SharedRange: shared_out_of_range<<<1, 32>>>(p, 1 << 20); break;
    default: break;
    }
}

/// What the programming guide and the API reference let a fault become.
static bool documented(Fault fault, cudaError_t error) {
    switch (fault) {
    case Misaligned: return error == cudaErrorMisalignedAddress;
    case Trap: return error == cudaErrorLaunchFailure || error == cudaErrorIllegalInstruction;
    case Recursion:
        return error == cudaErrorHardwareStackError || error == cudaErrorIllegalAddress ||
               error == cudaErrorLaunchFailure;
    case HostPointer: // a system where the device can use all of the host's memory runs it
        return error == cudaErrorIllegalAddress;
    default: return error == cudaErrorIllegalAddress;
    }
}

static int one_fault(Fault fault) {
    dup2(open("/dev/null", 1), 2);
    int *p, *q, value = 0;
    CHECK(cudaMalloc(&p, 4096));
    launch(fault, p);
    if (cudaGetLastError() != cudaSuccess) return 10; // the launch itself is right
    const cudaError_t first = cudaDeviceSynchronize();
    if (!documented(fault, first)) {
        std::printf("%s: %s\n", kNames[fault], cudaGetErrorName(first));
        return 11;
    }
    // It stays: for allocation, copies, launches, streams.
    cudaStream_t stream;
    if (cudaMalloc(&q, 16) != first || cudaMemcpy(&value, p, 4, cudaMemcpyDeviceToHost) != first ||
        cudaStreamCreate(&stream) != first || cudaDeviceSynchronize() != first)
        return 12;
    fine<<<1, 1>>>(p);
    if (cudaGetLastError() != first) return 13;
    // Until the device is reset.
    if (cudaDeviceReset() != cudaSuccess) return 14;
    cudaGetLastError();
    if (cudaMalloc(&p, 4096) != cudaSuccess || cudaMemset(p, 0, 4096) != cudaSuccess) return 15;
    fine<<<1, 1>>>(p);
    if (cudaGetLastError() != cudaSuccess ||
        cudaMemcpy(&value, p, 4, cudaMemcpyDeviceToHost) != cudaSuccess || value != 1)
        return 16;
    return 0;
}

int main() {
    for (int fault = 0; fault < FaultCount; ++fault) {
        const ChildResult result = run_child([=] { return one_fault((Fault)fault); });
        EXPECT(result.code == 0, "%s: code %d %s", kNames[fault], result.code, result.out.c_str());
    }
    return finish();
}
