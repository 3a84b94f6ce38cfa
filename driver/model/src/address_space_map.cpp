// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a TLB invalidate does: it reads the page table, and changes the window and the permission
// bytes where they differ from it.
#include <algorithm>
#include <sys/mman.h>

#include "driver/model/src/address_space.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

namespace {

constexpr uint64_t kPage = ACC_PAGE_BYTES;

uint64_t end_of(uint64_t va, uint64_t bytes) {
    return va + bytes;
}

} // namespace

/// All lists ascend. `maps` merges pages that are contiguous in virtual and physical addresses
/// whatever their permissions, so that a run costs one mmap.
struct Vm::Plan {
    std::vector<Piece> maps;
    std::vector<PermRun> perms;

    /// Pages of the plan that did not come into the window.
    struct Special {
        uint64_t va, end;
        bool failed; ///< no memory; else indirect
    };
    std::vector<Special> special;
    size_t mapped = 0;          ///< pieces that have come into the window
    bool host_full = false;     ///< the host refuses more mappings
    bool stale_address = false; ///< an indirect page has got another translation, or none
    bool code = false;          ///< executable pages have changed

    void add_perm(uint64_t va, uint64_t bytes, uint8_t perm) {
        if (!perms.empty() && perms.back().perm == perm &&
            end_of(perms.back().va, perms.back().bytes) == va)
            perms.back().bytes += bytes;
        else
            perms.push_back({va, bytes, perm});
    }
    void add_special(uint64_t va, uint64_t bytes, bool failed) {
        if (!special.empty() && special.back().end == va && special.back().failed == failed)
            special.back().end += bytes;
        else
            special.push_back({va, va + bytes, failed});
    }
};

/// Gathers absent pages: unmapping a range is one mmap.
class Vm::Unmapper {
  public:
    Unmapper(Vm& vm, Plan& plan) : vm_(vm), plan_(plan) {}
    void add(uint64_t va, uint64_t end) {
        if (to_ == 0) from_ = va;
        to_ = end;
    }
    void flush() {
        if (to_ == 0) return;
        plan_.code |= vm_.set_perm(from_, to_ - from_, 0);
        vm_.clear_window(from_, to_ - from_);
        from_ = to_ = 0;
    }

  private:
    Vm& vm_;
    Plan& plan_;
    uint64_t from_ = 0, to_ = 0;
};

bool Vm::invalidate_locked(uint64_t first, uint64_t end) {
    Plan plan;
    read_tables(first, end, plan);
    narrow_permissions(plan);
    remap(first, end, plan);
    set_permissions(plan);
    permission_epoch.fetch_add(1, std::memory_order_release);
    if (plan.code) code_epoch.fetch_add(1, std::memory_order_release);
    if (plan.stale_address) gate.drain();
    return plan.stale_address;
}

void Vm::read_tables(uint64_t va, uint64_t end, Plan& plan) const {
    walk_pages(vram_, root_, va, end - va, [&](const PageLeaf& leaf) { read_leaf(leaf, plan); });
}

void Vm::read_leaf(const PageLeaf& leaf, Plan& plan) const {
    if (plan.maps.size() >= kMaxPieces || plan.perms.size() >= kMaxPieces) {
        accounts_.failures.fetch_add(leaf.bytes / kPage, std::memory_order_relaxed);
        return;
    }
    const uint8_t p = kPermRead | (leaf.write ? kPermWrite : 0) | (leaf.exec ? kPermExec : 0) |
                      (leaf.poison ? kPermPoison : 0);
    uint64_t done = 0;
    if (!leaf.system)
        for (uint64_t page : vram_.poisoned(leaf.phys, leaf.bytes)) {
            uint64_t at = page - leaf.phys;
            if (at > done) plan.add_perm(leaf.va + done, at - done, p);
            plan.add_perm(leaf.va + at, kPage, p | kPermPoison);
            done = at + kPage;
        }
    if (done < leaf.bytes) plan.add_perm(leaf.va + done, leaf.bytes - done, p);
    if (!plan.maps.empty()) {
        auto& [va, m] = plan.maps.back();
        if (m.system == leaf.system && end_of(va, m.bytes) == leaf.va &&
            m.phys + m.bytes == leaf.phys) {
            m.bytes += leaf.bytes;
            return;
        }
    }
    plan.maps.emplace_back(leaf.va, Mapping{leaf.bytes, leaf.system, leaf.phys});
}

void Vm::account(const Mapping& m, bool add) {
    std::atomic<uint64_t>& counter = m.indirect ? accounts_.indirect : accounts_.pieces;
    const uint64_t n = m.indirect ? m.bytes / kPage : 1;
    if (add)
        counter.fetch_add(n, std::memory_order_relaxed);
    else
        counter.fetch_sub(n, std::memory_order_relaxed);
}

/// Takes the mappings of [va, end) out of mapped_, clipped to the range. They stay accounted for.
std::vector<Vm::Piece> Vm::cut(uint64_t va, uint64_t end) {
    std::vector<Piece> out;
    auto part = [&](const Mapping& m, uint64_t skip, uint64_t bytes) {
        Mapping p{bytes, m.system, m.phys + skip, m.indirect};
        account(p, true);
        return p;
    };
    auto it = mapped_.lower_bound(va);
    if (it != mapped_.begin() && end_of(std::prev(it)->first, std::prev(it)->second.bytes) > va)
        --it;
    while (it != mapped_.end() && it->first < end) {
        const uint64_t from = it->first;
        const Mapping m = it->second;
        account(m, false);
        it = mapped_.erase(it);
        uint64_t to = from + m.bytes, a = std::max(from, va), b = std::min(to, end);
        if (from < a) mapped_.emplace_hint(it, from, part(m, 0, a - from));
        if (b < to) it = mapped_.emplace_hint(it, b, part(m, b - from, to - b));
        out.emplace_back(a, part(m, a - from, b - a));
    }
    return out;
}

/// Adds a mapping to mapped_, joined with its neighbours where they continue each other.
void Vm::record(uint64_t va, const Mapping& mapping) {
    auto it = mapped_.emplace(va, mapping).first;
    account(mapping, true);
    auto join = [&](auto a, auto b) {
        Mapping &x = a->second, &y = b->second;
        if (end_of(a->first, x.bytes) != b->first || x.system != y.system ||
            x.indirect != y.indirect || x.phys + x.bytes != y.phys)
            return;
        account(x, false);
        account(y, false);
        x.bytes += y.bytes;
        account(x, true);
        mapped_.erase(b);
    };
    if (auto next = std::next(it); next != mapped_.end()) join(it, next);
    if (it != mapped_.begin()) join(std::prev(it), it);
}

/// Brings the memory of [va, end) from what it is (mapped_) to what the tables say (plan.maps),
/// touching only what differs: a kernel may be using the rest.
void Vm::remap(uint64_t va, uint64_t end, Plan& plan) {
    std::vector<Piece> olds = cut(va, end);
    auto o = olds.begin();
    auto n = plan.maps.begin();
    Unmapper unmapper(*this, plan);
    auto pass = [&](uint64_t pos) { // an old mapping counts until it is gone
        for (; o != olds.end() && end_of(o->first, o->second.bytes) <= pos; ++o)
            account(o->second, false);
        while (n != plan.maps.end() && end_of(n->first, n->second.bytes) <= pos)
            ++n;
    };
    for (uint64_t pos = va, stop; pos < end; pos = stop) {
        pass(pos);
        bool had = o != olds.end() && o->first <= pos,
             has = n != plan.maps.end() && n->first <= pos;
        stop = end;
        if (o != olds.end())
            stop = std::min(stop, had ? end_of(o->first, o->second.bytes) : o->first);
        if (n != plan.maps.end())
            stop = std::min(stop, has ? end_of(n->first, n->second.bytes) : n->first);
        const bool was_indirect = had && o->second.indirect;
        if (has) {
            unmapper.flush();
            Mapping piece{stop - pos, n->second.system, n->second.phys + (pos - n->first)};
            bool same = had && o->second.system == piece.system &&
                        o->second.phys + (pos - o->first) == piece.phys;
            if (same) {
                keep_piece(pos, piece, was_indirect, plan);
                continue;
            }
            plan.stale_address |= was_indirect;
            map_piece(pos, piece, had && !was_indirect, was_indirect, plan);
        } else if (had) {
            plan.stale_address |= was_indirect;
            unmapper.add(pos, stop);
        }
    }
    unmapper.flush();
    pass(end);
}

/// The translation is as before. A page that was not in the window comes into it when there is room
/// now: it is usable at every moment.
void Vm::keep_piece(uint64_t va, Mapping piece, bool indirect, Plan& plan) {
    piece.indirect = indirect;
    if (indirect && may_map(piece.bytes, plan)) {
        piece.indirect = !map_window(va, piece, plan);
        plan.host_full |= piece.indirect;
    }
    if (piece.indirect) plan.add_special(va, piece.bytes, false);
    record(va, piece);
}

/// Room in the accounts, and time, for another piece. Large ones have some reserved for them: they
/// gain most.
bool Vm::may_map(uint64_t n, const Plan& plan) const {
    const bool large = n >= 16 * kPage;
    const uint64_t limit = large ? accounts_.limit : accounts_.limit - accounts_.limit / 4;
    return !plan.host_full &&
           plan.mapped < (large ? kMaxMapsPerInvalidate : kMaxMapsPerInvalidate / 4) &&
           accounts_.pieces.load(std::memory_order_relaxed) < limit;
}

bool Vm::map_window(uint64_t va, const Mapping& piece, Plan& plan) {
    plan.mapped++;
    uint8_t* at = window + (va - base);
    if (piece.system) return bus_.map(piece.phys, piece.bytes, at, true);
    return mmap(at, piece.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, vram_.fd(),
                static_cast<off_t>(piece.phys)) != MAP_FAILED;
}

/// Gives a piece its memory. `in_window`: something else is mapped there now. Programs may go on
/// accessing it; they find the old memory or the new one.
void Vm::map_piece(uint64_t va, const Mapping& piece, bool in_window, bool was_indirect,
                   Plan& plan) {
    plan.code |= any_perm(va, piece.bytes, kPermExec);
    if (was_indirect) gate.drain(); // nobody may take the new page for the one it has checked
    if (mapped_.size() >= kMaxPieces) return fail(va, piece.bytes, plan);
    const bool room = may_map(piece.bytes, plan);
    if (room && map_window(va, piece, plan)) return record(va, piece);
    if (map_indirect(va, piece, in_window || room)) {
        plan.host_full |= room; // there is memory, but no more mappings
        plan.add_special(va, piece.bytes, false);
        return;
    }
    if (!room && map_window(va, piece, plan)) return record(va, piece); // no other way
    if (piece.bytes == kPage) return fail(va, piece.bytes, plan);
    // A part of it is not memory, or memory that lies elsewhere: the rest still gets mapped.
    uint64_t half = piece.bytes / 2 / kPage * kPage;
    map_piece(va, {half, piece.system, piece.phys}, true, false, plan);
    map_piece(va + half, {piece.bytes - half, piece.system, piece.phys + half}, true, false, plan);
}

/// Notes where the host itself has the memory. False when it has not, or not in one piece.
/// `in_window`: there may be something in the window.
bool Vm::map_indirect(uint64_t va, Mapping piece, bool in_window) {
    uint8_t* host = piece.system ? bus_.host_address(piece.phys, piece.bytes)
                                 : vram_.data() + piece.phys;
    if (!host) return false;
    if (!direct_) {
        void* at = map_harmless(nullptr, bytes / kPage * sizeof *direct_);
        if (at == MAP_FAILED) return false;
        direct_ = static_cast<uint8_t**>(at);
        direct = direct_;
    }
    const uint64_t first = (va - base) / kPage;
    for (uint64_t i = 0; i < piece.bytes / kPage; i++) {
        __atomic_store_n(direct_ + first + i, host + i * kPage, __ATOMIC_RELAXED);
        if (uint8_t p = perm_[first + i])
            __atomic_store_n(perm_ + first + i, p | kPermIndirect, __ATOMIC_RELEASE);
    }
    if (in_window) clear_window(va, piece.bytes);
    piece.indirect = true;
    record(va, piece);
    return true;
}

void Vm::fail(uint64_t va, uint64_t n, Plan& plan) {
    plan.code |= set_perm(va, n, 0);
    clear_window(va, n); // a failed attempt may have left something there
    plan.add_special(va, n, true);
    accounts_.failures.fetch_add(n / kPage, std::memory_order_relaxed);
}

/// Takes memory out of the window. (When the host refuses even this, the old memory stays there,
/// out of reach of whatever checks permissions from now on.)
void Vm::clear_window(uint64_t va, uint64_t n) {
    if (map_harmless(window + (va - base), n) == MAP_FAILED)
        accounts_.failures.fetch_add(n / kPage, std::memory_order_relaxed);
}

/// Before translations change: what is no longer allowed is forbidden first. Pages that were not
/// accessible stay so.
void Vm::narrow_permissions(Plan& plan) {
    for (const PermRun& run : plan.perms) {
        uint8_t* p = perm_ + (run.va - base) / kPage;
        for (uint8_t* end = p + run.bytes / kPage; p != end; p++) {
            uint8_t old = __atomic_load_n(p, __ATOMIC_RELAXED);
            uint8_t less = (old & (run.perm | kPermIndirect)) | (run.perm & kPermPoison);
            if (old == 0 || old == less) continue;
            plan.code |= (old & kPermExec) != 0;
            __atomic_store_n(p, less, __ATOMIC_RELEASE);
        }
    }
}

/// At the end: the permission bytes of the pages the tables map become what they should be. (remap
/// has cleared those of every page that lost its memory.)
void Vm::set_permissions(Plan& plan) {
    auto special = plan.special.begin();
    for (const PermRun& run : plan.perms) {
        const uint64_t run_end = run.va + run.bytes;
        for (uint64_t pos = run.va, stop; pos < run_end; pos = stop) {
            while (special != plan.special.end() && special->end <= pos)
                ++special;
            const bool any = special != plan.special.end();
            if (any && special->va <= pos) {
                stop = std::min(run_end, special->end);
                if (!special->failed)
                    plan.code |= set_perm(pos, stop - pos, run.perm | kPermIndirect);
            } else {
                stop = any ? std::min(run_end, special->va) : run_end;
                plan.code |= set_perm(pos, stop - pos, run.perm);
            }
        }
    }
}

bool Vm::any_perm(uint64_t va, uint64_t n, uint8_t bits) const {
    const uint8_t* p = perm + (va - base) / kPage;
    return std::any_of(p, p + n / kPage, [bits](uint8_t b) { return b & bits; });
}

} // namespace acc::model
