// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/object/elf_writer.h"

#include "acc/spec/acc_code_object.h"

namespace acc::object {
namespace {

/// Segments start at multiples of this in the file; addresses are multiples of 4096, so p_offset
/// and p_vaddr agree modulo p_align.
constexpr uint64_t kFileAlign = 64;

class Writer {
  public:
    Writer(uint32_t e_flags, const std::vector<OutSection>& sections,
           const std::vector<OutSegment>& segments)
        : sections_(sections), segments_(segments) {
        header_.e_flags = e_flags;
    }

    std::vector<uint8_t> write() {
        out_.resize(sizeof(ElfHeader) + segments_.size() * sizeof(ElfSegment));
        offsets_.resize(sections_.size());
        for (const OutSegment& segment : segments_)
            place_segment(segment);
        for (size_t i = 0; i < sections_.size(); ++i)
            if ((sections_[i].flags & SHF_ALLOC) == 0) place_section(i);
        place_headers();
        return std::move(out_);
    }

  private:
    void align(uint64_t to) { out_.resize((out_.size() + to - 1) / to * to); }
    void append(const void* data, size_t bytes) {
        const auto* p = static_cast<const uint8_t*>(data);
        out_.insert(out_.end(), p, p + bytes);
    }

    void place_segment(const OutSegment& segment) {
        align(kFileAlign);
        const uint64_t start = out_.size();
        uint64_t memory_end = segment.address;
        for (size_t i = segment.first; i < segment.first + segment.count; ++i) {
            const OutSection& section = sections_[i];
            memory_end = section.address + section.bytes;
            offsets_[i] = start + (section.address - segment.address);
            if (section.type == SHT_NOBITS) continue;
            out_.resize(offsets_[i]);
            append(section.data.data(), section.data.size());
        }
        ElfSegment raw{};
        raw.p_type = PT_LOAD;
        raw.p_flags = segment.flags;
        raw.p_offset = start;
        raw.p_vaddr = raw.p_paddr = segment.address;
        raw.p_filesz = out_.size() - start;
        raw.p_memsz = memory_end - segment.address;
        raw.p_align = kFileAlign;
        std::memcpy(out_.data() + sizeof(ElfHeader) + segment_count_++ * sizeof raw, &raw,
                    sizeof raw);
    }

    void place_section(size_t i) {
        align(sections_[i].align);
        offsets_[i] = out_.size();
        append(sections_[i].data.data(), sections_[i].data.size());
    }

    void place_headers() {
        StringTable names;
        std::vector<ElfSection> table(1);
        for (size_t i = 0; i < sections_.size(); ++i) {
            const OutSection& s = sections_[i];
            table.push_back({names.add(s.name), s.type, s.flags, s.address, offsets_[i], s.bytes,
                             s.link, s.info, s.align, s.entry_bytes});
        }
        const uint32_t name = names.add(".shstrtab");
        table.push_back({name, SHT_STRTAB, 0, 0, out_.size(), names.bytes().size(), 0, 0, 1, 0});
        append(names.bytes().data(), names.bytes().size());
        align(8);
        finish_header(table.size());
        append(table.data(), table.size() * sizeof(ElfSection));
    }

    void finish_header(size_t section_count) {
        std::memcpy(header_.e_ident, ELFMAG, SELFMAG);
        header_.e_ident[EI_CLASS] = ELFCLASS64;
        header_.e_ident[EI_DATA] = ELFDATA2LSB;
        header_.e_ident[EI_VERSION] = EV_CURRENT;
        header_.e_ident[EI_OSABI] = ACC_ELF_OSABI;
        header_.e_ident[EI_ABIVERSION] = ACC_ELF_ABIVERSION;
        header_.e_type = ET_DYN;
        header_.e_machine = ACC_ELF_MACHINE;
        header_.e_version = EV_CURRENT;
        header_.e_phoff = sizeof(ElfHeader);
        header_.e_shoff = out_.size();
        header_.e_ehsize = sizeof(ElfHeader);
        header_.e_phentsize = sizeof(ElfSegment);
        header_.e_phnum = static_cast<uint16_t>(segments_.size());
        header_.e_shentsize = sizeof(ElfSection);
        header_.e_shnum = static_cast<uint16_t>(section_count);
        header_.e_shstrndx = static_cast<uint16_t>(section_count - 1);
        std::memcpy(out_.data(), &header_, sizeof header_);
    }

    const std::vector<OutSection>& sections_;
    const std::vector<OutSegment>& segments_;
    ElfHeader header_{};
    std::vector<uint8_t> out_;
    std::vector<uint64_t> offsets_;
    size_t segment_count_ = 0;
};

} // namespace

uint32_t StringTable::add(std::string_view text) {
    if (text.empty()) return 0;
    const auto [place, is_new] = known_.emplace(std::string(text),
                                                static_cast<uint32_t>(bytes_.size()));
    if (is_new) {
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        bytes_.push_back(0);
    }
    return place->second;
}

std::vector<uint8_t> write_elf(uint32_t e_flags, const std::vector<OutSection>& sections,
                               const std::vector<OutSegment>& segments) {
    return Writer(e_flags, sections, segments).write();
}

} // namespace acc::object
