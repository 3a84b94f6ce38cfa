// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads top-down: merge sections, give addresses, fill kernel descriptors, collect symbols,
// relocate, write, and read the result back with the loader's own reader.
#include "compiler/object/linker.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/code_object.h"
#include "compiler/object/elf_writer.h"
#include "compiler/object/hash.h"
#include "compiler/object/relocatable.h"

namespace acc::object {
namespace {

constexpr uint64_t kPage = 4096;
constexpr size_t kNone = ~size_t{0};
constexpr std::string_view kDescriptorSuffix = ".kd";

[[noreturn]] void fail(const std::string& what) {
    throw Error("linking device code: " + what);
}
std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}
uint64_t align_up(uint64_t value, uint64_t to) {
    return (value + to - 1) / to * to;
}

/// Where an input section went.
struct Place {
    size_t out = kNone;  ///< index into the output sections, kNone when dropped
    uint64_t offset = 0; ///< in the output section
};

/// The loaded sections, in image order; kernels first, so that a descriptor's address is known
/// early and code is never at 0.
enum Loaded : size_t { kKernels, kRodata, kText, kData, kBss, kNumLoaded };
struct LoadedSection {
    const char* name;
    uint32_t type;
    uint64_t flags;
    uint32_t segment; ///< PF_*; equal neighbours share a segment
};
constexpr LoadedSection kLoaded[kNumLoaded] = {
    {".acc.kernels", SHT_PROGBITS, SHF_ALLOC, PF_R},
    {".rodata", SHT_PROGBITS, SHF_ALLOC, PF_R},
    {".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, PF_R | PF_X},
    {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, PF_R | PF_W},
    {".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, PF_R | PF_W},
};

class Linker {
  public:
    explicit Linker(Bytes file) : in_(read_relocatable(file)) {}

    std::vector<uint8_t> link() {
        merge_sections();
        place_commons();
        assign_addresses();
        check_symbols();
        collect_symbols();
        fill_descriptors();
        relocate();
        add_dynamic_sections();
        std::vector<uint8_t> out = write_elf(in_.flags, sections_, segments_);
        CodeObject check{Bytes(out)}; // what was made must load
        return out;
    }

  private:
    // ---- sections
    void merge_sections() {
        for (const LoadedSection& s : kLoaded)
            sections_.push_back({s.name, s.type, s.flags, 0, 16, 0, 0, 0, 0, {}});
        sections_[kKernels].align = 64;
        places_.resize(in_.sections.size());
        for (size_t i = 1; i < in_.sections.size(); ++i) {
            const RelSection& section = in_.sections[i];
            if (section.allocated())
                append(i, loaded_class(section));
            else if (section.name.starts_with(".debug_") || section.name == ".acc.params")
                append(i, unloaded_section(section.name));
        }
    }

    static size_t loaded_class(const RelSection& section) {
        if (section.bytes != 0 &&
            (section.type == SHT_INIT_ARRAY || section.type == SHT_FINI_ARRAY ||
             section.name.starts_with(".ctors") || section.name.starts_with(".dtors")))
            fail("device variables with dynamic initialisation are not supported (section " +
                 std::string(section.name) + ")");
        if ((section.flags & SHF_TLS) != 0)
            fail("thread_local variables are not supported in device code");
        if (section.name == ".acc.kernels") return kKernels;
        if ((section.flags & SHF_EXECINSTR) != 0) return kText;
        if ((section.flags & SHF_WRITE) == 0) return kRodata;
        return section.type == SHT_NOBITS ? kBss : kData;
    }

    size_t unloaded_section(std::string_view name) {
        for (size_t i = kNumLoaded; i < sections_.size(); ++i)
            if (sections_[i].name == name) return i;
        sections_.push_back({std::string(name), SHT_PROGBITS, 0, 0, 1, 0, 0, 0, 0, {}});
        return sections_.size() - 1;
    }

    void append(size_t input, size_t output) {
        const RelSection& section = in_.sections[input];
        OutSection& out = sections_[output];
        if ((section.type == SHT_NOBITS) != (out.type == SHT_NOBITS) && section.bytes != 0 &&
            section.type == SHT_NOBITS)
            fail("section " + quoted(section.name) + " has no bytes but is not writable");
        out.align = std::max(out.align, section.align);
        const uint64_t offset = align_up(out.bytes, section.align);
        out.bytes = offset + section.bytes;
        if (out.type != SHT_NOBITS) {
            out.data.resize(offset);
            out.data.insert(out.data.end(), section.data.begin(), section.data.end());
        }
        places_[input] = {output, offset};
    }

    /// Common symbols get a place in .bss; st_value is their alignment.
    void place_commons() {
        OutSection& bss = sections_[kBss];
        for (RelSymbol& symbol : in_.symbols) {
            if (symbol.section != SHN_COMMON) continue;
            const uint64_t align = std::clamp<uint64_t>(symbol.value, 1, kPage);
            commons_[&symbol] = align_up(bss.bytes, align);
            bss.bytes = commons_[&symbol] + symbol.bytes;
            bss.align = std::max(bss.align, align);
        }
    }

    void assign_addresses() {
        uint64_t at = 0;
        for (size_t i = 0; i < kNumLoaded; ++i) {
            OutSection& section = sections_[i];
            if (section.align > kPage)
                fail("section " + quoted(section.name) + " wants an alignment of " +
                     std::to_string(section.align) + " bytes; 4096 is the most");
            if (segments_.empty() || kLoaded[i].segment != segments_.back().flags) {
                at = align_up(at, kPage);
                segments_.push_back({i, 0, at, kLoaded[i].segment});
            }
            ++segments_.back().count;
            at = section.address = align_up(at, section.align);
            at += section.bytes;
        }
        const auto empty = [this](const OutSegment& s) {
            for (size_t i = s.first; i < s.first + s.count; ++i)
                if (sections_[i].bytes != 0) return false;
            return true;
        };
        std::erase_if(segments_, empty);
        if (segments_.empty()) fail("there is no device code and no device variable");
    }

    // ---- symbols
    void check_symbols() {
        std::string undefined;
        std::unordered_map<std::string_view, const RelSymbol*> globals;
        for (size_t i = 1; i < in_.symbols.size(); ++i) {
            const RelSymbol& symbol = in_.symbols[i];
            if (symbol.section == SHN_UNDEF && symbol.binding != STB_WEAK && !symbol.name.empty())
                undefined += (undefined.empty() ? "" : ", ") + quoted(symbol.name);
            if (symbol.section == SHN_UNDEF || symbol.binding == STB_LOCAL) continue;
            if (!globals.emplace(symbol.name, &symbol).second)
                fail("symbol " + quoted(symbol.name) + " is defined twice");
        }
        if (!undefined.empty())
            fail("undefined symbols: " + undefined +
                 "; define them in this program's device code, or compile with -rdc=true and link "
                 "all objects");
    }

    bool in_image(const RelSymbol& symbol) const {
        return symbol.section == SHN_COMMON ||
               (symbol.defined_in_section() && places_[symbol.section].out < kNumLoaded);
    }

    /// Image offset of a symbol in a loaded section; the offset in its output section for debug
    /// sections; the value for absolutes.
    uint64_t value_of(const RelSymbol& symbol) const {
        if (symbol.section == SHN_COMMON) return sections_[kBss].address + commons_.at(&symbol);
        if (!symbol.defined_in_section()) return symbol.section == SHN_ABS ? symbol.value : 0;
        const Place& place = places_[symbol.section];
        return sections_[place.out].address + place.offset + symbol.value;
    }

    size_t output_of(const RelSymbol& symbol) const {
        return symbol.section == SHN_COMMON ? size_t{kBss} : places_[symbol.section].out;
    }

    bool is_descriptor(const RelSymbol& symbol) const {
        return symbol.defined_in_section() && places_[symbol.section].out == kKernels &&
               symbol.name.ends_with(kDescriptorSuffix) &&
               symbol.name.size() > kDescriptorSuffix.size();
    }

    /// .dynsym: what the loader finds by name. .symtab: every function and variable, for tools.
    void collect_symbols() {
        for (const RelSymbol& symbol : in_.symbols)
            if (is_descriptor(symbol))
                kernel_names_.push_back(
                    symbol.name.substr(0, symbol.name.size() - kDescriptorSuffix.size()));
        std::sort(kernel_names_.begin(), kernel_names_.end());
        dynamic_.emplace_back();
        static_.emplace_back();
        for (const bool global : {false, true}) // ELF wants local symbols first
            for (const RelSymbol& symbol : in_.symbols)
                if ((symbol.binding != STB_LOCAL) == global && in_image(symbol) &&
                    !symbol.name.empty() && symbol.type != STT_SECTION && symbol.type != STT_FILE &&
                    !is_descriptor(symbol) && !is_alias(symbol))
                    collect(symbol);
    }

    /// LLVM gives a function that may not be replaced a second, local name; tools should show the
    /// first.
    static bool is_alias(const RelSymbol& symbol) {
        return symbol.binding == STB_LOCAL && symbol.name.ends_with("$local");
    }

    bool is_kernel(const RelSymbol& symbol) const {
        return symbol.type == STT_FUNC &&
               std::binary_search(kernel_names_.begin(), kernel_names_.end(), symbol.name);
    }

    void collect(const RelSymbol& symbol) {
        const bool kernel = is_kernel(symbol);
        const uint8_t visibility = ELF64_ST_VISIBILITY(symbol.other);
        const bool visible = symbol.binding != STB_LOCAL &&
                             (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
        ElfSymbol out{};
        out.st_info = ELF64_ST_INFO(kernel && symbol.binding == STB_LOCAL ? uint8_t{STB_GLOBAL}
                                                                          : symbol.binding,
                                    symbol.type);
        out.st_other = static_cast<uint8_t>((symbol.other & (ACC_STO_CONSTANT | ACC_STO_MANAGED)) |
                                            (kernel ? ACC_STO_KERNEL : 0));
        out.st_shndx = static_cast<uint16_t>(output_of(symbol) + 1);
        out.st_value = value_of(symbol);
        out.st_size = symbol.bytes;
        if (visible || kernel) {
            out.st_name = dynamic_names_.add(symbol.name);
            dynamic_.push_back(out);
        }
        out.st_info = ELF64_ST_INFO(symbol.binding, symbol.type);
        out.st_name = static_names_.add(symbol.name);
        if (symbol.binding == STB_LOCAL) first_global_ = static_.size() + 1;
        static_.push_back(out);
    }

    const RelSymbol& kernel_function(std::string_view name) const {
        for (const RelSymbol& symbol : in_.symbols)
            if (symbol.name == name && symbol.type == STT_FUNC && symbol.defined_in_section() &&
                places_[symbol.section].out == kText)
                return symbol;
        fail("kernel " + quoted(name) + " has a descriptor but no code");
    }

    void fill_descriptors() {
        OutSection& kernels = sections_[kKernels];
        std::vector<bool> filled(kernels.bytes / sizeof(acc_kernel_descriptor));
        for (const RelSymbol& symbol : in_.symbols) {
            if (!is_descriptor(symbol)) continue;
            const std::string_view name = symbol.name.substr(0, symbol.name.size() -
                                                                    kDescriptorSuffix.size());
            const RelSymbol& function = kernel_function(name);
            const uint64_t offset = value_of(symbol) - kernels.address;
            const uint64_t index = offset / sizeof(acc_kernel_descriptor);
            if (offset % sizeof(acc_kernel_descriptor) != 0 || index >= filled.size())
                fail("the descriptor of kernel " + quoted(name) +
                     " is not at a multiple of 64 bytes in .acc.kernels");
            if (filled[index])
                fail("kernel " + quoted(name) + " shares its descriptor with another kernel");
            filled[index] = true;
            auto d = read<acc_kernel_descriptor>(Bytes(kernels.data), offset, "kernel descriptor");
            d.entry = static_cast<int64_t>(value_of(function) - value_of(symbol));
            d.name = dynamic_names_.add(name);
            std::memcpy(kernels.data.data() + offset, &d, sizeof d);
        }
        if (kernels.bytes % sizeof(acc_kernel_descriptor) != 0 ||
            std::count(filled.begin(), filled.end(), false) != 0)
            fail("section .acc.kernels has bytes without a `KERNEL.kd` symbol");
    }

    // ---- relocations
    void relocate() {
        for (size_t i = 1; i < in_.sections.size(); ++i)
            if (places_[i].out != kNone)
                for (const RelRelocation& r : in_.sections[i].relocations)
                    relocate(places_[i], r);
    }

    void relocate(const Place& place, const RelRelocation& r) {
        OutSection& section = sections_[place.out];
        const RelSymbol& symbol = in_.symbols[r.symbol];
        if (symbol.defined_in_section() && places_[symbol.section].out == kNone)
            fail("section " + quoted(section.name) + " refers to " +
                 quoted(in_.sections[symbol.section].name) + ", which is dropped");
        const uint64_t offset = place.offset + r.offset;
        const uint64_t p = section.address + offset;
        const uint64_t value = value_of(symbol) + static_cast<uint64_t>(r.addend);
        const bool loaded = place.out < kNumLoaded;
        const bool address = in_image(symbol);
        if (loaded && !address && symbol.defined_in_section())
            fail("section " + quoted(section.name) + " refers to debug information");
        switch (r.type) {
        case R_ACC_ABS64:
            put(section, offset, value, 8);
            if (loaded && address)
                dynamic_relocations_.push_back(
                    {p, ELF64_R_INFO(0, R_ACC_RELATIVE64), static_cast<int64_t>(value)});
            return;
        case R_ACC_ABS32:
            require(!(loaded && address), symbol, "needs a 64-bit address");
            require(value <= UINT32_MAX, symbol, "has a value that does not fit in 32 bits");
            put(section, offset, value, 4);
            return;
        case R_ACC_ABS64_LO:
        case R_ACC_ABS64_HI:
            require(!(loaded && address), symbol,
                    "has an address that only the loader knows; use lea.pc or movi.b64");
            put(section, offset, r.type == R_ACC_ABS64_LO ? value : value >> 32, 4);
            return;
        case R_ACC_REL64:
            require_address(address, symbol);
            put(section, offset, value - p, 8);
            return;
        case R_ACC_REL32:
            require_address(address, symbol);
            put_signed32(section, offset, value - p, symbol);
            return;
        default: // R_ACC_PC32; read_relocatable knows no others
            require_address(address, symbol);
            put_signed32(section, offset, value - (p + 8), symbol);
            return;
        }
    }

    static void require(bool ok, const RelSymbol& symbol, const char* what) {
        if (!ok) fail("a reference to " + quoted(symbol.name) + " " + what);
    }
    static void require_address(bool address, const RelSymbol& symbol) {
        require(address, symbol,
                "is relative to the code, but it is no address in this module (undefined weak, or "
                "absolute)");
    }

    static void put_signed32(OutSection& section, uint64_t offset, uint64_t value,
                             const RelSymbol& symbol) {
        const auto distance = static_cast<int64_t>(value);
        require(distance >= INT32_MIN && distance <= INT32_MAX, symbol, "is more than 2 GiB away");
        put(section, offset, value, 4);
    }

    static void put(OutSection& section, uint64_t offset, uint64_t value, size_t bytes) {
        slice(section.data, offset, bytes, "relocation");
        std::memcpy(section.data.data() + offset, &value, bytes);
    }

    // ---- tables of the loader and of tools
    template <typename T>
    static std::vector<uint8_t> table(const std::vector<T>& entries) {
        std::vector<uint8_t> bytes(entries.size() * sizeof(T));
        if (!bytes.empty()) std::memcpy(bytes.data(), entries.data(), bytes.size());
        return bytes;
    }

    uint32_t add_table(const char* name, uint32_t type, std::vector<uint8_t> data,
                       uint64_t entry_bytes, uint32_t link, uint32_t info) {
        const uint64_t bytes = data.size();
        sections_.push_back({name, type, 0, 0, 8, bytes, entry_bytes, link, info, std::move(data)});
        return static_cast<uint32_t>(sections_.size()); // ELF index
    }

    void add_dynamic_sections() {
        std::sort(dynamic_relocations_.begin(), dynamic_relocations_.end(),
                  [](const ElfRela& a, const ElfRela& b) { return a.r_offset < b.r_offset; });
        const uint32_t names = add_table(".dynstr", SHT_STRTAB, dynamic_names_.bytes(), 0, 0, 0);
        const uint32_t symbols = add_table(".dynsym", SHT_DYNSYM, table(dynamic_),
                                           sizeof(ElfSymbol), names, 1);
        add_table(".rela.dyn", SHT_RELA, table(dynamic_relocations_), sizeof(ElfRela), symbols, 0);
        const uint32_t static_names = add_table(".strtab", SHT_STRTAB, static_names_.bytes(), 0, 0,
                                                0);
        add_table(".symtab", SHT_SYMTAB, table(static_), sizeof(ElfSymbol), static_names,
                  static_cast<uint32_t>(first_global_));
        add_table(".note.gnu.build-id", SHT_NOTE, build_id_note(), 0, 0, 0);
        sections_.back().align = 4;
    }

    /// The id covers every byte that was made so far, so equal code with other debug information is
    /// another build.
    std::vector<uint8_t> build_id_note() const {
        ContentHash hash;
        for (const OutSection& section : sections_) {
            hash.add(section.name.data(), section.name.size());
            hash.add(&section.bytes, sizeof section.bytes);
            hash.add(section.data.data(), section.data.size());
        }
        const auto id = hash.value();
        const Elf64_Nhdr header{4, static_cast<uint32_t>(id.size()), NT_GNU_BUILD_ID};
        std::vector<uint8_t> note(sizeof header + 4 + id.size());
        std::memcpy(note.data(), &header, sizeof header);
        std::memcpy(note.data() + sizeof header, "GNU", 4);
        std::memcpy(note.data() + sizeof header + 4, id.data(), id.size());
        return note;
    }

    RelocatableFile in_;
    std::vector<OutSection> sections_;
    std::vector<OutSegment> segments_;
    std::vector<Place> places_;                              ///< by input section
    std::unordered_map<const RelSymbol*, uint64_t> commons_; ///< offset in .bss
    std::vector<std::string_view> kernel_names_;             ///< sorted
    std::vector<ElfSymbol> dynamic_, static_;
    StringTable dynamic_names_, static_names_;
    size_t first_global_ = 1;
    std::vector<ElfRela> dynamic_relocations_;
};

} // namespace

std::vector<uint8_t> link_code_object(Bytes relocatable) {
    return Linker(relocatable).link();
}

} // namespace acc::object
