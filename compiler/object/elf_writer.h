// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes an ELF64 code object from sections that already have their addresses.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/object/bytes.h"
#include "compiler/object/elf.h"

namespace acc::object {

struct OutSection {
    std::string name;
    uint32_t type = SHT_PROGBITS;
    uint64_t flags = 0;
    uint64_t address = 0; ///< image offset; 0 when not allocated
    uint64_t align = 1;
    uint64_t bytes = 0; ///< in memory; = data.size() unless SHT_NOBITS
    uint64_t entry_bytes = 0;
    uint32_t link = 0; ///< ELF index of another section (its index here + 1)
    uint32_t info = 0;
    std::vector<uint8_t> data;
};

/// A PT_LOAD segment: consecutive allocated sections of the list.
struct OutSegment {
    size_t first = 0, count = 0; ///< sections
    uint64_t address = 0;        ///< image offset, multiple of 4096
    uint32_t flags = 0;          ///< PF_*
};

/// String table that stores each string once.
class StringTable {
  public:
    /// Offset of the string.
    uint32_t add(std::string_view text);
    const std::vector<uint8_t>& bytes() const { return bytes_; }

  private:
    std::vector<uint8_t> bytes_{0};
    std::unordered_map<std::string, uint32_t> known_;
};

/// The file: header, segments, sections (ELF index = index + 1), section names. Sections of a
/// segment keep their distances.
std::vector<uint8_t> write_elf(uint32_t e_flags, const std::vector<OutSection>& sections,
                               const std::vector<OutSegment>& segments);

} // namespace acc::object
