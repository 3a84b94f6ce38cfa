// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the thread that runs a compute unit knows and the executor of its blocks does not: whether
// anybody else wants the thread. One that nobody wants may wait for something better
// (Translations).
#pragma once

#include <utility>

namespace acc::model {

/// While one is there, it speaks for the thread that has made it.
class Patience {
  public:
    Patience() : before_(std::exchange(current, this)) {}
    virtual ~Patience() { current = before_; }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;
    /// Of the calling thread.
    static bool has_any() { return current && current->has_time(); }

  private:
    virtual bool has_time() const = 0;

    inline static thread_local const Patience* current = nullptr;
    const Patience* const before_;
};

} // namespace acc::model
