// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cuda_runtime_api.h"
#include "runtime/tools/cuda/tools.h"

namespace acc::tools {

std::vector<uint8_t> read_file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    if (!in) throw Refusal("cannot open '" + name + "'");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& name, const void* data, size_t bytes) {
    std::ofstream out(name, std::ios::binary);
    out.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
    if (!out.flush()) throw Refusal("cannot write '" + name + "'");
}

bool Options::next() {
    if (at_ == words_.size()) return false;
    name_ = words_[at_++];
    has_value_ = false;
    option_ = name_.size() > 1 && name_[0] == '-';
    if (!option_) return true;
    name_.erase(0, name_.starts_with("--") ? 2 : 1);
    const size_t equals = name_.find('=');
    if (equals == std::string::npos) return true;
    value_ = name_.substr(equals + 1);
    name_.resize(equals);
    has_value_ = true;
    return true;
}

std::string Options::value() {
    if (has_value_) return value_;
    if (at_ == words_.size()) throw Refusal("option '-" + name_ + "' needs a value");
    return words_[at_++];
}

void Options::unknown() const {
    throw Refusal("unknown option '-" + name_ + "'");
}

int nvlink(const Arguments&) {
    throw Refusal("device code of acc is linked by nvcc -dlink (or by nvcc when it links the "
                  "program)");
}

} // namespace acc::tools

namespace {

using namespace acc::tools;

const struct {
    const char* name;
    int (*run)(const Arguments&);
    const char* usage;
} kTools[] = {
    {"bin2c", bin2c,
     "bin2c [OPTION...] FILE\n"
     "Writes the bytes of FILE as an array in C to standard output.\n"
     "  -n, --name NAME        name of the array (imageBytes)\n"
     "  -t, --type TYPE        of its elements: char, short, int or longlong\n"
     "  -c, --const            the array is const\n"
     "  -st, --static          the array is static\n"
     "  -a, --alignment BYTES  alignment of the array\n"
     "  -s, --section NAME     section of the array\n"
     "  -p, --padd BYTE,...    bytes behind those of the file\n"
     "  -l, --length           also a variable NAMELength with the number of bytes\n"},
    {"cu++filt", cu_filt,
     "cu++filt [NAME...]\n"
     "Writes C++ names as they stand in the source; without NAME, those in standard input.\n"},
    {"cuobjdump", cuobjdump,
     "cuobjdump [OPTION...] FILE...\n"
     "Shows the device code in executables, objects, libraries, fat binaries and code objects;\n"
     "without options only what there is.\n"
     "  -lelf, --list-elf            names of the code objects\n"
     "  -xelf, --extract-elf NAME    writes those whose name has NAME in it to files (all: each)\n"
     "  -sass, --dump-sass           disassembly\n"
     "  -elf, --dump-elf             headers and kernels, too\n"
     "  -symbols, --dump-elf-symbols symbols\n"
     "  -res-usage, --dump-resource-usage   registers and memory of every kernel\n"
     "  -fun, --function NAME,...    only these functions\n"},
    {"fatbinary", fatbinary,
     "fatbinary --create FILE --image3=kind=elf,file=CODE...\n"
     "Puts code objects (nvcc -cubin) into a fat binary.\n"
     "  --create FILE                what to write\n"
     "  --image3=kind=elf,sm=NN,file=CODE   a code object; may be repeated\n"},
    {"nvdisasm", nvdisasm,
     "nvdisasm [OPTION...] FILE\n"
     "Disassembles a code object (nvcc -cubin).\n"
     "  -fun, --function-index NAME,...      only these functions\n"
     "  -g, --print-line-info                with the lines of the source\n"
     "  -hex, --print-instruction-encoding   with the words of the instructions\n"},
    {"nvlink", nvlink, "nvlink: device code is linked by nvcc -dlink.\n"},
    {"nvprune", nvprune,
     "nvprune -arch ARCH -o OUTPUT FILE\n"
     "Copies FILE: acc code is the same for all architectures.\n"},
};

bool has(const Arguments& arguments, std::initializer_list<const char*> words) {
    return !arguments.empty() && std::find(words.begin(), words.end(), arguments[0]) != words.end();
}

void print_version(const std::string& name) {
    const int major = CUDART_VERSION / 1000, minor = CUDART_VERSION % 1000 / 10;
    std::printf("%s: part of ACC, compatible with\nCuda compilation tools, release %d.%d, "
                "V%d.%d.0\n",
                name.c_str(), major, minor, major, minor);
}

} // namespace

int main(int argc, char** argv) {
    const char* slash = std::strrchr(argv[0], '/');
    std::string name = slash != nullptr ? slash + 1 : argv[0];
    int first = 1;
    if (name == "acc-cuda-tools" && argc > 1) name = argv[first++];
    const Arguments arguments(argv + first, argv + argc);
    for (const auto& tool : kTools) {
        if (name != tool.name) continue;
        if (has(arguments, {"--version", "-V"})) {
            print_version(name);
            return 0;
        }
        if (has(arguments, {"--help", "-h", "-help"})) {
            std::printf("usage: %s", tool.usage);
            return 0;
        }
        try {
            return tool.run(arguments);
        } catch (const std::exception& error) {
            std::fflush(stdout);
            std::fprintf(stderr, "%s fatal   : %s\n", name.c_str(), error.what());
            return 1;
        }
    }
    std::fprintf(stderr, "usage: acc-cuda-tools TOOL [ARGUMENT...], with TOOL one of");
    for (const auto& tool : kTools)
        std::fprintf(stderr, " %s", tool.name);
    std::fprintf(stderr, "\n");
    return 2;
}
