// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory that programs announce. Nothing depends on it: rings carry what any memory holds.
#include "runtime/lib/ccl/communicator.h"
#include "runtime/lib/common/api.h"

using namespace acc::ccl;

ACC_LIBRARY_API ncclResult_t ncclMemAlloc(void** pointer, size_t size) {
    return guard([&] {
        require(pointer, "ncclMemAlloc", "ptr");
        *pointer = nullptr;
        if (size != 0) check(cudaMalloc(pointer, size), "ncclMemAlloc");
    });
}

ACC_LIBRARY_API ncclResult_t ncclMemFree(void* pointer) {
    return guard([&] { check(cudaFree(pointer), "ncclMemFree"); });
}

ACC_LIBRARY_API ncclResult_t ncclCommRegister(const ncclComm_t handle, void* memory, size_t size,
                                              void** registration) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommRegister");
        ncclComm& comm = *held;
        require(memory, "ncclCommRegister", "buff");
        require(registration, "ncclCommRegister", "handle");
        if (size == 0) fail(ncclInvalidArgument, "ncclCommRegister: size is 0");
        const std::lock_guard lock(comm.mutex);
        auto* window = new ncclWindow{memory, size};
        comm.registrations.insert(window);
        *registration = window;
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommDeregister(const ncclComm_t handle, void* registration) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommDeregister");
        ncclComm& comm = *held;
        if (registration == nullptr) return;
        const std::lock_guard lock(comm.mutex);
        if (comm.registrations.erase(registration) == 0)
            fail(ncclInvalidArgument, "ncclCommDeregister: not a registration of the communicator");
        delete static_cast<ncclWindow*>(registration);
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommWindowRegister(ncclComm_t handle, void* memory, size_t size,
                                                    ncclWindow_t* window, int flags) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommWindowRegister");
        ncclComm& comm = *held;
        require(memory, "ncclCommWindowRegister", "buff");
        require(window, "ncclCommWindowRegister", "win");
        if (size == 0 || (flags & ~NCCL_WIN_COLL_SYMMETRIC) != 0)
            fail(ncclInvalidArgument, "ncclCommWindowRegister: size is 0, or unknown flags 0x%x",
                 unsigned(flags));
        const std::lock_guard lock(comm.mutex);
        *window = new ncclWindow{memory, size};
        comm.windows.insert(*window);
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommWindowDeregister(ncclComm_t handle, ncclWindow_t window) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommWindowDeregister");
        ncclComm& comm = *held;
        if (window == nullptr) return;
        const std::lock_guard lock(comm.mutex);
        if (comm.windows.erase(window) == 0)
            fail(ncclInvalidArgument, "ncclCommWindowDeregister: not a window of the communicator");
        delete window;
    });
}

ACC_LIBRARY_API ncclResult_t ncclRedOpDestroy(ncclRedOp_t op, ncclComm_t handle) {
    return guard([&] {
        const Held held = ready(handle, "ncclRedOpDestroy");
        ncclComm& comm = *held;
        const std::lock_guard lock(comm.mutex);
        if (comm.operators.erase(int(op)) == 0)
            fail(ncclInvalidArgument, "ncclRedOpDestroy: not an operator of the communicator");
    });
}
