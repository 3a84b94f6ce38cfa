// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/HostObject.h"

#include "compiler/object/bytes.h"
#include "compiler/object/error.h"
#include "compiler/object/fat_binary.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/ObjCopy/CommonConfig.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
namespace binary = llvm::object; // beside acc::object, our own readers

namespace acc::driver {
namespace {

objcopy::NewSectionInfo section_info(const char* name, const std::vector<uint8_t>& contents) {
    objcopy::NewSectionInfo info;
    info.SectionName = name;
    info.SectionData = MemoryBuffer::getMemBufferCopy(
        StringRef(reinterpret_cast<const char*>(contents.data()), contents.size()), name);
    return info;
}

/// Writes a new file, not the same bytes: the old ones may still be mapped.
std::string write_new_file(const std::string& file, StringRef contents) {
    std::error_code error;
    sys::fs::remove(file);
    raw_fd_ostream out(file, error);
    if (!error) out << contents;
    return error ? file + ": " + error.message() : std::string();
}

/// Runs LLVM's objcopy in this process, in place.
std::string edit_object(const std::string& file, objcopy::ConfigManager& config) {
    auto buffer = MemoryBuffer::getFile(file, false, false);
    if (!buffer) return file + ": " + buffer.getError().message();
    Expected<std::unique_ptr<binary::Binary>> binary = binary::createBinary(
        (*buffer)->getMemBufferRef());
    if (!binary) return file + ": " + toString(binary.takeError());
    SmallString<0> output;
    raw_svector_ostream stream(output);
    if (Error error = objcopy::executeObjcopyOnBinary(config, **binary, stream))
        return file + ": " + toString(std::move(error));
    return write_new_file(file, output);
}

bool has_section(const binary::ObjectFile& object, StringRef name) {
    for (const binary::SectionRef& section : object.sections()) {
        Expected<StringRef> found = section.getName();
        if (found && *found == name) return true;
        consumeError(found.takeError());
    }
    return false;
}

/// The undefined symbols whose names begin so.
std::vector<std::string> references(const binary::ObjectFile& object, StringRef start) {
    std::vector<std::string> names;
    for (const binary::SymbolRef& symbol : object.symbols()) {
        Expected<StringRef> name = symbol.getName();
        Expected<uint32_t> flags = symbol.getFlags();
        if (name && flags && (*flags & binary::SymbolRef::SF_Undefined) && name->starts_with(start))
            names.push_back(name->str());
        consumeError(name.takeError());
        consumeError(flags.takeError());
    }
    return names;
}

std::string read_ir_section(const binary::ObjectFile& object, const std::string& name,
                            std::vector<IrUnit>& units) {
    for (const binary::SectionRef& section : object.sections()) {
        Expected<StringRef> section_name = section.getName();
        if (!section_name || *section_name != kIrSection) {
            consumeError(section_name.takeError());
            continue;
        }
        Expected<StringRef> contents = section.getContents();
        if (!contents) return name + ": " + toString(contents.takeError());
        // A relocatable link (ld -r) leaves several containers one after the other.
        object::Bytes bytes(reinterpret_cast<const uint8_t*>(contents->data()), contents->size());
        while (!bytes.empty()) {
            if (bytes[0] == 0) { // padding between them
                bytes = bytes.subspan(1);
                continue;
            }
            try {
                acc::object::FatBinary container(bytes);
                for (const auto& entry : container.entries())
                    if (entry.kind == ACC_FATBIN_IR)
                        units.push_back(
                            {name,
                             std::string(reinterpret_cast<const char*>(entry.data.data()),
                                         entry.data.size()),
                             references(object, kLinkedBinary)});
                bytes = bytes.subspan(size_t(container.total_size()));
            } catch (const acc::object::Error& error) {
                return name + ": damaged device code: " + error.what();
            }
        }
    }
    return {};
}

std::string read_archive(binary::Archive& archive, const std::string& file,
                         std::vector<IrUnit>& units) {
    Error error = Error::success();
    for (const binary::Archive::Child& child : archive.children(error)) {
        Expected<StringRef> name = child.getName();
        std::string full_name = file + "(" + (name ? name->str() : "?") + ")";
        consumeError(name.takeError());
        Expected<std::unique_ptr<binary::Binary>> member = child.getAsBinary();
        if (!member) { // archives may hold anything
            consumeError(member.takeError());
            continue;
        }
        if (auto* object = dyn_cast<binary::ObjectFile>(member->get()))
            if (std::string problem = read_ir_section(*object, full_name, units);
                !problem.empty()) {
                consumeError(std::move(error));
                return problem;
            }
    }
    return error ? file + ": " + toString(std::move(error)) : std::string();
}

} // namespace

std::string replace_section(const std::string& object, const char* section,
                            const std::vector<uint8_t>& contents) {
    // The new bytes go to the end of the file and the section header is pointed at them. LLVM's
    // objcopy is no help here: its update of a section frees the old one while symbols still refer
    // to it, and now and then writes their indices as garbage.
    auto buffer = MemoryBuffer::getFile(object, false, false);
    if (!buffer) return object + ": " + buffer.getError().message();
    std::vector<uint8_t> file((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
    try {
        const auto header = acc::object::read<ELF::Elf64_Ehdr>(file, 0, "ELF header");
        const auto at = [&](uint64_t index) {
            return header.e_shoff + index * sizeof(ELF::Elf64_Shdr);
        };
        const auto names = acc::object::read<ELF::Elf64_Shdr>(file, at(header.e_shstrndx),
                                                              "section names");
        for (uint64_t i = 0; i < header.e_shnum; ++i) {
            auto entry = acc::object::read<ELF::Elf64_Shdr>(file, at(i), "section header");
            const auto table = acc::object::slice(file, names.sh_offset, names.sh_size,
                                                  "section names");
            if (acc::object::string_at(table, entry.sh_name, "section name") != section) continue;
            file.resize(alignTo(file.size(), 64));
            entry.sh_offset = file.size();
            entry.sh_size = contents.size();
            memcpy(file.data() + at(i), &entry, sizeof entry);
            file.insert(file.end(), contents.begin(), contents.end());
            return write_new_file(
                object, StringRef(reinterpret_cast<const char*>(file.data()), file.size()));
        }
    } catch (const acc::object::Error& error) {
        return object + ": " + error.what();
    }
    return {}; // no device code is embedded: nothing in the source refers to it
}

std::string add_excluded_section(const std::string& object, const char* section,
                                 const std::vector<uint8_t>& contents) {
    objcopy::ConfigManager config;
    config.Common.AddSection.push_back(section_info(section, contents));
    objcopy::SectionFlagsUpdate flags;
    flags.Name = section;
    flags.NewFlags = objcopy::SectionFlag::SecExclude;
    config.Common.SetSectionFlags[section] = flags;
    return edit_object(object, config);
}

bool is_elf_object(const std::string& file) {
    file_magic magic;
    return !identify_magic(file, magic) && magic == file_magic::elf_relocatable;
}

std::string collect_ir(const std::string& file, std::vector<IrUnit>& units, bool& linked) {
    file_magic magic;
    if (std::error_code error = identify_magic(file, magic)) return file + ": " + error.message();
    if (magic != file_magic::elf_relocatable && magic != file_magic::archive)
        return {}; // shared libraries carry linked device code only; linker scripts carry none
    auto buffer = MemoryBuffer::getFile(file, false, false);
    if (!buffer) return file + ": " + buffer.getError().message();
    Expected<std::unique_ptr<binary::Binary>> binary = binary::createBinary(
        (*buffer)->getMemBufferRef());
    if (!binary) return file + ": " + toString(binary.takeError());
    if (auto* archive = dyn_cast<binary::Archive>(binary->get()))
        return read_archive(*archive, file, units);
    auto* object = dyn_cast<binary::ObjectFile>(binary->get());
    if (!object) return {};
    linked |= has_section(*object, kLinkedSection);
    return read_ir_section(*object, file, units);
}

bool calls_clang_openmp(const std::string& file) {
    const auto calls = [](const binary::Binary& binary) {
        const auto* object = dyn_cast<binary::ObjectFile>(&binary);
        return object && !references(*object, "__kmpc_").empty();
    };
    file_magic magic;
    if (identify_magic(file, magic) ||
        (magic != file_magic::elf_relocatable && magic != file_magic::archive))
        return false;
    auto buffer = MemoryBuffer::getFile(file, false, false);
    if (!buffer) return false;
    Expected<std::unique_ptr<binary::Binary>> binary = binary::createBinary(
        (*buffer)->getMemBufferRef());
    if (!binary) {
        consumeError(binary.takeError());
        return false;
    }
    auto* archive = dyn_cast<binary::Archive>(binary->get());
    if (!archive) return calls(**binary);
    Error error = Error::success();
    bool found = false;
    for (const binary::Archive::Child& child : archive->children(error)) {
        Expected<std::unique_ptr<binary::Binary>> member = child.getAsBinary();
        if (!member)
            consumeError(member.takeError());
        else
            found |= calls(**member);
    }
    consumeError(std::move(error));
    return found;
}

} // namespace acc::driver
