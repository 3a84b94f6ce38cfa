// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/visible_devices.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>

namespace acc::cuda {
namespace {

constexpr size_t kUuidBytes = 16;

/// As nvidia-smi writes it: 8-4-4-4-12 hexadecimal digits.
std::string text_of(const uint8_t* uuid) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (size_t i = 0; i < kUuidBytes; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += kDigits[uuid[i] >> 4];
        text += kDigits[uuid[i] & 15];
    }
    return text;
}

std::string_view trimmed(std::string_view text) {
    const auto space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// The only device whose UUID begins like that.
std::optional<unsigned> by_uuid(std::string_view wanted, std::span<const uint8_t* const> uuids) {
    std::string prefix(wanted);
    std::transform(prefix.begin(), prefix.end(), prefix.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::optional<unsigned> found;
    for (unsigned i = 0; i < uuids.size(); ++i) {
        if (prefix.empty() || !text_of(uuids[i]).starts_with(prefix)) continue;
        if (found) return std::nullopt;
        found = i;
    }
    return found;
}

std::optional<unsigned> device_of(std::string_view entry, std::span<const uint8_t* const> uuids) {
    constexpr std::string_view kUuid = "GPU-";
    if (entry.starts_with(kUuid)) return by_uuid(entry.substr(kUuid.size()), uuids);
    unsigned number = 0;
    const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), number);
    if (error != std::errc() || end != entry.data() + entry.size() || number >= uuids.size())
        return std::nullopt;
    return number;
}

} // namespace

std::vector<unsigned> select_devices(std::string_view list, std::span<const uint8_t* const> uuids) {
    std::vector<unsigned> visible;
    while (true) {
        const size_t comma = list.find(',');
        const auto device = device_of(trimmed(list.substr(0, comma)), uuids);
        if (!device || std::find(visible.begin(), visible.end(), *device) != visible.end()) break;
        visible.push_back(*device);
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return visible;
}

std::vector<unsigned> visible_devices(std::span<const uint8_t* const> uuids) {
    if (const char* list = std::getenv("CUDA_VISIBLE_DEVICES")) return select_devices(list, uuids);
    std::vector<unsigned> all(uuids.size());
    std::iota(all.begin(), all.end(), 0u);
    return all;
}

} // namespace acc::cuda
