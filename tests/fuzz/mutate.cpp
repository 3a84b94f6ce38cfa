// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace acc::fuzz {

/// splitmix64 (Steele, Lea, Flood 2014).
uint64_t Mutator::next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

size_t Mutator::position(size_t size) {
    constexpr size_t kEdge = 512;
    if (size <= 2 * kEdge || (next() & 1) != 0) return below(size);
    const size_t at = below(2 * kEdge);
    return at < kEdge ? at : size - 1 - (at - kEdge);
}

void Mutator::replace_integer(std::vector<uint8_t>& bytes) {
    static constexpr uint64_t kValues[] = {0,
                                           1,
                                           2,
                                           7,
                                           8,
                                           15,
                                           16,
                                           63,
                                           64,
                                           0x7f,
                                           0xff,
                                           0x100,
                                           0xfff,
                                           0x1000,
                                           0x7fff,
                                           0xffff,
                                           1000,
                                           0x7fffffff,
                                           0x80000000,
                                           0xfffffff0,
                                           0xffffffff,
                                           0x100000000,
                                           0x7fffffffffffffff,
                                           ~0ull,
                                           ~0ull - 15,
                                           1ull << 63};
    const size_t width = size_t{1} << below(4);
    if (bytes.size() < width) return;
    const size_t at = position(bytes.size() - width + 1) / width * width;
    uint64_t value = kValues[below(std::size(kValues))];
    if (below(4) == 0) value = below(bytes.size() + 16); // a plausible offset
    if (below(4) == 0) {                                 // near what was there
        uint64_t old = 0;
        std::memcpy(&old, &bytes[at], width);
        value = old + below(33) - 16;
    }
    std::memcpy(&bytes[at], &value, width);
}

void Mutator::move_stretch(std::vector<uint8_t>& bytes) {
    const size_t from = position(bytes.size()), to = position(bytes.size());
    const size_t n = 1 + below(std::min<size_t>(64, bytes.size() - std::max(from, to)));
    switch (below(3)) {
    case 0: std::memmove(&bytes[to], &bytes[from], n); break;
    case 1:
        bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                    bytes.begin() + static_cast<std::ptrdiff_t>(from + n));
        break;
    default: {
        const std::vector<uint8_t> copy(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                        bytes.begin() + static_cast<std::ptrdiff_t>(from + n));
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(to), copy.begin(), copy.end());
    }
    }
}

void Mutator::change(std::vector<uint8_t>& bytes) {
    switch (below(16)) {
    case 0: bytes.resize(below(bytes.size() + 1)); break;
    case 1: move_stretch(bytes); break;
    case 2:
    case 3:
    case 4: bytes[position(bytes.size())] = static_cast<uint8_t>(next()); break;
    case 5:
    case 6:
    case 7:
    case 8:
    case 9: replace_integer(bytes); break;
    default: bytes[position(bytes.size())] ^= static_cast<uint8_t>(1u << below(8));
    }
}

std::vector<uint8_t> Mutator::mutate(const std::vector<uint8_t>& seed) {
    std::vector<uint8_t> bytes = seed;
    for (uint64_t changes = 1 + below(8) * below(2); changes-- > 0 && !bytes.empty();)
        change(bytes);
    return bytes;
}

} // namespace acc::fuzz
