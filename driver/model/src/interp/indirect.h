// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses to pages that are not in the address space's window (kPermIndirect, exec.h). Rare: hosts
// limit the number of separate mappings, and these are the pages beyond it.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// Global accesses of the lanes in `mask` at va[lane], of `bytes` each (a power of two, at most
/// 16). True when all are inside of the window, aligned and allowed: then the addresses of indirect
/// pages have been replaced, such that window + (va - base) is their memory, which stays so until
/// leave_indirect. False: nothing has changed.
bool enter_indirect(Gang* g, uint32_t mask, uint64_t* va, uint32_t bytes, uint32_t need);
void leave_indirect(Gang* g);

/// Bytes of global memory, any number of pages, that a lane may access with read_device and
/// write_device. False: a fault has been raised.
bool check_device(Gang* g, const Op* op, unsigned warp, unsigned lane, uint64_t va, uint64_t bytes,
                  uint32_t align, uint32_t access);
/// Copies between host memory and device memory whose pages have been checked, any number of them.
void read_device(const AddressSpace& vm, void* to, uint64_t va, uint64_t bytes);
void write_device(const AddressSpace& vm, uint64_t va, const void* from, uint64_t bytes);

} // namespace acc::model::interp
