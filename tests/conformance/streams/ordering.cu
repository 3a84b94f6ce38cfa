// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Work in one stream runs in order; events order work of different streams; copies and kernels
// alike.
#include "../common/check.h"

__global__ void step(unsigned* value, unsigned a, unsigned b) {
    *value = *value * a + b;
}

__global__ void slow_store(unsigned* to, unsigned value, int spin) {
    unsigned x = value;
    for (int i = 0; i < spin; ++i)
        x = x * 1664525u + 1013904223u;
    to[1] = x; // keeps the loop
    to[0] = value;
}

__global__ void load(const unsigned* from, unsigned* to) {
    *to = *from;
}

static void one_stream() {
    Buffer<unsigned> value(1, 1u);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    unsigned expected = 1;
    for (unsigned i = 0; i < 3000; ++i) { // more than any ring holds
        step<<<1, 1, 0, stream>>>(value.device(), i * 2 + 1, i);
        expected = expected * (i * 2 + 1) + i;
    }
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(value.download()[0] == expected);
    CHECK(cudaStreamDestroy(stream));
}

static void two_streams_and_an_event() {
    cudaStream_t producer, consumer;
    CHECK(cudaStreamCreateWithFlags(&producer, cudaStreamNonBlocking));
    CHECK(cudaStreamCreateWithFlags(&consumer, cudaStreamNonBlocking));
    cudaEvent_t ready;
    CHECK(cudaEventCreateWithFlags(&ready, cudaEventDisableTiming));
    Buffer<unsigned> cell(2), seen(200);
    for (unsigned i = 0; i < 200; ++i) {
        slow_store<<<1, 1, 0, producer>>>(cell.device(), i + 1, 2000);
        CHECK(cudaEventRecord(ready, producer));
        CHECK(cudaStreamWaitEvent(consumer, ready, 0));
        load<<<1, 1, 0, consumer>>>(cell.device(), seen.device() + i);
        CHECK(cudaEventRecord(ready, consumer));
        CHECK(cudaStreamWaitEvent(producer, ready, 0));
    }
    SYNC();
    seen.download();
    for (unsigned i = 0; i < 200; ++i)
        EXPECT(seen[i] == i + 1, "round %u saw %u", i, seen[i]);
    CHECK(cudaEventDestroy(ready));
    CHECK(cudaStreamDestroy(producer));
    CHECK(cudaStreamDestroy(consumer));
}

static void event_times() {
    cudaEvent_t start, middle, end;
    CHECK(cudaEventCreate(&start));
    CHECK(cudaEventCreate(&middle));
    CHECK(cudaEventCreate(&end));
    Buffer<unsigned> cell(2);
    CHECK(cudaEventRecord(start));
    slow_store<<<1, 1>>>(cell.device(), 1, 20000);
    CHECK(cudaEventRecord(middle));
    slow_store<<<1, 1>>>(cell.device(), 2, 20000);
    CHECK(cudaEventRecord(end));
    CHECK(cudaEventSynchronize(end));
    float first = 0, second = 0, both = 0;
    CHECK(cudaEventElapsedTime(&first, start, middle));
    CHECK(cudaEventElapsedTime(&second, middle, end));
    CHECK(cudaEventElapsedTime(&both, start, end));
    EXPECT(first > 0 && second > 0);
    EXPECT(both >= first && both >= second);
    CHECK(cudaEventDestroy(start));
    CHECK(cudaEventDestroy(middle));
    CHECK(cudaEventDestroy(end));
}

int main() {
    one_stream();
    two_streams_and_an_event();
    event_times();
    return finish();
}
