// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What device code can ask about the device and about errors, written down for it
// (docs/dynamic-parallelism.md, "Tables").
#include <cstring>
#include <string>

#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/error_table.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {
namespace {

constexpr int kMostAttribute = 255, kMostError = 1000;
constexpr int32_t kNoAttribute = INT32_MIN;

struct Row {
    int32_t code;
    uint32_t name, text; ///< bytes from the start of the tables
};

} // namespace

std::vector<uint8_t> device_tables(const Device& device, int devices) {
    std::vector<int32_t> attributes;
    for (int i = 0; i <= kMostAttribute; ++i)
        attributes.push_back(attribute_of(device, i).value_or(kNoAttribute));
    std::vector<const ErrorRow*> errors;
    for (int code = 0; code < kMostError; ++code)
        if (const ErrorRow* row = error_row(code); row && row->runtime_name) errors.push_back(row);

    const int32_t header[] = {CUDART_VERSION, static_cast<int32_t>(device.index), devices,
                              static_cast<int32_t>(attributes.size()),
                              static_cast<int32_t>(errors.size())};
    const size_t rows_at = sizeof header + attributes.size() * sizeof(int32_t);
    const size_t texts_at = rows_at + errors.size() * sizeof(Row);
    std::string texts;
    std::vector<Row> rows;
    const auto put = [&](const char* text) {
        const size_t at = texts_at + texts.size();
        texts.append(text).push_back('\0');
        return static_cast<uint32_t>(at);
    };
    for (const ErrorRow* row : errors)
        rows.push_back({row->code, put(row->runtime_name), put(row->text)});

    std::vector<uint8_t> tables(texts_at + texts.size());
    std::memcpy(tables.data(), header, sizeof header);
    std::memcpy(tables.data() + sizeof header, attributes.data(),
                attributes.size() * sizeof(int32_t));
    std::memcpy(tables.data() + rows_at, rows.data(), rows.size() * sizeof(Row));
    std::memcpy(tables.data() + texts_at, texts.data(), texts.size());
    return tables;
}

} // namespace acc::cuda
