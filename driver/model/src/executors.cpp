// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/executors.h"

#include <stdexcept>

namespace acc::model {

Executors::Executors(std::vector<std::unique_ptr<Executor>> list, unsigned compute_units)
    : list_(std::move(list)) {
    for (const auto& executor : list_) {
        if (!executor) throw std::invalid_argument("a chip's list of executors has an empty place");
        executor->pools_.resize(compute_units);
    }
}

Executor* Executors::choose(const Launch& launch) const {
    for (const auto& executor : list_)
        if (executor->accepts(launch)) return executor.get();
    return nullptr;
}

void Executors::trim(uint32_t compute_unit, size_t keep) {
    for (const auto& executor : list_)
        executor->trim_blocks(compute_unit, keep);
}

void Executors::space_ended(uint64_t space) {
    for (const auto& executor : list_)
        executor->space_ended(space);
}

std::unique_ptr<Block> Executor::take_block(uint32_t compute_unit) {
    auto& spare = pools_[compute_unit].spare;
    if (spare.empty()) return make_block();
    std::unique_ptr<Block> block = std::move(spare.back());
    spare.pop_back();
    return block;
}

void Executor::give_block(uint32_t compute_unit, std::unique_ptr<Block> block) {
    pools_[compute_unit].spare.push_back(std::move(block));
}

void Executor::trim_blocks(uint32_t compute_unit, size_t keep) {
    auto& spare = pools_[compute_unit].spare;
    if (spare.size() > keep) spare.resize(keep);
}

} // namespace acc::model
