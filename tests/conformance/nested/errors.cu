// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true
// What device code is told: errors of launches, the last error of a thread, attributes of the
// device and of kernels.
#include "../common/check.h"

__global__ void child(int* to) {
    atomicAdd(to, 1);
}
__global__ void __launch_bounds__(64) bounded(int* to) {
    atomicAdd(to, 1);
}
__global__ void with_shared(int* to) {
    __shared__ int words[100];
    words[threadIdx.x] = 1;
    __syncthreads();
    *to = words[0];
}

__global__ void bad_launches(int* to, int* errors) {
    errors[0] = cudaGetLastError();
    child<<<0, 1>>>(to);
    errors[1] = cudaPeekAtLastError();
    errors[2] = cudaGetLastError();
    errors[3] = cudaGetLastError();
    child<<<1, 1025>>>(to);
    errors[4] = cudaGetLastError();
    bounded<<<1, 65>>>(to);
    errors[5] = cudaGetLastError();
    child<<<1, dim3(1, 1, 65)>>>(to);
    errors[6] = cudaGetLastError();
    cudaStream_t stream;
    errors[7] = cudaStreamCreateWithFlags(&stream, 0);
    errors[8] = cudaGetLastError();
    cudaEvent_t event;
    errors[9] = cudaEventCreateWithFlags(&event, 0);
    errors[10] = cudaGetLastError();
    child<<<1, 1>>>(to);
    errors[11] = cudaGetLastError();
}

// Each thread has its own.
__global__ void own_errors(int* to, int* errors) {
    child<<<threadIdx.x % 2, 1>>>(to);
    __syncthreads();
    errors[threadIdx.x] = cudaGetLastError();
}

// One after the other, more often than errors are kept: each place comes back.
__global__ void in_turn(int* to, int* missed) {
    for (unsigned i = 0; i < blockDim.x; ++i) {
        __syncthreads();
        if (threadIdx.x != i) continue;
        child<<<0, 1>>>(to);
        if (cudaGetLastError() != cudaErrorInvalidConfiguration) ++*missed;
        if (cudaGetLastError() != cudaSuccess) ++*missed;
    }
}
// All at a time, also when there are more of them than are kept.
__global__ void all_fail(int* to, int* missed) {
    child<<<0, 1>>>(to);
    __syncthreads();
    if (cudaPeekAtLastError() != cudaErrorInvalidConfiguration) atomicAdd(missed, 1);
    if (cudaGetLastError() != cudaErrorInvalidConfiguration) atomicAdd(missed, 1);
}
static void test_many_errors(Buffer<int>& to) {
    Buffer<int> missed(1);
    in_turn<<<1, 512>>>(to.device(), missed.device());
    SYNC();
    EXPECT(missed.download()[0] == 0, "%d", missed[0]);
    for (int i = 0; i < 20; ++i)
        all_fail<<<1, 32>>>(to.device(), missed.device());
    SYNC();
    EXPECT(missed.download()[0] == 0, "%d", missed[0]);
    all_fail<<<4, 256>>>(to.device(), missed.device());
    SYNC();
    EXPECT(missed.download()[0] == 0, "%d", missed[0]);
    // Another grid does not hear of it.
    Buffer<int> errors(12);
    bad_launches<<<1, 1>>>(to.device(), errors.device());
    SYNC();
    errors.download();
    EXPECT(errors[0] == cudaSuccess && errors[11] == cudaSuccess, "%d %d", errors[0], errors[11]);
}

__global__ void wait_for(volatile int* flag) {
    while (*flag == 0) {
    }
}
// Only so many may be under way: the first in the stream waits, the others wait for it.
__global__ void too_many(int* flag, int* to, int* counts) {
    wait_for<<<1, 1>>>(flag);
    for (int i = 0; i < 100; ++i) {
        child<<<1, 1>>>(to);
        const cudaError_t error = cudaGetLastError();
        if (error == cudaSuccess)
            ++counts[0];
        else if (error == cudaErrorLaunchPendingCountExceeded)
            ++counts[1];
    }
    __threadfence();
    *flag = 1;
}

__global__ void deep(int depth, int* deepest, int* error) {
    *deepest = depth;
    deep<<<1, 1>>>(depth + 1, deepest, error);
    const cudaError_t status = cudaGetLastError();
    if (status != cudaSuccess) *error = status;
}

__global__ void questions(int* answers, char* text) {
    cudaGetDevice(&answers[0]);
    cudaGetDeviceCount(&answers[1]);
    cudaDeviceGetAttribute(&answers[2], cudaDevAttrMultiProcessorCount, answers[0]);
    cudaDeviceGetAttribute(&answers[3], cudaDevAttrMaxThreadsPerBlock, answers[0]);
    cudaRuntimeGetVersion(&answers[4]);
    cudaFuncAttributes attributes;
    answers[5] = cudaFuncGetAttributes(&attributes, with_shared);
    answers[6] = (int)attributes.sharedSizeBytes;
    cudaFuncGetAttributes(&attributes, bounded);
    answers[7] = attributes.maxThreadsPerBlock;
    answers[8] = attributes.numRegs;
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&answers[9], bounded, 64, 0);
    answers[10] = cudaDeviceGetAttribute(&answers[11], cudaDevAttrMaxThreadsPerBlock, 1000);
    const char* texts[] = {cudaGetErrorName(cudaErrorLaunchPendingCountExceeded),
                           cudaGetErrorString(cudaErrorInvalidConfiguration)};
    for (int t = 0; t < 2; ++t, text += 64)
        for (int i = 0; i == 0 || texts[t][i - 1] != 0; ++i)
            text[i] = texts[t][i];
}

static void test_questions() {
    Buffer<int> answers(12);
    Buffer<char> text(128);
    questions<<<1, 1>>>(answers.device(), text.device());
    SYNC();
    answers.download();
    text.download();
    int device = -1, count = -1, units = -1, threads = -1, version = -1, blocks = -1;
    CHECK(cudaGetDevice(&device));
    CHECK(cudaGetDeviceCount(&count));
    CHECK(cudaDeviceGetAttribute(&units, cudaDevAttrMultiProcessorCount, device));
    CHECK(cudaDeviceGetAttribute(&threads, cudaDevAttrMaxThreadsPerBlock, device));
    CHECK(cudaRuntimeGetVersion(&version));
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, bounded, 64, 0));
    cudaFuncAttributes attributes;
    CHECK(cudaFuncGetAttributes(&attributes, bounded));
    EXPECT(answers[0] == device && answers[1] == count && answers[2] == units);
    EXPECT(answers[3] == threads && answers[4] == version, "%d %d", answers[3], answers[4]);
    EXPECT(answers[5] == 0 && answers[6] == 400, "%d %d", answers[5], answers[6]);
    EXPECT(answers[7] == 64 && answers[7] == attributes.maxThreadsPerBlock);
    EXPECT(answers[8] == attributes.numRegs);
    EXPECT(answers[9] == blocks, "%d %d", answers[9], blocks);
    EXPECT(answers[10] == cudaErrorInvalidDevice);
    EXPECT(strcmp(&text[0], cudaGetErrorName(cudaErrorLaunchPendingCountExceeded)) == 0);
    EXPECT(strcmp(&text[64], cudaGetErrorString(cudaErrorInvalidConfiguration)) == 0);
}

int main() {
    Buffer<int> to(1), errors(12);
    bad_launches<<<1, 1>>>(to.device(), errors.device());
    SYNC();
    errors.download();
    const int expected[] = {cudaSuccess,
                            cudaErrorInvalidConfiguration,
                            cudaErrorInvalidConfiguration,
                            cudaSuccess,
                            cudaErrorInvalidConfiguration,
                            cudaErrorInvalidConfiguration,
                            cudaErrorInvalidConfiguration,
                            cudaErrorInvalidValue,
                            cudaErrorInvalidValue,
                            cudaErrorInvalidValue,
                            cudaErrorInvalidValue,
                            cudaSuccess};
    for (int i = 0; i < 12; ++i)
        EXPECT(errors[i] == expected[i], "%d: %d", i, errors[i]);
    EXPECT(to.download()[0] == 1);

    Buffer<int> own(64);
    own_errors<<<1, 64>>>(to.device(), own.device());
    SYNC();
    own.download();
    for (int i = 0; i < 64; ++i)
        EXPECT(own[i] == (i % 2 ? cudaSuccess : cudaErrorInvalidConfiguration));

    test_many_errors(to);
    test_questions();

    Buffer<int> deepest(1), error(1);
    deep<<<1, 1>>>(0, deepest.device(), error.device());
    SYNC();
    EXPECT(deepest.download()[0] == 24, "%d", deepest[0]);
    EXPECT(error.download()[0] == cudaErrorLaunchMaxDepthExceeded, "%d", error[0]);

    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 40));
    Buffer<int> flag(1), counts(2), ran(1);
    too_many<<<1, 1>>>(flag.device(), ran.device(), counts.device());
    SYNC();
    counts.download();
    EXPECT(counts[0] == 39 && counts[1] == 61, "%d %d", counts[0], counts[1]);
    EXPECT(ran.download()[0] == 39, "%d", ran[0]);
    return finish();
}
