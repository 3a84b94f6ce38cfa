// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process ends although its kernels do not: main returns, exit, a thread exits, the main thread
// ends with pthread_exit. The status is the program's own, and what a finished kernel printed and
// nobody fetched is printed. A process that hangs is stopped by the test's time limit.
#include "../common/check.h"

#include <pthread.h>

#include <thread>

__global__ void endless(volatile int* flag) {
    while (*flag == 0) {
    }
}
__global__ void say() {
    printf("said\n");
}

void start_endless() {
    int* flag = nullptr;
    CHECK(cudaMallocHost((void**)&flag, sizeof(int)));
    *flag = 0;
    endless<<<1, 1>>>(flag);
    CHECK(cudaGetLastError());
}

int run(int way) {
    start_endless();
    if (way == 0) return 10;
    if (way == 1) std::exit(11);
    if (way == 2) std::thread([] { std::exit(12); }).join();
    if (way == 3) pthread_exit(nullptr); // the last thread of the program: status 0
    return 99;
}

int main(int argc, char** argv) {
    if (argc > 1) return run(std::atoi(argv[1]));
    const int wanted[] = {10, 11, 12, 0};
    for (int way = 0; way < 4; ++way) {
        const std::string command = std::string(argv[0]) + " " + std::to_string(way);
        const int status = std::system(command.c_str());
        EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == wanted[way], "way %d: status %#x", way,
               status);
    }
    return finish();
}
