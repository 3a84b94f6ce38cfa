// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A main thread that ends with pthread_exit leaves the program's other threads to finish, whatever
// they are called and whoever has started them (threads inherit their creator's name).
#include "../common/check.h"

#include <pthread.h>

#include <chrono>
#include <thread>

static void work(int status) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    std::_Exit(status); // not reached when somebody ends the process before
}

static void from_host_function(void*) {
    std::thread(work, 21).detach();
}

static int run(int way) {
    int* device = nullptr;
    CHECK(cudaMalloc((void**)&device, 4)); // the runtime has threads of its own now
    if (way == 0) {
        pthread_setname_np(pthread_self(), "acc-program");
        std::thread(work, 20).detach();
    } else {
        CHECK(cudaLaunchHostFunc(nullptr, from_host_function, nullptr));
        CHECK(cudaDeviceSynchronize());
    }
    pthread_exit(nullptr);
}

int main(int argc, char** argv) {
    if (argc > 1) return run(std::atoi(argv[1]));
    for (int way = 0; way < 2; ++way) {
        const std::string command = std::string(argv[0]) + " " + std::to_string(way);
        const int status = std::system(command.c_str());
        EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 20 + way, "way %d: status %#x", way,
               status);
    }
    return finish();
}
