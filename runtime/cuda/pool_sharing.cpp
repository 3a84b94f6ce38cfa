// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory pools of several processes: a pool's handle is a descriptor of the file that its memory
// lies in, which the program sends to the other process; pointers are places there. All pools of a
// process share the file. Which one a descriptor is of says its position, which nothing else uses
// and which goes along; a pointer of another pool is refused.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <type_traits>

#include "runtime/cuda/memory.h"
#include "runtime/cuda/memory_pools.h"
#include "runtime/cuda/shared_memory.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

constexpr uint64_t kMagic = 0x314c4f4f50434341;

/// What the data of a pointer holds.
struct Exported {
    uint64_t magic = kMagic;
    RemoteMemory memory;
    off_t pool = 0; ///< number_of
};
static_assert(sizeof(Exported) <= sizeof(cudaMemPoolPtrExportData) &&
              std::is_trivially_copyable_v<Exported>);

void check_type(cudaMemAllocationHandleType type, unsigned long long flags) {
    check_flags(flags, 0, "a shared pool");
    if (type != cudaMemHandleTypePosixFileDescriptor)
        fail(Status::InvalidValue, "memory pools are shared by file descriptors, not by type {}",
             static_cast<int>(type));
}

/// No other pool of this process has had it.
off_t number_of(cudaMemPool_t pool) {
    constexpr uint64_t kPositions = (uint64_t{1} << 62) - 1;
    return static_cast<off_t>(reinterpret_cast<uint64_t>(pool) & kPositions);
}

/// The file that all device memory of the context is in.
rt::Backend::FilePiece file_of(rt::Context& context) {
    const auto memory = context.backend().allocate(rt::Domain::Vram, 4096);
    const auto piece = context.backend().file_of(*memory);
    if (!piece)
        fail(Status::NotSupported, "device {} cannot share memory with other processes",
             context.device());
    return *piece;
}

/// Closes what nobody has taken over.
struct Descriptor {
    int fd = -1;
    ~Descriptor() {
        if (fd >= 0) close(fd);
    }
};

} // namespace

void export_pool(void* handle, cudaMemPool_t pool, cudaMemAllocationHandleType type,
                 unsigned long long flags) {
    check_type(type, flags);
    rt::Pool& shared = pool_of(pool);
    if (!shared.shareable()) fail(Status::InvalidValue, "the pool was made without handle types");
    // Opened anew: a duplicate would have its position in common with all others.
    const std::string path = "/proc/self/fd/" + std::to_string(file_of(shared.context()).fd);
    Descriptor file{open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (file.fd < 0 || lseek(file.fd, number_of(pool), SEEK_SET) < 0)
        fail(Status::OperatingSystem, "cannot open the pool's memory as {}", path);
    std::memcpy(handle, &file.fd, sizeof file.fd);
    file.fd = -1; // the program's now
}

cudaMemPool_t import_pool(const void* handle, cudaMemAllocationHandleType type,
                          unsigned long long flags) {
    check_type(type, flags);
    const auto fd = static_cast<int>(reinterpret_cast<intptr_t>(handle));
    Descriptor own{fcntl(fd, F_DUPFD_CLOEXEC, 0)};
    struct stat state{};
    if (own.fd < 0 || fstat(own.fd, &state) != 0 || !S_ISREG(state.st_mode))
        fail(Status::InvalidValue, "{} is not the descriptor of a memory pool", fd);
    ApiContext& context = Runtime::get().open(current_device().primary);
    rt::Pool& pool = context.core.pools().create(0, false, own.fd);
    own.fd = -1; // the pool's now
    return HandleTable<rt::Pool>::get().of<cudaMemPool_t>(pool, context);
}

void export_pointer(cudaMemPoolPtrExportData& data, const void* pointer) {
    const auto va = reinterpret_cast<uint64_t>(pointer);
    ApiContext* owner = owner_of(Runtime::get().open(current_device().primary), va);
    rt::Pool* pool = owner != nullptr ? owner->core.pools().owner(va) : nullptr;
    if (pool == nullptr || !pool->shareable())
        fail(Status::InvalidValue, "{} is no allocation of a pool with handle types", pointer);
    const auto handle = HandleTable<rt::Pool>::get().of<cudaMemPool_t>(*pool, *owner);
    const Exported exported{kMagic, share(*owner, va), number_of(handle)};
    data = {};
    std::memcpy(&data, &exported, sizeof exported);
}

void* import_pointer(cudaMemPool_t handle, const cudaMemPoolPtrExportData& data) {
    const auto found = HandleTable<rt::Pool>::get().find(handle);
    rt::Pool& pool = pool_of(handle);
    if (!pool.imported())
        fail(Status::InvalidValue, "the pool is one of this process: its pointers need no import");
    Exported exported;
    std::memcpy(&exported, &data, sizeof exported);
    if (exported.magic != kMagic) fail(Status::InvalidValue, "the data is of no pointer of a pool");
    if (exported.pool != lseek(pool.file(), 0, SEEK_CUR))
        fail(Status::InvalidValue, "the data is of a pointer of another pool");
    ApiContext& context = *found.owner;
    return reinterpret_cast<void*>(
        context.shared_memory->open_of_pool(context, exported.memory, pool.file()));
}

} // namespace acc::cuda

using namespace acc::cuda;

ACC_API cudaError_t cudaMemPoolExportToShareableHandle(void* handle, cudaMemPool_t pool,
                                                       cudaMemAllocationHandleType type,
                                                       unsigned flags) {
    return guard(__func__, [&] {
        require(handle, "shareableHandle");
        export_pool(handle, pool, type, flags);
    });
}

ACC_API cudaError_t cudaMemPoolImportFromShareableHandle(cudaMemPool_t* pool, void* handle,
                                                         cudaMemAllocationHandleType type,
                                                         unsigned flags) {
    return guard(__func__, [&] {
        require(pool, "memPool");
        *pool = import_pool(handle, type, flags);
    });
}

ACC_API cudaError_t cudaMemPoolExportPointer(cudaMemPoolPtrExportData* data, void* pointer) {
    return guard(__func__, [&] {
        require(data, "exportData");
        export_pointer(*data, pointer);
    });
}

ACC_API cudaError_t cudaMemPoolImportPointer(void** pointer, cudaMemPool_t pool,
                                             cudaMemPoolPtrExportData* data) {
    return guard(__func__, [&] {
        require(pointer, "ptr");
        require(data, "exportData");
        *pointer = import_pointer(pool, *data);
    });
}
