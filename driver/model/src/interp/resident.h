// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a residency slot holds: a block, or the blocks of a cluster, which take turns.
#pragma once

#include <functional>
#include <memory>

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// A block that can be part of a cluster.
class Member : public Block {
  public:
    virtual BlockState& state() = 0;
    /// The block waits for the cluster, which will never go on: raises the fault.
    virtual RunResult give_up(acc_fault_record& fault) = 0;
};
/// A block, or all blocks of a cluster, as the launch wants it.
std::unique_ptr<Block> make_resident(std::function<std::unique_ptr<Member>()> make);

} // namespace acc::model::interp
