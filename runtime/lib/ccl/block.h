// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pinned memory: rings, and programs of kernels.
#pragma once

#include "runtime/lib/ccl/program.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace acc::ccl {

/// Calls that a thread's capture would not allow are allowed while it lives; the device is current.
class Quietly {
  public:
    explicit Quietly(int device);
    ~Quietly();
    Quietly(const Quietly&) = delete;
    Quietly& operator=(const Quietly&) = delete;

  private:
    int before_ = -1;
    int mode_; // cudaStreamCaptureMode
};

/// What becomes of pinned memory that is given up. Freeing it waits for all kernels of the process,
/// so what no kernel can have any more is used again instead.
enum class Fate { reused, freed, left };

/// Zeroed memory that all devices of the process reach at this address.
class Pinned {
  public:
    Pinned(int device, size_t bytes);
    ~Pinned();
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;

    char* data() const { return data_; }
    /// The worst of what was asked for holds.
    void end_as(Fate fate);

  private:
    int device_;
    size_t bytes_;
    char* data_ = nullptr;
    std::atomic<Fate> fate_{Fate::reused};
};

/// What belongs to a rank, shared with its peers in the process: the last of them frees it.
class Block {
  public:
    /// With a ring from each other rank; those to other processes come by add_out.
    Block(int device, int rank, int ranks);
    ~Block();

    Fabric& fabric() const { return *fabric_; }
    const Ring& in(int from) const { return fabric_->in[from]; }
    void set_out(int to, const Ring& ring) { fabric_->out[to] = ring; }
    /// A ring of its own to a rank of another process.
    const Ring& add_out(int to);
    void end_as(Fate fate);

    /// The block whose fabric lies there; null when there is none.
    static std::shared_ptr<Block> find(const Fabric* fabric);
    static std::shared_ptr<Block> create(int device, int rank, int ranks);

  private:
    int device_;
    std::vector<std::unique_ptr<Pinned>> memory_;
    Fabric* fabric_;
};

/// Programs of one rank.
class Programs {
  public:
    explicit Programs(int device) : device_(device) {}

    /// One that no kernel uses, busy from now on, with room for `bytes` (the Program among them).
    Program* claim(size_t bytes, bool keep);
    /// Whether a kernel has one that no graph keeps.
    bool busy() const;
    /// Whether graphs have some; who launches a graph does not tell us when.
    bool any_kept() const;
    void end_as(Fate fate);

  private:
    int device_;
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Pinned>> memory_;
};

/// Words that kernels and other threads write.
template <class T>
T peek(const T* word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
template <class T>
void poke(T* word, T value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

} // namespace acc::ccl
