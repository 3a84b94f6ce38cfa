// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the device is, in the CUDA API's terms. Both APIs' attribute numbers mean the same.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// The compute capability whose features the chip and the compiler cover.
inline constexpr int kComputeMajor = ACC_COMPUTE_CAPABILITY / 10,
                     kComputeMinor = ACC_COMPUTE_CAPABILITY % 10;
/// The architecture (10 * major + minor) that a kernel was compiled for: what __CUDA_ARCH__ / 10
/// was in it, so the version of its PTX and of its binary in CUDA's terms.
int architecture(const rt::Kernel& kernel);
/// Fastest to slowest stream priority: CUDA's numbers run the other way round.
inline constexpr int kGreatestPriority = -3, kLeastPriority = 0;
/// Rows of pitched allocations start at multiples of this.
inline constexpr size_t kPitchAlign = 512;
/// Longest row of a 2D copy, in bytes.
inline constexpr size_t kMaxPitch = 0x7fffffff;

cudaDeviceProp properties_of(const Device& device);

/// The value of a device attribute (cudaDeviceAttr and CUdevice_attribute numbers), or nothing when
/// there is none.
std::optional<int> attribute_of(const Device& device, int attribute);

/// What device code can ask about the device and about errors; `devices`: how many there are.
std::vector<uint8_t> device_tables(const Device& device, int devices);

/// The value of a limit, or cudaErrorUnsupportedLimit. Throws Error(InvalidValue).
cudaError_t get_limit(ApiContext& context, size_t* value, cudaLimit limit);
/// As above; also for a value out of range.
cudaError_t set_limit(ApiContext& context, cudaLimit limit, size_t value);

} // namespace acc::cuda
