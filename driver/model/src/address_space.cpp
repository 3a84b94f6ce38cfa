// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/address_space.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace acc::model {

namespace {

constexpr uint64_t kPage = ACC_PAGE_BYTES;
constexpr uint64_t kMaxWindow = 1ull << 40;

} // namespace

void* map_harmless(void* at, uint64_t bytes) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at ? MAP_FIXED : 0);
    void* result = mmap(at, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (result != MAP_FAILED) madvise(result, bytes, MADV_DONTDUMP);
    return result;
}

std::shared_ptr<Vm> Vm::create(uint32_t vmid, const Vram& vram, BusMemory& bus,
                               MapAccounts& accounts, uint64_t root, uint64_t va_base,
                               uint64_t va_bytes, SpaceListener* listener) {
    constexpr uint64_t va_limit = 1ull << ACC_VA_BITS;
    bool valid = root % kPage == 0 && vram.contains(root, kPage) && va_base % kPage == 0 &&
                 va_bytes % kPage == 0 && va_bytes != 0 && va_bytes <= kMaxWindow &&
                 va_base <= va_limit - va_bytes;
    if (!valid) return nullptr;
    std::shared_ptr<Vm> vm(new Vm(vmid, vram, bus, accounts, root, listener));
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
    if (listener_) listener_->space_ended(id);
    for (const auto& [va, mapping] : mapped_)
        account(mapping, false);
    if (window) munmap(window, bytes);
    if (perm_) munmap(perm_, bytes / kPage);
    if (direct_) munmap(direct_, bytes / kPage * sizeof *direct_);
}

Access Vm::check(uint64_t va, uint64_t n, uint8_t need) const {
    uint64_t offset = va - base;
    if (offset >= bytes) return {nullptr, 0, ACC_FAULT_UNMAPPED, va};
    if (n == 0) return {window + offset, 0, ACC_FAULT_NONE, 0};
    bool beyond = n > bytes - offset, in_window = true;
    uint64_t page = offset / kPage, last = beyond ? bytes / kPage - 1 : (offset + n - 1) / kPage;
    const uint8_t want = need | kPermRead, mask = want | kPermPoison;
    const uint64_t want8 = want * 0x0101010101010101ull,
                   mask8 = (mask | kPermIndirect) * 0x0101010101010101ull;
    while (page <= last) {
        if (page % 8 == 0 && last - page >= 7) {
            uint64_t eight = __atomic_load_n(reinterpret_cast<const uint64_t*>(perm + page),
                                             __ATOMIC_RELAXED);
            if ((eight & mask8) == want8) {
                page += 8;
                continue;
            }
        }
        uint8_t p = __atomic_load_n(perm + page, __ATOMIC_ACQUIRE);
        if ((p & mask) != want) {
            uint32_t cause = !(p & kPermRead)  ? ACC_FAULT_UNMAPPED
                             : p & kPermPoison ? ACC_FAULT_ECC
                                               : ACC_FAULT_PERMISSION;
            return {nullptr, 0, cause, std::max(va, base + page * kPage)};
        }
        if (p & kPermIndirect) in_window = false;
        page++;
    }
    if (beyond) return {nullptr, 0, ACC_FAULT_UNMAPPED, base + bytes};
    return in_window ? Access{window + offset, n, ACC_FAULT_NONE, 0} : check_pieces(offset, n);
}

/// Where the memory of a page of the window is.
uint8_t* Vm::host_of(uint64_t page) const {
    bool indirect = __atomic_load_n(perm + page, __ATOMIC_ACQUIRE) & kPermIndirect;
    return indirect ? __atomic_load_n(direct + page, __ATOMIC_RELAXED) : window + page * kPage;
}

/// An allowed range that is not in the window altogether: how much of it lies in one piece.
Access Vm::check_pieces(uint64_t offset, uint64_t n) const {
    const uint64_t page = offset / kPage, in_page = offset % kPage;
    uint8_t* host = host_of(page);
    uint64_t pages = 1;
    while (pages * kPage - in_page < n && host_of(page + pages) == host + pages * kPage)
        pages++;
    return {host + in_page, std::min(pages * kPage - in_page, n), ACC_FAULT_NONE, 0};
}

bool Vm::read(void* to, uint64_t va, uint64_t n) const {
    auto* out = static_cast<uint8_t*>(to);
    while (n > 0) {
        Access access = check(va, n, kPermRead);
        if (!access.host) return false;
        std::memcpy(out, access.host, access.bytes);
        out += access.bytes;
        va += access.bytes;
        n -= access.bytes;
    }
    return true;
}

std::optional<std::vector<Vm::WindowPiece>> Vm::pieces() {
    std::lock_guard lock(mutex_);
    std::vector<WindowPiece> all;
    for (const auto& [va, m] : mapped_) {
        if (m.indirect) return std::nullopt;
        all.push_back({va, m.bytes, m.system, m.phys});
    }
    return all;
}

bool Vm::map_copy(const WindowPiece& piece, uint8_t* at) const {
    if (piece.system) return bus_.map_copy(piece.phys, piece.bytes, at);
    return mmap(at, piece.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE,
                vram_.fd(), static_cast<off_t>(piece.phys)) != MAP_FAILED;
}

bool Vm::invalidate(uint64_t va, uint64_t n) {
    std::lock_guard lock(mutex_);
    uint64_t first = base, end = base + bytes;
    if (n != 0) {
        uint64_t last = n - 1 > UINT64_MAX - va ? UINT64_MAX : va + (n - 1);
        if (last < base || va >= end) return false;
        first = std::max(base, va & ~(kPage - 1));
        end = std::min(end - 1, last) / kPage * kPage + kPage;
    }
    return invalidate_locked(first, end);
}

bool Vm::bus_changed(uint64_t bus, uint64_t n) {
    const uint64_t last = n == 0 || n - 1 > UINT64_MAX - bus ? UINT64_MAX : bus + (n - 1);
    std::lock_guard lock(mutex_);
    std::vector<std::pair<uint64_t, uint64_t>> changed; // [va, end)
    for (const auto& [va, m] : mapped_) {
        if (!m.system || m.phys > last || m.phys + (m.bytes - 1) < bus) continue;
        const uint64_t from = std::max(m.phys, bus & ~(kPage - 1)),
                       to = std::min(m.phys + (m.bytes - 1), last | (kPage - 1));
        changed.emplace_back(va + (from - m.phys), va + (to - m.phys) + 1);
    }
    bool stale = false;
    for (auto [va, end] : changed) {
        if (set_perm(va, end - va, 0)) code_epoch.fetch_add(1, std::memory_order_release);
        clear_window(va, end - va);
        for (const Piece& piece : cut(va, end)) {
            stale |= piece.second.indirect;
            account(piece.second, false);
        }
    }
    if (stale) gate.drain();
    return invalidate_locked(base, base + bytes) || stale; // which ends the permission epoch
}

void Vm::poison_changed(uint64_t page) {
    std::lock_guard lock(mutex_);
    std::vector<uint64_t> at;
    for (const auto& [va, m] : mapped_)
        if (!m.system && page - m.phys < m.bytes) at.push_back(va + (page - m.phys));
    for (uint64_t va : at)
        invalidate_locked(va, va + kPage);
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
