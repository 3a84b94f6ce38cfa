// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One execution of a launch in a shadow, by one thread: each block to its end before the next
// begins, as far as blocks do not wait for each other. So what a program leaves to chance comes out
// the same every time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "driver/model/src/check/shadow.h"
#include "driver/model/src/exec.h"

namespace acc::model {

/// How an execution ended.
struct PassResult {
    PageSet memory; ///< what it has changed; empty when it has faulted
    bool faulted = false;
    acc_fault_record fault{};
    /// What the eight bytes at the watched address were after the end of each block.
    std::vector<std::pair<uint64_t, uint64_t>> watched; ///< block, value
};

class Pass {
  public:
    enum class State {
        Running,
        Waiting, ///< for time to pass, perhaps; ask again
        Ended,   ///< and `result` says how
        Endless, ///< it seems that it needs somebody outside
    };
    /// `launch` is the real one. backwards: the last block goes first. watched: 0, or an address.
    Pass(Executor& executor, const Launch& launch, Shadow& shadow, bool backwards,
         uint64_t watched);

    /// Runs for some hundredths of a second.
    State step();
    const Launch& launch() const { return launch_; }
    PassResult result;

  private:
    struct Running {
        uint64_t index;
        std::unique_ptr<Block> block;
        unsigned patience; ///< slices that it may still have before others begin
    };
    bool begin_block();
    void block_ended();
    State wait(uint64_t began_ns);
    State finish();

    Executor& executor_;
    Shadow& shadow_;
    Launch launch_; ///< the same in the shadow
    const bool backwards_;
    const uint64_t watched_;
    std::deque<Running> running_; ///< the first is next
    std::unique_ptr<Block> spare_;
    uint64_t next_ = 0;
    uint64_t used_ns_ = 0;        ///< since a block ended
    uint64_t waits_since_ns_ = 0; ///< all blocks wait since then; 0: they do not
    size_t waiting_ = 0;          ///< blocks in a row that wait
};

} // namespace acc::model
