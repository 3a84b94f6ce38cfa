// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes relocatable files as the code generator does, for the tests of the linker step, the reader
// and the fuzzers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/elf.h"

namespace acc::object::test {

class ObjectMaker {
  public:
    ObjectMaker();

    /// Adds a section and returns its ELF index.
    uint16_t section(const std::string& name, uint32_t type, uint64_t flags,
                     std::vector<uint8_t> data, uint64_t align = 16);
    /// Adds .bss-like space.
    uint16_t space(const std::string& name, uint64_t bytes, uint64_t align = 16);
    /// Adds a symbol and returns its index. `section` may be SHN_UNDEF, SHN_ABS, SHN_COMMON.
    uint32_t symbol(const std::string& name, uint16_t section, uint64_t value, uint64_t bytes,
                    uint8_t type, uint8_t binding = STB_GLOBAL, uint8_t other = 0);
    void relocation(uint16_t section, uint64_t offset, uint32_t type, uint32_t symbol,
                    int64_t addend = 0);
    std::vector<uint8_t>& data(uint16_t section) { return sections_[section].data; }
    /// Bytes of the ET_REL file.
    std::vector<uint8_t> write() const;

  private:
    struct Section {
        std::string name;
        uint32_t type;
        uint64_t flags, align, bytes;
        std::vector<uint8_t> data;
        std::vector<Elf64_Rela> relocations;
    };
    std::vector<Section> sections_;
    std::vector<Elf64_Sym> symbols_;
    std::string names_;
};

/// Code bytes of assembly text.
std::vector<uint8_t> code(const std::string& text);

/// A descriptor as the code generator leaves it: everything but entry and name.
acc_kernel_descriptor descriptor(uint32_t param_index, uint32_t param_count,
                                 uint32_t kernarg_bytes);

template <typename T>
std::vector<uint8_t> bytes_of(const std::vector<T>& values) {
    const auto* p = reinterpret_cast<const uint8_t*>(values.data());
    return {p, p + values.size() * sizeof(T)};
}

/// A module with everything: two kernels, a local function, data of every kind, a constant,
/// relocations of every type, debug lines.
struct Sample {
    ObjectMaker maker;
    uint16_t text, rodata, data, bss, kernels, params, debug_line;
    uint32_t kernel_a, kernel_b, helper, table, counter, limit;
};
Sample sample();

} // namespace acc::object::test
