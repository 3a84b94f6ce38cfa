// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CUDA_VISIBLE_DEVICES: which devices a program may see, and in which order.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace acc::cuda {

/// Numbers of the devices that the list names, by number or `GPU-` and as much of the UUID as tells
/// it from the others; what follows an entry that names none, or one named before, is ignored.
std::vector<unsigned> select_devices(std::string_view list, std::span<const uint8_t* const> uuids);

/// As `list` of the environment; all of them when it is not set.
std::vector<unsigned> visible_devices(std::span<const uint8_t* const> uuids);

} // namespace acc::cuda
