// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dlclose of the runtime, after it has done work, leaves the process alive, and a later dlopen
// works.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    for (int round = 0; round < 3; ++round) {
        void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            std::printf("%s\n", dlerror());
            return 1;
        }
        auto* allocate = reinterpret_cast<int (*)(void**, size_t)>(dlsym(library, "cudaMalloc"));
        auto* fill = reinterpret_cast<int (*)(void*, int, size_t)>(dlsym(library, "cudaMemset"));
        auto* wait = reinterpret_cast<int (*)()>(dlsym(library, "cudaDeviceSynchronize"));
        void* memory = nullptr;
        if (allocate(&memory, 1 << 24) != 0 || fill(memory, 1, 1 << 24) != 0 || wait() != 0)
            return 1;
        dlclose(library);
        usleep(50000); // its threads look around
    }
    std::printf("PASS\n");
    return 0;
}
