// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Handles of a library's objects: numbers that are never given twice, so that one of an object that
// is gone is found out and never followed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace acc::common {

/// `Handle` is a pointer type of the library's, `T` what it stands for. All functions may be called
/// by several threads at once.
template <typename Handle, typename T>
class HandleNumbers {
  public:
    Handle add(std::shared_ptr<T> object) {
        const std::lock_guard lock(mutex_);
        objects_.emplace(next_, std::move(object));
        const auto handle = reinterpret_cast<Handle>(next_);
        next_ += 16;
        return handle;
    }
    /// Null: there is no such object (any more). Whoever has it keeps it.
    std::shared_ptr<T> find(Handle handle) const {
        const std::lock_guard lock(mutex_);
        const auto at = objects_.find(reinterpret_cast<uintptr_t>(handle));
        return at != objects_.end() ? at->second : nullptr;
    }
    /// False: there is none.
    bool remove(Handle handle) {
        std::shared_ptr<T> last; // goes without the lock
        const std::lock_guard lock(mutex_);
        const auto at = objects_.find(reinterpret_cast<uintptr_t>(handle));
        if (at == objects_.end()) return false;
        last = std::move(at->second);
        objects_.erase(at);
        return true;
    }

  private:
    mutable std::mutex mutex_; // protects what follows
    std::unordered_map<uintptr_t, std::shared_ptr<T>> objects_;
    uintptr_t next_ = 0x1000;
};

} // namespace acc::common
