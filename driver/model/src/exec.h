// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between the chip (queues, scheduler) and its executors. The chip resolves a dispatch packet into
// a Launch, asks its executors which of them runs it, and hands out blocks; the executor keeps the
// state of a resident block and runs it in slices. A block is touched by one worker at a time.
//
// An executor needs nothing of the chip but this header, so it can live in a library of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_queue.h"
#include "driver/model/src/gate.h"

namespace acc::model {

/// What an executor needs of an address space. A device access to [va, va + n) is: va - base <
/// bytes, the permission bytes of every page touched allow it, then host memory at window + (va -
/// base). Permission bytes are plain bytes written before tlb_invalidate returns; a page that loses
/// its mapping stays backed by harmless memory, so no access ever crashes the host. A page with
/// kPermIndirect is not in the window: its memory is at direct[page], and whoever uses that enters
/// the gate first, then reads the permission byte, and leaves after the access.
struct AddressSpace {
    uint64_t base = 0;                ///< first virtual address
    uint64_t bytes = 0;               ///< size of the window
    uint8_t* window = nullptr;        ///< host address of virtual address `base`
    const uint8_t* perm = nullptr;    ///< one byte per 4 KiB page: kPerm*
    uint8_t* const* direct = nullptr; ///< one host address per page, of those with kPermIndirect
    const uint64_t id = next_id(); ///< never used again in this process, unlike the address of this
                                   ///< object: what executors keep of a space has it as its key
    mutable Gate gate;
    std::atomic<uint64_t> code_epoch{1}; ///< grows with every instruction-cache invalidate, and
                                         ///< when the translation or permissions of an executable
                                         ///< page change: decoded code older than this is stale
    std::atomic<uint64_t> permission_epoch{1}; ///< grows when a permission may have been taken away

  private:
    static uint64_t next_id() {
        static std::atomic<uint64_t> last{0};
        return last.fetch_add(1, std::memory_order_relaxed) + 1;
    }
};
/// Hears when an address space is gone. Nothing runs in it any more.
class SpaceListener {
  public:
    virtual ~SpaceListener() = default;
    virtual void space_ended(uint64_t space) = 0; ///< AddressSpace::id
};
inline constexpr uint8_t kPermRead = 1, kPermWrite = 2, kPermExec = 4, kPermPoison = 8,
                         kPermIndirect = 16;

/// A dispatch, checked: every field has been validated against the descriptor and the limits.
struct Launch {
    AddressSpace* vm = nullptr;
    acc_kernel_descriptor kernel{};
    uint64_t kernel_address = 0;
    uint64_t entry = 0; ///< address of the first instruction
    uint32_t grid[3]{}, block[3]{};
    uint32_t cluster[3]{1, 1, 1}; ///< in blocks; divides the grid
    uint32_t cluster_blocks = 1;
    bool is_cluster = false; ///< somebody has asked for the size
    uint32_t threads = 0;    ///< per block
    uint32_t warps = 0;
    uint32_t shared_bytes = 0; ///< static rounded up to 16, plus dynamic
    uint32_t dyn_shared_offset = 0;
    uint32_t local_bytes = 0; ///< per thread, multiple of 16
    uint64_t kernarg = 0;
    uint64_t printf_buffer = 0, heap = 0;
    uint64_t grid_id = 0;
    uint32_t num_cus = 0;
    bool cooperative = false;
    // Grid barrier (cooperative): arrivals are counted by the executor, released by generation.
    std::atomic<uint64_t> grid_arrived{0};
    std::atomic<uint64_t> grid_generation{0};
    std::atomic<uint64_t> grid_exited{0}; ///< blocks that have ended, which will never arrive;
                                          ///< counted by the executor
    uint64_t total_blocks = 0;
    std::atomic<bool> abort{false}; ///< set by the chip: executors return Stopped at the next
                                    ///< scheduling point
    /// What is handed out: clusters, which are blocks mostly.
    uint64_t clusters() const { return total_blocks / cluster_blocks; }
    /// The first block of cluster `index`, x fastest.
    void position(uint64_t index, uint32_t (&at)[3]) const {
        for (int i = 0; i < 3; ++i) {
            const uint32_t count = cluster_blocks == 1 ? grid[i] : grid[i] / cluster[i];
            at[i] = static_cast<uint32_t>(index % count) * cluster[i];
            index /= count;
        }
    }
    bool clean_memory = false; ///< blocks begin with shared and local memory of zeros; else what is
                               ///< there is what some block has left
};

enum class RunResult {
    Done,    ///< every thread has exited
    Yield,   ///< the budget is used up; run again
    Waiting, ///< nothing can run until another block acts (grid barrier, spinning on sleep); run
             ///< again later
    Fault,   ///< `fault` is filled in
    Stopped, ///< launch.abort was seen
};

/// State of one resident block, or of all blocks of a cluster (of which `block` below is the
/// first): those run in one worker, so nothing that they do to each other's shared memory needs a
/// lock.
class Block {
  public:
    virtual ~Block() = default;
    /// Puts the block at the start of `launch` for block index (x, y, z). Storage is reused from
    /// launch to launch.
    virtual void start(Launch& launch, uint32_t x, uint32_t y, uint32_t z,
                       uint32_t compute_unit) = 0;
    /// Runs for about `budget` warp-instructions.
    virtual RunResult run(uint64_t budget, acc_fault_record& fault) = 0;
    /// Between two runs of a block that has not ended: sets pc, thread, warp and lane_mask of
    /// `fault` to where one of its threads stands (and `block`, in a cluster).
    virtual void locate(acc_fault_record& fault) const { static_cast<void>(fault); }
};

/// One way to execute dispatches: the interpreter, a translator, a checker that runs others and
/// compares. It owns what it keeps from dispatch to dispatch: block objects that are not in use,
/// and whatever it has made of code. It belongs to one chip, outlives the chip's blocks, and is
/// called by several threads at once.
class Executor : public SpaceListener {
  public:
    /// For people: logs, messages, ACC_MODEL_EXEC.
    virtual const char* name() const = 0;
    /// Whether this executor runs the dispatch. If not, the next one in the chip's list is asked.
    /// On the launch path: no waiting here. A translator says no while the kernel is not
    /// translated.
    virtual bool accepts(const Launch& launch) const {
        static_cast<void>(launch);
        return true;
    }
    /// Before the first block of a dispatch that was accepted; nothing of it runs yet.
    virtual void dispatch_begins(Launch& launch) { static_cast<void>(launch); }
    /// After the last block of it, whether they have all ended or it was aborted, before anybody
    /// hears of its completion.
    virtual void dispatch_ended(Launch& launch) { static_cast<void>(launch); }
    /// A new block object: called for each residency slot that a worker opens when none is spare.
    virtual std::unique_ptr<Block> make_block() = 0;
    /// What is kept about this address space can go.
    void space_ended(uint64_t space) override { static_cast<void>(space); }

    // The pool. Each compute unit has a part of its own, used by the thread that holds the unit.
    std::unique_ptr<Block> take_block(uint32_t compute_unit);
    void give_block(uint32_t compute_unit, std::unique_ptr<Block> block);
    void trim_blocks(uint32_t compute_unit, size_t keep);

  private:
    friend class Executors;
    struct alignas(64) Pool {
        std::vector<std::unique_ptr<Block>> spare;
    };
    std::vector<Pool> pools_; ///< one per compute unit of the chip
};

/// An order in which the interpreter may run what has no order. The first is the usual one; the
/// others show what depends on it.
struct InterpreterOrder {
    unsigned most_warps = 8; ///< that go through the instructions together
    bool backwards = false;  ///< the last ones of a block go first, and of threads of a warp that
                             ///< have parted those with the highest pc
};

/// The interpreter. `simd` chooses its host vector code: "v2", "v3", "v4", or null for what
/// ACC_MODEL_SIMD says, else the best that this host can run. Throws std::system_error when there
/// is no such code or the host cannot run it.
std::unique_ptr<Executor> make_interpreter(const char* simd = nullptr, InterpreterOrder order = {});

} // namespace acc::model
