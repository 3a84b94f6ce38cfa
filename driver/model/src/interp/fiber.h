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
    /// Makes room for its stack, so that start cannot fail. Throws std::bad_alloc.
    void reserve();
    /// Makes it ready to call function(argument). Throws std::bad_alloc. What it was in the middle
    /// of is forgotten. Fibers that take turns have different numbers, so that their frames fall
    /// into different sets of the host's caches.
    void start(void (*function)(void*), void* argument, unsigned number = 0);
    /// Runs it until it suspends or the function has returned; true: it has returned.
    bool resume();
    /// From inside: back to whoever resumed it.
    void suspend();
    /// From inside: the function ends here, whatever it is in the middle of.
    [[noreturn]] void leave();
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

/// A place to come back to from the middle of a function on the same stack, without destructors
/// (setjmp would do, but longjmp may look whether it likes the stack).
struct ReturnPoint {
    void* stack = nullptr;
};
/// function(argument); true: it has returned, false: it was left by come_back.
bool call_with_return(ReturnPoint& point, void (*function)(void*), void* argument);
[[noreturn]] void come_back(const ReturnPoint& point);

} // namespace acc::model::interp
