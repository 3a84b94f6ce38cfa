// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Handles: what the APIs call streams, events, modules, functions, memory pools and arrays. A
// handle is a number and no address: the place of the object in its table, a generation that no
// other object in that place has had, and the kind. So a handle of what was destroyed, or of
// another kind, is found out by one load, and never becomes valid again.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/core/status.h"

namespace acc::rt {
class Stream;
class Event;
class Module;
class Kernel;
class Pool;
class Array;
class Image;
class Graph;
class GraphNode;
class GraphExec;
class UserObject;
} // namespace acc::rt

namespace acc::cuda {

class ApiContext;
class DriverReference;

/// The upper four bits of a handle.
template <typename T>
inline constexpr uint64_t handle_kind = 0;
template <>
inline constexpr uint64_t handle_kind<rt::Stream> = 1;
template <>
inline constexpr uint64_t handle_kind<rt::Event> = 2;
template <>
inline constexpr uint64_t handle_kind<rt::Module> = 3;
template <>
inline constexpr uint64_t handle_kind<rt::Kernel> = 4;
template <>
inline constexpr uint64_t handle_kind<rt::Pool> = 5;
template <>
inline constexpr uint64_t handle_kind<rt::Array> = 6;
template <>
inline constexpr uint64_t handle_kind<rt::Image> = 7;
template <>
inline constexpr uint64_t handle_kind<DriverReference> = 8;
template <>
inline constexpr uint64_t handle_kind<rt::Graph> = 9;
template <>
inline constexpr uint64_t handle_kind<rt::GraphNode> = 10;
template <>
inline constexpr uint64_t handle_kind<rt::GraphExec> = 11;
template <>
inline constexpr uint64_t handle_kind<rt::UserObject> = 12;

/// The process's handles of one kind. Lookups take no lock.
template <typename T>
class HandleTable {
  public:
    struct Found {
        T* object = nullptr; ///< null: no such handle
        ApiContext* owner = nullptr;
    };

    /// Never destroyed, like the runtime.
    static HandleTable& get() {
        static HandleTable* const table = new HandleTable;
        return *table;
    }

    /// What the handle stands for.
    Found find(const void* handle) const {
        const auto value = reinterpret_cast<uint64_t>(handle);
        if (value >> kKindShift != handle_kind<T>) return {};
        const uint64_t index = value & kIndexMask;
        const Chunk* chunk = chunks_[index / kChunkSlots].load(std::memory_order_acquire);
        if (chunk == nullptr) return {};
        const Slot& slot = (*chunk)[index % kChunkSlots];
        if (slot.handle.load(std::memory_order_acquire) != value) return {};
        return {slot.object, slot.owner};
    }

    /// The object's handle, made when it has none. Throws Error(OutOfMemory).
    template <typename Handle>
    Handle of(T& object, ApiContext& owner) {
        return of<Handle>(object, &owner);
    }
    /// `owner` null: it belongs to no context.
    template <typename Handle>
    Handle of(T& object, ApiContext* owner = nullptr) {
        std::lock_guard lock(mutex_);
        auto [known, fresh] = handles_.try_emplace(&object, 0);
        if (fresh) {
            try {
                known->second = enter(object, owner);
            } catch (...) {
                handles_.erase(known);
                throw;
            }
        }
        return reinterpret_cast<Handle>(known->second);
    }

    /// Ends the object's handle, when it has one.
    void forget(T& object) {
        std::lock_guard lock(mutex_);
        const auto known = handles_.find(&object);
        if (known != handles_.end()) end(known);
    }

    /// Ends the handle; its object, or null when there is none (any more). One caller gets it.
    Found take(const void* handle) {
        std::lock_guard lock(mutex_);
        const Found found = find(handle);
        if (found.object != nullptr) end(handles_.find(found.object));
        return found;
    }

    /// Ends the handles of all objects for which `gone(object, owner)` holds.
    template <typename F>
    void drop_if(F&& gone) {
        std::lock_guard lock(mutex_);
        for (auto it = handles_.begin(); it != handles_.end();) {
            const auto at = it++;
            if (gone(*at->first, slot_of(at->second).owner)) end(at);
        }
    }

  private:
    static constexpr unsigned kIndexBits = 24, kKindShift = 60;
    static constexpr uint64_t kIndexMask = (uint64_t{1} << kIndexBits) - 1;
    static constexpr uint64_t kGenerationMask = (uint64_t{1} << (kKindShift - kIndexBits)) - 1;
    static constexpr uint64_t kChunkSlots = 1024;
    static constexpr uint64_t kChunks = (kIndexMask + 1) / kChunkSlots;

    struct Slot {
        std::atomic<uint64_t> handle{0}; ///< 0: free
        uint64_t generation = 0;         ///< of the last handle; kept while the slot is free
        T* object = nullptr;
        ApiContext* owner = nullptr;
    };
    using Chunk = std::array<Slot, kChunkSlots>;
    using Map = std::unordered_map<T*, uint64_t>;

    HandleTable() = default;

    Slot& slot_of(uint64_t handle) {
        const uint64_t index = handle & kIndexMask;
        return (*chunks_[index / kChunkSlots].load(std::memory_order_relaxed))[index % kChunkSlots];
    }

    uint64_t enter(T& object, ApiContext* owner) {
        const uint64_t index = free_slot();
        Slot& slot = slot_of(index);
        slot.object = &object;
        slot.owner = owner;
        slot.generation = (slot.generation + 1) & kGenerationMask;
        const uint64_t handle = handle_kind<T> << kKindShift | slot.generation << kIndexBits |
                                index;
        slot.handle.store(handle, std::memory_order_release);
        return handle;
    }

    uint64_t free_slot() {
        if (!free_.empty()) {
            const uint64_t index = free_.back();
            free_.pop_back();
            return index;
        }
        if (used_ > kIndexMask)
            rt::fail(rt::Status::OutOfMemory, "{} handles of one kind are in use", used_);
        auto& chunk = chunks_[used_ / kChunkSlots];
        if (chunk.load(std::memory_order_relaxed) == nullptr)
            chunk.store(new Chunk, std::memory_order_release);
        return used_++;
    }

    void end(typename Map::iterator entry) {
        slot_of(entry->second).handle.store(0, std::memory_order_release);
        free_.push_back(entry->second & kIndexMask);
        handles_.erase(entry);
    }

    std::array<std::atomic<Chunk*>, kChunks> chunks_{};
    std::mutex mutex_; // protects what follows, and changes of slots
    Map handles_;
    std::vector<uint64_t> free_;
    uint64_t used_ = 0;
};

/// Ends every handle of a context that goes.
void drop_handles(const ApiContext& owner);
/// Ends the handles of a module and of its kernels.
void drop_handles(const rt::Module& module);

} // namespace acc::cuda
