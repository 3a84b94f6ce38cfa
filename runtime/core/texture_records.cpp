// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/texture_records.h"

#include <algorithm>
#include <cstring>

#include "runtime/core/status.h"

namespace acc::rt {

acc_texture* TextureRecords::host(uint64_t record) {
    for (const Allocation& block : blocks_)
        if (record - block.va < block.bytes)
            return reinterpret_cast<acc_texture*>(block.host + (record - block.va));
    fail(Status::InvalidHandle, "{:#x} is not a texture or surface object", record);
}

void TextureRecords::add_block() {
    const Allocation block = memory_.allocate(
        MemoryKind::Commands, kBlockRecords * sizeof(acc_texture), ACC_TEXTURE_ALIGN);
    blocks_.push_back(block);
    for (uint64_t i = 0; i < kBlockRecords; ++i) {
        const uint64_t record = block.va + i * sizeof(acc_texture);
        *host(record) = {};
        free_.push_back(record);
    }
}

/// Those whose work is done make room.
void TextureRecords::bury() {
    std::erase_if(dying_, [this](const Dying& dying) {
        if (!std::all_of(dying.after.begin(), dying.after.end(),
                         [](const Point& point) { return point.reached(); }))
            return false;
        *host(dying.record) = {};
        free_.push_back(dying.record);
        return true;
    });
}

uint64_t TextureRecords::create(const acc_texture& contents) {
    std::lock_guard lock(mutex_);
    bury();
    if (free_.empty()) add_block();
    const uint64_t record = free_.front();
    *host(record) = contents;
    free_.pop_front();
    return record;
}

void TextureRecords::destroy(uint64_t record) {
    std::lock_guard lock(mutex_);
    dying_.push_back({record, queues_.pending()});
    bury();
}

void TextureRecords::invalidate(uint64_t record) {
    std::lock_guard lock(mutex_);
    host(record)->magic = 0;
}

bool TextureRecords::holds(uint64_t record, const acc_texture& contents) {
    std::lock_guard lock(mutex_);
    return std::memcmp(host(record), &contents, sizeof contents) == 0;
}

void TextureRecords::clear() {
    std::lock_guard lock(mutex_);
    for (const Allocation& block : blocks_)
        memory_.release(block.va, MemoryKind::Commands);
    blocks_.clear();
    free_.clear();
    dying_.clear();
}

} // namespace acc::rt
