// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Virtual memory management (CUDA driver API, "Virtual Memory Management"): addresses and physical
// memory apart. Reserved addresses are of the context that was current (else of the first device's
// primary one) and go with it; physical memory belongs to no context.
#pragma once

#include <cstdint>

#include "runtime/cuda/driver.h"

namespace acc::cuda {

/// What sizes, addresses and alignments of this API are multiples of: a large page.
uint64_t virtual_memory_granularity();

/// Throws Error(InvalidValue) unless memory of this kind can be made: pinned, on a device or the
/// host; Error(InvalidDevice); Error(NotSupported) for handles that other processes open.
void check_memory_properties(const CUmemAllocationProp& properties);

/// Physical memory of `bytes`; the result is known until the last of its handles is released, the
/// memory lives as long as it is mapped, too. Throws Error(InvalidValue, OutOfMemory).
CUmemGenericAllocationHandle create_physical(const CUmemAllocationProp& properties, size_t bytes);
/// One reference of the program's less. Throws Error(InvalidValue).
void release_physical(CUmemGenericAllocationHandle handle);
/// The handle of the memory that is mapped at the address; one reference more. Throws
/// Error(InvalidValue).
CUmemGenericAllocationHandle retain_physical(uint64_t address);
CUmemAllocationProp properties_of(CUmemGenericAllocationHandle handle);

/// Addresses for `bytes`, at a multiple of `align` (0: any). Throws Error(InvalidValue,
/// OutOfMemory).
uint64_t reserve_addresses(size_t bytes, size_t align);
/// Exactly what was reserved, with nothing mapped there. Throws Error(InvalidValue).
void free_addresses(uint64_t va, size_t bytes);

/// Puts memory behind addresses, without access for anybody yet. Throws Error(InvalidValue).
void map_physical(uint64_t va, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle);
/// Whole mappings, one behind the other. Throws Error(InvalidValue).
void unmap_physical(uint64_t va, size_t bytes);
/// What devices (or the host) may do with whole mappings; all or nothing is changed (when there is
/// no memory for the way back either, a mapping has no access left). Throws Error(InvalidValue,
/// InvalidDevice, OutOfMemory).
void set_access(uint64_t va, size_t bytes, const CUmemAccessDesc* wanted, size_t count);
CUmemAccess_flags access_of(uint64_t va, const CUmemLocation& location);

/// The context's addresses go, with all that is mapped there.
void end_virtual_memory(ApiContext& context);

} // namespace acc::cuda
