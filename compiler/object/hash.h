// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 128-bit FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv): names a build, is no signature.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace acc::object {

class ContentHash {
  public:
    void add(const void* data, size_t bytes) {
        const auto* p = static_cast<const uint8_t*>(data);
        for (size_t i = 0; i < bytes; ++i)
            state_ = (state_ ^ p[i]) * kPrime;
    }
    std::array<uint8_t, 16> value() const {
        std::array<uint8_t, 16> out;
        std::memcpy(out.data(), &state_, out.size());
        return out;
    }

  private:
    __extension__ using U128 = unsigned __int128;
    static constexpr U128 kPrime = (U128{1} << 88) + 0x13b;
    U128 state_ = (U128{0x6c62272e07bb0142} << 64) + 0x62b821756295c58d;
};

} // namespace acc::object
