// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packets (acc_queue.h) from work, but for what the queue fills in: order, signal, kernel
// arguments.
#pragma once

#include "acc/spec/acc_queue.h"
#include "runtime/core/work.h"

namespace acc::rt {

acc_packet_copy packet_of(const work::Copy& copy);
acc_packet_copy_rect packet_of(const work::CopyRect& rect);
acc_packet_fill packet_of(const work::Fill& fill);
acc_packet_wait_value packet_of(const work::Wait& wait);
acc_packet_write_value packet_of(const work::Signal& signal);
acc_packet_timestamp packet_of(const work::Timestamp& timestamp);
acc_packet_cache packet_of(const work::Barrier& barrier);
/// True when every size of the rectangle fits the packet's fields.
bool fits_packet(const work::CopyRect& rect);

} // namespace acc::rt
