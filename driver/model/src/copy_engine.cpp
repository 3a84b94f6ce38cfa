// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/copy_engine.h"

#include <algorithm>
#include <cstring>

namespace acc::model {

namespace {

/// What one access check covers; a multiple of every element size, so that fills stay in phase.
constexpr uint64_t kPiece = 1 << 20;
constexpr uint64_t kRowCost = 64;

uint32_t repeat_element(uint32_t pattern, uint32_t element_bytes) {
    switch (element_bytes) {
    case 1: return (pattern & 0xff) * 0x01010101u;
    case 2: return (pattern & 0xffff) * 0x00010001u;
    default: return pattern;
    }
}

void fill_bytes(uint8_t* at, uint64_t n, uint32_t pattern) {
    if (pattern == (pattern & 0xff) * 0x01010101u) {
        std::memset(at, static_cast<int>(pattern & 0xff), n);
        return;
    }
    uint64_t two = pattern | uint64_t{pattern} << 32;
    uint64_t i = 0;
    for (; i + 8 <= n; i += 8)
        std::memcpy(at + i, &two, 8);
    std::memcpy(at + i, &two, n - i);
}

} // namespace

void CopyJob::start(const Packet& packet) {
    *this = CopyJob();
    height_ = depth_ = 1;
    switch (packet.header.type) {
    case ACC_PKT_COPY:
        dst_ = packet.copy.dst;
        src_ = packet.copy.src;
        width_ = packet.copy.bytes;
        break;
    case ACC_PKT_COPY_RECT: {
        const acc_packet_copy_rect& p = packet.copy_rect;
        dst_ = p.dst;
        src_ = p.src;
        width_ = p.width;
        height_ = p.height;
        depth_ = p.depth;
        dst_pitch_ = p.dst_pitch;
        src_pitch_ = p.src_pitch;
        dst_slice_ = uint64_t{p.dst_slice} * p.dst_pitch;
        src_slice_ = uint64_t{p.src_slice} * p.src_pitch;
        break;
    }
    default: { // ACC_PKT_FILL
        const acc_packet_fill& p = packet.fill;
        fill_ = true;
        pattern_ = repeat_element(p.pattern, p.element_bytes);
        dst_ = p.dst;
        width_ = p.width;
        height_ = p.height;
        dst_pitch_ = p.pitch;
        break;
    }
    }
    if (width_ == 0 || height_ == 0) z_ = depth_; // nothing to do
}

StepResult CopyJob::step(const Vm& vm, uint64_t budget, AccessFault& fault) {
    uint64_t used = 0;
    while (z_ < depth_) {
        if (used >= budget) return StepResult::More;
        uint64_t n = std::min(width_ - x_, kPiece);
        // Sums may wrap around: the access check refuses what is outside the window.
        uint64_t dst = dst_ + z_ * dst_slice_ + y_ * dst_pitch_ + x_;
        uint64_t src = src_ + z_ * src_slice_ + y_ * src_pitch_ + x_;
        n = move_piece(vm, dst, src, n, fault);
        if (n == 0) return StepResult::Fault;
        moved_ += n;
        used += n + kRowCost;
        x_ += n;
        if (x_ < width_) continue;
        x_ = 0;
        if (++y_ < height_) continue;
        y_ = 0;
        z_++;
    }
    return StepResult::Done;
}

/// Moves up to n bytes (not 0), as many as lie in one piece of host memory. Returns how many, 0 for
/// a fault in any of the n bytes.
uint64_t CopyJob::move_piece(const Vm& vm, uint64_t dst, uint64_t src, uint64_t n,
                             AccessFault& fault) const {
    Access to = vm.check(dst, n, kPermWrite);
    if (!to.host) {
        fault = {to.cause, ACC_ACCESS_WRITE, to.address, static_cast<uint32_t>(n)};
        return 0;
    }
    if (fill_) {
        fill_bytes(to.host, to.bytes, pattern_);
        return to.bytes;
    }
    Access from = vm.check(src, n, kPermRead);
    if (!from.host) {
        fault = {from.cause, ACC_ACCESS_READ, from.address, static_cast<uint32_t>(n)};
        return 0;
    }
    n = std::min(to.bytes, from.bytes);
    std::memmove(to.host, from.host, n); // the ranges may overlap if the packet is wrong
    return n;
}

} // namespace acc::model
