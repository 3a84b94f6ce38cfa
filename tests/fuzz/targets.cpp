// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/fuzz/targets.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "compiler/driver/Arguments.h"
#include "compiler/driver/GpuArch.h"
#include "compiler/driver/Invocation.h"
#include "compiler/isa/assemble.h"
#include "compiler/isa/disassemble.h"
#include "compiler/object/code_object.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/host_object.h"
#include "compiler/object/line_table.h"
#include "compiler/object/linker.h"

namespace acc::fuzz {
namespace {

void check(bool ok, const char* rule) {
    if (ok) return;
    std::fprintf(stderr, "fuzz: broken rule: %s\n", rule);
    std::abort();
}

/// Runs `body`; false when it throws Error. Every Error has a text.
template <typename Body>
bool accepted(Body body) {
    try {
        body();
        return true;
    } catch (const object::Error& error) {
        check(error.what()[0] != '\0', "an error has a text");
        return false;
    }
}

/// What a loader does with an accepted object, with plain memory accesses: a sanitizer sees any
/// that the reader let through.
void load(const object::CodeObject& code) {
    constexpr uint64_t kLargest = 1 << 20;
    if (code.image_bytes() > kLargest) return;
    std::vector<uint8_t> image(code.image_bytes());
    for (const object::Segment& segment : code.segments()) {
        check(segment.address + segment.bytes <= image.size() &&
                  segment.data.size() <= segment.bytes,
              "segments lie in the image");
        std::copy(segment.data.begin(), segment.data.end(),
                  image.begin() + static_cast<std::ptrdiff_t>(segment.address));
    }
    for (const object::Relocation& relocation : code.relocations()) {
        const uint64_t value = 0x7f0000000000 + static_cast<uint64_t>(relocation.addend);
        std::memcpy(&image[relocation.address], &value, sizeof value);
    }
    for (const object::KernelInfo& kernel : code.kernels()) {
        check(kernel.entry % 16 == 0 && kernel.entry + 16 <= image.size(),
              "entry points lie in the image");
        check(kernel.descriptor_address + 64 <= image.size(), "descriptors lie in the image");
        for (const acc_kernel_param& param : kernel.params)
            check(uint64_t{param.offset} + param.size <= kernel.descriptor.kernarg_bytes,
                  "parameters lie in their buffer");
    }
}

void list(const object::CodeObject& code) {
    for (const object::Segment& segment : code.segments())
        for (size_t at = 0; segment.execute && at + 16 <= segment.data.size() && at < 64 * 16;
             at += 16) {
            isa::disassemble(isa::load_word(segment.data.data() + at), segment.address + at);
            code.function_at(segment.address + at);
        }
    accepted([&] {
        const object::LineTable lines(code.section(".debug_line"), code.section(".debug_line_str"),
                                      code.section(".debug_str"));
        lines.find(code.segments()[0].address);
    });
}

} // namespace

bool code_object(Input input) {
    return accepted([&] {
        const object::CodeObject code(input);
        load(code);
        list(code);
    });
}

bool fat_binary(Input input) {
    return accepted([&] {
        const object::FatBinary fat(input);
        check(fat.total_size() <= input.size(), "a container ends in its input");
        for (const object::FatEntry& entry : fat.entries())
            if (entry.kind == ACC_FATBIN_CODE_OBJECT) code_object(entry.data);
        fat.code_object(ACC_EF_ARCH_ACC1);
    });
}

bool host_object(Input input) {
    return accepted([&] {
        for (const object::EmbeddedFatBinary& fat : object::find_fat_binaries(input))
            fat_binary(fat.bytes);
    });
}

bool relocatable(Input input) {
    return accepted([&] {
        const std::vector<uint8_t> file = object::link_code_object(input);
        code_object(file);
    });
}

bool line_table(Input input) {
    return accepted([&] {
        const Input strings = input.subspan(input.size() / 2);
        const object::LineTable lines(input, strings, strings);
        for (uint64_t address = 0; address < 0x100; address += 16)
            lines.find(address);
        if (const auto line = lines.find(~0ull))
            check(line->file.size() < 4 * input.size() + 16, "file names come from the input");
    });
}

bool words(Input input) {
    bool any = false;
    for (size_t at = 0; at + 16 <= input.size(); at += 16) {
        const isa::Word word = isa::load_word(input.data() + at);
        const std::string text = isa::disassemble(word, at);
        const isa::Assembly back = isa::assemble(text, at);
        check(back.ok() && back.words.size() == 1 && back.words[0] == word, text.c_str());
        any |= isa::validate(word).ok();
    }
    return any;
}

bool assembly(Input input) {
    const isa::Assembly result = isa::assemble(
        {reinterpret_cast<const char*>(input.data()), input.size()});
    for (const isa::AsmError& error : result.errors)
        check(!error.message.empty() && error.line >= 1 && error.column >= 1,
              "an error has a text and a place");
    for (const isa::Word word : result.words)
        isa::disassemble(word, 0);
    return result.ok();
}

bool command_line(Input input) {
    const std::vector<std::string> arguments = driver::split_words(
        {reinterpret_cast<const char*>(input.data()), input.size()});
    driver::Invocation invocation;
    const auto error = driver::parse_command_line(arguments, invocation);
    check(!error || !error->empty(), "an error has a text");
    check(invocation.inputs.size() <= arguments.size(), "inputs come from the arguments");
    const unsigned arch = invocation.device.arch();
    check(arch >= driver::kOldestArch && arch < 1000, "an architecture has two or three digits");
    return !error;
}

} // namespace acc::fuzz
