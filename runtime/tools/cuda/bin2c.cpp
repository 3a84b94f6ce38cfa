// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>

#include "runtime/tools/cuda/tools.h"

namespace acc::tools {
namespace {

struct Array {
    std::string name = "imageBytes", section, type = "char", file;
    unsigned alignment = 0;
    bool constant = false, is_static = false, length = false;
    std::vector<uint8_t> padding;
};

const std::map<std::string, std::pair<size_t, const char*>> kTypes = {
    {"char", {1, "unsigned char"}},
    {"short", {2, "unsigned short"}},
    {"int", {4, "unsigned int"}},
    {"longlong", {8, "unsigned long long"}},
};

unsigned number(const std::string& text) {
    char* end = nullptr;
    const unsigned long value = std::strtoul(text.c_str(), &end, 0);
    if (text.empty() || *end != '\0' || text[0] == '-' || value > 0xffffffff)
        throw Refusal("'" + text + "' is no number");
    return static_cast<unsigned>(value);
}

Array read_options(const Arguments& words) {
    Array array;
    Options options(words);
    while (options.next()) {
        if (!options.is_option()) {
            if (!array.file.empty()) throw Refusal("one file only, not also " + options.name());
            array.file = options.name();
        } else if (options.is("alignment", "a")) {
            array.alignment = number(options.value());
        } else if (options.is("const", "c")) {
            array.constant = true;
        } else if (options.is("static", "st")) {
            array.is_static = true;
        } else if (options.is("length", "l")) {
            array.length = true;
        } else if (options.is("name", "n")) {
            array.name = options.value();
        } else if (options.is("section", "s")) {
            array.section = options.value();
        } else if (options.is("type", "t")) {
            array.type = options.value();
            if (!kTypes.contains(array.type))
                throw Refusal("type '" + array.type + "' is none of char, short, int, longlong");
        } else if (options.is("padd", "p")) {
            std::stringstream list(options.value());
            for (std::string byte; std::getline(list, byte, ',');)
                array.padding.push_back(static_cast<uint8_t>(number(byte)));
        } else {
            options.unknown();
        }
    }
    if (array.file.empty()) throw Refusal("no file is named");
    return array;
}

} // namespace

int bin2c(const Arguments& words) {
    const Array array = read_options(words);
    std::vector<uint8_t> bytes = read_file(array.file);
    bytes.insert(bytes.end(), array.padding.begin(), array.padding.end());
    const auto [size, type] = kTypes.at(array.type);
    const size_t length = bytes.size();
    bytes.resize((length + size - 1) / size * size); // the last element is filled up with zeros

    std::string attributes;
    if (array.alignment > 1)
        attributes += " __attribute__((aligned(" + std::to_string(array.alignment) + ")))";
    if (!array.section.empty())
        attributes += " __attribute__((section(\"" + array.section + "\")))";
    const char* linkage = array.is_static ? "static " : "";
    std::printf("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    std::printf("%s%s%s %s[]%s = {", linkage, array.constant ? "const " : "", type,
                array.name.c_str(), attributes.c_str());
    for (size_t at = 0; at < bytes.size(); at += size) {
        uint64_t value = 0;
        std::memcpy(&value, &bytes[at], size);
        std::printf("%s0x%0*llx%s", at / size % (16 / size) == 0 ? "\n" : "", int(2 * size),
                    static_cast<unsigned long long>(value), at + size < bytes.size() ? "," : "");
    }
    std::printf("\n};\n");
    // Not const, which would hide it from other files in C++.
    if (array.length)
        std::printf("\n%sunsigned int %sLength = %zu;\n", linkage, array.name.c_str(), length);
    std::printf("\n#ifdef __cplusplus\n}\n#endif\n");
    return 0;
}

} // namespace acc::tools
