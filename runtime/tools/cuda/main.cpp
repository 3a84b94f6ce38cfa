// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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

int ptxas(const Arguments&) {
    throw Refusal("acc has its own instruction set and assembles no PTX; compile the CUDA source "
                  "with nvcc -cubin or -fatbin");
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
} kTools[] = {
    {"bin2c", bin2c},         {"cu++filt", cu_filt},  {"cuobjdump", cuobjdump},
    {"fatbinary", fatbinary}, {"nvdisasm", nvdisasm}, {"nvlink", nvlink},
    {"nvprune", nvprune},     {"ptxas", ptxas},
};

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
        if (!arguments.empty() && (arguments[0] == "--version" || arguments[0] == "-V")) {
            print_version(name);
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
