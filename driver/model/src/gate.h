// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Short accesses of many threads to something that one thread takes away at times. Made for
// accesses that are rare; those that are frequent need no gate (docs/model.md, "Memory").
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace acc::model {

class Gate {
  public:
    /// From here to leave(), what is looked up stays usable. Not recursive.
    void enter() {
        for (;;) {
            while (closed_.load(std::memory_order_relaxed))
                std::this_thread::yield();
            inside_.fetch_add(1, std::memory_order_seq_cst);
            if (!closed_.load(std::memory_order_seq_cst)) return;
            inside_.fetch_sub(1, std::memory_order_release);
        }
    }
    void leave() { inside_.fetch_sub(1, std::memory_order_release); }

    /// Returns when everybody has left who may have looked something up before the call. The caller
    /// has changed what is to be found, and calls this from one thread at a time.
    void drain() {
        closed_.store(true, std::memory_order_seq_cst);
        while (inside_.load(std::memory_order_seq_cst) != 0)
            std::this_thread::yield();
        closed_.store(false, std::memory_order_seq_cst);
    }

  private:
    std::atomic<uint32_t> inside_{0};
    std::atomic<bool> closed_{false};
};

} // namespace acc::model
