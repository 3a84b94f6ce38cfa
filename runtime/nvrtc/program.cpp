// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/nvrtc/program.h"

#include <cstdint>
#include <unordered_map>

namespace acc::nvrtc {
namespace {

struct Programs {
    std::mutex lock;
    std::unordered_map<uintptr_t, std::shared_ptr<Program>> all;
    uintptr_t next = 0x1000;
};

/// Never destroyed: other static objects may compile when the process ends.
Programs& programs() {
    static auto& all = *new Programs;
    return all;
}

} // namespace

nvrtcProgram add(std::shared_ptr<Program> program) {
    Programs& all = programs();
    const std::lock_guard lock(all.lock);
    const uintptr_t handle = all.next;
    all.next += 16;
    all.all.emplace(handle, std::move(program));
    return reinterpret_cast<nvrtcProgram>(handle);
}

std::shared_ptr<Program> find(nvrtcProgram handle) {
    Programs& all = programs();
    const std::lock_guard lock(all.lock);
    const auto at = all.all.find(reinterpret_cast<uintptr_t>(handle));
    return at == all.all.end() ? nullptr : at->second;
}

bool remove(nvrtcProgram handle) {
    Programs& all = programs();
    const std::lock_guard lock(all.lock);
    return all.all.erase(reinterpret_cast<uintptr_t>(handle)) != 0;
}

} // namespace acc::nvrtc
