// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host functions in streams (cudaLaunchHostFunc, cudaStreamAddCallback). One thread runs them in
// the order in which their streams reach them; the stream meanwhile waits on a word in memory that
// the thread raises.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "runtime/core/stream.h"

namespace acc::rt {

class HostFunctions {
  public:
    explicit HostFunctions(Context& context);
    ~HostFunctions();

    void add(Stream& stream, std::function<void()> function);

  private:
    struct Call {
        std::shared_ptr<Queue> queue;
        uint64_t after = 0;   ///< runs when the queue has completed this
        uint64_t release = 0; ///< value of the word that lets the stream go on
        std::function<void()> function;
    };
    struct Lane { ///< the calls of one queue, in order, and the word its stream waits on
        std::shared_ptr<Queue> queue;
        Allocation word;
        uint64_t issued = 0;
        std::deque<Call> calls;
    };
    void run();
    Lane& lane_of(const std::shared_ptr<Queue>& queue);

    Context& context_;
    std::mutex add_mutex_; // keeps adds in order; held while a full ring makes submit wait, so
                           // never by the thread
    std::mutex mutex_;     // protects lanes_ and stop_
    std::condition_variable changed_;
    std::deque<Lane> lanes_;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace acc::rt
