// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tools that look at device code and make containers of it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>

#include "compiler/object/code_object.h"
#include "compiler/object/elf.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/host_object.h"
#include "nv_decode.h"
#include "runtime/tools/cuda/tools.h"
#include "runtime/tools/objdump/dump.h"

namespace acc::tools {
namespace {

namespace fs = std::filesystem;

/// A code object of a file, and the name by which it is listed and extracted.
struct Code {
    std::string name;
    std::vector<uint8_t> bytes;
};

void add_entries(const object::FatBinary& fat, const std::string& stem, std::vector<Code>& codes) {
    for (const object::FatEntry& entry : fat.entries()) {
        if (entry.kind != ACC_FATBIN_CODE_OBJECT) continue;
        const object::CodeObject code(entry.data);
        codes.push_back({stem + "." + std::to_string(codes.size() + 1) + ".sm_" +
                             std::to_string(code.sm()) + ".cubin",
                         {entry.data.begin(), entry.data.end()}});
    }
}

bool is_code_object(object::Bytes file) {
    return object::is_elf(file) &&
           object::read<object::ElfHeader>(file, 0, "ELF header").e_machine == ACC_ELF_MACHINE;
}

std::vector<Code> codes_of(const std::string& file) {
    const std::vector<uint8_t> bytes = read_file(file);
    const std::string stem = fs::path(file).stem().string();
    std::vector<Code> codes;
    if (is_code_object(bytes)) {
        codes.push_back({fs::path(file).filename().string(), bytes});
    } else if (object::is_fat_binary(bytes)) {
        add_entries(object::FatBinary(bytes), stem, codes);
    } else {
        for (const object::EmbeddedFatBinary& fat : object::find_fat_binaries(bytes))
            add_entries(object::FatBinary(fat.bytes), stem, codes);
    }
    if (codes.empty()) throw Refusal("'" + file + "' does not contain device code");
    return codes;
}

std::string disassembly(const Code& code, const objdump::Options& options) {
    unsigned extracted = 0;
    return objdump::dump(code.name, code.bytes, options, extracted);
}

void print_resources(const Code& code) {
    const object::CodeObject reader(code.bytes);
    std::printf("\nResource usage:\n Common:\n");
    for (const object::KernelInfo& kernel : reader.kernels()) {
        const acc_kernel_descriptor& needs = kernel.descriptor;
        std::printf(" Function %s:\n  REG:%u STACK:%u SHARED:%u LOCAL:0 CONSTANT[0]:%u TEXTURE:0 "
                    "SURFACE:0 SAMPLER:0\n",
                    std::string(kernel.name).c_str(), unsigned(needs.num_regs),
                    unsigned(needs.local_bytes), unsigned(needs.shared_bytes),
                    unsigned(needs.kernarg_bytes));
    }
}

void print_header(const Code& code) {
    std::printf("\nFatbin elf code:\n================\narch = sm_%u\nhost = linux\n"
                "compile_size = 64bit\n\n",
                object::CodeObject(code.bytes).sm());
}

constexpr const char* kNoPtx = "programs of acc hold machine code and no PTX; -sass shows it";

struct DumpOptions {
    objdump::Options text;
    bool list = false, resources = false, dump = false;
    std::string extract;
    std::vector<std::string> files;
};

void add_names(const std::string& list, std::vector<std::string>& names) {
    std::stringstream words(list);
    for (std::string word; std::getline(words, word, ',');)
        names.push_back(word);
}

DumpOptions read_dump_options(const Arguments& words) {
    DumpOptions dump;
    Options options(words);
    while (options.next()) {
        if (!options.is_option())
            dump.files.push_back(options.name());
        else if (options.is("dump-sass", "sass"))
            dump.dump = dump.text.disassemble = true;
        else if (options.is("dump-elf", "elf"))
            dump.dump = dump.text.headers = dump.text.kernels = dump.text.disassemble = true;
        else if (options.is("dump-elf-symbols", "symbols"))
            dump.dump = dump.text.symbols = true;
        else if (options.is("dump-resource-usage", "res-usage"))
            dump.resources = true;
        else if (options.is("list-elf", "lelf"))
            dump.list = true;
        else if (options.is("extract-elf", "xelf"))
            dump.extract = options.value();
        else if (options.is("function", "fun"))
            add_names(options.value(), dump.text.functions);
        else if (options.is("gpu-architecture", "arch"))
            options.value(); // acc code is the same for all
        else if (options.is("all-fatbin", "all") || options.is("sort-functions", "sort"))
            continue;
        else if (options.is("dump-ptx", "ptx") || options.is("list-ptx", "lptx") ||
                 options.is("extract-ptx", "xptx"))
            throw Refusal("option '-" + options.name() + "': " + kNoPtx);
        else
            options.unknown();
    }
    if (dump.files.empty()) throw Refusal("no file is named");
    return dump;
}

constexpr const char* kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$";

std::string demangled(const std::string& name) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> text(
        __cu_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
    return status == 0 ? text.get() : name;
}

object::FatEntry image(const std::string& specification, std::vector<Code>& codes) {
    std::string kind = "elf", file;
    std::stringstream words(specification);
    for (std::string word; std::getline(words, word, ',');) {
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (name == "kind" || name == "profile") kind = value;
        if (name == "file") file = value;
    }
    if (kind.starts_with("ptx") || kind.starts_with("compute"))
        throw Refusal("image '" + specification + "': " + kNoPtx);
    if (file.empty()) throw Refusal("image '" + specification + "' names no file");
    codes.push_back({file, read_file(file)});
    const object::CodeObject code(codes.back().bytes);
    return {ACC_FATBIN_CODE_OBJECT, code.arch(), codes.back().bytes};
}

} // namespace

int cuobjdump(const Arguments& words) {
    const DumpOptions options = read_dump_options(words);
    for (const std::string& file : options.files) {
        unsigned number = 0;
        for (const Code& code : codes_of(file)) {
            ++number;
            if (options.list) std::printf("ELF file %4u: %s\n", number, code.name.c_str());
            const bool wanted = options.extract == "all" ||
                                code.name.find(options.extract) != std::string::npos;
            if (!options.extract.empty() && wanted) {
                std::printf("Extracting ELF file %4u: %s\n", number, code.name.c_str());
                write_file(code.name, code.bytes.data(), code.bytes.size());
            }
            if (options.resources) print_resources(code);
            const bool summary = !options.list && !options.resources && options.extract.empty();
            if (options.dump || summary) print_header(code);
            if (options.dump) std::printf("%s", disassembly(code, options.text).c_str());
        }
    }
    return 0;
}

int nvdisasm(const Arguments& words) {
    objdump::Options text;
    text.disassemble = true;
    std::string file;
    Options options(words);
    while (options.next()) {
        if (!options.is_option())
            file = options.name();
        else if (options.is("print-line-info", "g") || options.is("print-line-info-inline", "gi"))
            text.lines = true;
        else if (options.is("print-instruction-encoding", "hex"))
            text.words = true;
        else if (options.is("function-index", "fun"))
            add_names(options.value(), text.functions);
        else if (!options.is("print-code", "c") && !options.is("no-dataflow", "ndf") &&
                 !options.is("separate-functions", "sf") && !options.is("no-vliw", "novliw"))
            options.unknown();
    }
    if (file.empty()) throw Refusal("no file is named");
    const std::vector<uint8_t> bytes = read_file(file);
    if (!is_code_object(bytes))
        throw Refusal("'" + file + "' is no code object of acc (a .cubin of nvcc -cubin)");
    std::fputs(disassembly({file, bytes}, text).c_str(), stdout);
    return 0;
}

int fatbinary(const Arguments& words) {
    std::string output;
    std::vector<std::string> images;
    Options options(words);
    while (options.next()) {
        if (!options.is_option())
            throw Refusal("'" + options.name() + "' is no option; --image3=kind=elf,file=<file>");
        if (options.is("create", "create"))
            output = options.value();
        else if (options.name().starts_with("image"))
            images.push_back(options.value());
        else if (options.is("embedded-fatbin", "fatbin"))
            throw Refusal("option '-" + options.name() + "': acc embeds fat binaries with nvcc -c");
        else if (options.is("cmdline", "cicc-cmdline") || options.is("compress-mode", "ident") ||
                 options.is("compress", "compress"))
            options.value(); // no part of the container
        else if (!options.is("64", "64") && !options.is("compress-all", "compress-all") &&
                 !options.is("debug", "g") && !options.is("link", "link") &&
                 !options.is("device-c", "c") && !options.is("no-asm", "no-asm"))
            options.unknown();
    }
    if (output.empty()) throw Refusal("--create <file> says what to write");
    if (images.empty()) throw Refusal("--image3=kind=elf,file=<file> says what to put into it");
    std::vector<Code> codes;
    codes.reserve(images.size());
    std::vector<object::FatEntry> entries;
    for (const std::string& one : images)
        entries.push_back(image(one, codes));
    const std::vector<uint8_t> container = object::write_fat_binary(entries);
    write_file(output, container.data(), container.size());
    return 0;
}

int nvprune(const Arguments& words) {
    std::string file, output;
    Options options(words);
    while (options.next()) {
        if (!options.is_option())
            file = options.name();
        else if (options.is("output-file", "o"))
            output = options.value();
        else if (options.is("arch", "gpu-architecture") || options.is("generate-code", "gencode"))
            options.value();
        else if (!options.is("no-relocatable-elf", "no-relocatable-elf"))
            options.unknown();
    }
    if (file.empty() || output.empty())
        throw Refusal("wanted: nvprune -arch <arch> -o <file> <file>");
    const std::vector<uint8_t> bytes = read_file(file);
    write_file(output, bytes.data(), bytes.size());
    return 0;
}

int cu_filt(const Arguments& words) {
    const auto print = [](const std::string& line) {
        std::string out;
        size_t done = 0;
        for (size_t at; (at = line.find("_Z", done)) != std::string::npos;) {
            const size_t end = std::min(line.find_first_not_of(kNameCharacters, at), line.size());
            out += line.substr(done, at - done) + demangled(line.substr(at, end - at));
            done = end;
        }
        std::puts((out + line.substr(done)).c_str());
    };
    bool any = false;
    Options options(words);
    while (options.next()) {
        if (options.is_option()) options.unknown();
        print(options.name());
        any = true;
    }
    for (std::string line; !any && std::getline(std::cin, line);)
        print(line);
    return 0;
}

} // namespace acc::tools
