// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/indirect.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "driver/model/src/interp/sched.h"

namespace acc::model::interp {
namespace {

uint8_t page_perm(const AddressSpace& vm, uint64_t page) {
    return __atomic_load_n(vm.perm + page, __ATOMIC_ACQUIRE);
}

/// Where the memory of an address is, as long as the gate is held.
uint8_t* host_address(const AddressSpace& vm, uint64_t offset) {
    const uint64_t page = offset >> ACC_PAGE_SHIFT;
    if (page_perm(vm, page) & kPermIndirect)
        return __atomic_load_n(vm.direct + page, __ATOMIC_RELAXED) + offset % ACC_PAGE_BYTES;
    return vm.window + offset;
}

bool any_indirect(const AddressSpace& vm, uint64_t offset, uint64_t bytes) {
    for (uint64_t page = offset >> ACC_PAGE_SHIFT; page <= (offset + bytes - 1) >> ACC_PAGE_SHIFT;
         ++page)
        if (page_perm(vm, page) & kPermIndirect) return true;
    return false;
}

/// copy(host address, done so far, bytes) for pieces of the range; at once when all of it is in the
/// window.
template <class Copy>
void in_pieces(const AddressSpace& vm, uint64_t va, uint64_t bytes, Copy copy) {
    if (bytes == 0) return;
    const uint64_t offset = va - vm.base;
    if (!any_indirect(vm, offset, bytes)) return copy(vm.window + offset, uint64_t{0}, bytes);
    vm.gate.enter();
    for (uint64_t done = 0; done < bytes;) {
        const uint64_t at = offset + done,
                       n = std::min<uint64_t>(bytes - done, ACC_PAGE_BYTES - at % ACC_PAGE_BYTES);
        copy(host_address(vm, at), done, n);
        done += n;
    }
    vm.gate.leave();
}

} // namespace

bool enter_indirect(Gang* g, uint32_t mask, uint64_t* va, uint32_t bytes, uint32_t need) {
    const AddressSpace& vm = *g->block->launch->vm;
    vm.gate.enter();
    bool good = true;
    for (uint32_t left = mask; good && left; left &= left - 1) {
        const uint64_t offset = va[std::countr_zero(left)] - vm.base;
        good = offset <= vm.bytes - bytes && offset % bytes == 0 &&
               ((page_perm(vm, offset >> ACC_PAGE_SHIFT) ^ need) & (need | kPermPoison)) == 0;
    }
    if (!good) {
        vm.gate.leave();
        return false;
    }
    for (uint32_t left = mask; left; left &= left - 1) {
        uint64_t& a = va[std::countr_zero(left)];
        a = reinterpret_cast<uint64_t>(host_address(vm, a - vm.base)) -
            reinterpret_cast<uint64_t>(vm.window) + vm.base;
    }
    g->indirect = true;
    return true;
}

void leave_indirect(Gang* g) {
    g->indirect = false;
    g->block->launch->vm->gate.leave();
}

bool check_device(Gang* g, const Op* op, unsigned warp, unsigned lane, uint64_t va, uint64_t bytes,
                  uint32_t align, uint32_t access) {
    const uint8_t need = access == ACC_ACCESS_WRITE ? kPermRead | kPermWrite : kPermRead;
    const uint64_t offset = va - g->vm_base;
    uint32_t cause = ACC_FAULT_NONE;
    uint64_t address = va;
    if (va % align)
        cause = ACC_FAULT_MISALIGNED;
    else if (bytes > g->vm_bytes || offset > g->vm_bytes - bytes)
        cause = ACC_FAULT_UNMAPPED;
    for (uint64_t page = offset >> ACC_PAGE_SHIFT;
         cause == ACC_FAULT_NONE && bytes && page <= (offset + bytes - 1) >> ACC_PAGE_SHIFT;
         ++page) {
        const uint8_t perm = g->perm[page];
        cause = perm & kPermPoison      ? ACC_FAULT_ECC
                : !(perm & kPermRead)   ? ACC_FAULT_UNMAPPED
                : (perm & need) != need ? ACC_FAULT_PERMISSION
                                        : ACC_FAULT_NONE;
        address = std::max(va, g->vm_base + (page << ACC_PAGE_SHIFT));
    }
    if (cause == ACC_FAULT_NONE) return true;
    raise_access(g, op, cause, warp, 1u << lane, access, address, static_cast<uint32_t>(bytes));
    return false;
}

void read_device(const AddressSpace& vm, void* to, uint64_t va, uint64_t bytes) {
    in_pieces(vm, va, bytes, [&](const uint8_t* host, uint64_t done, uint64_t n) {
        std::memcpy(static_cast<uint8_t*>(to) + done, host, n);
    });
}

void write_device(const AddressSpace& vm, uint64_t va, const void* from, uint64_t bytes) {
    in_pieces(vm, va, bytes, [&](uint8_t* host, uint64_t done, uint64_t n) {
        std::memcpy(host, static_cast<const uint8_t*>(from) + done, n);
    });
}

} // namespace acc::model::interp
