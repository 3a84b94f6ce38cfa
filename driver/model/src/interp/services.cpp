// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/services.h"

#include <ctime>

#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/sched.h"

namespace acc::model::interp {

uint64_t host_time_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1000000000u + static_cast<uint64_t>(t.tv_nsec);
}

const Op* suspend_lanes(Gang* g, const Op* op, const uint32_t* m, bool sleep) {
    constexpr uint64_t longest = 1000000;
    uint64_t ns = 0;
    if (sleep && (op->flags & kOpImmB)) {
        ns = op->imm;
    } else if (sleep) {
        for (unsigned w = 0; w < g->warps; ++w) // a hint: the first thread's value serves for all
            if (m[w]) {
                ns = reinterpret_cast<const uint32_t*>(g->regs + w * g->stride +
                                                       op->b)[__builtin_ctz(m[w])];
                break;
            }
    }
    alignas(32) uint32_t lanes[kMaxWarps];
    for (unsigned w = 0; w < kMaxWarps; ++w)
        lanes[w] = m[w];
    Group& x = park_waiting(g, op + 1, lanes, GroupState::Sleep);
    x.wake = ns ? host_time_ns() + (ns < longest ? ns : longest) : 0;
    ++g->block->sleepers;
    return go_on(g, op + 1);
}

void wake_sleepers(BlockState* block) {
    uint64_t now = 0;
    for (uint32_t n = 0; n < block->num_gangs; ++n) {
        Gang* g = &block->gangs[n];
        for (uint32_t i = 0; i < g->num_groups;) {
            Group& x = g->groups[i];
            if (x.state != GroupState::Sleep) {
                ++i;
                continue;
            }
            if (x.wake && !now) now = host_time_ns();
            if (x.wake > now) {
                ++i;
                continue;
            }
            make_ready(g, i, x.op);
            --block->sleepers;
            i = 0; // the groups have moved
        }
    }
}

uint64_t special_register(const Gang* g, unsigned number, unsigned warp) {
    const BlockState& block = *g->block;
    const Launch& launch = *block.launch;
    using isa::SpecialReg;
    switch (static_cast<SpecialReg>(number)) {
    case SpecialReg::ntid_x: return launch.block[0];
    case SpecialReg::ntid_y: return launch.block[1];
    case SpecialReg::ntid_z: return launch.block[2];
    case SpecialReg::ctaid_x: return block.index[0];
    case SpecialReg::ctaid_y: return block.index[1];
    case SpecialReg::ctaid_z: return block.index[2];
    case SpecialReg::nctaid_x: return launch.grid[0];
    case SpecialReg::nctaid_y: return launch.grid[1];
    case SpecialReg::nctaid_z: return launch.grid[2];
    case SpecialReg::warpid: return g->first_warp + warp;
    case SpecialReg::nwarpid: return 32;
    case SpecialReg::smid: return block.compute_unit;
    case SpecialReg::nsmid: return launch.num_cus;
    case SpecialReg::gridid: return launch.grid_id;
    case SpecialReg::clock: return host_time_ns(); // the chip runs at 1 GHz, as its properties say
    case SpecialReg::globaltimer: return host_time_ns();
    case SpecialReg::kernarg: return launch.kernarg;
    case SpecialReg::dyn_shared: return launch.dyn_shared_offset;
    case SpecialReg::total_shared: return launch.shared_bytes;
    case SpecialReg::local_size: return launch.local_bytes;
    case SpecialReg::printf: return launch.printf_buffer;
    case SpecialReg::cluster_ctarank: return block.cluster_rank;
    case SpecialReg::cluster_nctarank: return launch.cluster_blocks;
    case SpecialReg::cluster_nctaid_x: return launch.cluster[0];
    case SpecialReg::cluster_nctaid_y: return launch.cluster[1];
    case SpecialReg::cluster_nctaid_z: return launch.cluster[2];
    case SpecialReg::cluster_ctaid_x: return block.index[0] % launch.cluster[0];
    case SpecialReg::cluster_ctaid_y: return block.index[1] % launch.cluster[1];
    case SpecialReg::cluster_ctaid_z: return block.index[2] % launch.cluster[2];
    case SpecialReg::clusterid_x: return block.index[0] / launch.cluster[0];
    case SpecialReg::clusterid_y: return block.index[1] / launch.cluster[1];
    case SpecialReg::clusterid_z: return block.index[2] / launch.cluster[2];
    case SpecialReg::nclusterid_x: return launch.grid[0] / launch.cluster[0];
    case SpecialReg::nclusterid_y: return launch.grid[1] / launch.cluster[1];
    case SpecialReg::nclusterid_z: return launch.grid[2] / launch.cluster[2];
    case SpecialReg::is_explicit_cluster: return launch.is_cluster;
    case SpecialReg::heap: return launch.heap;
    case SpecialReg::warpsize: return kLanes;
    case SpecialReg::cooperative: return launch.cooperative;
    default: return 0; // the per-lane ones are rows, see moves.cpp
    }
}

} // namespace acc::model::interp
