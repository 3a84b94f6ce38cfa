// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of other processes of the user. A handle says where a device's memory is: which process,
// which of its open files, what part of it. Whoever opens it finds the file through /proc, so there
// is nothing that outlives the processes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "runtime/core/backend.h"
#include "runtime/core/memory.h"
#include "runtime/core/shared_event.h"

namespace acc::cuda {

class ApiContext;

/// An open file of a process. Plain bytes: it travels in handles.
struct RemoteFile {
    uint64_t started = 0; ///< when the process did: another one may have its number by now
    uint64_t inode = 0;
    uint32_t process = 0;
    int32_t fd = -1;
};

/// A piece of memory in such a file.
struct RemoteMemory {
    RemoteFile file;
    uint64_t offset = 0; ///< of the first byte
    uint64_t bytes = 0;
};

/// A descriptor of the other process's file, closed with the object. Throws Error(InvalidHandle):
/// the process is gone or not the user's, or it is not the file any more.
class OpenedFile {
  public:
    explicit OpenedFile(const RemoteFile& file);
    ~OpenedFile();
    OpenedFile(const OpenedFile&) = delete;
    int fd() const { return fd_; }

  private:
    int fd_ = -1;
};

/// What this process tells others of its file.
RemoteFile remote_file(int fd, uint64_t inode);
/// True when the handle was made here.
bool is_own(const RemoteFile& file);
/// True as long as the process lives.
bool is_alive(const RemoteFile& file);

/// An allocation of this context, for others. Throws Error(InvalidValue): there is none that begins
/// at `va` and can be shared; NotSupported.
RemoteMemory share(ApiContext& context, uint64_t va);

/// What a context has opened.
class SharedMemory {
  public:
    SharedMemory() = default;
    SharedMemory(const SharedMemory&) = delete;

    /// The address of the memory here; the same each time that it is opened. `audience`: which
    /// other contexts see it.
    uint64_t open(ApiContext& context, const RemoteMemory& memory, rt::Audience audience);
    /// As above for memory of a pool, in a file that is open here.
    uint64_t open_of_pool(ApiContext& context, const RemoteMemory& memory, int fd);
    /// Once for each open. The caller has waited for the work that uses it. False: it is none.
    bool close(uint64_t va, bool of_pool = false);
    bool has(uint64_t va, bool of_pool = false) const;
    void clear();

  private:
    struct Opened {
        std::shared_ptr<rt::MemoryObject> memory;
        rt::Window window; // goes first
        unsigned times = 0;
        bool of_pool = false;
    };
    using Place = std::pair<uint64_t, uint64_t>; // inode, offset of the first byte
    uint64_t open(ApiContext& context, const RemoteMemory& memory, int fd, rt::Audience audience,
                  bool of_pool);
    uint64_t enter(ApiContext& context, const RemoteMemory& memory, int fd, rt::Audience audience);

    mutable std::mutex mutex_;          // protects what follows
    std::map<uint64_t, Opened> opened_; // by address
    std::map<Place, uint64_t> known_;
};

} // namespace acc::cuda
