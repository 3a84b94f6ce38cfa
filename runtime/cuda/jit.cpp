// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/jit.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "runtime/core/module.h"

namespace acc::cuda {
namespace {

unsigned number(void* value) {
    return static_cast<unsigned>(reinterpret_cast<uintptr_t>(value));
}

} // namespace

JitOptions::JitOptions(unsigned count, const CUjit_option* options, void** values) {
    if (count != 0) {
        require(options, "options");
        require(values, "optionValues");
    }
    for (unsigned i = 0; i < count; ++i) {
        void** value = values + i;
        switch (options[i]) {
        case CU_JIT_MAX_REGISTERS: compiler_.max_registers = number(*value); break;
        case CU_JIT_GENERATE_DEBUG_INFO: compiler_.debug = number(*value) != 0; break;
        case CU_JIT_OPTIMIZATION_LEVEL:
            if (number(*value) > 4)
                rt::fail(rt::Status::InvalidValue, "CU_JIT_OPTIMIZATION_LEVEL is 0 to 4, not {}",
                         number(*value));
            break;
        case CU_JIT_WALL_TIME: wall_time_ = value; break;
        case CU_JIT_INFO_LOG_BUFFER: info_.text = static_cast<char*>(*value); break;
        case CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES:
            info_.bytes = number(*value);
            info_.used = value;
            break;
        case CU_JIT_ERROR_LOG_BUFFER: error_.text = static_cast<char*>(*value); break;
        case CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES:
            error_.bytes = number(*value);
            error_.used = value;
            break;
        default: // about NVIDIA's devices and caches
            if (options[i] < 0 || options[i] >= CU_JIT_NUM_OPTIONS)
                rt::fail(rt::Status::InvalidValue, "option {} of the compiler does not exist",
                         static_cast<int>(options[i]));
        }
    }
}

void JitOptions::write(const Buffer& buffer, const std::string& text) {
    size_t used = 0;
    if (buffer.text != nullptr && buffer.bytes != 0) {
        used = std::min(text.size(), buffer.bytes - 1);
        std::memcpy(buffer.text, text.data(), used);
        buffer.text[used] = '\0';
    }
    if (buffer.used != nullptr) *buffer.used = reinterpret_cast<void*>(used);
}

void JitOptions::finish() {
    write(info_, log_.infos);
    write(error_, log_.errors);
    if (wall_time_ == nullptr) return;
    const std::chrono::duration<float, std::milli> time = std::chrono::steady_clock::now() - began_;
    const float value = time.count(); // in the value's first bytes
    std::memcpy(wall_time_, &value, sizeof value);
}

std::pair<const void*, size_t> code_of(const void* image, size_t bytes, JitOptions& options,
                                       std::vector<uint8_t>& storage) {
    require(image, "image");
    std::string_view text = rt::fat_binary_ptx(image, bytes);
    if (text.empty() && !rt::is_ptx(image, bytes)) return rt::select_image(image, bytes);
    if (text.empty()) {
        const auto* start = static_cast<const char*>(image);
        text = {start, bytes != 0 ? strnlen(start, bytes) : std::strlen(start)};
    }
    rt::CompilerInput input;
    input.name = "application ptx input";
    input.data.assign(text.begin(), text.end());
    try {
        storage = rt::compile({&input, 1}, options.compiler(), options.log());
    } catch (...) {
        options.finish();
        throw;
    }
    options.finish();
    return {storage.data(), storage.size()};
}

std::vector<char> read_image(const char* function, const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) rt::fail(rt::Status::FileNotFound, "{}: {} cannot be opened", function, path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace acc::cuda
