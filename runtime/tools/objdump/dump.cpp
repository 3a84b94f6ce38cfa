// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/objdump/dump.h"

#include <cstdarg>
#include <cstdio>
#include <fstream>

#include "compiler/object/code_object.h"
#include "compiler/object/elf.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/host_object.h"
#include "compiler/object/linker.h"
#include "runtime/tools/objdump/listing.h"
#include "runtime/tools/objdump/source.h"

namespace acc::objdump {
namespace {

[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return text;
}

unsigned long long number(uint64_t value) {
    return value;
}

std::string hex_bytes(object::Bytes bytes) {
    std::string text;
    for (const uint8_t byte : bytes)
        text += print("%02x", byte);
    return text;
}

class CodeObjectDump {
  public:
    CodeObjectDump(const object::CodeObject& code, const Options& options)
        : code_(code), options_(options) {}

    std::string text() const {
        std::string out = print(
            "code object: acc%u, image of %llu bytes, %zu kernels, build id %s\n", code_.arch(),
            number(code_.image_bytes()), code_.kernels().size(),
            hex_bytes(code_.build_id()).c_str());
        if (options_.headers) out += headers();
        if (options_.kernels) out += kernels();
        if (options_.symbols) out += symbols();
        if (options_.relocations) out += relocations();
        if (options_.disassemble) out += listing(code_, options_);
        return out;
    }

  private:
    std::string shown(std::string_view name) const {
        return options_.demangle ? demangled(name) : std::string(name);
    }

    std::string headers() const {
        std::string out = "\nSegments:\n  address           in memory   in file  access\n";
        for (const object::Segment& s : code_.segments())
            out += print("  %016llx %10llu %9zu  r%c%c\n", number(s.address), number(s.bytes),
                         s.data.size(), s.write ? 'w' : '-', s.execute ? 'x' : '-');
        return out;
    }

    std::string kernels() const {
        std::string out = "\nKernels:\n";
        for (const object::KernelInfo& k : code_.kernels())
            out += "  " + shown(k.name) + "\n" + details(k);
        return out;
    }

    static std::string details(const object::KernelInfo& k) {
        const acc_kernel_descriptor& d = k.descriptor;
        std::string out = print("    entry 0x%llx, descriptor 0x%llx\n", number(k.entry),
                                number(k.descriptor_address));
        out += print("    %u registers, %u barriers, %u bytes shared, %u bytes local%s\n",
                     d.num_regs, d.num_barriers, d.shared_bytes, d.local_bytes,
                     (d.flags & ACC_KD_DYNAMIC_STACK) != 0 ? " plus stack" : "");
        if (d.max_threads != 0 || d.min_blocks != 0)
            out += print("    at most %u threads per block, at least %u blocks per compute unit\n",
                         d.max_threads != 0 ? d.max_threads : 1024u, d.min_blocks);
        if (d.cluster[0] != 0)
            out += print("    clusters of %u x %u x %u blocks\n", d.cluster[0], d.cluster[1],
                         d.cluster[2]);
        if (d.reqd_block[0] != 0)
            out += print("    block size must be %u x %u x %u\n", d.reqd_block[0], d.reqd_block[1],
                         d.reqd_block[2]);
        if ((d.flags & ACC_KD_USES_GRID_BARRIER) != 0) out += "    uses the grid barrier\n";
        if ((d.flags & ACC_KD_USES_HOSTCALL) != 0) out += "    calls the host (printf, assert)\n";
        if ((d.flags & ACC_KD_USES_HEAP) != 0) out += "    uses the device heap\n";
        out += print("    %u bytes of parameters\n", d.kernarg_bytes);
        for (size_t i = 0; i < k.params.size(); ++i)
            out += print("      %zu: offset %u, %u bytes%s\n", i, k.params[i].offset,
                         k.params[i].size,
                         k.params[i].kind == ACC_PARAM_POINTER ? ", pointer" : "");
        return out;
    }

    std::string symbols() const {
        std::string out = "\nSymbols:\n  address               size  kind\n";
        for (const object::Symbol& s : code_.symbols())
            out += print("  %016llx %10llu  %-9s", number(s.address), number(s.bytes), kind(s)) +
                   shown(s.name) + "\n";
        return out;
    }

    static const char* kind(const object::Symbol& s) {
        if ((s.flags & ACC_STO_KERNEL) != 0) return "kernel";
        if ((s.flags & ACC_STO_CONSTANT) != 0) return "constant";
        if ((s.flags & ACC_STO_MANAGED) != 0) return "managed";
        return s.function ? "function" : "variable";
    }

    std::string relocations() const {
        std::string out = "\nLoad-time relocations (8 bytes = image base + value):\n";
        for (const object::Relocation& r : code_.relocations())
            out += print("  %016llx  0x%llx\n", number(r.address),
                         number(static_cast<uint64_t>(r.addend)));
        return out;
    }

    const object::CodeObject& code_;
    const Options& options_;
};

std::string dump_code_object(object::Bytes file, const Options& options) {
    const auto header = object::read<object::ElfHeader>(file, 0, "ELF header");
    if (header.e_type != ET_REL) return CodeObjectDump(object::CodeObject(file), options).text();
    const std::vector<uint8_t> linked = object::link_code_object(file);
    return "relocatable device code, shown as linked\n" +
           CodeObjectDump(object::CodeObject(object::Bytes(linked)), options).text();
}

const char* kind_name(uint32_t kind) {
    switch (kind) {
    case ACC_FATBIN_CODE_OBJECT: return "code object";
    case ACC_FATBIN_IR: return "LLVM bitcode";
    case ACC_FATBIN_PTX: return "PTX text";
    default: return "unknown kind";
    }
}

const char* extension(uint32_t kind) {
    switch (kind) {
    case ACC_FATBIN_CODE_OBJECT: return ".co";
    case ACC_FATBIN_IR: return ".bc";
    case ACC_FATBIN_PTX: return ".ptx";
    default: return ".bin";
    }
}

/// `count` numbers the entries of all containers of a run, so that extracted files do not overwrite
/// each other.
void extract(const object::FatEntry& entry, const Options& options, unsigned& count) {
    const std::string name = options.extract + "." + std::to_string(count++) +
                             extension(entry.kind);
    std::ofstream out(name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(entry.data.data()),
              static_cast<std::streamsize>(entry.data.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + name);
}

std::string dump_fat_binary(object::Bytes bytes, const Options& options, unsigned& extracted) {
    const object::FatBinary fat(bytes);
    std::string out = print("fat binary: %zu entries, build id %s\n", fat.entries().size(),
                            hex_bytes(fat.build_id()).c_str());
    for (const object::FatEntry& entry : fat.entries()) {
        out += print("\nentry: %s for architecture %u, %zu bytes\n", kind_name(entry.kind),
                     entry.arch, entry.data.size());
        if (!options.extract.empty()) extract(entry, options, extracted);
        if (entry.kind == ACC_FATBIN_CODE_OBJECT) out += dump_code_object(entry.data, options);
    }
    return out;
}

bool is_device_elf(object::Bytes file) {
    return object::is_elf(file) &&
           object::read<object::ElfHeader>(file, 0, "ELF header").e_machine == ACC_ELF_MACHINE;
}

} // namespace

std::string dump(const std::string& name, object::Bytes file, const Options& options,
                 unsigned& extracted) {
    std::string out = name + ": ";
    if (is_device_elf(file)) return out + dump_code_object(file, options);
    if (object::is_fat_binary(file)) return out + dump_fat_binary(file, options, extracted);
    const auto embedded = object::find_fat_binaries(file);
    if (embedded.empty())
        throw object::Error("there is no device code in this file (wanted: a code object, a fat "
                            "binary, or a host file with a section "
                            ".nv_fatbin, as accc makes them)");
    out += print("%zu fat binar%s\n", embedded.size(), embedded.size() == 1 ? "y" : "ies");
    for (const object::EmbeddedFatBinary& fat : embedded)
        out += "\n" + (fat.member.empty() ? "" : fat.member + ": ") +
               dump_fat_binary(fat.bytes, options, extracted);
    return out;
}

} // namespace acc::objdump
