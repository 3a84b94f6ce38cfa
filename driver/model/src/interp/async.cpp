// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/async.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/cluster.h"
#include "driver/model/src/interp/indirect.h"
#include "driver/model/src/interp/sched.h"

namespace acc::model::interp {
namespace {

namespace mods = isa::mods;

uint32_t read32(const Gang* g, unsigned warp, uint16_t row, unsigned lane) {
    return reinterpret_cast<const uint32_t*>(g->regs + warp * g->stride + row)[lane];
}
uint64_t read64(const Gang* g, unsigned warp, uint16_t row, unsigned lane) {
    return static_cast<uint64_t>(read32(g, warp, static_cast<uint16_t>(row + kRowBytes), lane))
               << 32 |
           read32(g, warp, row, lane);
}
void write32(Gang* g, unsigned warp, uint16_t row, unsigned lane, uint32_t value) {
    reinterpret_cast<uint32_t*>(g->regs + warp * g->stride + row)[lane] = value;
}

/// Host pointer of shared bytes, or null after raising the fault.
uint8_t* shared_bytes(Gang* g, const Op* op, unsigned warp, unsigned lane, uint32_t offset,
                      uint64_t bytes, uint32_t align, uint32_t access) {
    const bool misaligned = offset % align != 0;
    uint8_t* place = misaligned ? nullptr : shared_place(g, offset, bytes);
    if (place) return place;
    raise_access(g, op, misaligned ? ACC_FAULT_MISALIGNED : ACC_FAULT_SHARED_RANGE, warp,
                 1u << lane, access, ACC_SHARED_APERTURE + offset, static_cast<uint32_t>(bytes));
    return nullptr;
}
/// f(lane) for each lane until one returns false.
template <class F>
bool each(uint32_t lanes, F f) {
    for (; lanes; lanes &= lanes - 1)
        if (!f(static_cast<unsigned>(std::countr_zero(lanes)))) return false;
    return true;
}

// ---- mbarrier: 20 bits pending arrivals, 20 bits expected arrivals, 23 bits pending transaction
// bytes (signed), 1 bit phase
struct Mbarrier {
    uint32_t pending, expected;
    int32_t bytes;
    bool phase;
};
constexpr uint32_t kCountMask = 0xfffff;
Mbarrier unpack(uint64_t bits) {
    return {
        static_cast<uint32_t>(bits) & kCountMask, static_cast<uint32_t>(bits >> 20) & kCountMask,
        static_cast<int32_t>(static_cast<int64_t>(bits << 1) >> 41), static_cast<bool>(bits >> 63)};
}
uint64_t pack(const Mbarrier& b) {
    return (b.pending & kCountMask) | static_cast<uint64_t>(b.expected & kCountMask) << 20 |
           static_cast<uint64_t>(static_cast<uint32_t>(b.bytes) & 0x7fffff) << 40 |
           static_cast<uint64_t>(b.phase) << 63;
}
void complete_phase(Mbarrier& b) {
    if (b.pending != 0 || b.bytes != 0) return;
    b.phase = !b.phase;
    b.pending = b.expected;
}
/// Applies f to the mbarrier at shared `offset`.
template <class F>
bool with_mbarrier(Gang* g, const Op* op, unsigned warp, unsigned lane, uint32_t offset, F f) {
    uint8_t* p = shared_bytes(g, op, warp, lane, offset, 8, 8, ACC_ACCESS_ATOMIC);
    if (!p) return false;
    uint64_t bits;
    std::memcpy(&bits, p, 8);
    Mbarrier b = unpack(bits);
    f(b, bits);
    bits = pack(b);
    std::memcpy(p, &bits, 8);
    return true;
}
template <class F>
bool each_mbarrier(Gang* g, const Op* op, unsigned warp, uint32_t lanes, F f) {
    return each(lanes, [&](unsigned lane) {
        const uint32_t offset = read32(g, warp, op->a, lane) + static_cast<uint32_t>(op->imm);
        return with_mbarrier(g, op, warp, lane, offset,
                             [&](Mbarrier& b, uint64_t bits) { f(lane, b, bits); });
    });
}
void set_pred(Gang* g, const Op* op, unsigned warp, unsigned lane, bool value) {
    uint32_t& p = g->pred[op->pd][warp];
    p = (p & ~(1u << lane)) | static_cast<uint32_t>(value) << lane;
}

} // namespace

bool copy_async(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    const uint32_t size = 4u << mods::CPASYNC::cpsize.get(op->mods); // b4, b8, b16
    const bool fill = mods::CPASYNC::cpsrc.get(op->mods) == mods::CPASYNC::cpsrc_zfill;
    const AddressSpace& vm = *g->block->launch->vm;
    // Every lane is checked before the first byte is written.
    uint8_t* to[kLanes];
    uint64_t from[kLanes];
    uint32_t bytes[kLanes];
    const bool good = each(lanes, [&](unsigned lane) {
        bytes[lane] = fill ? std::min(read32(g, warp, op->c, lane), size) : size;
        to[lane] = shared_bytes(g, op, warp, lane,
                                read32(g, warp, op->a, lane) + static_cast<uint32_t>(op->imm), size,
                                size, ACC_ACCESS_WRITE);
        if (!to[lane]) return false;
        from[lane] = read64(g, warp, op->b, lane);
        return bytes[lane] == 0 ||
               check_device(g, op, warp, lane, from[lane], bytes[lane], size, ACC_ACCESS_READ);
    });
    if (!good) return false;
    return each(lanes, [&](unsigned lane) {
        read_device(vm, to[lane], from[lane], bytes[lane]);
        std::memset(to[lane] + bytes[lane], 0, size - bytes[lane]);
        return true;
    });
}

bool copy_mbarrier_arrive(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each_mbarrier(g, op, warp, lanes, [&](unsigned, Mbarrier& b, uint64_t) {
        if (!mods::CPMBARRIER::noinc.get(op->mods))
            return; // one more pending, one arrival: nothing changes
        b.pending = (b.pending - 1) & kCountMask;
        complete_phase(b);
    });
}

bool copy_bulk_to_shared(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each(lanes, [&](unsigned lane) {
        const uint32_t barrier = read32(g, warp, op->c, lane);
        const uint32_t bytes = read32(g, warp, static_cast<uint16_t>(op->c + kRowBytes), lane);
        const uint32_t offset = read32(g, warp, op->a, lane) + static_cast<uint32_t>(op->imm);
        uint8_t* to = shared_bytes(g, op, warp, lane, offset, bytes, 16, ACC_ACCESS_WRITE);
        const uint64_t from = read64(g, warp, op->b, lane);
        if (!to || !check_device(g, op, warp, lane, from, bytes, 16, ACC_ACCESS_READ)) return false;
        read_device(*g->block->launch->vm, to, from, bytes);
        return with_mbarrier(g, op, warp, lane, barrier, [&](Mbarrier& b, uint64_t) {
            b.bytes -= static_cast<int32_t>(bytes);
            complete_phase(b);
        });
    });
}

bool copy_bulk_in_cluster(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each(lanes, [&](unsigned lane) {
        const uint32_t barrier = read32(g, warp, op->c, lane);
        const uint32_t bytes = read32(g, warp, static_cast<uint16_t>(op->c + kRowBytes), lane);
        const uint32_t offset = read32(g, warp, op->a, lane) + static_cast<uint32_t>(op->imm);
        const uint8_t* from = shared_bytes(g, op, warp, lane, read32(g, warp, op->b, lane), bytes,
                                           16, ACC_ACCESS_READ);
        uint8_t* to = from ? shared_bytes(g, op, warp, lane, offset, bytes, 16, ACC_ACCESS_WRITE)
                           : nullptr;
        if (!to) return false;
        std::memmove(to, from, bytes);
        return with_mbarrier(g, op, warp, lane, barrier, [&](Mbarrier& b, uint64_t) {
            b.bytes -= static_cast<int32_t>(bytes);
            complete_phase(b);
        });
    });
}

bool copy_bulk_to_global(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each(lanes, [&](unsigned lane) {
        const uint32_t bytes = read32(g, warp, op->c, lane);
        const uint64_t va = read64(g, warp, op->a, lane) + op->imm;
        const uint8_t* from = shared_bytes(g, op, warp, lane, read32(g, warp, op->b, lane), bytes,
                                           16, ACC_ACCESS_READ);
        if (!from || !check_device(g, op, warp, lane, va, bytes, 16, ACC_ACCESS_WRITE))
            return false;
        write_device(*g->block->launch->vm, va, from, bytes);
        return true;
    });
}

bool mbarrier_init(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each_mbarrier(g, op, warp, lanes, [&](unsigned lane, Mbarrier& b, uint64_t) {
        const uint32_t count = read32(g, warp, op->c, lane) & kCountMask;
        b = {count, count, 0, false};
    });
}

bool mbarrier_inval(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each_mbarrier(g, op, warp, lanes, [](unsigned, Mbarrier& b, uint64_t) { b = {}; });
}

bool mbarrier_arrive(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each_mbarrier(g, op, warp, lanes, [&](unsigned lane, Mbarrier& b, uint64_t token) {
        const uint32_t count = read32(g, warp, op->c, lane);
        b.pending = (b.pending - count) & kCountMask;
        if (mods::MBAR_ARRIVE::drop.get(op->mods)) b.expected = (b.expected - count) & kCountMask;
        if (!(op->flags & kOpDiscard)) {
            write32(g, warp, op->d, lane, static_cast<uint32_t>(token));
            write32(g, warp, static_cast<uint16_t>(op->d + kRowBytes), lane,
                    static_cast<uint32_t>(token >> 32));
        }
        if (!mods::MBAR_ARRIVE::noc.get(op->mods)) complete_phase(b);
    });
}

bool mbarrier_expect_tx(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each_mbarrier(g, op, warp, lanes, [&](unsigned lane, Mbarrier& b, uint64_t) {
        b.bytes += static_cast<int32_t>(read32(g, warp, op->c, lane));
    });
}

bool mbarrier_complete_tx(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each_mbarrier(g, op, warp, lanes, [&](unsigned lane, Mbarrier& b, uint64_t) {
        b.bytes -= static_cast<int32_t>(read32(g, warp, op->c, lane));
        complete_phase(b);
    });
}

bool mbarrier_test(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    g->strong = true; // polled in loops
    return each_mbarrier(g, op, warp, lanes, [&](unsigned lane, Mbarrier& b, uint64_t) {
        set_pred(g, op, warp, lane,
                 b.phase != static_cast<bool>(read64(g, warp, op->c, lane) >> 63));
    });
}

bool mbarrier_test_parity(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    g->strong = true;
    return each_mbarrier(g, op, warp, lanes, [&](unsigned lane, Mbarrier& b, uint64_t) {
        set_pred(g, op, warp, lane, b.phase != static_cast<bool>(read32(g, warp, op->c, lane) & 1));
    });
}

bool mbarrier_pending(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    return each(lanes, [&](unsigned lane) {
        write32(g, warp, op->d, lane, unpack(read64(g, warp, op->c, lane)).pending);
        return true;
    });
}

} // namespace acc::model::interp
