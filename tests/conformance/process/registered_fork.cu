// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registered memory is the program's private memory: what a child of fork() writes to it, and to
// its neighbours on the heap, does not reach the parent, and the other way round; the device still
// sees the parent's.
#include "../common/check.h"

__global__ void add_one(int* p, int count) {
    for (int i = 0; i < count; ++i)
        p[i] += 1;
}

constexpr int kBlocks = 64, kInts = 25;

int in_child(int* const* blocks) {
    for (int i = 0; i < kBlocks; ++i)
        if (blocks[i][0] != i) return 1; // as it was when the child was made
    for (int i = 0; i < kBlocks; ++i)
        for (int j = 0; j < kInts; ++j)
            blocks[i][j] = -1;
    for (int i = 0; i < 20; ++i)
        std::free(blocks[i]);
    for (int i = 0; i < 20; ++i) {
        void* fresh = std::malloc(100);
        std::memset(fresh, 'X', 100);
    }
    return 0;
}

int main() {
    int* blocks[kBlocks];
    for (int i = 0; i < kBlocks; ++i) {
        blocks[i] = static_cast<int*>(std::malloc(kInts * sizeof(int)));
        for (int j = 0; j < kInts; ++j)
            blocks[i][j] = i;
    }
    std::vector<int> large(100000, 7);
    CHECK(cudaHostRegister(blocks[30], kInts * sizeof(int), cudaHostRegisterDefault));
    CHECK(cudaHostRegister(large.data(), large.size() * sizeof(int), cudaHostRegisterDefault));
    std::fflush(stdout);
    for (int round = 0; round < 3; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            int status = in_child(blocks);
            for (int& value : large)
                status = value == 7 + round ? status : 2;
            std::fill(large.begin(), large.end(), 99);
            _exit(status);
        }
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child: status %#x", status);
        for (int i = 0; i < kBlocks; ++i)
            for (int j = 0; j < kInts; ++j)
                EXPECT(blocks[i][j] == i, "block %d, int %d is %d", i, j, blocks[i][j]);
        int* device = nullptr;
        CHECK(cudaHostGetDevicePointer((void**)&device, large.data(), 0));
        add_one<<<1, 1>>>(device, (int)large.size());
        SYNC();
        EXPECT(large.front() == 8 + round && large.back() == 8 + round, "%d", large.front());
    }
    CHECK(cudaHostUnregister(blocks[30]));
    CHECK(cudaHostUnregister(large.data()));
    for (int* block : blocks)
        std::free(block);
    for (int& value : large)
        EXPECT(value == 10);
    return finish();
}
