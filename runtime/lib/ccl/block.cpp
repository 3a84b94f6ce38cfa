// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/block.h"

#include "runtime/lib/ccl/error.h"

#include <cstring>
#include <cuda.h>
#include <map>

namespace acc::ccl {
namespace {

constexpr size_t kLine = 64;

uint32_t slot_bytes_of(int ranks) {
    return ranks <= 8 ? 64 << 10 : ranks <= 64 ? 16 << 10 : 4 << 10;
}

size_t ring_bytes(uint32_t slot_bytes) {
    return 3 * kLine + size_t(kSlots) * slot_bytes;
}

Ring ring_at(char* at) {
    static_assert(sizeof(uint32_t) * (1 + kSlots) <= kLine);
    Ring ring;
    ring.tail = reinterpret_cast<uint64_t*>(at);
    ring.head = reinterpret_cast<uint64_t*>(at + kLine);
    ring.dead = reinterpret_cast<uint32_t*>(at + 2 * kLine);
    ring.sizes = ring.dead + 1;
    ring.slots = at + 3 * kLine;
    return ring;
}

struct Known {
    std::mutex mutex;
    std::map<const Fabric*, std::weak_ptr<Block>> blocks;
};
/// The number of the allocation at an address; 0: none (cudaDeviceReset ends them).
unsigned long long allocation_at(const char* memory) {
    unsigned long long number = 0;
    const auto status = cuPointerGetAttribute(&number, CU_POINTER_ATTRIBUTE_BUFFER_ID,
                                              reinterpret_cast<CUdeviceptr>(memory));
    return status == CUDA_SUCCESS ? number : 0;
}

/// Pinned memory that nobody uses, by size.
class Spares {
  public:
    char* take(size_t bytes) {
        const std::lock_guard lock(mutex_);
        for (auto found = spares_.find(bytes); found != spares_.end();
             found = spares_.find(bytes)) {
            const Spare spare = found->second;
            spares_.erase(found);
            if (allocation_at(spare.memory) == spare.allocation) return spare.memory;
        }
        return nullptr;
    }
    /// False: it has no number that would tell whether it is still there.
    bool keep(char* memory, size_t bytes) {
        const unsigned long long allocation = allocation_at(memory);
        if (allocation == 0) return false;
        const std::lock_guard lock(mutex_);
        spares_.insert({bytes, {memory, allocation}});
        return true;
    }

  private:
    struct Spare {
        char* memory;
        unsigned long long allocation;
    };
    std::mutex mutex_;
    std::multimap<size_t, Spare> spares_;
};
Spares& spares() {
    static auto* spares = new Spares; // never destroyed, like known()
    return *spares;
}

/// Never destroyed: threads may be using it when the process exits.
Known& known() {
    static auto* known = new Known;
    return *known;
}

} // namespace

Quietly::Quietly(int device) {
    cudaStreamCaptureMode mode = cudaStreamCaptureModeRelaxed;
    cudaThreadExchangeStreamCaptureMode(&mode);
    mode_ = int(mode);
    cudaGetDevice(&before_);
    if (before_ == device)
        before_ = -1;
    else
        cudaSetDevice(device);
}

Quietly::~Quietly() {
    if (before_ >= 0) cudaSetDevice(before_);
    auto mode = cudaStreamCaptureMode(mode_);
    cudaThreadExchangeStreamCaptureMode(&mode);
}

Pinned::Pinned(int device, size_t bytes) : device_(device), bytes_(bytes) {
    const Quietly quietly(device);
    data_ = spares().take(bytes);
    if (data_ == nullptr) {
        void* memory = nullptr;
        check(cudaHostAlloc(&memory, bytes, cudaHostAllocPortable | cudaHostAllocMapped),
              "pinned memory of a communicator");
        data_ = static_cast<char*>(memory);
    }
    std::memset(data_, 0, bytes);
}

Pinned::~Pinned() {
    const Fate fate = fate_;
    if (fate == Fate::left) return;
    const Quietly quietly(device_);
    if (fate == Fate::freed || !spares().keep(data_, bytes_)) cudaFreeHost(data_);
}

void Pinned::end_as(Fate fate) {
    Fate before = fate_;
    while (before < fate && !fate_.compare_exchange_weak(before, fate)) {
    }
}

Block::Block(int device, int rank, int ranks) : device_(device) {
    const size_t table = sizeof(Ring) * size_t(ranks);
    const size_t start = (sizeof(Fabric) + kLine + 2 * table + kLine) / kLine * kLine;
    const uint32_t slot_bytes = slot_bytes_of(ranks);
    memory_.push_back(
        std::make_unique<Pinned>(device, start + size_t(ranks) * ring_bytes(slot_bytes)));
    char* at = memory_[0]->data();
    fabric_ = reinterpret_cast<Fabric*>(at);
    fabric_->ranks = uint32_t(ranks);
    fabric_->rank = uint32_t(rank);
    fabric_->slot_bytes = slot_bytes;
    fabric_->in = reinterpret_cast<Ring*>(at + sizeof(Fabric));
    fabric_->out = reinterpret_cast<Ring*>(at + sizeof(Fabric) + table);
    fabric_->stop = reinterpret_cast<uint32_t*>(at + sizeof(Fabric) + 2 * table);
    for (int from = 0; from < ranks; ++from)
        fabric_->in[from] = ring_at(at + start + size_t(from) * ring_bytes(slot_bytes));
}

Block::~Block() {
    const std::lock_guard lock(known().mutex);
    known().blocks.erase(fabric_);
}

const Ring& Block::add_out(int to) {
    memory_.push_back(std::make_unique<Pinned>(device_, ring_bytes(fabric_->slot_bytes)));
    fabric_->out[to] = ring_at(memory_.back()->data());
    return fabric_->out[to];
}

void Block::end_as(Fate fate) {
    for (const auto& memory : memory_)
        memory->end_as(fate);
}

std::shared_ptr<Block> Block::create(int device, int rank, int ranks) {
    auto block = std::make_shared<Block>(device, rank, ranks);
    const std::lock_guard lock(known().mutex);
    known().blocks[&block->fabric()] = block;
    return block;
}

std::shared_ptr<Block> Block::find(const Fabric* fabric) {
    const std::lock_guard lock(known().mutex);
    const auto found = known().blocks.find(fabric);
    return found == known().blocks.end() ? nullptr : found->second.lock();
}

Program* Programs::claim(size_t bytes, bool keep) {
    const std::lock_guard lock(mutex_);
    Program* program = nullptr;
    for (const auto& memory : memory_) {
        auto* one = reinterpret_cast<Program*>(memory->data());
        if (one->capacity < bytes || peek(&one->busy) != 0) continue;
        program = one;
        break;
    }
    if (program == nullptr) {
        const size_t capacity = bytes < 4096 ? 4096 : bytes;
        memory_.push_back(std::make_unique<Pinned>(device_, capacity));
        program = reinterpret_cast<Program*>(memory_.back()->data());
        program->capacity = capacity;
    }
    program->kept = keep;
    program->busy = 1;
    return program;
}

bool Programs::busy() const {
    const std::lock_guard lock(mutex_);
    for (const auto& memory : memory_) {
        const auto* program = reinterpret_cast<const Program*>(memory->data());
        if (!program->kept && peek(&program->busy) != 0) return true;
    }
    return false;
}

bool Programs::any_kept() const {
    const std::lock_guard lock(mutex_);
    for (const auto& memory : memory_)
        if (reinterpret_cast<const Program*>(memory->data())->kept) return true;
    return false;
}

void Programs::end_as(Fate fate) {
    const std::lock_guard lock(mutex_);
    for (const auto& memory : memory_)
        memory->end_as(fate);
}

} // namespace acc::ccl
