// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bounds-checked views of untrusted bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "compiler/object/error.h"

namespace acc::object {

using Bytes = std::span<const uint8_t>;

/// The sub-range [offset, offset + size). Throws Error naming `what`.
inline Bytes slice(Bytes bytes, uint64_t offset, uint64_t size, const char* what) {
    if (offset > bytes.size() || size > bytes.size() - offset)
        throw Error(std::string(what) + ": bytes " + std::to_string(offset) + " to " +
                    std::to_string(offset) + "+" + std::to_string(size) +
                    " lie outside the file of " + std::to_string(bytes.size()) +
                    " bytes (truncated?)");
    return bytes.subspan(offset, size);
}

/// Reads a plain structure at `offset`. Unaligned positions are fine.
template <typename T>
T read(Bytes bytes, uint64_t offset, const char* what) {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, slice(bytes, offset, sizeof(T), what).data(), sizeof(T));
    return value;
}

/// The zero-terminated string at `offset` of a string table.
inline std::string_view string_at(Bytes table, uint64_t offset, const char* what) {
    if (offset >= table.size())
        throw Error(std::string(what) + ": string offset " + std::to_string(offset) +
                    " is outside its table");
    const auto* start = reinterpret_cast<const char*>(table.data() + offset);
    const size_t length = strnlen(start, table.size() - offset);
    if (length == table.size() - offset)
        throw Error(std::string(what) + ": string at offset " + std::to_string(offset) +
                    " has no end");
    return {start, length};
}

} // namespace acc::object
