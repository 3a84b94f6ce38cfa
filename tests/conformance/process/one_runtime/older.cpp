// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A runtime that came into the process first and has one function only serves it: what a newer copy
// has beyond it is an error that names the function. The layout is that of
// runtime/cuda/process_runtime.h. usage: older libaccrt.so
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>

extern "C" {
int device_count(int* count) {
    *count = 77;
    return 0;
}

uint32_t g_functions = 1;
const char* g_names[] = {"cudaGetDeviceCount"};
void* g_bodies[] = {reinterpret_cast<void*>(&device_count)};
struct Copy {
    uint32_t layout, serves;
    const uint32_t* functions;
    const char* const* names;
    void* const* bodies;
};
extern Copy g_copy;
Copy g_copy = {1, 1, &g_functions, g_names, g_bodies};
}
asm(R"(
    .pushsection .note.accrt, "a", @note
    .balign 4
    .long 4, 8, 1
    .asciz "ACC"
    .quad g_copy - .
    .popsection
)");

int main(int argc, char** argv) {
    void* library = dlopen(argv[argc - 1], RTLD_NOW);
    if (library == nullptr) return 2;
    const auto count = reinterpret_cast<int (*)(int*)>(dlsym(library, "cudaGetDeviceCount"));
    const auto free = reinterpret_cast<int (*)(void*)>(dlsym(library, "cudaFree"));
    int devices = 0;
    if (count(&devices) != 0 || devices != 77) return 3;
    return free(nullptr) == 801 ? 0 : 4; // cudaErrorNotSupported
}
