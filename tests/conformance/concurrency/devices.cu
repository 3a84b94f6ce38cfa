// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Devices that work on each other's memory at the same time: atomics of system scope, messages by
// flags, a ring of copies ordered by events. On a machine with one device there is nothing to do.
#include "../common/check.h"

constexpr int kMost = 3, kThreads = 256, kRounds = 20;

__global__ void count(unsigned* at, unsigned long long* total, unsigned amount) {
    atomicAdd_system(at, amount);
    atomicAdd_system(total, (unsigned long long)threadIdx.x);
}

/// Player `me` waits for its turn on a flag in its own memory and gives the next player theirs.
__global__ void play(volatile unsigned* mine, volatile unsigned* next, unsigned* ball, unsigned me,
                     unsigned players) {
    for (unsigned round = 0; round < kRounds; ++round) {
        while (*mine != round + 1) {
        }
        __threadfence_system();
        *ball = *ball * 3 + me;
        __threadfence_system();
        *next = me + 1 < players ? round + 1 : round + 2;
    }
}

__global__ void scale(unsigned* data, unsigned n) {
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] = data[i] * 2 + 1;
}

static int devices;

static void synchronize_all() {
    for (int i = 0; i < devices; ++i) {
        CHECK(cudaSetDevice(i));
        CHECK(cudaDeviceSynchronize());
    }
}

template <typename T>
T* allocate_on(int device, size_t n) {
    T* at = nullptr;
    CHECK(cudaSetDevice(device));
    CHECK(cudaMalloc(&at, n * sizeof(T)));
    CHECK(cudaMemset(at, 0, n * sizeof(T)));
    CHECK(cudaDeviceSynchronize());
    return at;
}

static void atomics() {
    unsigned* counter = allocate_on<unsigned>(0, 1);
    unsigned long long* total = nullptr;
    CHECK(cudaHostAlloc(&total, sizeof *total, cudaHostAllocPortable));
    *total = 0;
    for (int round = 0; round < 4; ++round)
        for (int i = 0; i < devices; ++i) {
            CHECK(cudaSetDevice(i));
            count<<<8, kThreads>>>(counter, total, i + 1);
        }
    synchronize_all();
    unsigned counted = 0, each = 0;
    for (int i = 0; i < devices; ++i)
        each += i + 1;
    CHECK(cudaMemcpy(&counted, counter, sizeof counted, cudaMemcpyDefault));
    EXPECT(counted == 4u * 8 * kThreads * each);
    EXPECT(*total == 4ull * 8 * devices * (kThreads * (kThreads - 1) / 2));
    CHECK(cudaFreeHost(total));
}

static void messages() {
    unsigned* flags[kMost];
    for (int i = 0; i < devices; ++i)
        flags[i] = allocate_on<unsigned>(i, 1);
    unsigned* ball = allocate_on<unsigned>(devices - 1, 1);
    for (int i = 0; i < devices; ++i) {
        CHECK(cudaSetDevice(i));
        play<<<1, 1>>>(flags[i], flags[(i + 1) % devices], ball, i, devices);
    }
    const unsigned first = 1;
    cudaStream_t stream;
    CHECK(cudaSetDevice(0));
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK(cudaMemcpyAsync(flags[0], &first, sizeof first, cudaMemcpyHostToDevice, stream));
    synchronize_all();
    unsigned expected = 0, value = 0;
    for (int round = 0; round < kRounds; ++round)
        for (int i = 0; i < devices; ++i)
            expected = expected * 3 + i;
    CHECK(cudaMemcpy(&value, ball, sizeof value, cudaMemcpyDefault));
    EXPECT(value == expected);
}

/// Data goes round, each device changes it; nobody but events says when.
static void ring() {
    constexpr unsigned n = 10000;
    unsigned* data[kMost];
    cudaStream_t streams[kMost];
    cudaEvent_t done[kMost];
    for (int i = 0; i < devices; ++i) {
        data[i] = allocate_on<unsigned>(i, n);
        CHECK(cudaStreamCreateWithFlags(&streams[i], cudaStreamNonBlocking));
        CHECK(cudaEventCreateWithFlags(&done[i], cudaEventDisableTiming));
    }
    std::vector<unsigned> host(n);
    for (unsigned i = 0; i < n; ++i)
        host[i] = i;
    CHECK(cudaMemcpy(data[0], host.data(), n * 4, cudaMemcpyHostToDevice));
    const int steps = 4 * devices;
    for (int step = 0; step < steps; ++step) {
        const int at = step % devices, before = (step + devices - 1) % devices;
        CHECK(cudaSetDevice(at));
        if (step != 0) {
            CHECK(cudaStreamWaitEvent(streams[at], done[before], 0));
            CHECK(cudaMemcpyPeerAsync(data[at], at, data[before], before, n * 4, streams[at]));
        }
        scale<<<(n + 255) / 256, 256, 0, streams[at]>>>(data[at], n);
        CHECK(cudaEventRecord(done[at], streams[at]));
    }
    const int last = (steps - 1) % devices;
    CHECK(cudaEventSynchronize(done[last]));
    std::vector<unsigned> result(n);
    CHECK(cudaMemcpy(result.data(), data[last], n * 4, cudaMemcpyDeviceToHost));
    for (unsigned i = 0; i < n; ++i) {
        unsigned expected = i;
        for (int step = 0; step < steps; ++step)
            expected = expected * 2 + 1;
        EXPECT(result[i] == expected, "at %u", i);
    }
}

int main() {
    setenv("ACC_DEVICES", "3", 0); // of a device model; other devices are as many as there are
    CHECK(cudaGetDeviceCount(&devices));
    devices = devices < kMost ? devices : kMost;
    for (int i = 0; i < devices; ++i)
        for (int j = 0; j < devices; ++j) {
            int can = 0;
            if (i == j) continue;
            CHECK(cudaDeviceCanAccessPeer(&can, i, j));
            if (!can) devices = 1;
        }
    if (devices < 2) {
        std::printf("one device, or none that reaches another's memory: nothing to do\n");
        return finish();
    }
    for (int i = 0; i < devices; ++i) {
        CHECK(cudaSetDevice(i));
        for (int j = 0; j < devices; ++j)
            if (i != j) CHECK(cudaDeviceEnablePeerAccess(j, 0));
    }
    atomics();
    messages();
    ring();
    return finish();
}
