// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/object/fat_binary.h"

#include <elf.h>

#include <string>

#include "compiler/object/hash.h"

namespace acc::object {
namespace {

constexpr uint64_t kEntryAlign = 64;
constexpr uint32_t kMaxEntries = 1024;

const char* kind_name(uint32_t kind) {
    switch (kind) {
    case ACC_FATBIN_CODE_OBJECT: return "code object";
    case ACC_FATBIN_IR: return "relocatable device code";
    case ACC_FATBIN_PTX: return "PTX";
    default: return "unknown";
    }
}

} // namespace

bool is_fat_binary(Bytes bytes) {
    uint64_t magic = 0;
    if (bytes.size() < sizeof(magic)) return false;
    std::memcpy(&magic, bytes.data(), sizeof(magic));
    return magic == ACC_FATBIN_MAGIC;
}

Bytes fat_binary_at(const uint8_t* start) {
    acc_fatbin_header header;
    std::memcpy(&header, start, sizeof header);
    return {start, header.total_size};
}

bool is_elf(Bytes bytes) {
    return bytes.size() >= SELFMAG && std::memcmp(bytes.data(), ELFMAG, SELFMAG) == 0;
}

FatBinary::FatBinary(Bytes bytes) {
    const auto header = read<acc_fatbin_header>(bytes, 0, "fat binary header");
    if (header.magic != ACC_FATBIN_MAGIC)
        throw Error("fat binary: the magic is missing; was the program compiled with accc?");
    if (header.version != ACC_FATBIN_VERSION)
        throw Error("fat binary: version " + std::to_string(header.version) + " is not " +
                    std::to_string(ACC_FATBIN_VERSION) + "; recompile the program");
    if (header.count > kMaxEntries)
        throw Error("fat binary: " + std::to_string(header.count) +
                    " entries are more than any has");
    const Bytes whole = slice(bytes, 0, header.total_size, "fat binary");
    const uint64_t table_end = sizeof header + uint64_t{header.count} * sizeof(acc_fatbin_entry);
    slice(whole, 0, table_end, "fat binary entry table");
    total_size_ = header.total_size;
    std::memcpy(build_id_.data(), header.build_id, build_id_.size());
    for (uint32_t i = 0; i < header.count; ++i) {
        const auto entry = read<acc_fatbin_entry>(
            whole, sizeof header + uint64_t{i} * sizeof(acc_fatbin_entry), "fat binary entry");
        if (entry.reserved != 0)
            throw Error("fat binary: entry " + std::to_string(i) + " has reserved bits set");
        if (entry.offset % kEntryAlign != 0)
            throw Error("fat binary: the content of entry " + std::to_string(i) +
                        " does not start at a multiple of 64 bytes");
        if (entry.offset < table_end)
            throw Error("fat binary: the content of entry " + std::to_string(i) +
                        " overlaps the entry table");
        entries_.push_back({entry.kind, entry.arch,
                            slice(whole, entry.offset, entry.size, "fat binary entry's content")});
    }
}

Bytes FatBinary::code_object(uint32_t arch) const {
    std::string have;
    for (const FatEntry& entry : entries_) {
        if (entry.kind == ACC_FATBIN_CODE_OBJECT && entry.arch == arch) return entry.data;
        have += (have.empty() ? "" : ", ") + std::string(kind_name(entry.kind)) +
                " for architecture " + std::to_string(entry.arch);
    }
    throw Error("fat binary: no code object for architecture " + std::to_string(arch) +
                    "; it holds: " + (have.empty() ? "nothing" : have) +
                    ". Recompile the program with accc",
                Error::Kind::WrongArch);
}

std::vector<uint8_t> write_fat_binary(const std::vector<FatEntry>& entries) {
    const auto aligned = [](uint64_t value) {
        return (value + kEntryAlign - 1) & ~(kEntryAlign - 1);
    };
    uint64_t at = aligned(sizeof(acc_fatbin_header) + entries.size() * sizeof(acc_fatbin_entry));
    std::vector<acc_fatbin_entry> table;
    ContentHash hash;
    for (const FatEntry& entry : entries) {
        table.push_back({entry.kind, entry.arch, at, entry.data.size(), 0});
        hash.add(&entry.kind, sizeof entry.kind);
        hash.add(&entry.arch, sizeof entry.arch);
        hash.add(entry.data.data(), entry.data.size());
        at = aligned(at + entry.data.size());
    }
    acc_fatbin_header header{
        ACC_FATBIN_MAGIC, ACC_FATBIN_VERSION, static_cast<uint32_t>(entries.size()), at, {}};
    const auto id = hash.value();
    std::memcpy(header.build_id, id.data(), id.size());
    std::vector<uint8_t> out(at, 0);
    std::memcpy(out.data(), &header, sizeof header);
    if (!table.empty())
        std::memcpy(out.data() + sizeof header, table.data(),
                    table.size() * sizeof(acc_fatbin_entry));
    for (size_t i = 0; i < entries.size(); ++i)
        if (!entries[i].data.empty())
            std::memcpy(out.data() + table[i].offset, entries[i].data.data(),
                        entries[i].data.size());
    return out;
}

} // namespace acc::object
