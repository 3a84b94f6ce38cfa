// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// accc-objdump: shows device code.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "runtime/tools/objdump/dump.h"

namespace {

using namespace acc::objdump;

std::vector<uint8_t> read_file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    if (!in) throw std::runtime_error("cannot open the file");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Prints one file; false when it cannot be shown.
bool show(const std::string& name, const Options& options, unsigned& extracted) {
    try {
        const std::vector<uint8_t> bytes = read_file(name);
        const std::string text = dump(name, bytes, options, extracted);
        std::fwrite(text.data(), 1, text.size(), stdout);
        return true;
    } catch (const std::exception& error) {
        std::fflush(stdout);
        std::fprintf(stderr, "accc-objdump: %s: %s\n", name.c_str(), error.what());
        return false;
    }
}

} // namespace

int main(int argc, char** argv) {
    const Options options = parse_options({argv + 1, argv + argc});
    if (!options.error.empty()) {
        std::fprintf(stderr, "accc-objdump: %s; try accc-objdump --help\n", options.error.c_str());
        return 2;
    }
    if (options.help || options.version) {
        std::fputs(options.help ? kHelp : "accc-objdump (ACC) " ACC_VERSION "\n", stdout);
        return 0;
    }
    bool ok = true;
    unsigned extracted = 0;
    for (const std::string& name : options.files)
        ok = show(name, options, extracted) && ok;
    return ok ? 0 : 1;
}
