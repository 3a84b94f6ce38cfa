// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host functions in streams (cudaLaunchHostFunc, cudaStreamAddCallback). One thread runs them in
// the order in which their streams reach them; the stream meanwhile waits on a word in memory that
// the thread raises.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

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
    };
    using Calls = std::list<Call>;
    /// The host calls among works that are going to be submitted to a queue. Before the queue waits
    /// for them: from then on nothing may fail.
    static Calls prepare(const std::shared_ptr<UserQueue>& queue, std::span<const Work> works);
    /// The first of the prepared calls has that number in its queue.
    void add_first(Calls& prepared, uint64_t number) noexcept;

  private:
    void run();
    Calls::iterator ready();
    void finish(Call& call, bool lost);

    Context& context_;
    std::mutex mutex_; // protects what follows; nothing waits while it holds it
    std::condition_variable changed_;
    Calls calls_;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace acc::rt
