// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program without CUDA that opens two plug-ins, each of which may bring a runtime. The first is
// closed while the second one goes on. usage: host PLUGIN PLUGIN
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

static void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

template <typename Function>
static Function symbol(void* library, const char* name) {
    auto found = reinterpret_cast<Function>(dlsym(library, name));
    check(found != nullptr, name);
    return found;
}

using Add = int (*)(int*, int, int, void*, void*);

int main(int argc, char** argv) {
    check(argc == 3, "usage");
    void* first = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    check(first != nullptr, dlerror());
    void* second = dlopen(argv[2], RTLD_NOW | RTLD_LOCAL);
    check(second != nullptr, dlerror());
    int* values = symbol<int* (*)(int)>(first, "plugin_allocate")(100);
    check(values != nullptr, "allocation in the first");
    check(symbol<Add>(second, "plugin_add")(values, 100, 5, nullptr, nullptr) == 0, "second adds");
    check(symbol<Add>(first, "plugin_add")(values, 100, 3, nullptr, nullptr) == 0, "first adds");
    check(symbol<int (*)(int*)>(second, "plugin_first")(values) == 8, "both have added");
    check(symbol<int (*)()>(first, "plugin_calls")() == 1, "each has its own variables");
    dlclose(first);
    check(symbol<Add>(second, "plugin_add")(values, 100, 1, nullptr, nullptr) == 0,
          "second, after the first was closed");
    check(symbol<int (*)(int*)>(second, "plugin_first")(values) == 9, "its result");
    dlclose(second);
    std::puts("one runtime");
}
