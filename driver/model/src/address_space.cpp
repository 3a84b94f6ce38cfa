// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/address_space.h"

#include <algorithm>
#include <cstdio>
#include <sys/mman.h>

namespace acc::model {

namespace {

constexpr uint64_t kPage = ACC_PAGE_BYTES;
constexpr uint64_t kMaxWindow = 1ull << 40;
/// Separate pieces that one invalidate maps at most: more than hosts allow, and a bound for tables
/// that point at themselves.
constexpr size_t kMaxPieces = 1 << 17;

/// Puts harmless private memory at [at, at + bytes): what an access that races with an unmap hits.
void* map_harmless(void* at, uint64_t bytes) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at ? MAP_FIXED : 0);
    void* result = mmap(at, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (result != MAP_FAILED) madvise(result, bytes, MADV_DONTDUMP);
    return result;
}

uint64_t end_of(uint64_t va, uint64_t bytes) {
    return va + bytes;
}

} // namespace

/// Both lists ascend. `maps` merges pages that are contiguous in virtual and physical addresses
/// whatever their permissions, so that a run costs one mmap.
struct Vm::Plan {
    Mappings maps;
    std::vector<PermRun> perms;
    std::vector<std::pair<uint64_t, uint64_t>> failed; ///< [va, end) the bus has no memory for
};

std::shared_ptr<Vm> Vm::create(uint32_t vmid, const Vram& vram, BusMemory& bus, uint64_t root,
                               uint64_t va_base, uint64_t va_bytes) {
    constexpr uint64_t va_limit = 1ull << ACC_VA_BITS;
    bool valid = root % kPage == 0 && vram.contains(root, kPage) && va_base % kPage == 0 &&
                 va_bytes % kPage == 0 && va_bytes != 0 && va_bytes <= kMaxWindow &&
                 va_base <= va_limit - va_bytes;
    if (!valid) return nullptr;
    std::shared_ptr<Vm> vm(new Vm(vmid, vram, bus, root));
    if (!vm->reserve(va_base, va_bytes)) return nullptr;
    vm->invalidate(0, 0);
    return vm;
}

bool Vm::reserve(uint64_t va_base, uint64_t va_bytes) {
    void* at = map_harmless(nullptr, va_bytes);
    if (at == MAP_FAILED) return false;
    base = va_base;
    bytes = va_bytes;
    window = static_cast<uint8_t*>(at);
    void* permissions = map_harmless(nullptr, va_bytes / kPage);
    if (permissions == MAP_FAILED) return false; // the destructor gives the window back
    perm_ = static_cast<uint8_t*>(permissions);
    perm = perm_;
    return true;
}

Vm::~Vm() {
    if (window) munmap(window, bytes);
    if (perm_) munmap(perm_, bytes / kPage);
}

Access Vm::check(uint64_t va, uint64_t n, uint8_t need) const {
    uint64_t offset = va - base;
    if (offset >= bytes) return {nullptr, ACC_FAULT_UNMAPPED, va};
    if (n == 0) return {window + offset, ACC_FAULT_NONE, 0};
    bool beyond = n > bytes - offset;
    uint64_t page = offset / kPage, last = beyond ? bytes / kPage - 1 : (offset + n - 1) / kPage;
    const uint8_t want = need | kPermRead, mask = want | kPermPoison;
    const uint64_t want8 = want * 0x0101010101010101ull, mask8 = mask * 0x0101010101010101ull;
    while (page <= last) {
        if (page % 8 == 0 && last - page >= 7) {
            uint64_t eight =
                __atomic_load_n(reinterpret_cast<const uint64_t*>(perm + page), __ATOMIC_RELAXED);
            if ((eight & mask8) == want8) {
                page += 8;
                continue;
            }
        }
        uint8_t p = __atomic_load_n(perm + page, __ATOMIC_RELAXED);
        if ((p & mask) != want) {
            uint32_t cause = !(p & kPermRead)  ? ACC_FAULT_UNMAPPED
                             : p & kPermPoison ? ACC_FAULT_ECC
                                               : ACC_FAULT_PERMISSION;
            return {nullptr, cause, std::max(va, base + page * kPage)};
        }
        page++;
    }
    if (beyond) return {nullptr, ACC_FAULT_UNMAPPED, base + bytes};
    return {window + offset, ACC_FAULT_NONE, 0};
}

void Vm::invalidate(uint64_t va, uint64_t n) {
    std::lock_guard lock(mutex_);
    uint64_t first = base, end = base + bytes;
    if (n != 0) {
        uint64_t last = n - 1 > UINT64_MAX - va ? UINT64_MAX : va + (n - 1);
        if (last < base || va >= end) return;
        first = std::max(base, va & ~(kPage - 1));
        end = std::min(end - 1, last) / kPage * kPage + kPage;
    }
    Plan plan;
    read_tables(first, end, plan);
    remap(first, end, plan);
    if (set_permissions(first, end, plan)) code_epoch.fetch_add(1, std::memory_order_release);
}

void Vm::read_tables(uint64_t va, uint64_t end, Plan& plan) const {
    auto last_map = plan.maps.end();
    walk_pages(vram_, root_, va, end - va, [&](const PageLeaf& leaf) {
        if (plan.maps.size() >= kMaxPieces || plan.perms.size() >= 8 * kMaxPieces) return;
        uint8_t p = kPermRead | (leaf.write ? kPermWrite : 0) | (leaf.exec ? kPermExec : 0) |
                    (leaf.poison ? kPermPoison : 0);
        if (!plan.perms.empty() && plan.perms.back().perm == p &&
            end_of(plan.perms.back().va, plan.perms.back().bytes) == leaf.va)
            plan.perms.back().bytes += leaf.bytes;
        else
            plan.perms.push_back({leaf.va, leaf.bytes, p});
        if (last_map != plan.maps.end()) {
            Mapping& m = last_map->second;
            if (m.system == leaf.system && end_of(last_map->first, m.bytes) == leaf.va &&
                m.phys + m.bytes == leaf.phys) {
                m.bytes += leaf.bytes;
                return;
            }
        }
        last_map = plan.maps.emplace_hint(plan.maps.end(), leaf.va,
                                          Mapping{leaf.bytes, leaf.system, leaf.phys});
    });
}

/// Takes the mappings of [va, end) out of mapped_, clipped to the range.
Vm::Mappings Vm::cut(uint64_t va, uint64_t end) {
    Mappings out;
    auto it = mapped_.lower_bound(va);
    if (it != mapped_.begin() && end_of(std::prev(it)->first, std::prev(it)->second.bytes) > va)
        --it;
    while (it != mapped_.end() && it->first < end) {
        uint64_t from = it->first;
        Mapping m = it->second;
        it = mapped_.erase(it);
        uint64_t to = from + m.bytes, a = std::max(from, va), b = std::min(to, end);
        if (from < a) mapped_.emplace(from, Mapping{a - from, m.system, m.phys});
        if (b < to) it = mapped_.emplace(b, Mapping{to - b, m.system, m.phys + (b - from)}).first;
        out.emplace_hint(out.end(), a, Mapping{b - a, m.system, m.phys + (a - from)});
    }
    return out;
}

/// Adds a mapping to mapped_, joined with its neighbours where they continue each other.
void Vm::record(uint64_t va, const Mapping& mapping) {
    auto it = mapped_.emplace(va, mapping).first;
    auto joins = [](auto& a, auto& b) {
        return end_of(a.first, a.second.bytes) == b.first && a.second.system == b.second.system &&
               a.second.phys + a.second.bytes == b.second.phys;
    };
    if (auto next = std::next(it); next != mapped_.end() && joins(*it, *next)) {
        it->second.bytes += next->second.bytes;
        mapped_.erase(next);
    }
    if (it != mapped_.begin() && joins(*std::prev(it), *it)) {
        std::prev(it)->second.bytes += it->second.bytes;
        mapped_.erase(it);
    }
}

/// Brings the host mappings of [va, end) from what they are (mapped_) to what the tables say
/// (plan.maps), touching only what differs: a kernel may be using the rest.
void Vm::remap(uint64_t va, uint64_t end, Plan& plan) {
    Mappings olds = cut(va, end);
    auto o = olds.begin(), n = plan.maps.begin();
    uint64_t unmap_from = 0,
             unmap_to = 0; // absent pages are gathered: unmapping a range is one mmap
    auto flush = [&] {
        if (unmap_to > unmap_from) unmap_piece(unmap_from, unmap_to - unmap_from);
        unmap_from = unmap_to = 0;
    };
    for (uint64_t pos = va, stop; pos < end; pos = stop) {
        while (o != olds.end() && end_of(o->first, o->second.bytes) <= pos)
            ++o;
        while (n != plan.maps.end() && end_of(n->first, n->second.bytes) <= pos)
            ++n;
        bool had = o != olds.end() && o->first <= pos,
             has = n != plan.maps.end() && n->first <= pos;
        stop = end;
        if (o != olds.end())
            stop = std::min(stop, had ? end_of(o->first, o->second.bytes) : o->first);
        if (n != plan.maps.end())
            stop = std::min(stop, has ? end_of(n->first, n->second.bytes) : n->first);
        if (has) {
            flush();
            Mapping piece{stop - pos, n->second.system, n->second.phys + (pos - n->first)};
            bool same = had && o->second.system == piece.system &&
                        o->second.phys + (pos - o->first) == piece.phys;
            if (same)
                record(pos, piece);
            else
                map_piece(pos, piece, plan);
        } else if (had) {
            if (unmap_to == 0) unmap_from = pos;
            unmap_to = stop;
        }
    }
    flush();
}

void Vm::map_piece(uint64_t va, const Mapping& piece, Plan& plan) {
    if (set_perm(va, piece.bytes, 0)) code_epoch.fetch_add(1, std::memory_order_release);
    if (piece.system) return map_bus(va, piece.phys, piece.bytes, plan);
    void* at = mmap(window + (va - base), piece.bytes, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_FIXED, vram_.fd(), static_cast<off_t>(piece.phys));
    if (at != MAP_FAILED) return record(va, piece);
    // The host's limit on mappings (vm.max_map_count) is the only way to get here.
    std::fprintf(stderr,
                 "acc: the host cannot map more device memory (vm.max_map_count): %llu bytes at "
                 "0x%llx stay unmapped\n",
                 static_cast<unsigned long long>(piece.bytes), static_cast<unsigned long long>(va));
    plan.failed.emplace_back(va, va + piece.bytes);
}

/// Maps system memory; where a part of the range is not memory, the rest still gets mapped.
void Vm::map_bus(uint64_t va, uint64_t bus, uint64_t n, Plan& plan) {
    if (bus_.map(bus, n, window + (va - base), true)) return record(va, {n, true, bus});
    if (n > kPage) {
        uint64_t half = n / 2 / kPage * kPage;
        map_bus(va, bus, half, plan);
        map_bus(va + half, bus + half, n - half, plan);
        return;
    }
    map_harmless(window + (va - base), n);
    plan.failed.emplace_back(va, va + n);
}

void Vm::unmap_piece(uint64_t va, uint64_t n) {
    if (set_perm(va, n, 0)) code_epoch.fetch_add(1, std::memory_order_release);
    if (map_harmless(window + (va - base), n) == MAP_FAILED)
        std::fprintf(stderr, "acc: the host cannot unmap device memory: %llu bytes at 0x%llx\n",
                     static_cast<unsigned long long>(n), static_cast<unsigned long long>(va));
}

/// Writes the permission bytes of the pages the tables map. (remap has cleared those of every page
/// that lost its mapping.) Returns true when a page's executable bit took part in a change.
bool Vm::set_permissions(uint64_t va, uint64_t end, const Plan& plan) {
    bool code = false;
    auto hole = plan.failed.begin();
    for (const PermRun& run : plan.perms) {
        uint64_t pos = run.va, run_end = run.va + run.bytes;
        while (pos < run_end) {
            while (hole != plan.failed.end() && hole->second <= pos)
                ++hole;
            if (hole != plan.failed.end() && hole->first <= pos) {
                pos = std::min(run_end, hole->second);
                continue;
            }
            uint64_t stop = hole != plan.failed.end() ? std::min(run_end, hole->first) : run_end;
            code |= set_perm(pos, stop - pos, run.perm);
            pos = stop;
        }
    }
    return code;
}

/// Sets the permission bytes of [va, va + n). Bytes that hold the value already are not written:
/// kernels read them.
bool Vm::set_perm(uint64_t va, uint64_t n, uint8_t value) {
    bool code = false;
    uint8_t* p = perm_ + (va - base) / kPage;
    for (uint8_t* end = p + n / kPage; p != end; p++) {
        uint8_t old = __atomic_load_n(p, __ATOMIC_RELAXED);
        if (old == value) continue;
        code |= ((old | value) & kPermExec) != 0;
        __atomic_store_n(p, value, __ATOMIC_RELEASE);
    }
    return code;
}

} // namespace acc::model
