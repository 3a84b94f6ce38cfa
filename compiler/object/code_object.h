// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reader of finished code objects (include/acc/spec/acc_code_object.h). Everything is checked once,
// in the constructor; what the accessors return is consistent: segments lie inside the image,
// relocations inside writable file bytes of segments, kernels have descriptors and entry points
// inside executable segments, names are valid.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/bytes.h"

namespace acc::object {

struct Segment {
    uint64_t address = 0; ///< image offset, multiple of 4096
    uint64_t bytes = 0;   ///< in memory
    Bytes data;           ///< from the file, at most `bytes`
    bool write = false, execute = false;
};

struct Relocation {
    uint64_t address = 0; ///< image offset of the field
    uint32_t type = 0;    ///< R_ACC_RELATIVE64
    int64_t addend = 0;
};

struct Symbol {
    std::string_view name;
    uint64_t address = 0, bytes = 0; ///< image offset and size
    bool function = false;
    bool global = false;
    uint8_t flags = 0; ///< ACC_STO_*
};

struct KernelInfo {
    std::string_view name;
    uint64_t descriptor_address = 0; ///< image offset
    uint64_t entry = 0;              ///< image offset
    acc_kernel_descriptor descriptor{};
    std::vector<acc_kernel_param> params;
};

class CodeObject {
  public:
    /// `file` must outlive the object. Throws Error.
    explicit CodeObject(Bytes file);

    uint32_t arch() const { return arch_; } ///< ACC_EF_ARCH_*
    /// The -arch number that it was compiled for, 0 when it does not say.
    uint32_t sm() const { return sm_; }
    uint64_t image_bytes() const { return image_bytes_; } ///< multiple of 4096
    const std::vector<Segment>& segments() const { return segments_; }
    const std::vector<Relocation>& relocations() const { return relocations_; }
    /// What can be found by name (.dynsym).
    const std::vector<Symbol>& symbols() const { return symbols_; }
    const std::vector<KernelInfo>& kernels() const { return kernels_; }
    Bytes build_id() const { return build_id_; }
    /// A section's bytes by name; empty when there is none (or it has no bytes in the file).
    Bytes section(std::string_view name) const;
    /// Function that covers the image offset, local ones included; null when none does.
    const Symbol* function_at(uint64_t address) const;
    /// Bytes of the image at an offset, as in the file (zero-filled parts excluded); empty when not
    /// in a segment's file bytes.
    Bytes image_at(uint64_t address, uint64_t bytes) const;

  private:
    struct Section {
        std::string_view name;
        uint32_t type = 0;
        uint64_t flags = 0, address = 0, bytes = 0;
        Bytes data;
        uint32_t link = 0;
    };
    void read_header();
    void read_segments();
    void read_sections();
    void read_symbols();
    void read_functions();
    Symbol read_symbol(Bytes table, uint64_t at, Bytes names) const;
    void read_relocations();
    void read_kernels();
    void read_build_id();
    KernelInfo read_kernel(uint64_t address, Bytes params, Bytes names) const;
    const Section* find_section(std::string_view name) const;
    const Segment* segment_of(uint64_t address, uint64_t bytes) const;

    Bytes file_;
    uint32_t arch_ = 0, sm_ = 0;
    uint64_t image_bytes_ = 0;
    uint64_t segment_table_ = 0, section_table_ = 0;
    uint16_t segment_count_ = 0, section_count_ = 0, section_names_ = 0;
    std::vector<Segment> segments_;
    std::vector<Section> sections_;
    std::vector<Relocation> relocations_;
    std::vector<Symbol> symbols_;
    std::vector<Symbol> functions_; ///< sorted by address
    std::vector<KernelInfo> kernels_;
    Bytes build_id_;
};

} // namespace acc::object
