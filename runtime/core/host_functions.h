// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host functions in streams (cudaLaunchHostFunc, cudaStreamAddCallback). They run one at a time, in
// the order in which their streams reach them; the stream meanwhile waits on a word in memory that
// is raised then. Each queue with calls is waited for by a thread of its own, as far as there are
// some: a stream whose kernel goes on does not keep another's functions waiting.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "runtime/core/stream.h"

namespace acc::rt {

class HostFunctions {
  public:
    explicit HostFunctions(Context& context);
    ~HostFunctions();

    struct Call {
        Point after; ///< runs when this is reached; its queue goes on when it has run
        std::function<void()> function;
        bool even_after_fault = false;
        bool internal = false; ///< the runtime's own: beside the others
    };
    using Calls = std::list<Call>;
    /// The host calls among works that are going to be submitted to a queue. Before the queue waits
    /// for them: from then on nothing may fail.
    static Calls prepare(const std::shared_ptr<UserQueue>& queue, std::span<const Work> works);
    /// How the program's functions are called; set once, before there are any.
    using Caller = void (*)(void (*function)(void*), void* data);
    static void set_caller(Caller caller) { caller_ = caller; }
    static void call_program(void (*function)(void*), void* data) { caller_(function, data); }
    /// The first of the prepared calls has that number in its queue.
    void add_first(Calls& prepared, uint64_t number) noexcept;

  private:
    void run();
    bool run_ready(std::unique_lock<std::mutex>& lock);
    inline static Caller caller_ = [](void (*function)(void*), void* data) { function(data); };
    Calls::iterator ready();
    std::optional<Point> unwatched() const;
    void watch(std::unique_lock<std::mutex>& lock, const Point& after);
    void finish(Call& call, bool lost);

    Context& context_;
    std::mutex mutex_; // protects what follows; nothing waits while it holds it
    std::condition_variable changed_;
    Calls calls_;
    bool running_ = false;                  // a function of the program
    std::vector<const UserQueue*> watched_; // each by a thread that waits for it
    size_t idle_ = 0;                       // threads with nothing to do
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

} // namespace acc::rt
