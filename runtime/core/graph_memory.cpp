// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/graph_memory.h"

#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/context.h"

namespace acc::rt {
namespace {

bool reached(const Point& point) {
    return point.queue == nullptr || point.reached();
}

} // namespace

GraphBlock::~GraphBlock() {
    memory_.gone(*this);
}

std::shared_ptr<GraphBlock> GraphMemory::reserve(uint64_t bytes) {
    if (bytes == 0 || bytes > context_.address_space().bytes())
        fail(Status::OutOfMemory, "a graph cannot allocate {} bytes", bytes);
    const uint64_t whole = (bytes + ACC_PAGE_BYTES - 1) / ACC_PAGE_BYTES * ACC_PAGE_BYTES;
    const uint64_t align = whole >= ACC_LARGE_PAGE_BYTES ? ACC_LARGE_PAGE_BYTES : ACC_PAGE_BYTES;
    const uint64_t va = context_.memory().reserve(whole, align);
    auto block = std::make_shared<GraphBlock>(*this, va, whole);
    enter(*block);
    std::lock_guard lock(mutex_);
    blocks_[va] = block;
    return block;
}

/// Tells the context what the addresses are.
void GraphMemory::enter(const GraphBlock& block) {
    Allocation allocation;
    allocation.va = block.va_;
    allocation.bytes = block.bytes_;
    allocation.kind = MemoryKind::Device;
    if (block.behind_) allocation.host = static_cast<uint8_t*>(block.behind_->host());
    context_.memory().forget(block.va_);
    context_.memory().enter(allocation);
}

std::shared_ptr<GraphBlock> GraphMemory::find(uint64_t va) const {
    std::lock_guard lock(mutex_);
    const auto at = blocks_.find(va);
    return at != blocks_.end() ? at->second.lock() : nullptr;
}

void GraphMemory::back(GraphBlock& block) {
    std::lock_guard lock(mutex_);
    if (block.behind_) return;
    auto memory = context_.backend().allocate(Domain::Vram, block.bytes_);
    context_.memory().map(block.va_, memory, 0, block.bytes_, MapFlags{}, Audience::Peers);
    block.behind_ = std::move(memory);
    enter(block);
    bytes_ += block.bytes_;
    used_high_ = std::max(used_high_, bytes_);
    reserved_high_ = std::max(reserved_high_, bytes_);
}

/// The caller holds the lock.
void GraphMemory::unback(GraphBlock& block) {
    if (!block.behind_) return;
    context_.memory().unmap(block.va_, block.bytes_);
    block.behind_.reset();
    bytes_ -= block.bytes_;
}

void GraphMemory::gone(GraphBlock& block) {
    std::lock_guard lock(mutex_);
    unback(block);
    blocks_.erase(block.va_);
    context_.memory().forget(block.va_);
    context_.memory().unreserve(block.va_, block.bytes_);
}

bool GraphMemory::in_use(const GraphBlock& block) const {
    std::lock_guard lock(mutex_);
    return block.in_use_;
}

void GraphMemory::allocate(const std::shared_ptr<GraphBlock>& block) {
    std::lock_guard lock(mutex_);
    if (block->in_use_) return;
    block->in_use_ = true;
    used_[block->va_] = block;
}

void GraphMemory::release(const std::shared_ptr<GraphBlock>& block, const Point& after) {
    std::lock_guard lock(mutex_);
    if (!block->in_use_) return;
    block->in_use_ = false;
    block->last_ = after;
    used_.erase(block->va_);
    if (reached(after)) return;
    dying_.push_back(block);
    any_dying_.store(true, std::memory_order_relaxed);
}

void GraphMemory::used_until(GraphBlock& block, const Point& point) {
    std::lock_guard lock(mutex_);
    block.last_ = point;
}

void GraphMemory::bury() {
    std::vector<std::shared_ptr<GraphBlock>> gone; // without the lock
    std::lock_guard lock(mutex_);
    std::erase_if(dying_, [&](std::shared_ptr<GraphBlock>& block) {
        if (!reached(block->last_)) return false;
        gone.push_back(std::move(block));
        return true;
    });
    any_dying_.store(!dying_.empty(), std::memory_order_relaxed);
}

void GraphMemory::trim() {
    bury();
    std::vector<std::shared_ptr<GraphBlock>> held; // whose last reference must not go under the
                                                   // lock
    std::lock_guard lock(mutex_);
    for (const auto& [va, known] : blocks_) {
        auto block = known.lock();
        if (!block) continue;
        held.push_back(block);
        if (block->in_use_ || !block->behind_ || !reached(block->last_)) continue;
        unback(*block);
        enter(*block);
    }
}

void GraphMemory::clear() {
    std::vector<std::shared_ptr<GraphBlock>> gone;
    {
        std::lock_guard lock(mutex_);
        for (auto& [va, block] : used_)
            gone.push_back(std::move(block));
        gone.insert(gone.end(), dying_.begin(), dying_.end());
        used_.clear();
        dying_.clear();
    }
}

uint64_t GraphMemory::bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
}

uint64_t GraphMemory::used_high() const {
    std::lock_guard lock(mutex_);
    return used_high_;
}

uint64_t GraphMemory::reserved_high() const {
    std::lock_guard lock(mutex_);
    return reserved_high_;
}

void GraphMemory::reset_used_high() {
    std::lock_guard lock(mutex_);
    used_high_ = bytes_;
}

void GraphMemory::reset_reserved_high() {
    std::lock_guard lock(mutex_);
    reserved_high_ = bytes_;
}

} // namespace acc::rt
