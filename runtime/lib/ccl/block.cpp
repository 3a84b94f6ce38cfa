// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/block.h"

#include "runtime/lib/ccl/error.h"

#include <cstring>
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

Ring ring_at(char* at, uint32_t slot_bytes) {
    static_assert(sizeof(uint32_t) * (1 + kSlots) <= kLine);
    (void)slot_bytes;
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

Pinned::Pinned(int device, size_t bytes) : device_(device) {
    const Quietly quietly(device);
    void* memory = nullptr;
    check(cudaHostAlloc(&memory, bytes, cudaHostAllocPortable | cudaHostAllocMapped),
          "pinned memory of a communicator");
    data_ = static_cast<char*>(memory);
    std::memset(data_, 0, bytes);
}

Pinned::~Pinned() {
    const Quietly quietly(device_);
    cudaFreeHost(data_);
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
        fabric_->in[from] = ring_at(at + start + size_t(from) * ring_bytes(slot_bytes), slot_bytes);
}

Block::~Block() {
    const std::lock_guard lock(known().mutex);
    known().blocks.erase(fabric_);
}

const Ring& Block::add_out(int to) {
    memory_.push_back(std::make_unique<Pinned>(device_, ring_bytes(fabric_->slot_bytes)));
    fabric_->out[to] = ring_at(memory_.back()->data(), fabric_->slot_bytes);
    return fabric_->out[to];
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

} // namespace acc::ccl
