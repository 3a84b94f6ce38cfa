// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/resident.h"

#include <algorithm>
#include <vector>

#include "driver/model/src/interp/cluster.h"

namespace acc::model::interp {
namespace {

/// Warp-instructions that a block runs at least before the others of its cluster get a turn.
constexpr uint64_t kLeastTurn = 256;

class Resident final : public Block {
  public:
    explicit Resident(std::function<std::unique_ptr<Member>()> make) : make_(std::move(make)) {
        add();
    }
    void start(Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t compute_unit) override;
    RunResult run(uint64_t budget, acc_fault_record& fault) override {
        return cluster_.size == 1 ? members_[0]->run(budget, fault) : run_cluster(budget, fault);
    }
    void locate(acc_fault_record& fault) const override;

  private:
    void add();
    RunResult run_cluster(uint64_t budget, acc_fault_record& fault);
    RunResult all_wait(uint64_t released, acc_fault_record& fault);
    bool has_ended(uint32_t rank) const { return cluster_.blocks[rank]->live_threads == 0; }

    std::function<std::unique_ptr<Member>()> make_;
    std::vector<std::unique_ptr<Member>> members_;
    Cluster cluster_{};
};

void Resident::add() {
    members_.push_back(make_());
    BlockState& state = members_.back()->state();
    state.cluster = &cluster_;
    state.cluster_rank = static_cast<uint32_t>(members_.size() - 1);
    cluster_.blocks[state.cluster_rank] = &state;
}

void Resident::start(Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t compute_unit) {
    cluster_.size = launch.cluster_blocks;
    while (members_.size() < cluster_.size)
        add();
    cluster_.released = 0;
    uint32_t rank = 0;
    for (uint32_t k = 0; k < launch.cluster[2]; ++k)
        for (uint32_t j = 0; j < launch.cluster[1]; ++j)
            for (uint32_t i = 0; i < launch.cluster[0]; ++i)
                members_[rank++]->start(launch, x + i, y + j, z + k, compute_unit);
}

/// Every block that has not ended waits. When nobody has released others meanwhile, only time or
/// another cluster can help; else nothing does.
RunResult Resident::all_wait(uint64_t released, acc_fault_record& fault) {
    if (cluster_.released != released) return RunResult::Yield;
    for (uint32_t i = 0; i < cluster_.size; ++i)
        if (cluster_.blocks[i]->sleepers || cluster_.blocks[i]->grid_waiting)
            return RunResult::Waiting;
    for (uint32_t i = 0; i < cluster_.size; ++i)
        if (!has_ended(i)) return members_[i]->give_up(fault);
    return RunResult::Done;
}

RunResult Resident::run_cluster(uint64_t budget, acc_fault_record& fault) {
    const uint64_t turn = std::max(budget / cluster_.size, kLeastTurn),
                   released = cluster_.released;
    bool waiting = true, ended = true;
    for (uint32_t i = 0; i < cluster_.size; ++i) {
        if (has_ended(i)) continue;
        const RunResult result = members_[i]->run(turn, fault);
        if (result == RunResult::Fault || result == RunResult::Stopped) return result;
        if (result == RunResult::Done) {
            cluster_.blocks[i]->live_threads = 0; // translated code does not count them
            continue;
        }
        ended = false;
        waiting &= result == RunResult::Waiting;
    }
    if (ended) return RunResult::Done;
    return waiting ? all_wait(released, fault) : RunResult::Yield;
}

void Resident::locate(acc_fault_record& fault) const {
    for (uint32_t i = 0; i < cluster_.size; ++i) {
        if (has_ended(i)) continue;
        members_[i]->locate(fault);
        if (cluster_.size > 1) std::copy_n(cluster_.blocks[i]->index, 3, fault.block);
        return;
    }
}

} // namespace

std::unique_ptr<Block> make_resident(std::function<std::unique_ptr<Member>()> make) {
    return std::make_unique<Resident>(std::move(make));
}

} // namespace acc::model::interp
