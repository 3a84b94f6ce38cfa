// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that kernels launch (docs/dynamic-parallelism.md): a queue's part of the command
// processor that takes launch records from memory (acc_queue.h), keeps what waits in streams, and
// knows when a grid is complete: its blocks have ended, and all that its threads have launched.
// Everything here is guarded by the queue's lock.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "driver/model/src/copy_engine.h"
#include "driver/model/src/dispatch.h"
#include "driver/model/src/packet.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

class Queue;

class Launches {
  public:
    explicit Launches(Queue& queue) : queue_(queue) {}

    /// A dispatch of the queue's ring, whose kernel may launch others, is in flight.
    void begin(Dispatch& dispatch);
    /// Some of them are not complete.
    bool any() const { return !grids_.empty(); }
    /// Threads have handed something over that has not been taken. For compute units: without the
    /// lock.
    static bool submitted(const Dispatch& dispatch, uint32_t queue);

    /// Takes the records that threads have handed over, and starts what can start.
    void collect(ComputeUnit* cu);
    /// All blocks of a dispatch have ended, without a fault. One that was launched from the device
    /// is recycled.
    void ended(Dispatch& dispatch, ComputeUnit* cu);
    /// It has faulted or was aborted: nothing follows.
    void dropped(Dispatch& dispatch);
    /// Moves some bytes of a copy. True while there is more.
    bool copy(ComputeUnit* cu);
    bool copying() const { return !copies_.empty(); }

    /// Stops the dispatches that run.
    void abort();
    /// Forgets everything; no dispatch runs any more.
    void clear();

  private:
    struct Grid;
    struct Mark;
    /// A piece of work in a stream.
    struct Item {
        Grid* owner = nullptr;
        std::pair<uint64_t, uint64_t> stream; ///< block or number of its own, and the stream's
        bool tail = false;
        uint64_t at = 0; ///< address of its record
        acc_launch_record record{};
        Packet packet{};
        std::shared_ptr<Mark> mark; ///< MARK: to be set; WAIT: waited for
        CopyJob job;
    };
    /// What an event stands for.
    struct Mark {
        bool done = false;
        std::vector<Item*> waiting;
    };
    using Stream = std::deque<std::unique_ptr<Item>>; ///< the first one has been started
    /// A dispatch that may launch others, or was launched from the device.
    struct Grid {
        uint64_t id = 0;
        Item* item = nullptr; ///< that launched it; null: the ring did
        uint64_t packet_index = 0, signal = 0, value = 0;
        uint16_t flags = 0; ///< of the packet
        unsigned depth = 0;
        Dispatch* live = nullptr;           ///< while its own blocks run
        std::unique_ptr<Dispatch> dispatch; ///< the same, launched from the device
        uint64_t outstanding = 0;           ///< items in `streams`
        std::map<std::pair<uint64_t, uint64_t>, Stream> streams;
        std::unordered_map<uint64_t, uint64_t> of_block;   ///< items that a block has launched
        std::unordered_multimap<uint64_t, uint64_t> joins; ///< by block: records of JOIN
        std::unordered_map<uint64_t, std::shared_ptr<Mark>> marks; ///< by event, the last, until it
                                                                   ///< is done
        Stream tail;
        bool tail_started = false;
    };

    bool take(uint64_t at);
    bool check(const Item& item);
    void put(std::unique_ptr<Item> item);
    void start(Item& item);
    void launch(Item& item);
    void done(Item& item);
    void settle();
    void finish(Item& item);
    void end_check(Grid& grid);
    void complete(Grid& grid);
    void give_back(const Item& item);
    void join_done(uint64_t at);
    void wrong(uint64_t offset);
    void unreachable(uint64_t address, uint32_t access, uint32_t bytes);

    Queue& queue_;
    ComputeUnit* cu_ = nullptr; ///< of the thread that is at it
    std::unordered_map<uint64_t, std::unique_ptr<Grid>> grids_;
    uint64_t heap_ = 0; ///< where the area's address is
    /// By depth: dispatches in the scheduler, and those for which there was no room. Grids wait
    /// for deeper ones only, so each depth has room of its own.
    struct Level {
        unsigned running = 0;
        std::deque<Item*> ready;
    };
    std::array<Level, kLaunchLevels> levels_;
    std::deque<Item*> copies_;
    size_t held_ = 0;         ///< items, and JOINs that are not done
    std::vector<Item*> done_; ///< finished, not yet taken out of their streams
};

} // namespace acc::model
