// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>
#include <cstdint>

namespace acc::model {

class Machine;
class Queue;

/// Chip::wait: the calling thread runs command processors and blocks until the word has its value.
bool wait_lending(Machine& machine, Queue& queue, const std::atomic<uint64_t>& word, uint64_t value,
                  uint64_t timeout_ns, const std::atomic<bool>* stop);

} // namespace acc::model
