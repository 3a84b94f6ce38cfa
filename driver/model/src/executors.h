// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The executors of a chip, side by side: which one runs a dispatch is decided dispatch by dispatch.
#pragma once

#include <memory>
#include <vector>

#include "driver/model/src/address_space.h"
#include "driver/model/src/exec.h"

namespace acc::model {

class Executors final : public SpaceListener {
  public:
    /// `list` in the order in which they are asked. Throws std::invalid_argument when one of them
    /// is null.
    Executors(std::vector<std::unique_ptr<Executor>> list, unsigned compute_units);

    /// Who runs this dispatch: the first that accepts it. Null when nobody does.
    Executor* choose(const Launch& launch) const;
    /// Gives back block objects of a compute unit, all but `keep` of each executor. Called by the
    /// thread that holds the unit.
    void trim(uint32_t compute_unit, size_t keep);
    void space_ended(uint64_t space) override;

  private:
    std::vector<std::unique_ptr<Executor>> list_;
};

} // namespace acc::model
