// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true
// Streams of device code: the implicit one of a block, named ones, events, copies and fills, the
// tail of a grid, launches without order.
#include "../common/check.h"

__global__ void append(int* list, int* count, int value) {
    list[atomicAdd(count, 1)] = value;
}
__device__ void spend_time() {
    const long long began = clock64();
    while (clock64() - began < 20000) {
    }
}
__global__ void slow_append(int* list, int* count, int value) {
    spend_time();
    list[atomicAdd(count, 1)] = value;
}

// One stream for a block: in the order in which its threads launch.
__global__ void in_order(int* lists, int* counts) {
    int* list = lists + blockIdx.x * 64;
    int* count = counts + blockIdx.x;
    for (unsigned turn = 0; turn < 32; ++turn) {
        if (threadIdx.x == turn) {
            if (turn % 3 == 0)
                slow_append<<<1, 1>>>(list, count, (int)turn);
            else
                append<<<1, 1>>>(list, count, (int)turn);
        }
        __syncthreads();
    }
}

__global__ void named_streams(int* lists, int* counts, int* errors) {
    cudaStream_t streams[4];
    for (int s = 0; s < 4; ++s)
        *errors |= cudaStreamCreateWithFlags(&streams[s], cudaStreamNonBlocking);
    for (int i = 0; i < 10; ++i)
        for (int s = 0; s < 4; ++s)
            append<<<1, 1, 0, streams[s]>>>(lists + 64 * s, counts + s, 10 * s + i);
    for (int s = 0; s < 4; ++s)
        *errors |= cudaStreamDestroy(streams[s]);
}

// second waits for an event of first; third does not.
__global__ void events(int* list, int* count, int* errors) {
    cudaStream_t first, second;
    cudaEvent_t event;
    *errors |= cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking);
    *errors |= cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking);
    *errors |= cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
    slow_append<<<1, 1, 0, first>>>(list, count, 1);
    *errors |= cudaEventRecord(event, first);
    *errors |= cudaStreamWaitEvent(second, event, 0);
    append<<<1, 1, 0, second>>>(list, count, 2);
    *errors |= cudaEventRecord(event, second);
    *errors |= cudaStreamWaitEvent(first, event, 0);
    append<<<1, 1, 0, first>>>(list, count, 3);
    *errors |= cudaEventDestroy(event);
    *errors |= cudaStreamDestroy(first);
    *errors |= cudaStreamDestroy(second);
}

// The tail comes when all else is done, one after the other; what a grid at the tail launches at
// its own tail comes before the next.
__global__ void tail_child(int* list, int* count, int value) {
    list[atomicAdd(count, 1)] = value;
    if (value == 100) append<<<1, 1, 0, cudaStreamTailLaunch>>>(list, count, 101);
}
__global__ void tails(int* list, int* count) {
    tail_child<<<1, 1, 0, cudaStreamTailLaunch>>>(list, count, 100);
    append<<<1, 1, 0, cudaStreamTailLaunch>>>(list, count, 102);
    for (int i = 0; i < 5; ++i)
        slow_append<<<1, 1, 0, cudaStreamFireAndForget>>>(list, count, 1);
    slow_append<<<1, 1>>>(list, count, 1);
}

// A kernel that comes back at its own tail, more often than grids may be nested.
__global__ void again(int left, int* turns) {
    ++*turns;
    if (left > 1) again<<<1, 1, 0, cudaStreamTailLaunch>>>(left - 1, turns);
}

__global__ void increment(int* values, int count) {
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        ++values[i];
}
__global__ void copies(int* from, int* to, unsigned char* bytes, int* errors) {
    *errors |= cudaMemsetAsync(from, 0x11, 64 * 64 * sizeof(int), 0);
    increment<<<1, 64>>>(from, 64 * 64);
    *errors |= cudaMemcpyAsync(to, from, 32 * 64 * sizeof(int), cudaMemcpyDeviceToDevice, 0);
    *errors |= cudaMemcpy2DAsync(to + 40 * 64 + 8, 64 * sizeof(int), from, 64 * sizeof(int),
                                 16 * sizeof(int), 8, cudaMemcpyDeviceToDevice, 0);
    *errors |= cudaMemset2DAsync(bytes + 3, 32, 0xab, 10, 4, 0);
    increment<<<1, 64>>>(to, 64 * 64);
    cudaMemcpy3DParms box = {};
    box.srcPtr = cudaPitchedPtr{bytes, 32, 32, 2};
    box.dstPtr = cudaPitchedPtr{bytes + 512, 32, 32, 4};
    box.dstPos = cudaPos{1, 1, 0};
    box.extent = cudaExtent{20, 2, 2};
    box.kind = cudaMemcpyDeviceToDevice;
    *errors |= cudaMemcpy3DAsync(&box, 0);
    *errors |= cudaMemset3DAsync(cudaPitchedPtr{bytes + 768, 16, 16, 4}, 7, cudaExtent{5, 2, 3}, 0);
}

// What does not fit the memory's rows and planes.
__global__ void misfits(unsigned char* bytes, int* errors) {
    cudaMemcpy3DParms box = {};
    box.srcPtr = cudaPitchedPtr{bytes, 32, 32, 2};
    box.dstPtr = cudaPitchedPtr{bytes + 512, 32, 32, 4};
    box.extent = cudaExtent{20, 3, 2};
    box.kind = cudaMemcpyDeviceToDevice;
    errors[0] = cudaMemcpy3DAsync(&box, 0);
    box.extent = cudaExtent{20, 2, 2};
    box.dstPos = cudaPos{0, 3, 0};
    errors[1] = cudaMemcpy3DAsync(&box, 0);
    box.dstPos = cudaPos{13, 0, 0};
    errors[2] = cudaMemcpy3DAsync(&box, 0);
    errors[3] = cudaMemset3DAsync(cudaPitchedPtr{bytes, 4, 4, 4}, 7, cudaExtent{5, 1, 3}, 0);
    errors[4] = cudaMemset3DAsync(cudaPitchedPtr{bytes, 8, 8, 1}, 7, cudaExtent{5, 2, 3}, 0);
    errors[5] = cudaMemset3DAsync(cudaPitchedPtr{bytes, 4, 4, 4}, 7, cudaExtent{5, 1, 0}, 0);
}

static void test_misfits() {
    Buffer<unsigned char> bytes(1024, 1);
    Buffer<int> errors(6);
    misfits<<<1, 1>>>(bytes.device(), errors.device());
    SYNC();
    errors.download();
    const int expected[] = {cudaErrorInvalidValue, cudaErrorInvalidValue,
                            cudaErrorInvalidValue, cudaErrorInvalidPitchValue,
                            cudaErrorInvalidValue, cudaSuccess};
    for (int i = 0; i < 6; ++i)
        EXPECT(errors[i] == expected[i], "%d: %d", i, errors[i]);
    bytes.download();
    for (int i = 0; i < 1024; ++i)
        EXPECT(bytes[i] == 1, "byte %d: %d", i, bytes[i]);
}

static void test_order() {
    const int blocks = 5;
    Buffer<int> lists(64 * blocks), counts(blocks), errors(1);
    in_order<<<blocks, 32>>>(lists.device(), counts.device());
    SYNC();
    lists.download();
    counts.download();
    for (int b = 0; b < blocks; ++b) {
        EXPECT(counts[b] == 32, "%d", counts[b]);
        for (int i = 0; i < 32; ++i)
            EXPECT(lists[64 * b + i] == i, "block %d, place %d: %d", b, i, lists[64 * b + i]);
    }
    Buffer<int> named(64 * 4), named_counts(4);
    named_streams<<<1, 1>>>(named.device(), named_counts.device(), errors.device());
    SYNC();
    named.download();
    named_counts.download();
    for (int s = 0; s < 4; ++s) {
        EXPECT(named_counts[s] == 10);
        for (int i = 0; i < 10; ++i)
            EXPECT(named[64 * s + i] == 10 * s + i);
    }
    Buffer<int> list(8), count(1);
    events<<<1, 1>>>(list.device(), count.device(), errors.device());
    SYNC();
    list.download();
    EXPECT(list[0] == 1 && list[1] == 2 && list[2] == 3, "%d %d %d", list[0], list[1], list[2]);
    EXPECT(errors.download()[0] == 0, "%d", errors[0]);
}

static void test_tails() {
    Buffer<int> list(16), count(1), turns(1);
    tails<<<1, 1>>>(list.device(), count.device());
    SYNC();
    list.download();
    EXPECT(count.download()[0] == 9);
    const int expected[] = {1, 1, 1, 1, 1, 1, 100, 101, 102};
    for (int i = 0; i < 9; ++i)
        EXPECT(list[i] == expected[i], "%d: %d", i, list[i]);
    again<<<1, 1>>>(1000, turns.device());
    SYNC();
    EXPECT(turns.download()[0] == 1000, "%d", turns[0]);
}

static void test_copies() {
    Buffer<int> from(64 * 64), to(64 * 64), errors(1);
    Buffer<unsigned char> bytes(1024, 1);
    copies<<<1, 1>>>(from.device(), to.device(), bytes.device(), errors.device());
    SYNC();
    EXPECT(errors.download()[0] == 0, "%d", errors[0]);
    to.download();
    for (int i = 0; i < 64 * 64; ++i) {
        const int row = i / 64, column = i % 64;
        const bool copied = row < 32 || (row >= 40 && row < 48 && column >= 8 && column < 24);
        EXPECT(to[i] == (copied ? 0x11111113 : 1), "%d: %#x", i, to[i]);
    }
    bytes.download();
    std::vector<unsigned char> want(1024, 1);
    for (int row = 0; row < 4; ++row)
        for (int i = 0; i < 10; ++i)
            want[3 + 32 * row + i] = 0xab;
    for (int z = 0; z < 2; ++z)
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 20; ++x)
                want[512 + 1 + x + 32 * (1 + y + 4 * z)] = want[x + 32 * (y + 2 * z)];
    for (int z = 0; z < 3; ++z)
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 5; ++x)
                want[768 + x + 16 * (y + 4 * z)] = 7;
    for (int i = 0; i < 1024; ++i)
        EXPECT(bytes[i] == want[i], "byte %d: %d, not %d", i, bytes[i], want[i]);
}

int main() {
    test_order();
    test_tails();
    test_copies();
    test_misfits();
    return finish();
}
