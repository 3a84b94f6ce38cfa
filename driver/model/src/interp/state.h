// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// State of the interpreter. Read this first: everything else works on these few structures.
//
//   Op      a decoded instruction: two handlers (all lanes / masked), offsets of its operand rows,
//   immediate, target. Gang    up to 8 warps of one block that are interpreted together. A register
//   is, per warp, a row of 32 words; a 64-bit value
//           is two rows (low words, high words); a predicate is one 32-bit lane mask per warp.
//   Group   threads of a gang that stand at the same pc. One group of a gang runs at a time ("the
//   running group": its lanes
//           are Gang::mask); the others are parked in Gang::groups.
//   BlockState  the gangs of a block, its shared and local memory and its barriers.
//
// These structures are shared by code compiled for different host instruction sets (folder simd/),
// so they hold no inline functions and no standard containers that such code would instantiate.
#pragma once

#include <cstdint>

#include "driver/model/src/exec.h"

namespace acc::model {
class IndirectTargets;
}

namespace acc::model::interp {

struct Op;
struct Gang;
struct BlockState;

inline constexpr unsigned kLanes = 32;
inline constexpr unsigned kMaxWarps = 8; ///< warps of a gang
inline constexpr unsigned kRowBytes = 128;

// The first rows of a warp's register file: zeros (rz as a source; a group has at most 8
// registers), a scratch area (rz as a destination), then r0, r1, ...
inline constexpr unsigned kZeroRow = 0, kScratchRow = 8, kFirstRow = 16;
constexpr unsigned row_offset(unsigned row) {
    return row * kRowBytes;
}
constexpr unsigned register_offset(unsigned reg) {
    return row_offset(kFirstRow + reg);
}

// Rows of Gang::pred: p0..p6, then constant true (pt as a source), then a place for discarded
// results (pt as a destination).
inline constexpr unsigned kPredTrue = 7, kPredDiscard = 8;

/// Executes `op` for the lanes in m (one mask per warp) and goes on with the next one by a tail
/// call, until something ends the run: then the reason is in Gang::exit. mode is the index of the
/// handler to use: 0 when every lane of the gang that exists is active, else 1. When the walk
/// reaches `stop`, threads of a parked group may join. regs, stride, warps, mode repeat Gang's
/// members so that they stay in host registers.
#define ACC_HANDLER_ARGS                                                                           \
    const Op *op, Gang *g, const Op *stop, char *regs, uint64_t stride, uint64_t warps,            \
        uint64_t mode, const uint32_t *m
#define ACC_HANDLER_CC __attribute__((preserve_none))
using Handler = void(ACC_HANDLER_CC*)(ACC_HANDLER_ARGS);

struct alignas(64) Op {
    Handler handler[2]; ///< [0] all lanes (writes lanes of threads that do not exist too), [1]
                        ///< lanes of m only
    union {
        const Op* target; ///< branch, call: target when it is on the same page, else null
        Handler guarded;  ///< handler [1] of the instruction behind a guard
    };
    uint64_t imm; ///< immediate, extended as its operand says; target address of branches
    uint64_t pc;
    uint16_t d, a, b, c; ///< byte offsets of the first rows of rd, ra, rb, rc in a warp's register
                         ///< file
    uint32_t mods;
    uint8_t pd, pe, ps, pq; ///< rows of Gang::pred
    uint8_t guard;          ///< row of Gang::pred
    uint8_t flags;          ///< kOp*
    uint16_t opcode;
    uint32_t page_end; ///< 1 for the op behind the last one of a page
};
inline constexpr uint8_t kOpGuardNeg = 1, kOpPsNeg = 2, kOpPqNeg = 4, kOpDiscard = 8 /* rd is rz */,
                         kOpIndexed = 16 /* rb is a register */, kOpImmB = 32, kOpImmC = 64,
                         kOpStrong = 128 /* a spin loop may be built of it */;

/// Decodes the fields of an instruction word that need no table.
struct Inst {
    uint64_t lo, hi;
    uint32_t opcode, form, mods, imm;
    uint8_t rd, ra, rb, rc;
};
/// Sets the handlers of `op`, whose other members are filled in.
using Bind = void (*)(const Inst&, Op& op);

enum class GroupState : uint8_t {
    Ready,
    Barrier,     ///< waits at CTA barrier `barrier`; op is the barrier instruction
    WarpOp,      ///< waits for the other members of a warp operation
    Sleep,       ///< until host time `wake`
    GridBarrier, ///< at bar.grid
    Split,       ///< at bar.cluster.wait; barrier is the Split
};

/// The barriers in two halves.
enum class Split : uint8_t { Cluster, Block };

struct Group {
    alignas(32) uint32_t mask[kMaxWarps];
    const Op* op;
    uint64_t wake;
    uint32_t depth;   ///< calls it is inside of
    uint32_t penalty; ///< time slices it has used up while others waited
    uint32_t members; ///< WarpOp: member mask
    uint8_t warp;     ///< WarpOp: the warp (mask has lanes in no other)
    uint8_t barrier;
    GroupState state;
};

enum class Exit : uint8_t {
    Blocked, ///< no group of the gang can run
    Slice,   ///< the slice is used up (or the group spins); the running group stays
    Fault,   ///< BlockState::fault is filled in
};

struct Gang {
    // The running group.
    alignas(64) uint32_t mask[kMaxWarps];
    uint32_t eff[kMaxWarps];  ///< lanes a guard lets through
    uint32_t live[kMaxWarps]; ///< threads that exist and have not exited
    uint32_t pred[9][kMaxWarps];
    char* regs;
    uint64_t stride; ///< bytes from warp to warp
    uint64_t warps;
    uint64_t mode;
    const Op* stop;           ///< op of the next ready parked group in address order; null: none
    uint64_t low_pc, high_pc; ///< the running group may go to any pc between these (exclusive)
                              ///< without meeting a parked group
    const Op* current;        ///< where the running group goes on when the gang is entered
    uint32_t depth, penalty;
    bool running; ///< there is a running group
    bool strong;  ///< an instruction with kOpStrong was executed since the last backward branch
    Exit exit;
    uint32_t spins; ///< backward branches with `strong` in this slice
    int64_t slice;  ///< warp-instructions left
    int64_t fuel;   ///< warp-instructions until the running group gets a penalty
    uint32_t first_warp;

    // Parked groups, in no order.
    Group* groups;
    uint32_t num_groups, cap_groups;

    uint32_t arrived[2][kMaxWarps]; ///< by Split: threads that have arrived in this phase

    // Memory, as handlers need it.
    uint64_t vm_base, vm_bytes;
    uint8_t* window;
    const uint8_t* perm;
    uint8_t* shared;
    uint64_t shared_bytes;
    uint8_t* local;            ///< local memory of the gang's first warp
    uint64_t local_bytes;      ///< per thread
    uint64_t local_warp_bytes; ///< from warp to warp
    BlockState* block;
    bool indirect; ///< inside of the address space's gate (indirect.h)
};

/// Warp sums of a barrier with reduction are kept per phase.
struct Barrier {
    uint32_t arrived;  ///< threads
    uint32_t expected; ///< threads; 0: all of the block
    uint32_t popc;
    bool in_use, any, all;
};

struct CodeCache;
struct CodePage;
struct Cluster;

struct BlockState {
    Gang* gangs;
    uint32_t num_gangs;
    uint32_t live_threads;
    Launch* launch;
    uint32_t index[3];
    uint32_t compute_unit;
    Barrier barriers[ACC_NUM_BARRIERS];
    uint32_t grid_waiting;    ///< threads of this block that wait at the grid barrier
    uint64_t grid_generation; ///< what Launch::grid_generation was when the block arrived
    bool grid_arrived;        ///< the block has been counted in Launch::grid_arrived
    Cluster* cluster;         ///< that it is part of
    uint32_t cluster_rank;
    uint32_t sleepers; ///< groups in state Sleep
    bool wake_scan;    ///< threads have exited: a barrier or a warp operation may be complete now
    acc_fault_record fault;
    const uint32_t (*tid)[3][kLanes]; ///< thread indices of each warp of the block
    CodeCache* code;
    IndirectTargets* targets; ///< null: nobody wants to know
    bool backwards;           ///< InterpreterOrder's
    struct {
        uint64_t page;
        CodePage* code;
    } recent_pages[16];
};

} // namespace acc::model::interp
