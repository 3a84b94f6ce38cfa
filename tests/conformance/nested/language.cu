// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true --extended-lambda
// Launches from device code: every form of the syntax, every kind of argument, recursion. A grid is
// complete when all that it has launched is.
#include "../common/check.h"

struct Pair {
    int first;
    double second;
};

__global__ void add(int* to, int value) {
    atomicAdd(to, value);
}
__global__ void shape(int* to) {
    if (threadIdx.x == blockDim.x - 1 && threadIdx.y == blockDim.y - 1 &&
        threadIdx.z == blockDim.z - 1 && blockIdx.x == gridDim.x - 1 &&
        blockIdx.y == gridDim.y - 1 && blockIdx.z == gridDim.z - 1) {
        const unsigned sizes[] = {gridDim.x,  gridDim.y,  gridDim.z,
                                  blockDim.x, blockDim.y, blockDim.z};
        for (int i = 0; i < 6; ++i)
            to[i] = (int)sizes[i];
    }
}
__global__ void mixed(char a, short b, Pair c, const Pair* d, double* to, float e = 0.5f) {
    *to = a + b + c.first + c.second + d->first + d->second + e;
}
__global__ void dynamic_shared(int* to, int count) {
    extern __shared__ int words[];
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        words[i] = i * i;
    __syncthreads();
    if (threadIdx.x == 0)
        for (int i = 0; i < count; ++i)
            *to += words[i];
}
template <class T, int N>
__global__ void generic(T* to, T value) {
    to[threadIdx.x] = value * N;
}
template <class F>
__global__ void call(F f) {
    f(threadIdx.x);
}
struct Large {
    int words[256];
};
__global__ void large(Large all, int* to) {
    for (int i = threadIdx.x; i < 256; i += blockDim.x)
        atomicAdd(to, all.words[i]);
}

__device__ void from_function(int* to) {
    add<<<1, 1>>>(to, 1000);
}

__global__ void forms(int* sums, int* shapes, double* reals, int* words, Pair pair,
                      Pair* in_memory) {
    add<<<1, 1>>>(&sums[0], 5);
    add<<<dim3(2, 3), dim3(4, 5, 6)>>>(&sums[1], 1);
    const dim3 grid(2, 3, 4), block(8, 2, 3);
    shape<<<grid, block>>>(shapes);
    mixed<<<1, 1>>>('a', -7, pair, in_memory, &reals[0]);
    mixed<<<1, 1>>>('b', 7, Pair{1, 0.125}, in_memory, &reals[1], 0.25f);
    dynamic_shared<<<1, 32, 100 * sizeof(int), 0>>>(&sums[2], 100);
    generic<int, 3><<<1, 4>>>(words, 7);
}

__global__ void more_forms(int* sums, int* words, Large all) {
    int base = 40;
    auto store = [=] __device__(unsigned thread) { words[thread] = base + (int)thread; };
    call<<<1, 8>>>(store);
    from_function(&sums[0]);
    large<<<2, 64>>>(all, &sums[1]);
    if (threadIdx.x % 2)
        add<<<1, 1>>>(&sums[2], 1);
    else
        add<<<1, 2>>>(&sums[2], 10);
    for (int i = 0; i < 5; ++i)
        add<<<i, 1>>>(&sums[3], 1); // none for i = 0: an error of its thread
}

// Through pointers, taken on the device.
typedef void (*Adder)(int*, int);
__global__ void twice(int* to, int value) {
    atomicAdd(to, 2 * value);
}
__device__ Adder table[] = {add, twice};
__global__ void through_pointers(int* sums) {
    const Adder chosen = threadIdx.x ? twice : add;
    chosen<<<1, 1>>>(&sums[threadIdx.x], 3);
    table[1 - threadIdx.x]<<<1, 1>>>(&sums[2 + threadIdx.x], 3);
}

// A kernel that launches itself: a tree of 2^depth grids at the bottom.
__global__ void tree(int depth, int* leaves) {
    if (depth == 0)
        atomicAdd(leaves, 1);
    else
        tree<<<1, 2>>>(depth - 1, leaves);
}

// Every thread of many blocks launches.
__global__ void everybody(unsigned long long* sum);
__global__ void one(unsigned long long* sum, unsigned long long value) {
    atomicAdd(sum, value);
}
__global__ void everybody(unsigned long long* sum) {
    one<<<1, 1>>>(sum, blockIdx.x * blockDim.x + threadIdx.x);
}

// What the parent has written before is there for the child.
__global__ void check_all(const int* values, int count, int* wrong) {
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        if (values[i] != i * 3) atomicAdd(wrong, 1);
}
__global__ void write_and_launch(int* values, int count, int* wrong) {
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        values[i] = i * 3;
    __syncthreads();
    if (threadIdx.x == 0) check_all<<<1, 128>>>(values, count, wrong);
}

static void test_forms() {
    Buffer<int> sums(3), shapes(6), words(4);
    Buffer<double> reals(2);
    Buffer<Pair> in_memory(1, Pair{100, 0.5});
    forms<<<1, 1>>>(sums.device(), shapes.device(), reals.device(), words.device(), Pair{3, 1.25},
                    in_memory.device());
    SYNC();
    sums.download();
    EXPECT(sums[0] == 5);
    EXPECT(sums[1] == 6 * 120);
    EXPECT(sums[2] == 328350, "%d", sums[2]); // squares of 0 to 99
    const int expected[] = {2, 3, 4, 8, 2, 3};
    shapes.download();
    for (int i = 0; i < 6; ++i)
        EXPECT(shapes[i] == expected[i], "%d: %d", i, shapes[i]);
    reals.download();
    EXPECT(reals[0] == 97 - 7 + 3 + 1.25 + 100.5 + 0.5, "%g", reals[0]);
    EXPECT(reals[1] == 98 + 7 + 1 + 0.125 + 100.5 + 0.25, "%g", reals[1]);
    words.download();
    for (int i = 0; i < 4; ++i)
        EXPECT(words[i] == 21);
}

static void test_more_forms() {
    Buffer<int> sums(4), words(8);
    Large all;
    for (int i = 0; i < 256; ++i)
        all.words[i] = i;
    more_forms<<<1, 2>>>(sums.device(), words.device(), all);
    SYNC();
    words.download();
    for (int i = 0; i < 8; ++i)
        EXPECT(words[i] == 40 + i);
    sums.download();
    EXPECT(sums[0] == 2000);
    EXPECT(sums[1] == 2 * 2 * 255 * 128, "%d", sums[1]);
    EXPECT(sums[2] == 21);
    EXPECT(sums[3] == 2 * (1 + 2 + 3 + 4));
}

static void test_trees() {
    Buffer<int> sums(4), leaves(1);
    through_pointers<<<1, 2>>>(sums.device());
    tree<<<1, 1>>>(9, leaves.device());
    SYNC();
    sums.download();
    EXPECT(sums[0] == 3);
    EXPECT(sums[1] == 6);
    EXPECT(sums[2] == 6);
    EXPECT(sums[3] == 3);
    EXPECT(leaves.download()[0] == 512, "%d", leaves[0]);
}

int main() {
    test_forms();
    test_more_forms();
    test_trees();

    // The host's stream goes on when the children are done, in the same way as the host.
    Buffer<unsigned long long> sum(1), copy(1);
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 8192));
    everybody<<<32, 64>>>(sum.device());
    CHECK(cudaMemcpyAsync(copy.device(), sum.device(), 8, cudaMemcpyDeviceToDevice));
    SYNC();
    EXPECT(copy.download()[0] == 2047ull * 2048 / 2, "%llu", copy[0]);

    Buffer<int> values(10000), wrong(1);
    write_and_launch<<<1, 256>>>(values.device(), 10000, wrong.device());
    SYNC();
    EXPECT(wrong.download()[0] == 0, "%d", wrong[0]);
    return finish();
}
