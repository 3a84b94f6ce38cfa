// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/libdrm.h"

#include <dlfcn.h>
#include <unistd.h>

#include <fmt/format.h>

namespace acc::rt::drm {
namespace {

constexpr const char* kNodes = "/dev/dri";
constexpr const char* kLibrary = "libdrm.so.2";

template <typename Function>
bool find(void* library, const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(dlsym(library, name));
    return function != nullptr;
}

struct Loaded {
    LibDrm functions{};
    bool there = false;
    std::string problem;
};

Loaded load() {
    Loaded loaded;
    if (access(kNodes, F_OK) != 0) return loaded;
    void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    loaded.there = library != nullptr &&
                   find(library, "drmGetDevices2", loaded.functions.get_devices) &&
                   find(library, "drmFreeDevices", loaded.functions.free_devices) &&
                   find(library, "drmGetVersion", loaded.functions.get_version) &&
                   find(library, "drmFreeVersion", loaded.functions.free_version);
    if (loaded.there) return loaded;
    const char* why = dlerror();
    loaded.problem = fmt::format("{} is there, but libdrm is not: {} (Debian's package is libdrm2)",
                                 kNodes, why != nullptr ? why : kLibrary);
    return loaded;
}

const Loaded& library() {
    static const Loaded loaded = load();
    return loaded;
}

} // namespace

const LibDrm* libdrm() {
    return library().there ? &library().functions : nullptr;
}

const std::string& libdrm_problem() {
    return library().problem;
}

} // namespace acc::rt::drm
