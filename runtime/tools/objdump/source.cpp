// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/objdump/source.h"

#include <cxxabi.h>

#include <cstdlib>
#include <fstream>

namespace acc::objdump {

std::string_view SourceFiles::line(const std::string& file, unsigned number) {
    const auto [place, is_new] = files_.try_emplace(file);
    if (is_new) {
        std::ifstream in(file);
        for (std::string text; std::getline(in, text);)
            place->second.push_back(text);
    }
    return number >= 1 && number <= place->second.size()
               ? std::string_view(place->second[number - 1])
               : std::string_view();
}

std::string demangled(std::string_view name) {
    int status = 0;
    char* text = abi::__cxa_demangle(std::string(name).c_str(), nullptr, nullptr, &status);
    std::string result = status == 0 && text != nullptr ? text : std::string(name);
    std::free(text);
    return result;
}

} // namespace acc::objdump
