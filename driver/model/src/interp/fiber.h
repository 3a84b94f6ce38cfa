// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function on a stack of its own, which can be left in the middle and entered again.
#pragma once

#include <cstddef>

namespace acc::model::interp {

class Fiber {
  public:
    Fiber() = default;
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;
    ~Fiber();
    /// Makes it ready to call function(argument). Throws std::bad_alloc. What it was in the middle
    /// of is forgotten.
    void start(void (*function)(void*), void* argument);
    /// Runs it until it suspends or the function has returned; true: it has returned.
    bool resume();
    /// From inside: back to whoever resumed it.
    void suspend();
    /// From inside: `other` goes on instead; it returns to whoever resumed this one.
    void switch_to(Fiber& other);

  private:
    static void run(Fiber* self);
    char* stack_ = nullptr;
    void* inside_ = nullptr;  ///< stack pointer of the function while it does not run
    void* outside_ = nullptr; ///< of its caller while it does
    void (*function_)(void*) = nullptr;
    void* argument_ = nullptr;
    bool done_ = true;
};

} // namespace acc::model::interp
